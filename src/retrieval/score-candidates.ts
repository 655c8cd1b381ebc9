import type { Chunk } from "../domain/chunk.ts";
import { CODE_LANGUAGES } from "../domain/code.ts";
import type { DocumentMetadata } from "../domain/document-metadata.ts";
import type { Evidence, HitScores, SearchMode } from "../domain/hit.ts";
import { analyse } from "../lexical/analyse.ts";
import { splitSentences } from "../lexical/sentences.ts";
import { wholeSentences } from "../lexical/wrapped-lines.ts";
import { termIndex } from "../lexical/term-index.ts";
import type { StoreSearchResult } from "../store/vector-store.ts";

/** The weights of a mode's score S = lexical · B + sentence · V + dense · D. */
export interface ScoreWeights {
  /** Of B, the share of the query's idf that the chunk holds: its BM25 score over the summed idf of the query's terms. */
  readonly lexical: number;
  /** Of V, the same share for the best single sentence of the chunk, from 0 to 1. */
  readonly sentence: number;
  /** Of D, the cosine of the query's and the chunk's vectors, on the bundled model's scale. */
  readonly dense: number;
}

/** All three parts are absolute, so that the same score ranks candidates and says where to stop. */
export const SCORE_WEIGHTS: Readonly<Record<SearchMode, ScoreWeights>> = {
  hybrid: { lexical: 0.45, sentence: 0.2, dense: 0.55 },
  dense: { lexical: 0, sentence: 0, dense: 1 },
  lexical: { lexical: 1, sentence: 0.3, dense: 0 },
};

/** A smaller collection is judged as if it had this many chunks, for which the limits of the evidence were measured. */
const LARGE_ENOUGH = 100;

/**
 * A chunk's words count in full for the evidence when they carry this many times the information that it takes to tell
 * one chunk from all others. Only as much as that, some chunk of any collection holds by chance.
 */
const ENOUGH_INFORMATION = 2;

/** What a query term counts in V if it stands in the title or the headings and not in the sentence. */
const TITLE_SHARE = 0.5;

/**
 * The weights of the evidence, a score that says how well a chunk fits by itself: lexical · B' + dense · D, with B'
 * from {@link createWordEvidence}. Vectors weigh more than in the ranking, since words that happen to occur mislead
 * more.
 */
export const EVIDENCE_WEIGHTS: Readonly<Record<SearchMode, Omit<ScoreWeights, "sentence">>> = {
  hybrid: { lexical: 0.4, dense: 0.6 },
  dense: { lexical: 0, dense: 1 },
  lexical: { lexical: 1, dense: 0 },
};

/** Below the first limit nothing fitting was found, below the second one the evidence is weak. */
export const EVIDENCE_LIMITS: Readonly<Record<SearchMode, readonly [none: number, weak: number]>> = {
  hybrid: [0.33, 0.45],
  dense: [0.3, 0.45],
  lexical: [0.4, 0.54],
};

/** Converts a cosine of some embedding model to the bundled model's scale. */
export type CosineCalibration = (cosine: number) => number;

/** The words of a query. */
export interface QueryTerms {
  readonly terms: readonly string[];
  readonly indices: readonly number[];
}

/** The distinct terms of a query. */
export function queryTerms(query: string): QueryTerms {
  const terms = [...new Set(analyse(query))];
  return { terms, indices: [...new Set(terms.map(termIndex))] };
}

/** The idf of each term, which a store gives by its number; 0 for one that it does not know. */
export function idfByTerm(terms: readonly string[], idf: ReadonlyMap<number, number>): ReadonlyMap<string, number> {
  return new Map(terms.map((term) => [term, idf.get(termIndex(term)) ?? 0]));
}

/** A candidate with its score. */
export interface ScoredChunk {
  readonly chunk: Chunk;
  readonly score: number;
  readonly scores: HitScores;
  /** The evidence that it gives by itself, weighted by {@link EVIDENCE_WEIGHTS}. */
  readonly evidenceScore: number;
  /** The metadata of its document; absent where it has none. */
  readonly metadata?: DocumentMetadata;
}

/** Options of {@link scoreCandidates}. */
export interface ScoreOptions {
  readonly mode: SearchMode;
  readonly query: QueryTerms;
  /**
   * Candidates below this share of the best score cannot be chosen, so that their sentences are not looked at; 0 looks
   * at all.
   */
  readonly stopRatio: number;
  /**
   * What each part counts; other weights are for measuring what each part is worth.
   * @default those of the mode in {@link SCORE_WEIGHTS}
   */
  readonly weights?: ScoreWeights;
  /**
   * Converts cosines to the bundled model's scale, for which weights and limits were measured.
   * @default as it is
   */
  readonly calibrateCosine?: CosineCalibration | undefined;
}

