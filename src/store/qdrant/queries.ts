// The single requests that a search consists of, in Qdrant's form.
import type { Schemas } from "@qdrant/js-client-rest";
import type { SparseVector } from "../../domain/chunk.ts";
import { qdrantFilter } from "./filter.ts";
import { CHUNK_ID_FIELDS, sparseVector } from "./chunk-payload.ts";
import { DENSE_VECTOR, SPARSE_VECTOR } from "./payload.ts";
import type { StoreQuery } from "../vector-store.ts";

// The graph is searched more widely than by default, so that the best hits are nearly always those of a full scan: of the
// best 50 of 11,367 chunks for 100 questions, 11 in 5,000 were missed, and 56 with half of this.
const MIN_EF = 512;

/** One search of a request. */
export type Search = Schemas["QueryRequest"];

/** A chunk and the weights of its terms. */
export const WITH_EVERYTHING: { with_payload: boolean; with_vector: string[] } = {
  with_payload: true,
  with_vector: [SPARSE_VECTOR],
};

const WITH_CHUNK = { with_payload: true, with_vector: false };
const WITH_NOTHING = { with_payload: false, with_vector: false };

function byVector(vector: Float32Array): Pick<Search, "query" | "using"> {
  return { query: Array.from(vector), using: DENSE_VECTOR };
}

/** Qdrant multiplies the weight of each term by its idf. */
function byTerms(terms: readonly number[], idfScope: IdfScope): Pick<Search, "query" | "using" | "params"> {
  return { query: { indices: [...terms], values: terms.map(() => 1) }, using: SPARSE_VECTOR, ...idfScope };
}

/** What Qdrant's idf is computed over, as a part of a search by words. */
export type IdfScope = Pick<Search, "params">;

/**
 * Everything that was ever stored: deleted chunks count until Qdrant's optimiser has cleaned up, and it leaves segments
 * of fewer than a thousand vectors as they are.
 */
export const EVER_STORED: IdfScope = {};

/**
 * The chunks that are there. Qdrant goes through all of them for it, which takes too long in a large collection. Servers
 * before 1.19 do not know the parameter and pass over it.
 */
export const LIVING: IdfScope = { params: { idf: { corpus: qdrantFilter({ kinds: ["chunk"] }) } } };

/**
 * No chunk at all. The idf of every term is then {@link IDF_OVER_NOTHING} on every shard, so that the values of a query
 * alone say what its terms are worth. It costs nothing. Servers before 1.19 pass over this too.
 */
export const NOTHING: IdfScope = { params: { idf: { corpus: qdrantFilter({ points: [] }) } } };
/** ln(1 + (N − df + 0.5) / (df + 0.5)) for N = df = 0. */
export const IDF_OVER_NOTHING: number = Math.LN2;

/** The best chunks that have a term. */
export function holdersSearch(
  term: number,
  { limit, idfScope }: { readonly limit: number; readonly idfScope: IdfScope },
): Search {
  return { ...byTerms([term], idfScope), limit, ...WITH_NOTHING };
}

/** Of how many chunks of each shard {@link shardsSearch} gives the scores. */
export const SAMPLES_OF_SHARD: number = 2;

/**
 * Of each shard the chunks that have the most of a term. Every shard answers a nested search by itself, so that none
 * is left out because its idf is low.
 */
export function shardsSearch(term: number, { shards, idfScope }: ShardsScope): Search {
  const {
    with_payload: _payload,
    with_vector: _vector,
    ...most
  } = holdersSearch(term, { limit: SAMPLES_OF_SHARD, idfScope: NOTHING });
  return { ...holdersSearch(term, { limit: SAMPLES_OF_SHARD * shards, idfScope }), prefetch: [most] };
}

interface ShardsScope {
  readonly shards: number;
  readonly idfScope: IdfScope;
}

/** The best of them with its term weights. */
export function sampleSearch(term: number, idfScope: IdfScope): Search {
  return { ...holdersSearch(term, { limit: 1, idfScope }), with_vector: [SPARSE_VECTOR] };
}

