import type { Chunk } from "../domain/chunk.ts";
import { CODE_LANGUAGES } from "../domain/code.ts";
import type { DocumentMetadata } from "../domain/document-metadata.ts";
import type { Evidence, HitScores, SearchMode } from "../domain/hit.ts";
import { analyse } from "../lexical/analyse.ts";
import { splitSentences } from "../lexical/sentences.ts";
import { wholeSentences } from "../lexical/wrapped-lines.ts";
import { termIndex } from "../lexical/term-index.ts";
import type { StoreSearchResult } from "../store/vector-store.ts";

/** What each part counts in the score S of a mode. */
export interface ScoreWeights {
  readonly lexical: number;
  readonly sentence: number;
  readonly dense: number;
}

/** S = 0.45 B + 0.2 V + 0.55 D, on absolute scores: the same number ranks and stops. */
export const SCORE_WEIGHTS: Readonly<Record<SearchMode, ScoreWeights>> = {
  hybrid: { lexical: 0.45, sentence: 0.2, dense: 0.55 },
  dense: { lexical: 0, sentence: 0, dense: 1 },
  lexical: { lexical: 1, sentence: 0.3, dense: 0 },
};

/** From this number of chunks on, words weigh as the limits of the evidence expect. */
const LARGE_ENOUGH = 100;

/**
 * From how much on the words that a chunk holds count in full for the evidence, as a multiple of what tells one chunk from
 * all others: as much as that, some chunk of any collection holds by chance.
 */
const ENOUGH_INFORMATION = 2;

/** What a term of the question counts in V where it stands in the title or headings, not in the sentence. */
const TITLE_SHARE = 0.5;

/**
 * The evidence is 0.4 B' + 0.6 D, with B' as {@link createWordEvidence} has it: words that happen to occur mislead more
 * than a vector does.
 */
export const EVIDENCE_WEIGHTS: Readonly<Record<SearchMode, Omit<ScoreWeights, "sentence">>> = {
  hybrid: { lexical: 0.4, dense: 0.6 },
  dense: { lexical: 0, dense: 1 },
  lexical: { lexical: 1, dense: 0 },
};

/** Under the first value of the evidence nothing fitting was found, under the second it is weak. */
export const EVIDENCE_LIMITS: Readonly<Record<SearchMode, readonly [none: number, weak: number]>> = {
  hybrid: [0.33, 0.45],
  dense: [0.3, 0.45],
  lexical: [0.4, 0.54],
};

/** Reads a cosine of some model as one of the bundled model. */
export type CosineReader = (cosine: number) => number;

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
  /** How well it fits by itself: {@link EVIDENCE_WEIGHTS}. */
  readonly base: number;
  /** What is said of its document; absent where nothing is. */
  readonly metadata?: DocumentMetadata;
}

/** Options of {@link scoreCandidates}. */
export interface ScoreOptions {
  readonly mode: SearchMode;
  readonly query: QueryTerms;
  /** Share of the best score under which a candidate can't matter; its sentences are not looked at then. 0: all are. */
  readonly stopRatio: number;
  /**
   * What each part counts; other weights are for measuring what each part is worth.
   * @default those of the mode in {@link SCORE_WEIGHTS}
   */
  readonly weights?: ScoreWeights;
  /**
   * What a cosine of the embedder's model would be with the bundled one, for which weights and limits were measured.
   * @default as it is
   */
  readonly readCosine?: CosineReader | undefined;
}

/** Scores candidates and ranks them, best first; equal scores in the order of their ids. */
export function scoreCandidates(found: StoreSearchResult, options: ScoreOptions): ScoredChunk[] {
  const { mode, query, weights = SCORE_WEIGHTS[mode], readCosine = (cosine) => cosine } = options;
  const evidence = EVIDENCE_WEIGHTS[mode];
  const idfSum = query.indices.reduce((sum, index) => sum + (found.idf.get(index) ?? 0), 0);
  const wordEvidence = createWordEvidence(found, { query, idfSum });
  const based = found.candidates.map(({ chunk, dense, lexical, metadata }) => {
    const share = idfSum > 0 ? lexical / idfSum : 0;
    const words = wordEvidence(chunk, share);
    const cosine = dense === null ? expectedCosine(words) : readCosine(dense);
    const said = metadata === undefined ? {} : { metadata };
    const base = evidence.lexical * words + evidence.dense * cosine;
    return { chunk, said, dense, base, lexical: share, plain: weights.lexical * share + weights.dense * cosine };
  });
  const best = based.reduce((top, { plain }) => Math.max(top, plain), 0);
  const worthReading = best * options.stopRatio - weights.sentence;
  const termIdf = new Map(query.terms.map((term) => [term, found.idf.get(termIndex(term)) ?? 0]));
  return based
    .map(({ chunk, said, dense, base, lexical, plain }): ScoredChunk => {
      const reads = weights.sentence > 0 && lexical > 0 && plain >= worthReading;
      const sentence = reads ? bestSentenceShare(chunk, termIdf, idfSum) : 0;
      return {
        chunk,
        base,
        score: plain + weights.sentence * sentence,
        scores: {
          dense: mode === "lexical" ? null : dense,
          lexical: mode === "dense" ? null : lexical,
          sentence: weights.sentence > 0 ? sentence : null,
        },
        ...said,
      };
    })
    .toSorted(compareScored);
}

