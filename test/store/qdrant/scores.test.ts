import { describe, expect, it } from "vitest";
import { isIdfOverNothing, type Scored, shardFrequencies } from "../../../src/store/qdrant/scores.ts";

function hits(...scores: number[]): Scored[] {
  return scores.map((score, at) => ({ id: at, version: 1, score }));
}

describe("isIdfOverNothing", () => {
  const rare = shardFrequencies(hits(4, 3, 4), hits(1, 1, 1));
  const common = shardFrequencies(hits(0.5, 0.5, 0.4, 0.4), hits(1, 1, 1, 1));
  const half = shardFrequencies(hits(1, 1, 0.9, 0.9), hits(1, 1, 1, 1));
  const unknown = shardFrequencies([], []);

  it.each<[string, ReturnType<typeof shardFrequencies>[], boolean]>([
    ["yes where no scores are equal", [rare, common, unknown], true],
    ["yes where a term that all shards have shows that others are equal by chance", [half, rare, common], true],
    ["no where that may be an old node's doing", [half, rare, unknown], false],
  ])("says %s", (_title, terms, holds) => {
    expect(isIdfOverNothing(terms, 4)).toBe(holds);
  });
});
