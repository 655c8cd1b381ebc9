import type { QdrantClient, Schemas } from "@qdrant/js-client-rest";
import { sizeMismatch } from "./qdrant-chunks.ts";
import type { CollectionFacts, QdrantCollections } from "./qdrant-collections.ts";
import { matchesNothing, qdrantFilter } from "./qdrant-filter.ts";
import { CHUNK_ID_FIELDS, chunkPointId, DENSE_VECTOR, SPARSE_VECTOR } from "./qdrant-payload.ts";
import type { QdrantRequests } from "./qdrant-requests.ts";
import {
  bestByChunk,
  bestByWords,
  createFound,
  type Found,
  inverseFrequency,
  lexicalScore,
  serverFrequencies,
} from "./qdrant-scores.ts";
import type { CallOptions, StoreCandidate, StoreQuery, StoreSearchResult, VectorStore } from "./vector-store.ts";

/**
 * Up to how many chunks of a term are counted one by one. Qdrant's own idf leaves out chunks without any term, goes on
 * counting deleted points until its optimiser has been through, and is worked out for every shard by itself: a count is
 * exact. A term that more chunks have is common, its idf small, and Qdrant's value close enough.
 */
const COUNTED_HITS = { most: 200, least: 32, ofAllTerms: 4000 };
// The graph is searched more widely than by default, so that the best hits are those of a full scan.
const MIN_EF = 256;
const SEARCH_ROUNDS = 4;
// Several of the counted hits, since each shard has an idf of its own.
const SAMPLES = 4;

type Scored = Schemas["ScoredPoint"];
type Search = Schemas["QueryRequest"];

/** What the first round of requests gave. */
interface FirstRound {
  readonly dense: readonly Scored[];
  readonly lexical: readonly Scored[];
  /** For each term, the best chunks that have it. */
  readonly holders: ReadonlyMap<number, readonly Scored[]>;
  /** Length of a list of holders that may go on. */
  readonly counted: number;
  /** Number of chunks in the collection. */
  readonly total: number;
}

