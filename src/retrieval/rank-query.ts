import type { Evidence, SearchMode } from "../domain/hit.ts";
import type { StoreFilter, StoreSearchResult, VectorStore } from "../store/vector-store.ts";
import { followTitles } from "./follow-titles.ts";
import { liftDefinitions } from "./lift-definitions.ts";
import { subjectToDefine } from "./question/definition.ts";
import type { RankingParts } from "./ranking-parts.ts";
import {
  judgeEvidence,
  queryTerms,
  scoreCandidates,
  type CosineReader,
  type QueryTerms,
  type ScoredChunk,
} from "./score-candidates.ts";
import type { TitleLinks } from "./title-links.ts";

const DENSE_POOL = 50;
const LEXICAL_POOL = 100;
/** How many times as many candidates a question for a definition gets: the name that it asks about may stand in most chunks. */
const WIDER = 4;

/** What a query is ranked with. */
export interface RankQueryOptions {
  readonly store: VectorStore;
  readonly collection: string;
  readonly mode: SearchMode;
  readonly filter: StoreFilter | undefined;
  /** Spans that are wanted in the end. */
  readonly limit: number;
  readonly stopRatio: number;
  /** Chunks that were seen already; they are ranked too, since others are judged beside them. */
  readonly exclude: ReadonlySet<string>;
  readonly readLinks: () => Promise<TitleLinks>;
  readonly parts: RankingParts;
  readonly readCosine: CosineReader | undefined;
  readonly signal: AbortSignal | undefined;
}

/** What both searches of the store find for one query. */
export interface QueryCandidates {
  readonly query: string;
  readonly words: QueryTerms;
  /** What it asks the meaning of; null for another query. */
  readonly subject: string | null;
  readonly vector: Float32Array | null;
  readonly found: StoreSearchResult;
}

/** What one query finds. */
export interface RankedQuery {
  readonly query: string;
  /** Best first. */
  readonly ranking: readonly ScoredChunk[];
  readonly terms: readonly string[];
  /** By the terms' numbers. */
  readonly idf: ReadonlyMap<number, number>;
  /** How well the best chunk fits, of those that were not seen already. */
  readonly evidence: Evidence;
}

/** Asks both searches of the store for one query; its vector is null in mode `lexical`. */
export async function searchQuery(
  { query, vector }: { readonly query: string; readonly vector: Float32Array | null },
  { store, collection, mode, filter, limit, exclude, signal }: RankQueryOptions,
): Promise<QueryCandidates> {
  const words = queryTerms(query);
  const subject = subjectToDefine(query);
  const wide = subject === null ? 1 : WIDER;
  const found = await store.search(
    collection,
    {
      vector,
      terms: mode === "dense" ? [] : words.indices,
      denseLimit: Math.max(DENSE_POOL * wide, limit * 2) + exclude.size,
      lexicalLimit: Math.max(LEXICAL_POOL * wide, limit * 2) + exclude.size,
      ...(filter === undefined ? {} : { filter }),
    },
    signal === undefined ? {} : { signal },
  );
  return { query, words, subject, vector, found };
}

/** Ranks what was found for one query, with what the best of it links to. */
export async function rankQuery(
  { query, words, subject, vector, found }: QueryCandidates,
  options: RankQueryOptions,
): Promise<RankedQuery> {
  const { store, collection, mode, filter, exclude, stopRatio, readLinks, parts, readCosine, signal } = options;
  const { weights, followsTitles = true } = parts;
  const scoring = { mode, query: words, stopRatio, readCosine, ...(weights === undefined ? {} : { weights }) };
  const firstHop = liftDefinitions(scoreCandidates(found, scoring), subject);
  const secondHop: typeof followTitles = followsTitles ? followTitles : async (ranking) => ranking;
  const ranking = await secondHop(firstHop, {
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
    readCosine,
    ...(signal === undefined ? {} : { signal }),
  });
  const remaining = ranking.filter(({ chunk }) => !exclude.has(chunk.id));
  return { query, ranking, terms: words.terms, idf: found.idf, evidence: judgeEvidence(remaining, mode) };
}
