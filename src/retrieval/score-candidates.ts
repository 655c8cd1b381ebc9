import type { Chunk } from "../domain/chunk.ts";
import type { Evidence, HitScores, SearchMode } from "../domain/hit.ts";
import { analyse } from "../lexical/analyse.ts";
import { splitSentences } from "../lexical/sentences.ts";
import { termIndex } from "../lexical/term-index.ts";
import type { StoreSearchResult } from "../store/vector-store.ts";

/** What each part counts in the score S of a mode. */
export interface ScoreWeights {
  readonly lexical: number;
  readonly sentence: number;
  readonly dense: number;
}

/** S = 0.5 B + 0.15 V + 0.5 D, on absolute scores: the same number ranks, stops and abstains. */
export const SCORE_WEIGHTS: Readonly<Record<SearchMode, ScoreWeights>> = {
  hybrid: { lexical: 0.5, sentence: 0.15, dense: 0.5 },
  dense: { lexical: 0, sentence: 0, dense: 1 },
  lexical: { lexical: 1, sentence: 0.3, dense: 0 },
};

/** Under the first value nothing fitting was found, under the second the evidence is weak; of the score without V. */
export const EVIDENCE_LIMITS: Readonly<Record<SearchMode, readonly [none: number, weak: number]>> = {
  hybrid: [0.36, 0.55],
  dense: [0.3, 0.45],
  lexical: [0.5, 0.7],
};

/** A query's words: terms, their numbers in the store, and what each is worth. */
export interface QueryTerms {
  readonly terms: readonly string[];
  readonly indices: readonly number[];
}

/** The distinct terms of a query. */
export function queryTerms(query: string): QueryTerms {
  const terms = [...new Set(analyse(query))];
  return { terms, indices: [...new Set(terms.map(termIndex))] };
}

/** A candidate with its score. */
export interface ScoredChunk {
  readonly chunk: Chunk;
  readonly score: number;
  readonly scores: HitScores;
  /** The score without V, for judging the evidence. */
  readonly base: number;
}

/** Options of {@link scoreCandidates}. */
export interface ScoreOptions {
  readonly mode: SearchMode;
  readonly query: QueryTerms;
  /** Share of the best score under which a candidate can't matter; its sentences are not looked at then. 0: all are. */
  readonly stopRatio: number;
}

/** Scores candidates and ranks them, best first; equal scores in the order of their ids. */
export function scoreCandidates(found: StoreSearchResult, options: ScoreOptions): ScoredChunk[] {
  const { mode, query } = options;
  const weights = SCORE_WEIGHTS[mode];
  const idfSum = query.indices.reduce((sum, index) => sum + (found.idf.get(index) ?? 0), 0);
  const based = found.candidates.map(({ chunk, dense, lexical }) => {
    const share = idfSum > 0 ? lexical / idfSum : 0;
    return { chunk, dense, lexical: share, base: weights.lexical * share + weights.dense * (dense ?? 0) };
  });
  const best = based.reduce((top, { base }) => Math.max(top, base), 0);
  const worthReading = best * options.stopRatio - weights.sentence;
  return based
    .map(({ chunk, dense, lexical, base }): ScoredChunk => {
      const reads = weights.sentence > 0 && lexical > 0 && base >= worthReading;
      const sentence = reads ? bestSentenceShare(chunk.text, found.idf, idfSum) : 0;
      return {
        chunk,
        base,
        score: base + weights.sentence * sentence,
        scores: {
          dense: mode === "lexical" ? null : dense,
          lexical: mode === "dense" ? null : lexical,
          sentence: weights.sentence > 0 ? sentence : null,
        },
      };
    })
    .toSorted(compareScored);
}

/** Best first; equal scores in the order of their ids. */
export function compareScored(left: ScoredChunk, right: ScoredChunk): number {
  return right.score - left.score || (left.chunk.id < right.chunk.id ? -1 : 1);
}

/** Largest share of the query's idf that one sentence of a text holds: 0 to 1. */
function bestSentenceShare(text: string, idf: ReadonlyMap<number, number>, idfSum: number): number {
  let best = 0;
  for (const { start, end } of splitSentences(text)) {
    let held = 0;
    for (const term of new Set(analyse(text.slice(start, end)))) held += idf.get(termIndex(term)) ?? 0;
    best = Math.max(best, held / idfSum);
  }
  return Math.min(best, 1);
}

/** How well the best candidate fits. */
export function judgeEvidence(ranking: readonly ScoredChunk[], mode: SearchMode): Evidence {
  const best = ranking.reduce((top, { base }) => Math.max(top, base), 0);
  const [none, weak] = EVIDENCE_LIMITS[mode];
  if (ranking.length === 0 || best < none) return "none";
  return best < weak ? "weak" : "good";
}