/** Scores candidates and ranks them, best first; equal scores in the order of their ids. */
export function scoreCandidates(found: StoreSearchResult, options: ScoreOptions): ScoredChunk[] {
  const { mode, query, weights = SCORE_WEIGHTS[mode], calibrateCosine = (cosine) => cosine } = options;
  const evidence = EVIDENCE_WEIGHTS[mode];
  const idfSum = query.indices.reduce((sum, index) => sum + (found.idf.get(index) ?? 0), 0);
  const wordEvidence = createWordEvidence(found, { query, idfSum });
  const based = found.candidates.map(({ chunk, dense, lexical, metadata }) => {
    const share = idfSum > 0 ? lexical / idfSum : 0;
    const words = wordEvidence(chunk, share);
    const cosine = dense === null ? expectedCosine(words) : calibrateCosine(dense);
    const said = metadata === undefined ? {} : { metadata };
    const evidenceScore = evidence.lexical * words + evidence.dense * cosine;
    return {
      chunk,
      said,
      dense,
      evidenceScore,
      lexical: share,
      plain: weights.lexical * share + weights.dense * cosine,
    };
  });
  const best = based.reduce((top, { plain }) => Math.max(top, plain), 0);
  const worthReading = best * options.stopRatio - weights.sentence;
  const termIdf = idfByTerm(query.terms, found.idf);
  return based
    .map(({ chunk, said, dense, evidenceScore, lexical, plain }): ScoredChunk => {
      const reads = weights.sentence > 0 && lexical > 0 && plain >= worthReading;
      const sentence = reads ? bestSentenceShare(chunk, termIdf, idfSum) : 0;
      return {
        chunk,
        evidenceScore,
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
 * Makes the function that computes B', the share B as it counts for the evidence: less where the words carry little
 * information.
 *
 * Words of I = B × Σ idf nats occur together in one of e^I chunks by chance. So in a collection of N chunks some chunk
 * holds ln N nats of any question, and the larger the collection, the better fits the best of the chunks that have
 * nothing to do with it.
 */
function createWordEvidence(
  found: StoreSearchResult,
  { query, idfSum }: { readonly query: QueryTerms; readonly idfSum: number },
): (chunk: Chunk, share: number) => number {
  const chunks = Math.max(found.chunkCount, LARGE_ENOUGH);
  // idf = ln((N + 1) / (df + 0.5)), so that a larger N adds the same amount to every term.
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
  /** What a larger collection adds to the idf of each term. */
  readonly added: number;
  /** Σ idf of the query's terms in the larger collection. */
  readonly sum: number;
}

/**
 * Makes the function that computes what a chunk's B would be in a collection of {@link LARGE_ENOUGH} chunks, where
 * every term's idf is larger by the same amount. In a collection of a few chunks, a word that stands in most of them
 * weighs next to nothing beside one that stands in none, and no question would seem to fit.
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
 * The cosine to assume, from its B', for a chunk that has no vector yet: chosen so that its evidence reaches the limits
 * of mode `hybrid` exactly where its words alone reach those of mode `lexical`. Counted as 0, it would rank behind
 * every chunk that is embedded already.
 */
function expectedCosine(lexical: number): number {
  const { hybrid, lexical: byWords } = EVIDENCE_LIMITS;
  const { lexical: share, dense } = EVIDENCE_WEIGHTS.hybrid;
  const [low, high] = [(hybrid[0] - share * byWords[0]) / dense, (hybrid[1] - share * byWords[1]) / dense];
  const slope = (high - low) / (byWords[1] - byWords[0]);
  return Math.max(0, low + slope * (lexical - byWords[0]));
}

/**
 * Factor by which lifted scores are compressed above the best score: they keep their order, and the stop, a share of
 * the best score, hardly moves.
 */
const OVER_BEST = 0.001;

/** Adds what a later stage gives to a score. Above the best score only so much is added that the order is decided. */
export function liftScore(score: number, { gain, best }: { readonly gain: number; readonly best: number }): number {
  const lifted = score + gain;
  return lifted <= best ? lifted : Math.max(score, best + OVER_BEST * (lifted - best));
}

/** A ranking in which the chunks that pass a test have a higher score; see {@link liftScore}. */
export function liftWhere(
  test: (scored: ScoredChunk) => boolean,
  { ranking, gain }: { readonly ranking: readonly ScoredChunk[]; readonly gain: number },
): readonly ScoredChunk[] {
  const best = ranking[0]?.score ?? 0;
  return ranking
    .map((scored) => (test(scored) ? { ...scored, score: liftScore(scored.score, { gain, best }) } : scored))
    .toSorted(compareScored);
}

/** Best first; equal scores in the order of their ids. */
export function compareScored(left: ScoredChunk, right: ScoredChunk): number {
  return right.score - left.score || (left.chunk.id < right.chunk.id ? -1 : 1);
}

/**
 * V: the largest share of the query's idf that one sentence of a chunk holds, from 0 to 1. A term that stands only in
 * the title or the headings counts half.
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

/** How well the best candidate fits the query. */
export function judgeEvidence(ranking: readonly ScoredChunk[], mode: SearchMode): Evidence {
  const best = ranking.reduce((top, { evidenceScore }) => Math.max(top, evidenceScore), 0);
  const [none, weak] = EVIDENCE_LIMITS[mode];
  if (ranking.length === 0 || best < none) return "none";
  return best < weak ? "weak" : "good";
}
