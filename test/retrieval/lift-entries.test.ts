import { describe, expect, it } from "vitest";
import { liftEntries } from "../../src/retrieval/lift-entries.ts";
import type { ScoredChunk } from "../../src/retrieval/scored-chunk.ts";
import { makeChunk } from "../support/make-chunk.ts";

const scored = (id: string, score: number, part: Parameters<typeof makeChunk>[0]): ScoredChunk => ({
  chunk: makeChunk({ id, ...part }),
  score,
  evidenceScore: score,
  scores: { dense: score, lexical: score, sentence: null },
});

const ranking = [
  scored("use", 1, { text: "Give `--lamp` at night, and `--lamp` at dusk." }),
  scored("item", 0.8, { text: "Options:\n\n- `--lamp`: lights the lamp." }),
  scored("section", 0.7, { text: "It lights the gate.", heading: "Options > --lamp, --light" }),
  scored("release", 0.69, { text: "- `--lamp` was mended.", source: "docs/CHANGELOG.md" }),
  scored("code", 0.68, { text: "- `--lamp`", language: "typescript" }),
  scored("far", 0.1, { text: "- `--lamp`: see above." }),
];
const orderOf = (names: readonly string[]): readonly string[] =>
  liftEntries(ranking, names).map(({ chunk }) => chunk.id);

describe("liftEntries", () => {
  it("puts the entries for a name first, by their items and by their headings", () => {
    expect(orderOf(["--lamp"])).toEqual(["item", "section", "use", "release", "code", "far"]);
  });

  it("hardly changes the best score, and no evidence", () => {
    const [first] = liftEntries(ranking, ["--lamp"]);
    expect(first?.score).toBeCloseTo(1, 3);
    expect(first?.evidenceScore).toBe(0.8);
  });

  it("leaves a question without names as it is", () => {
    expect(liftEntries(ranking, [])).toBe(ranking);
    expect(liftEntries([], ["--lamp"])).toEqual([]);
  });
});
