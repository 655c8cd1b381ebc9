import type { Evidence, SearchMode } from "../domain/hit.ts";
import type { StoreFilter, StoreSearchResult, VectorStore } from "../store/vector-store.ts";
import { readAskedDate } from "./asked-date.ts";
import { discountHistory } from "./discount-history.ts";
import { followLinks } from "./follow-links.ts";
import { liftDefinitions } from "./lift-definitions.ts";
import { liftEntries } from "./lift-entries.ts";
import { askedNames } from "./question/asked-names.ts";
import { sidesOf, subjectToDefine } from "./question/definition.ts";
import { readAskedPerson } from "./question/asked-person.ts";
import { readAskedWords } from "./question/asked-words.ts";
import { withoutQuestionWords } from "./question/question-words.ts";
import type { RankingParts } from "./ranking-parts.ts";
import type { CosineCalibration } from "./cosine-calibration.ts";
import { judgeEvidence } from "./evidence.ts";
import { queryTerms, type QueryTerms } from "./query-terms.ts";
import { scoreCandidates } from "./score-candidates.ts";
import type { ScoredChunk } from "./scored-chunk.ts";
import type { TitleLinks } from "./title-links.ts";

/** Candidates by vector, unless the limit of the search wants more. */
const DENSE_POOL = 50;
/** Candidates by words. */
const LEXICAL_POOL = 100;
/**
 * Factor for the candidates of a question that asks for a definition, or names something as programs do: the name that
 * it asks about may stand in most chunks.
 */
const WIDER = 4;

/** What the ranking of a query needs beside the query. */
export interface RankQueryOptions {
  readonly store: VectorStore;
  readonly collection: string;
  readonly mode: SearchMode;
  readonly filter: StoreFilter | undefined;
  /** How many spans the search returns at most. */
  readonly limit: number;
  readonly stopRatio: number;
  /**
   * Chunks that the caller has seen already. They are ranked too, since the evidence of the others is judged beside
   * them.
   */
  readonly exclude: ReadonlySet<string>;
  readonly readLinks: () => Promise<TitleLinks>;
  readonly parts: RankingParts;
  readonly calibrateCosine: CosineCalibration | undefined;
  readonly signal: AbortSignal | undefined;
}

/** A query with the candidates that the store found for it, not ranked yet. */
export interface QueryCandidates {
  readonly query: string;
  readonly words: QueryTerms;
  /** What the query asks the meaning of ("sluice gate"), or sets against each other; empty for another query. */
  readonly subjects: readonly string[];
  /** What the query names as programs do, such as an option. */
  readonly names: readonly string[];
  readonly vector: Float32Array | null;
  readonly found: StoreSearchResult;
}

/** A query with its ranking. */
export interface RankedQuery {
  readonly query: string;
  /** Best first. */
  readonly ranking: readonly ScoredChunk[];
  readonly terms: readonly string[];
  /** The idf of each term, by the term's number in the store. */
  readonly idf: ReadonlyMap<number, number>;
  /** How well the best of the chunks fits that the caller has not seen. */
  readonly evidence: Evidence;
}

/** Asks the store for the best chunks by words and by vector; `vector` is null in mode `lexical`. */
export async function searchQuery(
  { query, vector }: { readonly query: string; readonly vector: Float32Array | null },
  { store, collection, mode, filter, limit, exclude, signal }: RankQueryOptions,
): Promise<QueryCandidates> {
  const words = queryTerms(withoutQuestionWords(query));
  const subject = subjectToDefine(query);
  const subjects = subject === null ? sidesOf(query) : [subject];
  const names = askedNames(query);
  const wide = subjects.length === 0 && names.length === 0 ? 1 : WIDER;
  const found = await store.search(
    collection,
    {
      vector,
      terms: mode === "dense" ? [] : words.indices,
      denseLimit: Math.max(DENSE_POOL * wide, limit * 2) + exclude.size,
      lexicalLimit: Math.max(LEXICAL_POOL * wide, limit * 2) + exclude.size,
      filter,
    },
    { signal },
  );
  return { query, words, subjects, names, vector, found };
}

/** Ranks the candidates of a query, together with chunks that the best of them lead to by a title or a name. */
export async function rankQuery(
  { query, words, subjects, names, vector, found }: QueryCandidates,
  options: RankQueryOptions,
): Promise<RankedQuery> {
  const { store, collection, mode, filter, exclude, stopRatio, readLinks, parts, calibrateCosine, signal } = options;
  const { weights, followsLinks = true } = parts;
  const scoring = {
    mode,
    query: words,
    stopRatio,
    calibrateCosine,
    weights,
    asked: readAskedWords(query),
    dated: readAskedDate(query),
    person: readAskedPerson(query),
  };
  const scored = discountHistory(scoreCandidates(found, scoring), query);
  const firstHop = liftEntries(liftDefinitions(scored, subjects), names);
  const furtherHops: typeof followLinks = followsLinks ? followLinks : async (ranking) => ranking;
  const ranking = await furtherHops(firstHop, {
    store,
    collection,
    query: words,
    vector,
    filter,
    mode,
    idf: found.idf,
    readLinks,
    shown: exclude,
    weights,
    calibrateCosine,
    signal,
  });
  const remaining = ranking.filter(({ chunk }) => !exclude.has(chunk.id));
  return { query, ranking, terms: words.terms, idf: found.idf, evidence: judgeEvidence(remaining, mode) };
}
