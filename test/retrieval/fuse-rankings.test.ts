import { describe, expect, it } from "vitest";
import { fuseRankings } from "../../src/retrieval/fuse-rankings.ts";
import type { ScoredChunk } from "../../src/retrieval/scored-chunk.ts";
import { makeChunk } from "../support/make-chunk.ts";

function ranking(scores: Readonly<Record<string, number>>): ScoredChunk[] {
  return Object.entries(scores).map(([id, score]) => ({
    chunk: makeChunk({ id, text: id }),
    score,
    evidenceScore: score - 0.05,
    scores: { dense: score / 2, lexical: score, sentence: null },
  }));
}

const scoresOf = (chunks: readonly ScoredChunk[]): Record<string, number> =>
  Object.fromEntries(chunks.map(({ chunk, score }) => [chunk.id, Math.round(score * 1_000) / 1_000]));

describe("fuseRankings", () => {
  it("gives back a single ranking unchanged", () => {
    const only = ranking({ a: 0.9, b: 0.2 });
    expect(fuseRankings([{ ranking: only, weight: 0.3, fits: false }], "best")).toBe(only);
  });

  it("takes the weighted mean, with 0 for what a query did not find", () => {
    const fused = fuseRankings(
      [
        { ranking: ranking({ a: 1, b: 0.5 }), weight: 0.4, fits: true },
        { ranking: ranking({ b: 0.9, c: 0.7 }), weight: 0.6, fits: true },
      ],
      "mean",
    );
    expect(scoresOf(fused)).toEqual({ b: 0.74, c: 0.42, a: 0.4 });
    expect(fused.map(({ chunk }) => chunk.id)).toEqual(["b", "c", "a"]);
    expect(fused[0]?.scores.dense).toBeCloseTo(0.37);
    expect(fused[0]?.scores.sentence).toBeNull();
  });

  it.each(["mean", "best"] as const)("keeps what is said of the documents: %s", (fusion) => {
    const said = ranking({ a: 1, b: 0.5 }).map((scored) => ({ ...scored, metadata: { of: scored.chunk.id } }));
    const query = { ranking: said, weight: 1, fits: true };
    const fused = fuseRankings([query, { ...query, ranking: said.slice(1) }], fusion);
    expect(fused.map(({ metadata }) => metadata)).toEqual(fused.map(({ chunk }) => ({ of: chunk.id })));
  });

  it("lifts each query's best chunk to the best of all, times its weight, and the evidence stays", () => {
    const fused = fuseRankings(
      [
        { ranking: ranking({ a: 1, b: 0.8 }), weight: 1, fits: true },
        { ranking: ranking({ c: 0.5, b: 0.45 }), weight: 0.9, fits: true },
      ],
      "best",
    );
    expect(scoresOf(fused)).toEqual({ a: 1, c: 0.9, b: 0.81 });
    expect(fused.find(({ chunk }) => chunk.id === "c")?.evidenceScore).toBeCloseTo(0.45);
    expect(fused.find(({ chunk }) => chunk.id === "b")?.evidenceScore).toBeCloseTo(0.75);
  });

  it("leaves out the evidence of a query that does not judge the whole", () => {
    const fused = fuseRankings(
      [
        { ranking: ranking({ a: 0.6, b: 0.5 }), weight: 1, fits: true },
        { ranking: ranking({ c: 0.9, b: 0.8 }), weight: 0.85, fits: true, judges: false },
      ],
      "best",
    );
    const evidence = Object.fromEntries(fused.map(({ chunk, evidenceScore }) => [chunk.id, evidenceScore]));
    expect(evidence).toEqual({ a: expect.closeTo(0.55), b: expect.closeTo(0.45), c: 0 });
    expect(fused.map(({ chunk }) => chunk.id)).toEqual(["a", "c", "b"]);
  });

  it("divides weights by their sum, for the evidence too, in a mean", () => {
    const fused = fuseRankings(
      [
        { ranking: ranking({ a: 1 }), weight: 1, fits: true },
        { ranking: ranking({ a: 0.5 }), weight: 3, fits: true },
      ],
      "mean",
    );
    expect(fused[0]?.score).toBeCloseTo(0.625);
    expect(fused[0]?.evidenceScore).toBeCloseTo(0.575);
  });

  it("weighs a query that found nothing fitting, and lifts nothing where the best of a query is 0", () => {
    const fused = fuseRankings(
      [
        { ranking: ranking({ a: 1 }), weight: 1, fits: true },
        { ranking: ranking({ b: 0.4 }), weight: 0.5, fits: false },
        { ranking: ranking({ c: 0 }), weight: 1, fits: true },
      ],
      "best",
    );
    expect(scoresOf(fused)).toEqual({ a: 1, b: 0.2, c: 0 });
  });

  it("does not lift what a query found without fitting", () => {
    const fused = fuseRankings(
      [
        { ranking: ranking({ a: 1 }), weight: 1, fits: true },
        { ranking: ranking({ c: 0.2 }), weight: 1, fits: false },
      ],
      "best",
    );
    expect(scoresOf(fused)).toEqual({ a: 1, c: 0.2 });
  });
});
