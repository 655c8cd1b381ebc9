import { describe, expect, it } from "vitest";
import { termIndex } from "../../src/lexical/term-index.ts";
import { BM25_B, BM25_K1, FIELD_WEIGHTS, termWeights } from "../../src/lexical/term-weights.ts";

const none = { previous: [], next: [], title: [], heading: [], path: [] };

describe("termIndex", () => {
  it("gives the numbers that Qdrant's bm25 model gives", () => {
    // Recorded from a Qdrant 1.19 server for the text "fox über naïve 東京 retry_after x 𝒳 don't".
    const recorded = [1621867415, 1610176724, 992511445, 1765863102, 1816830344, 1050319643, 1405524530, 1355513161];
    expect("fox über naïve 東京 retry_after x 𝒳 don't".split(" ").map(termIndex)).toEqual(recorded);
  });
});

describe("termWeights", () => {
  it("follows the BM25 formula", () => {
    const { indices, values } = termWeights({ ...none, own: ["fox", "fox", "den"], averageLength: 6 });
    const norm = BM25_K1 * (1 - BM25_B + (BM25_B * 3) / 6);
    expect(values[indices.indexOf(termIndex("fox"))]).toBeCloseTo((2 * (BM25_K1 + 1)) / (2 + norm), 6);
    expect(values[indices.indexOf(termIndex("den"))]).toBeCloseTo((1 * (BM25_K1 + 1)) / (1 + norm), 6);
  });

  it("counts terms of the title as the chunk's own, and less those of headings, neighbours and path", () => {
    const weights = termWeights({
      own: ["own"],
      previous: ["before"],
      next: ["after"],
      title: ["title"],
      heading: ["heading"],
      path: ["path"],
      averageLength: 3,
    });
    const weight = (term: string): number => weights.values[weights.indices.indexOf(termIndex(term))] ?? 0;
    expect(weight("title")).toBe(weight("own"));
    expect(weight("own")).toBeGreaterThan(weight("heading"));
    expect(weight("heading")).toBeGreaterThan(weight("before"));
    expect(weight("before")).toBe(weight("after"));
    expect(weight("before")).toBeGreaterThan(weight("path"));
    expect(weight("path")).toBeGreaterThan(0);
  });

  it("leaves a field out whose weight is 0", () => {
    const fields = { ...none, own: ["own"], title: ["title"], averageLength: 3 };
    expect(termWeights(fields, { ...FIELD_WEIGHTS, title: 0 })).toEqual(termWeights({ ...fields, title: [] }));
  });

  it("lists indices in rising order without doubles", () => {
    const { indices } = termWeights({ ...none, own: ["b", "a", "c", "a"], next: ["a"], averageLength: 3 });
    expect(indices).toEqual([...new Set(indices)].toSorted((left, right) => left - right));
    expect(indices).toHaveLength(3);
  });
});
