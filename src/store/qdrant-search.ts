import type { QdrantClient, Schemas } from "@qdrant/js-client-rest";
import type { Chunk } from "../domain/chunk.ts";
import { sizeMismatch } from "./qdrant-chunks.ts";
import type { QdrantCollections } from "./qdrant-collections.ts";
import { matchesNothing, qdrantFilter } from "./qdrant-filter.ts";
import {
  CHUNK_ID_FIELDS,
  chunkIdOf,
  chunkOf,
  chunkPointId,
  DENSE_VECTOR,
  isChunkPayload,
  SPARSE_VECTOR,
  termWeightsOf,
} from "./qdrant-payload.ts";
import type { QdrantRequests } from "./qdrant-requests.ts";
import type { CallOptions, StoreCandidate, StoreQuery, StoreSearchResult, VectorStore } from "./vector-store.ts";

/**
 * Up to how many chunks of a term are counted one by one. Qdrant's own idf leaves out chunks without any term, goes on
 * counting deleted points until its optimiser has been through, and is worked out for every shard by itself: a count is
 * exact. A term that more chunks have is common, its idf small, and Qdrant's value close enough.
 */
const COUNTED_HITS = 200;
// The graph is searched more widely than by default, so that the best hits are those of a full scan.
const MIN_EF = 256;
const SEARCH_ROUNDS = 4;

type Scored = Schemas["ScoredPoint"];
type Search = Schemas["QueryRequest"];

/** What the first round of requests gave. */
interface FirstRound {
  readonly dense: readonly Scored[];
  readonly lexical: readonly Scored[];
  /** For each term, the best chunks that have it. */
  readonly holders: ReadonlyMap<number, readonly Scored[]>;
  /** Number of chunks in the collection. */
  readonly total: number;
}

/** A chunk with what its scores are made of. */
interface StoredChunk {
  readonly chunk: Chunk;
  readonly weights: ReadonlyMap<number, number>;
}

/** Finds chunks by vector and by words; both rankings and the terms' frequencies come with one request. */
export function createQdrantSearch(
  requests: QdrantRequests,
  { dimensionsOf }: Pick<QdrantCollections, "dimensionsOf">,
): VectorStore["search"] {
  const { onCollection, requireCollection } = requests;

  return async function search(name, query, options = {}) {
    if (query.vector !== null) await checkSize(name, query.vector.length, options);
    for (let round = 1; ; round += 1) {
      const result = await tryToSearch(name, { query: { ...query, terms: [...new Set(query.terms)] }, options });
      // Something went between two requests (a deletion, a promotion). A new try sees one state or the other; what
      // has still gone at the last one was deleted, and rightly is not found.
      if (result.complete || round === SEARCH_ROUNDS) return result;
    }
  };

  async function checkSize(name: string, got: number, options: CallOptions): Promise<void> {
    for (const fresh of [false, true]) {
      const dimensions = await dimensionsOf(name, { ...options, fresh });
      if (got === dimensions) return;
      if (fresh) throw sizeMismatch(name, { dimensions, got });
    }
  }

  async function tryToSearch(
    name: string,
    { query, options }: SearchContext,
  ): Promise<StoreSearchResult & { readonly complete: boolean }> {
    const first = await firstRound(name, { query, options });
    const dense = bestByChunk(first.dense, query.denseLimit);
    const stored = new Map<string, StoredChunk>();
    for (const point of [...first.dense, ...first.lexical]) remember(stored, point);
    const wanted = new Set([...dense.keys(), ...bestByChunk(first.lexical, query.lexicalLimit).keys()]);

    const unscored = query.vector === null ? [] : [...wanted].filter((id) => !dense.has(id));
    const unread = [...wanted].filter((id) => !stored.has(id)).map(chunkPointId);
    const common = [...first.holders.values()].filter(({ length }) => length === COUNTED_HITS);
    const samples = common.flatMap(([best]) => (best === undefined ? [] : [String(best.id)]));
    const [late, points] = await Promise.all([
      denseScores(name, { query, options, chunkIds: unscored }),
      retrieve(name, [...new Set([...unread, ...samples])], options),
    ]);
    for (const point of points) remember(stored, point);
    const weights = new Map(points.map(({ id, vector }) => [String(id), termWeightsOf(vector)]));
    const idf = frequencies(first, weights);

    const candidates: StoreCandidate[] = [];
    let complete = true;
    for (const id of wanted) {
      const found = stored.get(id);
      const cosine = query.vector === null ? null : (dense.get(id) ?? late.get(id));
      if (found === undefined || cosine === undefined) complete = false;
      else candidates.push({ chunk: found.chunk, dense: cosine, lexical: lexicalScore(found.weights, idf) });
    }
    return { candidates, idf, complete };
  }

  async function firstRound(name: string, { query, options }: SearchContext): Promise<FirstRound> {
    const { vector, terms, filter } = query;
    const nothing = matchesNothing(filter);
    const searches: Search[] = terms.map((term) => ({
      query: { indices: [term], values: [1] },
      using: SPARSE_VECTOR,
      limit: COUNTED_HITS,
      with_payload: false,
      with_vector: false,
    }));
    const wordsAt = terms.length > 0 && query.lexicalLimit > 0 && !nothing ? searches.length : null;
    if (wordsAt !== null) {
      searches.push({
        query: { indices: [...terms], values: terms.map(() => 1) },
        using: SPARSE_VECTOR,
        limit: query.lexicalLimit,
        filter: qdrantFilter({ kinds: ["chunk"], ...(filter && { filter }) }),
        ...withEverything,
      });
    }
    const denseAt = vector !== null && query.denseLimit > 0 && !nothing ? searches.length : null;
    if (denseAt !== null) {
      // Some more, since windows of one chunk may stand next to each other.
      searches.push(denseSearch(query, Math.ceil(query.denseLimit * 1.2) + 4));
    }
    if (searches.length === 0) await requireCollection(name, options);
    const [lists, total] = await Promise.all([batch(name, searches, options), terms.length > 0 ? countChunks() : 0]);
    const dense = denseAt === null ? [] : await enough(lists[denseAt] ?? [], searches[denseAt]?.limit ?? 0);
    return {
      dense,
      lexical: wordsAt === null ? [] : (lists[wordsAt] ?? []),
      holders: new Map(terms.map((term, at) => [term, lists[at] ?? []])),
      total,
    };

    async function countChunks(): Promise<number> {
      const request = { filter: qdrantFilter({ kinds: ["chunk"] }), exact: true };
      return (await onCollection(name, async (client, alias) => client.count(alias, request), options)).count;
    }

    /** Asks for a longer list for as long as windows crowd out chunks. */
    async function enough(list: readonly Scored[], asked: number): Promise<readonly Scored[]> {
      if (list.length < asked || bestByChunk(list, Infinity).size >= query.denseLimit) return list;
      const [longer = []] = await batch(name, [denseSearch(query, asked * 4)], options);
      return enough(longer, asked * 4);
    }
  }

  /** The best cosine of each of these chunks, by a full scan over them. */
  async function denseScores(
    name: string,
    { query, options, chunkIds }: SearchContext & { readonly chunkIds: readonly string[] },
  ): Promise<ReadonlyMap<string, number>> {
    const { vector } = query;
    if (vector === null || chunkIds.length === 0) return new Map();
    for (let limit = chunkIds.length * 4; ; limit *= 4) {
      const request: Search = {
        query: Array.from(vector),
        using: DENSE_VECTOR,
        limit,
        filter: qdrantFilter({ kinds: ["chunk", "window"], chunkIds }),
        params: { exact: true },
        with_payload: CHUNK_ID_FIELDS,
        with_vector: false,
      };
      const [list = []] = await batch(name, [request], options);
      const best = bestByChunk(list, Infinity);
      if (best.size === chunkIds.length || list.length < limit) return best;
    }
  }

  async function batch(name: string, searches: Search[], options: CallOptions): Promise<(readonly Scored[])[]> {
    if (searches.length === 0) return [];
    const request = async (client: QdrantClient, alias: string): Promise<Schemas["QueryResponse"][]> =>
      client.queryBatch(alias, { searches });
    return (await onCollection(name, request, options)).map(({ points }) => points);
  }

  async function retrieve(name: string, ids: string[], options: CallOptions): Promise<Schemas["Record"][]> {
    if (ids.length === 0) return [];
    return onCollection(name, async (client, alias) => client.retrieve(alias, { ids, ...withEverything }), options);
  }
}

