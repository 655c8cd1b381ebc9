import type { QdrantClient, Schemas } from "@qdrant/js-client-rest";
import type { SparseVector } from "../../domain/chunk.ts";
import type { ChunkMetadata } from "./chunk-metadata.ts";
import type { CollectionFacts, QdrantCollections } from "./collections.ts";
import { matchesNothing, qdrantFilter } from "./filter.ts";
import { chunkPointId } from "./chunk-payload.ts";
import {
  denseSearch,
  exactSearch,
  factorsSearch,
  holdersSearch,
  sampleSearch,
  WITH_EVERYTHING,
  wordsSearch,
} from "./queries.ts";
import type { QdrantRequests } from "./requests.ts";
import { createSearchAtOnce } from "./search-at-once.ts";
import { createTermMemory } from "./term-memory.ts";
import {
  bestByChunk,
  bestByWords,
  createFound,
  type Found,
  inverseFrequency,
  lexicalScore,
  queryFactors,
  serverFrequencies,
} from "./scores.ts";
import type { CallOptions, StoreCandidate, StoreQuery, StoreSearchResult, VectorStore } from "../vector-store.ts";

/**
 * Up to how many chunks with a term are counted one by one, which gives the exact number. Qdrant's own idf leaves out
 * chunks without any term, counts deleted points until its optimiser has run, and is computed for every shard by
 * itself. A term that more chunks have is common and its idf small, so that Qdrant's value is close enough.
 */
const COUNTED_HITS = { most: 200, least: 32, ofAllTerms: 4000 };
const SEARCH_ROUNDS = 4;
// Several of the counted hits, since each shard has an idf of its own.
const SAMPLES = 4;
type Scored = Schemas["ScoredPoint"];
type Search = Schemas["QueryRequest"];

/** What the first round of requests returned. */
interface FirstRound {
  readonly dense: readonly Scored[];
  readonly lexical: readonly Scored[];
  /** Idf of the terms that need not be asked for. */
  readonly remembered: ReadonlyMap<number, number>;
  /** For each other term, the best chunks that have it. */
  readonly holders: ReadonlyMap<number, readonly Scored[]>;
  /** For each other term, one of these chunks with its term weights. */
  readonly samples: ReadonlyMap<number, Scored>;
  /** A list of holders of this length may be incomplete. */
  readonly counted: number;
  /** Number of chunks in the collection. */
  readonly total: number;
}

/**
 * Finds chunks by vector and by words. One request returns both rankings and the terms' frequencies, a second one both
 * scores of every chunk in either ranking.
 *
 * The weights of a chunk's terms are as long as its text and take several times as long to send. On one shard they stay
 * on the server: Qdrant computes the word scores, from a query whose values turn its own idf into ours. Several shards
 * have an idf each, and then the weights are fetched.
 */
