import { describe, expect, it } from "vitest";
import { liftDefinitions } from "../../src/retrieval/lift-definitions.ts";
import type { ScoredChunk } from "../../src/retrieval/scored-chunk.ts";
import { makeChunk } from "../support/make-chunk.ts";

const TEXTS: Readonly<Record<string, readonly [score: number, text: string]>> = {
  run: [1.3, "Run quillmill twice. Restart quillmill."],
  log: [1.2, "The quillmill log is a file."],
  about: [1.0, "Here it is.\n\nQuillmill is a mill for\nquills."],
  far: [0.2, "Quillmill is a name."],
};

const ranking: readonly ScoredChunk[] = Object.entries(TEXTS).map(([id, [score, text]]) => ({
  chunk: makeChunk({ id, text }),
  score,
  evidenceScore: score,
  scores: { dense: score, lexical: score, sentence: null },
}));

const orderOf = (subject: string): readonly string[] =>
  liftDefinitions(ranking, [subject]).map(({ chunk }) => chunk.id);

describe("liftDefinitions", () => {
  it("puts a chunk first that says what the question asks the meaning of, if it is not far behind", () => {
    expect(orderOf("Quillmill")).toEqual(["about", "run", "log", "far"]);
  });

  it("hardly changes the best score, and no evidence", () => {
    const [first] = liftDefinitions(ranking, ["Quillmill"]);
    expect(first?.score).toBeCloseTo(1.3, 3);
    expect(first?.evidenceScore).toBe(1);
  });

  it("leaves other questions and source code as they are", () => {
    expect(liftDefinitions(ranking, [])).toBe(ranking);
    const code = ranking.map((one) => ({ ...one, chunk: { ...one.chunk, language: "typescript" } }));
    expect(liftDefinitions(code, ["Quillmill"]).map(({ chunk }) => chunk.id)).toEqual(["run", "log", "about", "far"]);
    expect(liftDefinitions([], ["Quillmill"])).toEqual([]);
  });
});
