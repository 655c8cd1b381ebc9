import type { Chunk } from "../domain/chunk.ts";
import { CODE_LANGUAGES } from "../domain/code.ts";
import type { SearchMode } from "../domain/hit.ts";
import { analyse } from "../lexical/analyse.ts";
import { splitSentences } from "../lexical/sentences.ts";
import { wholeSentences } from "../lexical/wrapped-lines.ts";
import type { StoreSearchResult } from "../store/vector-store.ts";
import type { CosineCalibration } from "./cosine-calibration.ts";
import { createWordEvidence, EVIDENCE_WEIGHTS, evidenceByChance, expectedCosine } from "./evidence.ts";
import { idfByTerm, type QueryTerms } from "./query-terms.ts";
import { type AskedWords, writtenWords } from "./question/asked-words.ts";
import type { PersonTest } from "./question/asked-person.ts";
import type { AskedDate } from "./asked-date.ts";
import { compareScored, type ScoredChunk } from "./scored-chunk.ts";

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

/** What a query term counts in V if it stands in the title or the headings and not in the sentence. */
const TITLE_SHARE = 0.5;

const NO_WORDS: ReadonlySet<string> = new Set();
const NO_TERMS: ReadonlyMap<string, number> = new Map();

/** The terms of a query that a chunk does not have, with what it says of each in another form, or is dated by. */
function relatedShares(
  chunk: Chunk,
  {
    asked,
    dated,
    terms,
  }: { readonly asked: AskedWords | null; readonly dated: AskedDate | null; readonly terms: readonly string[] },
): ReadonlyMap<string, number> {
  const { text, title, heading } = chunk;
  const dateTerms = dated?.isDateOf(chunk) === true ? dated.terms : NO_WORDS;
  if (asked === null && dateTerms.size === 0) return NO_TERMS;
  const whole = [title, heading, text].filter((part) => part !== null).join("\n");
  const own = new Set(analyse(whole));
  const words = asked === null ? NO_WORDS : writtenWords(whole);
  const shares = terms.flatMap((term): readonly (readonly [string, number])[] => {
    const share = own.has(term) ? 0 : dateTerms.has(term) ? 1 : (asked?.shareOf(term, words) ?? 0);
    return share === 0 ? [] : [[term, share]];
  });
  return new Map(shares);
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
  /** The words of a query that is not in English, which count where a chunk has them in another form. */
  readonly asked?: AskedWords | null;
  /** The day or month that the query names, which counts for chunks of documents that are dated by it. */
  readonly dated?: AskedDate | null;
  /** The full name of whom the query is about, which counts as evidence where a chunk has it. */
  readonly person?: PersonTest | null;
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
  /**
   * The share of {@link evidenceByChance} that the evidence is lowered by.
   * @default 1
   */
  readonly chanceShare?: number;
}

/** Scores candidates and ranks them, best first; equal scores in the order of their ids. */
export function scoreCandidates(found: StoreSearchResult, options: ScoreOptions): ScoredChunk[] {
  const {
    mode,
    query,
    weights = SCORE_WEIGHTS[mode],
    calibrateCosine = (cosine) => cosine,
    asked = null,
    dated = null,
    person = null,
    chanceShare = 1,
  } = options;
  const evidence = EVIDENCE_WEIGHTS[mode];
  const chance = chanceShare * evidenceByChance(found.chunkCount, mode);
  const idfSum = query.indices.reduce((sum, index) => sum + (found.idf.get(index) ?? 0), 0);
  const wordEvidence = createWordEvidence(found, { query, idfSum });
  const termIdf = idfByTerm(query.terms, found.idf);
  const based = found.candidates.map(({ chunk, dense, lexical, metadata }) => {
    const related = mode === "dense" ? NO_TERMS : relatedShares(chunk, { asked, dated, terms: query.terms });
    const more = [...related].reduce((sum, [term, part]) => sum + part * (termIdf.get(term) ?? 0), 0);
    const share = idfSum > 0 ? (lexical + more) / idfSum : 0;
    const words = wordEvidence(chunk, share, { related, isNamed: person?.(chunk.text) ?? false });
    const cosine = dense === null ? expectedCosine(words) : calibrateCosine(dense);
    const evidenceScore = evidence.lexical * words + evidence.dense * cosine - chance;
    const plain = weights.lexical * share + weights.dense * cosine;
    return { chunk, metadata, dense, lexical: share, plain, evidenceScore, related };
  });
  const best = based.reduce((top, { plain }) => Math.max(top, plain), 0);
  const worthReading = best * options.stopRatio - weights.sentence;
  return based
    .map(({ chunk, metadata, dense, lexical, plain, evidenceScore, related }): ScoredChunk => {
      const reads = weights.sentence > 0 && lexical > 0 && plain >= worthReading;
      const sentence = reads
        ? bestSentenceShare(chunk, { idf: termIdf, idfSum, asked: related.size === 0 ? null : asked })
        : 0;
      return {
        chunk,
        evidenceScore,
        score: plain + weights.sentence * sentence,
        scores: {
          dense: mode === "lexical" ? null : dense,
          lexical: mode === "dense" ? null : lexical,
          sentence: weights.sentence > 0 ? sentence : null,
        },
        ...(metadata !== undefined && { metadata }),
      };
    })
    .toSorted(compareScored);
}

/**
 * V: the largest share of the query's idf that one sentence of a chunk holds, from 0 to 1. A term that stands only in
 * the title or the headings counts half.
 */
function bestSentenceShare(
  { text, title, heading, language }: Chunk,
  {
    idf,
    idfSum,
    asked,
  }: { readonly idf: ReadonlyMap<string, number>; readonly idfSum: number; readonly asked: AskedWords | null },
): number {
  const above = new Set(analyse([title, heading].filter((part) => part !== null).join("\n")));
  let best = 0;
  const sentences = CODE_LANGUAGES.has(language) ? splitSentences(text) : wholeSentences(text);
  for (const { start, end } of sentences) {
    const sentence = text.slice(start, end);
    const own = new Set(analyse(sentence));
    const words = asked === null ? NO_WORDS : writtenWords(sentence);
    let held = 0;
    for (const [term, value] of idf) {
      if (own.has(term)) held += value;
      else held += Math.max(above.has(term) ? TITLE_SHARE : 0, asked?.shareOf(term, words) ?? 0) * value;
    }
    best = Math.max(best, held / idfSum);
  }
  return Math.min(best, 1);
}