export function createQdrantSearch(
  requests: QdrantRequests,
  {
    factsFor,
    indexHeadings,
    metadata,
  }: Pick<QdrantCollections, "factsFor" | "indexHeadings"> & { readonly metadata: ChunkMetadata },
): VectorStore["search"] {
  const { onCollection, requireCollection } = requests;
  const memory = createTermMemory();
  const searchAtOnce = createSearchAtOnce(requests, memory);

  return async function search(name, query, options = {}) {
    const facts = await factsFor(name, query.vector === null ? [] : [query.vector.length], options);
    if (query.filter?.headings !== undefined && !facts.hasHeadings) await indexHeadings(name, options);
    const distinct = { ...query, terms: [...new Set(query.terms)] };
    if (facts.hasMetadata) return searchChunks(name, { query: distinct, facts, options });
    const { filter } = query;
    const byDocuments = filter === undefined ? {} : { filter: await metadata.byDocuments(name, filter, options) };
    const result = await searchChunks(name, { query: { ...distinct, ...byDocuments }, facts, options });
    return { ...result, candidates: await metadata.completed(name, result.candidates, options) };
  };

  async function searchChunks(
    name: string,
    { query, facts: { shards, creator }, options }: ChunkSearch,
  ): Promise<StoreSearchResult> {
    if (shards === 1) {
      const counted = countedHits(query.terms.length);
      const totalOfAll = async (): Promise<number> => totalOf(name, creator, options);
      const result = await searchAtOnce(name, { query, creator, counted, totalOf: totalOfAll, options });
      if (result !== null) return result;
    }
    for (let round = 1; ; round += 1) {
      const result = await tryToSearch(name, { query, shards, creator, options });
      // Something was removed between two requests (by a deletion or a promotion). Another try sees one state or the
      // other; what is still missing in the last one was deleted, and is rightly not found.
      if (result.complete || round === SEARCH_ROUNDS) return result;
    }
  }

  async function tryToSearch(
    name: string,
    context: SearchContext,
  ): Promise<StoreSearchResult & { readonly complete: boolean }> {
    const { query, shards, options } = context;
    const first = await firstRound(name, context);
    const found = createFound();
    for (const point of [...first.dense, ...first.lexical, ...first.samples.values()]) found.add(point);
    const idf = await frequencies(name, { ...context, first, found });
    const factors = shards === 1 ? queryFactors(first, { idf, found }) : null;
    const byVector = bestByChunk(first.dense, query.denseLimit).keys();
    const wanted = [
      ...new Set([...byVector, ...bestByWords(first.lexical, { idf, found, limit: query.lexicalLimit })]),
    ];
    const unread = wanted.filter((id) => !found.chunks.has(id)).map(chunkPointId);
    const [scores, points] = await Promise.all([
      bothScores(name, { ...context, chunkIds: wanted, factors }),
      retrieve(name, unread, options),
    ]);
    for (const point of points) found.add(point);

    const candidates: StoreCandidate[] = [];
    for (const id of wanted) {
      const chunk = found.chunks.get(id);
      const isUnscored = query.vector === null || found.withoutVector.has(id);
      const dense = scores.dense.get(id) ?? (isUnscored ? null : undefined);
      const lexical = scores.lexical?.get(id) ?? lexicalScore(found.weightsOf(chunkPointId(id)), idf);
      // A chunk that was found by its words and is missing now, or has no vector any more, does not exist any more.
      if (chunk === undefined || dense === undefined || (dense === null && lexical === 0)) continue;
      const said = found.metadata.get(id);
      candidates.push({ chunk, dense, lexical, ...(said !== undefined && { metadata: said }) });
    }
    const absent = [...first.holders].filter(([, holders]) => holders.length === 0).map(([term]) => term);
    const complete = candidates.length === wanted.length;
    return { candidates, idf, absent: new Set(absent), chunkCount: first.total, complete };
  }

  /** ln(1 + (N − df + 0.5) / (df + 0.5)) of every term. */
  async function frequencies(name: string, context: FrequencyContext): Promise<Map<number, number>> {
    const { first, found, creator, options } = context;
    const common = [...first.holders].filter(([, list]) => list.length === first.counted);
    // Qdrant's idf of a common term is score / weight of any chunk that has it; mostly one is at hand.
    const unknown = common.filter(([term, list]) => !first.samples.has(term) && !list.some(({ id }) => found.has(id)));
    const samples = new Set(
      unknown.flatMap(([, list]) =>
        list.filter((_, at) => at % Math.ceil(first.counted / SAMPLES) === 0).map(({ id }) => String(id)),
      ),
    );
    for (const point of await retrieve(name, [...samples], options)) found.add(point);
    const idf = new Map<number, number>(first.remembered);
    const known = new Map<number, number>();
    for (const [term, holders] of first.holders) {
      const sample = first.samples.get(term);
      const list = sample === undefined ? holders : [sample];
      const values = holders.length < first.counted ? [] : serverFrequencies(term, { list, found });
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      idf.set(term, values.length > 0 ? mean : inverseFrequency(first.total, holders.length));
      if (values.length > 0) known.set(term, mean);
    }
    if (idf.size > 0) memory.note(creator, { total: first.total, common: known });
    return idf;
  }

  async function firstRound(name: string, { query, shards, creator, options }: SearchContext): Promise<FirstRound> {
    const { vector, terms, filter } = query;
    const nothing = matchesNothing(filter);
    const remembered = memory.idfOf(creator, terms);
    const asked = terms.filter((term) => !remembered.has(term));
    const counted = countedHits(terms.length);
    const searches = asked.map((term) => holdersSearch(term, counted));
    if (shards === 1) searches.push(...asked.map(sampleSearch));
    const wordsAt = terms.length > 0 && query.lexicalLimit > 0 && !nothing ? searches.length : null;
    if (wordsAt !== null) searches.push(wordsSearch(query, shards));
    const denseAt = vector !== null && query.denseLimit > 0 && !nothing ? searches.length : null;
    if (denseAt !== null) {
      // A few more, since windows of one chunk may be next to each other.
      searches.push(denseSearch(query, { shards, limit: Math.ceil(query.denseLimit * 1.2) + 4 }));
    }
    if (searches.length === 0) await requireCollection(name, options);
    const [lists, total] = await Promise.all([
      batch(name, searches, options),
      terms.length > 0 ? totalOf(name, creator, options) : 0,
    ]);
    const dense = denseAt === null ? [] : await enough(lists[denseAt] ?? [], searches[denseAt]?.limit ?? 0);
    const sampled = shards === 1 ? asked.map((term, at) => [term, lists[asked.length + at]?.[0]] as const) : [];
    return {
      dense,
      lexical: wordsAt === null ? [] : (lists[wordsAt] ?? []),
      remembered,
      holders: new Map(asked.map((term, at) => [term, lists[at] ?? []])),
      samples: new Map(sampled.flatMap(([term, sample]) => (sample === undefined ? [] : [[term, sample]]))),
      counted,
      total,
    };

    /** Asks for longer lists as long as windows crowd out chunks. */
    async function enough(list: readonly Scored[], limit: number): Promise<readonly Scored[]> {
      if (list.length < limit || bestByChunk(list, Infinity).size >= query.denseLimit) return list;
      const [longer = []] = await batch(name, [denseSearch(query, { shards, limit: limit * 4 })], options);
      return enough(longer, limit * 4);
    }
  }

  /**
   * The number of chunks. For a large collection it is Qdrant's estimate, since counting takes longer than the search.
   */
  async function totalOf(name: string, creator: string, options: CallOptions): Promise<number> {
    const remembered = memory.total(creator);
    if (remembered !== null) return remembered;
    const request = { filter: qdrantFilter({ kinds: ["chunk"] }), exact: !memory.isLarge(creator) };
    return (await onCollection(name, async (client, alias) => client.count(alias, request), options)).count;
  }

  /** The best cosine of each chunk, by a full scan over the chunks, and their word scores if there are factors. */
  async function bothScores(
    name: string,
    { query, options, chunkIds, factors }: SearchContext & ScoreContext,
  ): Promise<{ readonly dense: ReadonlyMap<string, number>; readonly lexical: ReadonlyMap<string, number> | null }> {
    const points = new Map(chunkIds.map((id) => [chunkPointId(id).toLowerCase(), id]));
    const words = factors === null || factors.indices.length === 0 || chunkIds.length === 0 ? null : factors;
    for (let limit = chunkIds.length * 4; ; limit *= 4) {
      const searches = query.vector === null || limit === 0 ? [] : [exactSearch(query.vector, { chunkIds, limit })];
      const wordsAt = searches.length;
      if (words !== null) searches.push(factorsSearch(words, [...points.keys()]));
      const lists = await batch(name, searches, options);
      const dense = bestByChunk(wordsAt === 0 ? [] : (lists[0] ?? []), Infinity);
      if (wordsAt === 1 && dense.size < chunkIds.length && lists[0]?.length === limit) continue;
      const scored = words === null ? [] : (lists[wordsAt] ?? []);
      const lexical = new Map(scored.map(({ id, score }) => [points.get(String(id)) ?? "", score]));
      return { dense, lexical: factors === null ? null : lexical };
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
    return onCollection(name, async (client, alias) => client.retrieve(alias, { ids, ...WITH_EVERYTHING }), options);
  }
}

interface ChunkSearch {
  readonly query: StoreQuery;
  readonly facts: CollectionFacts;
  readonly options: CallOptions;
}

interface FrequencyContext extends SearchContext {
  readonly first: FirstRound;
  readonly found: Found;
}

interface SearchContext {
  readonly query: StoreQuery;
  readonly shards: number;
  /** Identifies the collection in the memory of terms: after a re-indexing another collection has its name. */
  readonly creator: string;
  readonly options: CallOptions;
}

interface ScoreContext {
  readonly chunkIds: readonly string[];
  /** See {@link queryFactors}; null if word scores are computed here. */
  readonly factors: SparseVector | null;
}

/** Fewer for each term of a query with very many, whose reply would become too long. */
function countedHits(terms: number): number {
  const { most, least, ofAllTerms } = COUNTED_HITS;
  return Math.min(most, Math.max(least, Math.floor(ofAllTerms / terms)));
}
