import { describe, expect, it } from "vitest";
import { assembleSpans, type AssembleOptions } from "../../src/retrieval/assemble-spans.ts";
import type { ScoredChunk } from "../../src/retrieval/scored-chunk.ts";
import { makeChunk } from "../support/make-chunk.ts";

const scored = (documentId: string, ordinal: number, score: number): ScoredChunk => ({
  chunk: makeChunk({ text: `${documentId} ${String(ordinal)}`, documentId, ordinal }),
  score,
  evidenceScore: score,
  scores: { dense: score, lexical: score, sentence: 0 },
});

const onPage = (one: ScoredChunk, language: string, page: number): ScoredChunk => ({
  ...one,
  chunk: { ...one.chunk, language, page },
});

const options: AssembleOptions = {
  limit: 5,
  stopRatio: 0.7,
  walk: 60,
  tokenBudget: 1_500,
  tokensOf: () => 100,
  join: true,
  exclude: new Set(),
};

const shape = (ranking: readonly ScoredChunk[], part: Partial<AssembleOptions> = {}): string[] =>
  assembleSpans(ranking, { ...options, ...part }).spans.map(({ chunks }) => chunks.map(({ id }) => id).join("+"));

describe("assembleSpans", () => {
  it("stops under the given share of the best score", () => {
    expect(shape([scored("a", 0, 1), scored("b", 0, 0.71), scored("c", 0, 0.69)])).toEqual(["a-0", "b-0"]);
  });

  it("takes chunks of what the query names down to four tenths, and says of the others that they are below the stop", () => {
    const ranking = [
      scored("a", 0, 1),
      scored("b", 0, 0.6),
      scored("a", 5, 0.5),
      scored("a", 9, 0.39),
      scored("c", 0, 0.3),
    ];
    const isNamed = ({ heading }: { readonly heading: string | null }): boolean => heading === "a";
    const named = ranking.map((one) => ({ ...one, chunk: { ...one.chunk, heading: one.chunk.documentId } }));
    expect(shape(named, { isNamed })).toEqual(["a-0", "a-5"]);
    expect(assembleSpans(named, { ...options, isNamed, walk: 3 }).fates).toEqual([
      "opened",
      "below-stop",
      "opened",
      "below-stop",
      "below-stop",
    ]);
  });

  it("does not stop when the ratio is 0, except at scores of 0", () => {
    expect(shape([scored("a", 0, 1), scored("b", 0, 0.01), scored("c", 0, 0)], { stopRatio: 0 })).toEqual([
      "a-0",
      "b-0",
    ]);
  });

  it("takes worthless chunks too where there is no floor", () => {
    const ranking = [scored("a", 0, 1), scored("b", 0, 0), scored("c", 0, -0.1), scored("d", 0, -0.2)];
    expect(shape(ranking, { stopRatio: 0, floor: -Infinity, limit: 3, join: false })).toEqual(["a-0", "b-0", "c-0"]);
  });

  it("joins neighbours and chunks with one between, in the order of the document", () => {
    expect(shape([scored("a", 4, 1), scored("a", 2, 0.9), scored("a", 5, 0.8), scored("a", 9, 0.75)])).toEqual([
      "a-2+a-4+a-5",
      "a-9",
    ]);
  });

  it("merges two spans that a later chunk makes touch", () => {
    expect(shape([scored("a", 0, 1), scored("a", 3, 0.9), scored("a", 2, 0.8), scored("a", 1, 0.75)])).toEqual([
      "a-0+a-1+a-2+a-3",
    ]);
  });

  it("merges a span with all others that it touches in the end", () => {
    const ordinals = [11, 5, 8, 7, 12, 9, 13];
    expect(shape(ordinals.map((ordinal, index) => scored("a", ordinal, 1 - index / 100)))).toEqual([
      "a-5+a-7+a-8+a-9+a-11+a-12+a-13",
    ]);
  });

  it("never joins chunks of different documents", () => {
    expect(shape([scored("a", 0, 1), scored("b", 1, 0.9)])).toEqual(["a-0", "b-1"]);
  });

  it("joins over the pages of a document, but never over two slides", () => {
    const pieces = [scored("a", 0, 1), scored("a", 1, 0.9), scored("a", 2, 0.8)];
    const paged = (language: string): ScoredChunk[] =>
      pieces.map((one, index) => onPage(one, language, index < 2 ? 1 : 2));
    expect(shape(paged("pdf"))).toEqual(["a-0+a-1+a-2"]);
    expect(shape(paged("pptx"))).toEqual(["a-0+a-1", "a-2"]);
  });

  it("opens no more spans than the limit, and still joins behind it", () => {
    expect(shape([scored("a", 0, 1), scored("b", 0, 0.9), scored("a", 1, 0.8)], { limit: 1 })).toEqual(["a-0+a-1"]);
  });

  it("keeps to the token budget, but always gives the best chunk", () => {
    expect(shape([scored("a", 0, 1), scored("b", 0, 0.9)], { tokenBudget: 50 })).toEqual(["a-0"]);
  });

  it("takes what is exactly at the stop, within the budget, or the last of the walk", () => {
    const ranking = [scored("a", 0, 1), scored("b", 0, 0.8), scored("c", 0, 0.7)];
    expect(shape(ranking)).toEqual(["a-0", "b-0", "c-0"]);
    expect(shape(ranking, { tokenBudget: 300 })).toEqual(["a-0", "b-0", "c-0"]);
    expect(shape(ranking, { tokenBudget: 299 })).toEqual(["a-0", "b-0"]);
    expect(shape(ranking, { walk: 3 })).toEqual(["a-0", "b-0", "c-0"]);
    expect(shape(ranking, { walk: 2 })).toEqual(["a-0", "b-0"]);
    expect(shape([scored("x", 0, 2), ...ranking], { walk: 2, exclude: new Set(["x-0"]) })).toEqual(["a-0", "b-0"]);
  });

  it("counts no tokens behind the stop", () => {
    const counted: string[] = [];
    const tokensOf: AssembleOptions["tokensOf"] = ({ id }) => counted.push(id);
    shape([scored("a", 0, 1), scored("b", 0, 0.1), scored("c", 0, 0.1)], { tokensOf });
    expect(counted).toEqual(["a-0"]);
  });

  it("leaves excluded chunks out and fills no gap with one", () => {
    const exclude = new Set(["a-1"]);
    expect(shape([scored("a", 1, 1), scored("a", 0, 0.9), scored("a", 2, 0.8)], { exclude })).toEqual(["a-0", "a-2"]);
  });

  it("leaves chunks single when it is not to join", () => {
    expect(shape([scored("a", 0, 1), scored("a", 1, 0.9)], { join: false })).toEqual(["a-0", "a-1"]);
  });

  it("says what became of every candidate", () => {
    const ranking = [scored("a", 0, 1), scored("a", 1, 0.9), scored("b", 0, 0.8), scored("c", 0, 0.1)];
    expect(assembleSpans(ranking, { ...options, limit: 1 }).fates).toEqual([
      "opened",
      "joined",
      "over-limit",
      "below-stop",
    ]);
  });

  it("says at which score it stopped: a share of the best that is not excluded, or at none", () => {
    const ranking = [scored("a", 0, 1), scored("b", 0, 0.5)];
    const stopScore = (part: Partial<AssembleOptions>): number | null =>
      assembleSpans(ranking, { ...options, ...part }).stopScore;
    expect(stopScore({})).toBe(0.7);
    expect(stopScore({ exclude: new Set(["a-0"]) })).toBe(0.35);
    expect(stopScore({ exclude: new Set(["a-0", "b-0"]) })).toBeNull();
    expect(stopScore({ stopRatio: 0 })).toBeNull();
  });

  it("gives nothing for nothing", () => {
    expect(shape([])).toEqual([]);
  });
});