/** Finds chunks by vector and by words; both rankings and the terms' frequencies come with one request. */
export function createQdrantSearch(
  requests: QdrantRequests,
  { factsOf }: Pick<QdrantCollections, "factsOf">,
): VectorStore["search"] {
  const { onCollection, requireCollection } = requests;

  return async function search(name, query, options = {}) {
    const { shards } = await checkedFacts(name, query, options);
    const distinct = { ...query, terms: [...new Set(query.terms)] };
    for (let round = 1; ; round += 1) {
      const result = await tryToSearch(name, { query: distinct, shards, options });
      // Something went between two requests (a deletion, a promotion). A new try sees one state or the other; what
      // has still gone at the last one was deleted, and rightly is not found.
      if (result.complete || round === SEARCH_ROUNDS) return result;
    }
  };

  async function checkedFacts(name: string, { vector }: StoreQuery, options: CallOptions): Promise<CollectionFacts> {
    const remembered = await factsOf(name, options);
    if (vector === null || vector.length === remembered.dimensions) return remembered;
    // What we remember may be from before a re-indexing: ask once more before refusing.
    const facts = await factsOf(name, { ...options, fresh: true });
    if (vector.length === facts.dimensions) return facts;
    throw sizeMismatch(name, { dimensions: facts.dimensions, got: vector.length });
  }

  async function tryToSearch(
    name: string,
    context: SearchContext,
  ): Promise<StoreSearchResult & { readonly complete: boolean }> {
    const { query, options } = context;
    const first = await firstRound(name, context);
    const found = createFound();
    for (const point of [...first.dense, ...first.lexical]) found.add(point);
    const idf = await frequencies(name, { first, found, options });
    const dense = bestByChunk(first.dense, query.denseLimit);
    const wanted = new Set([...dense.keys(), ...bestByWords(first.lexical, { idf, found, limit: query.lexicalLimit })]);

    const unscored = query.vector === null ? [] : [...wanted].filter((id) => !dense.has(id));
    const unread = [...wanted].filter((id) => !found.chunks.has(id)).map(chunkPointId);
    const [late, points] = await Promise.all([
      denseScores(name, { ...context, chunkIds: unscored }),
      retrieve(name, unread, options),
    ]);
    for (const point of points) found.add(point);

    const candidates: StoreCandidate[] = [];
    for (const id of wanted) {
      const chunk = found.chunks.get(id);
      const cosine = query.vector === null ? null : (dense.get(id) ?? late.get(id));
      if (chunk === undefined || cosine === undefined) continue;
      candidates.push({ chunk, dense: cosine, lexical: lexicalScore(found.weightsOf(chunkPointId(id)), idf) });
    }
    return { candidates, idf, complete: candidates.length === wanted.size };
  }

  /** ln(1 + (N − df + 0.5) / (df + 0.5)) of every term. */
  async function frequencies(name: string, { first, found, options }: FrequencyContext): Promise<Map<number, number>> {
    const common = [...first.holders].filter(([, list]) => list.length === first.counted);
    // Qdrant's idf of a common term is score / weight of any chunk that has it; mostly one is at hand.
    const unknown = common.filter(([, list]) => !list.some(({ id }) => found.has(id)));
    const samples = new Set(
      unknown.flatMap(([, list]) =>
        list.filter((_, at) => at % Math.ceil(first.counted / SAMPLES) === 0).map(({ id }) => String(id)),
      ),
    );
    for (const point of await retrieve(name, [...samples], options)) found.add(point);
    const idf = new Map<number, number>();
    for (const [term, list] of first.holders) {
      const values = list.length < first.counted ? [] : serverFrequencies(term, { list, found });
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      idf.set(term, values.length > 0 ? mean : inverseFrequency(first.total, list.length));
    }
    return idf;
  }

  async function firstRound(name: string, { query, shards, options }: SearchContext): Promise<FirstRound> {
    const { vector, terms, filter } = query;
    const nothing = matchesNothing(filter);
    const counted = countedHits(terms.length);
    const searches: Search[] = terms.map((term) => ({
      query: { indices: [term], values: [1] },
      using: SPARSE_VECTOR,
      limit: counted,
      with_payload: false,
      with_vector: false,
    }));
    const wordsAt = terms.length > 0 && query.lexicalLimit > 0 && !nothing ? searches.length : null;
    if (wordsAt !== null) {
      searches.push({
        query: { indices: [...terms], values: terms.map(() => 1) },
        using: SPARSE_VECTOR,
        filter: qdrantFilter({ kinds: ["chunk"], ...(filter && { filter }) }),
        ...wordsReach(query.lexicalLimit, shards),
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
      counted,
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

interface FrequencyContext {
  readonly first: FirstRound;
  readonly found: Found;
  readonly options: CallOptions;
}

interface SearchContext {
  readonly query: StoreQuery;
  readonly shards: number;
  readonly options: CallOptions;
}

// The terms' weights come with the chunk: the word score is worked out here, with an idf of the whole collection.
const withEverything: { with_payload: boolean; with_vector: string[] } = {
  with_payload: true,
  with_vector: [SPARSE_VECTOR],
};

/** Fewer a term for a query of very many, whose reply would become too long. */
function countedHits(terms: number): number {
  const { most, least, ofAllTerms } = COUNTED_HITS;
  return Math.min(most, Math.max(least, Math.floor(ofAllTerms / terms)));
}

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

/**
 * How far down the word ranking is read. Every shard ranks by an idf of its own, so that more has to be read of several
 * to have the best by the idf of all; the chunks themselves are fetched when it is known which.
 */
function wordsReach(limit: number, shards: number): Pick<Search, "limit" | "with_payload" | "with_vector"> {
  if (shards === 1) return { limit, ...withEverything };
  return { limit: limit * 2 + 50, with_payload: CHUNK_ID_FIELDS, with_vector: [SPARSE_VECTOR] };
}