/** The ranking by words. */
export function wordsSearch(
  { terms, lexicalLimit: limit, filter }: StoreQuery,
  { shards, idfScope }: { readonly shards: number; readonly idfScope: IdfScope },
): Search {
  return {
    ...byTerms(terms, idfScope),
    ...filterOf(filter),
    ...(shards === 1
      ? { limit, ...WITH_CHUNK }
      : // Every shard ranks by an idf of its own: of several shards these are only the chunks that the ranking by the idf
        // of all will probably have. More than are wanted are read, so that it rarely has another one.
        { limit: limit * 2 + 50, with_payload: CHUNK_ID_FIELDS, with_vector: false }),
  };
}

/** The ranking by vector. */
export function denseSearch(
  vector: Float32Array,
  { filter, limit }: Pick<StoreQuery, "filter"> & { readonly limit: number },
): Search {
  return {
    ...byVector(vector),
    limit,
    ...filterOf(filter),
    params: { hnsw_ef: Math.max(MIN_EF, limit * 2) },
    ...WITH_CHUNK,
  };
}

/** The cosines of all windows of some chunks. */
export function exactSearch(
  vector: Float32Array,
  { chunkIds, limit }: { readonly chunkIds: readonly string[]; readonly limit: number },
): Search {
  return {
    ...byVector(vector),
    limit,
    filter: qdrantFilter({ chunkIds }),
    params: { exact: true },
    with_payload: CHUNK_ID_FIELDS,
    with_vector: false,
  };
}

/** The word scores of some points. */
export function factorsSearch({ terms, idfScope }: TermFactors, points: readonly string[]): Search {
  return {
    query: sparseVector(terms),
    using: SPARSE_VECTOR,
    ...idfScope,
    limit: points.length,
    filter: qdrantFilter({ points }),
    ...WITH_NOTHING,
  };
}

/** The ranking by words, by our own idf. */
export function rankingSearch(
  { terms, idfScope }: TermFactors,
  { filter, lexicalLimit: limit }: Pick<StoreQuery, "filter" | "lexicalLimit">,
): Search {
  return { query: sparseVector(terms), using: SPARSE_VECTOR, ...idfScope, ...filterOf(filter), limit, ...WITH_CHUNK };
}

/** A query by which Qdrant computes our word scores. */
export interface TermFactors {
  /** The value of each term is our idf over Qdrant's own, by which Qdrant multiplies. */
  readonly terms: SparseVector;
  /** What Qdrant's own is computed over. */
  readonly idfScope: IdfScope;
}

/**
 * Only chunks and windows have vectors. A condition on their kind would exclude nothing and slow a search down by half.
 */
function filterOf(filter: StoreQuery["filter"]): Pick<Search, "filter"> {
  if (filter === undefined) return {};
  const wanted = qdrantFilter({ filter });
  return Array.isArray(wanted.must) && wanted.must.length > 0 ? { filter: wanted } : {};
}

/** Any further window of a chunk. */
export function windowSearch(vector: Float32Array): Search {
  return { ...byVector(vector), limit: 1, filter: qdrantFilter({ kinds: ["window"] }), ...WITH_NOTHING };
}

/** Both scores of every hit of either ranking; null for a score that was not asked for. */
export function unionSearches(
  query: StoreQuery,
  idfScope: IdfScope,
): { readonly dense: Search | null; readonly words: Search | null } {
  const { vector, terms, denseLimit, lexicalLimit } = query;
  const prefetch = [
    ...(vector !== null && denseLimit > 0 ? [denseSearch(vector, { filter: query.filter, limit: denseLimit })] : []),
    ...(terms.length > 0 && lexicalLimit > 0 ? [wordsSearch(query, { shards: 1, idfScope })] : []),
  ].map(({ with_payload: _payload, with_vector: _vector, ...ranking }): Schemas["Prefetch"] => ranking);
  if (prefetch.length === 0) return { dense: null, words: null };
  const union = { prefetch, limit: denseLimit + lexicalLimit, with_vector: false };
  return {
    dense: vector === null ? null : { ...union, ...byVector(vector), with_payload: true },
    words: terms.length === 0 ? null : { ...union, ...byTerms(terms, idfScope), with_payload: vector === null },
  };
}
