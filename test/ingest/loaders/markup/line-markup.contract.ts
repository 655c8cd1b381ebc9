import { expect, it } from "vitest";

/** Lines of markup, of which each `@` is replaced by a word that tells its line. */
export function markedLines(samples: readonly string[]): (random: () => number) => string {
  return (random) => {
    const count = 1 + Math.floor(random() * 40);
    const lines = Array.from({ length: count }, (_, line) =>
      (samples[Math.floor(random() * samples.length)] ?? "").replaceAll("@", `word${line}x`),
    );
    return lines.join(random() < 0.2 ? "\r\n" : "\n") + (random() < 0.5 ? "\n" : "");
  };
}

/** What every loader of line-by-line markup keeps to: lines stay where they are, whatever the markup, in linear time. */
export function keepsLines(
  convert: (text: string) => string,
  makeText: (random: () => number) => string,
  fragments: readonly string[],
): void {
  it("keeps every line in its place in 2,000 random texts", () => {
    const random = createRandom(7);
    for (let round = 0; round < 2_000; round += 1) {
      const text = makeText(random);
      const source = text.split(/\r\n|\n/);
      const lines = convert(text).split("\n");
      // One line more where a block of code ends with the text.
      expect([source.length, source.length + 1], text).toContain(lines.length);
      if (lines.length > source.length) expect(lines.at(-1), text).toMatch(/^ *`{3,}$/);
      for (const [index, line] of lines.entries()) {
        const moved = [...line.matchAll(/word(\d+)x/g)].filter(([, number]) => Number(number) !== index);
        expect(moved, text).toEqual([]);
      }
    }
  });

  it.each(fragments.map((fragment) => [fragment.slice(0, 20), fragment]))(
    "reads a long text of %j again and again",
    (_name, fragment) => {
      const text = fragment.repeat(Math.ceil(300_000 / fragment.length));
      const breaks = text.split("\n").length;
      expect([breaks, breaks + 1]).toContain(convert(text).split("\n").length);
    },
  );
}

function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