interface SearchContext {
  readonly query: StoreQuery;
  readonly options: CallOptions;
}

// The terms' weights come with the chunk: the word score is worked out here, with an idf of the whole collection.
const withEverything: { with_payload: boolean; with_vector: string[] } = {
  with_payload: true,
  with_vector: [SPARSE_VECTOR],
};

function denseSearch({ vector, filter }: StoreQuery, limit: number): Search {
  return {
    query: Array.from(vector ?? []),
    using: DENSE_VECTOR,
    limit,
    filter: qdrantFilter({ kinds: ["chunk", "window"], ...(filter && { filter }) }),
    params: { hnsw_ef: Math.max(MIN_EF, limit * 2) },
    ...withEverything,
  };
}

/** The first, hence best, score of each chunk in a list, up to `limit` chunks. */
function bestByChunk(list: readonly Scored[], limit: number): ReadonlyMap<string, number> {
  const best = new Map<string, number>();
  for (const { payload, score } of list) {
    if (best.size >= limit) break;
    const id = chunkIdOf(payload ?? {});
    if (!best.has(id)) best.set(id, score);
  }
  return best;
}

function remember(stored: Map<string, StoredChunk>, { payload, vector }: Pick<Scored, "payload" | "vector">): void {
  if (!payload || !isChunkPayload(payload)) return;
  const chunk = chunkOf(payload);
  stored.set(chunk.id, { chunk, weights: termWeightsOf(vector) });
}

function frequencies(
  { holders, total }: FirstRound,
  weights: ReadonlyMap<string, ReadonlyMap<number, number>>,
): Map<number, number> {
  const idf = new Map<number, number>();
  for (const [term, list] of holders) {
    const [best] = list;
    const weight = best === undefined ? undefined : weights.get(String(best.id))?.get(term);
    const known = list.length < COUNTED_HITS || best === undefined || weight === undefined;
    idf.set(term, known ? inverseFrequency(total, list.length) : best.score / weight);
  }
  return idf;
}

function inverseFrequency(total: number, frequency: number): number {
  // A chunk may be counted as a holder that came after the count of all.
  const count = Math.max(total, frequency);
  return Math.log(1 + (count - frequency + 0.5) / (frequency + 0.5));
}

function lexicalScore(weights: ReadonlyMap<number, number>, idf: ReadonlyMap<number, number>): number {
  let score = 0;
  for (const [term, value] of idf) score += (weights.get(term) ?? 0) * value;
  return score;
}