/**
 * B', what a chunk's B counts as evidence: less where its words tell little. Words of I = B × Σ idf nats stand together in
 * one of e^I chunks by chance, so that some chunk of N holds ln N nats of any question, and the more chunks there are, the
 * better fits the best of those that have nothing to do with it.
 */
function createWordEvidence(
  found: StoreSearchResult,
  { query, idfSum }: { readonly query: QueryTerms; readonly idfSum: number },
): (chunk: Chunk, share: number) => number {
  const chunks = Math.max(found.chunkCount, LARGE_ENOUGH);
  // ln((N + 1) / (df + 0.5)): a larger N adds the same to every term.
  const added = Math.log((chunks + 1) / (found.chunkCount + 1));
  const sum = idfSum + added * query.indices.length;
  const enough = ENOUGH_INFORMATION * Math.log((chunks + 1) / 0.5);
  const shareAsLarge = createShareAsLarge(found, { query, idfSum, added, sum });
  return (chunk, share) => {
    const large = shareAsLarge(chunk, share);
    return large * Math.min(1, Math.sqrt((large * sum) / enough));
  };
}

interface AsLarge {
  readonly query: QueryTerms;
  /** Σ idf of the query's terms in the collection as it is. */
  readonly idfSum: number;
  /** What a larger collection adds to the idf of each. */
  readonly added: number;
  /** Σ idf in the larger one. */
  readonly sum: number;
}

/**
 * What a chunk's B would be if the collection had as many chunks as the limits of the evidence were measured with, which
 * adds as much to every term's idf: in one of a few chunks a word that stands in most of them weighs next to nothing beside
 * one that stands in none, and no question would fit.
 */
function createShareAsLarge(
  { idf }: StoreSearchResult,
  { query, idfSum, added, sum }: AsLarge,
): (chunk: Chunk, share: number) => number {
  if (added <= 0) return (_, share) => share;
  return ({ text, title, heading }, share) => {
    const own = new Set(analyse([title, heading, text].filter((part) => part !== null).join("\n")).map(termIndex));
    const held = query.indices.filter((index) => own.has(index));
    const before = held.reduce((total, index) => total + (idf.get(index) ?? 0), 0);
    return before === 0 ? share : (share * idfSum * (before + added * held.length)) / (before * sum);
  };
}

/**
 * What a chunk that has no vector yet counts as its cosine, by its B: so much that its evidence reaches the limits of mode
 * `hybrid` exactly where its words alone reach those of mode `lexical`. Else a collection that is being embedded would
 * rank what has its vectors above all that has not.
 */
function expectedCosine(lexical: number): number {
  const { hybrid, lexical: byWords } = EVIDENCE_LIMITS;
  const { lexical: share, dense } = EVIDENCE_WEIGHTS.hybrid;
  const [low, high] = [(hybrid[0] - share * byWords[0]) / dense, (hybrid[1] - share * byWords[1]) / dense];
  const slope = (high - low) / (byWords[1] - byWords[0]);
  return Math.max(0, low + slope * (lexical - byWords[0]));
}

/** Scores that are lifted over the best one are pressed together by this: their order stays, and the stop where it was. */
const OVER_BEST = 0.001;

/** A score with what a later stage adds to it; beyond the best score only as much as decides the order. */
export function liftScore(score: number, { gain, best }: { readonly gain: number; readonly best: number }): number {
  const lifted = score + gain;
  return lifted <= best ? lifted : Math.max(score, best + OVER_BEST * (lifted - best));
}

/** Best first; equal scores in the order of their ids. */
export function compareScored(left: ScoredChunk, right: ScoredChunk): number {
  return right.score - left.score || (left.chunk.id < right.chunk.id ? -1 : 1);
}

/**
 * Largest share of the query's idf that one sentence of a chunk holds, where a term that only the title or the headings
 * hold counts half: 0 to 1.
 */
function bestSentenceShare(
  { text, title, heading, language }: Chunk,
  idf: ReadonlyMap<string, number>,
  idfSum: number,
): number {
  const above = new Set(analyse([title, heading].filter((part) => part !== null).join("\n")));
  let best = 0;
  const sentences = CODE_LANGUAGES.has(language) ? splitSentences(text) : wholeSentences(text);
  for (const { start, end } of sentences) {
    const own = new Set(analyse(text.slice(start, end)));
    let held = 0;
    for (const [term, value] of idf) {
      if (own.has(term)) held += value;
      else if (above.has(term)) held += TITLE_SHARE * value;
    }
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
