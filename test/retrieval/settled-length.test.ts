import { describe, expect, it } from "vitest";
import { checkCitations } from "../../src/retrieval/citations.ts";
import { settledLength } from "../../src/retrieval/settled-length.ts";
import { makeHit } from "../support/make-chunk.ts";

const PAGE = "Install it with npm. It needs Node 24. Files may have 20 MB.";
const passages = [1, 2].map((marker) => ({
  marker,
  hit: makeHit({ text: PAGE, span: { start: 0, end: PAGE.length }, lines: { start: 1, end: 1 } }),
}));

async function check(text: string): Promise<string> {
  const readSpans = async (spans: readonly { readonly span: { readonly start: number; readonly end: number } }[]) =>
    spans.map(({ span }) => PAGE.slice(span.start, span.end));
  return (await checkCitations(text, { question: "What does it need?", passages, readSpans })).text;
}

describe("settledLength", () => {
  it.each([
    "It needs Node 24 [1]. It can fly [9]. Files have 20 MB [1, 9].",
    'It says "made of purple bananas" [1] and "Install it with npm" [2].',
    "Run it [9] [1]\n\n```sh\nx = [3]\n```\n\nThen [2][9].",
    "Use `x = [9]` here [9], `a` and a lone ` tick [9]\nthen [1].",
    "See [9](https://example.com), list[9] and [not a marker] [9]",
    "~~~\n[9]\n~~~ [9]",
    "[9]",
    "In 2024, 3 [ 9 ] [1,\n2] [1;9]  ",
  ])("is what the check leaves alike, whatever follows: %j", async (text) => {
    const whole = await check(text);
    const lengths = Array.from({ length: text.length + 1 }, (_, end) => settledLength(text.slice(0, end)));
    for (const length of lengths) {
      const settled = await check(text.slice(0, length));
      expect(whole.slice(0, settled.length)).toBe(settled);
    }
  });

  it("holds back a marker and the space before it, not words and whole markers", () => {
    expect(settledLength("It can fly [9")).toBe("It can fly".length);
    expect(settledLength("It can fly [9]")).toBe("It can fly".length);
    expect(settledLength("It can fly [9].")).toBe("It can fly [9].".length);
    expect(settledLength("It can fly, since 2024")).toBe("It can fly, since 2024".length);
    expect(settledLength("Set `key = [9]")).toBe("Set ".length);
  });
});
