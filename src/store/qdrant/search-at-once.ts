import type { QdrantClient, Schemas } from "@qdrant/js-client-rest";
import { matchesNothing } from "./filter.ts";
import { chunkMetadataOf, chunkOf, isWholeChunk } from "./chunk-payload.ts";
import { holdersSearch, sampleSearch, unionSearches, windowSearch } from "./queries.ts";
import type { QdrantRequests } from "./requests.ts";
import { createFound, inverseFrequency, serverFrequencies } from "./scores.ts";
import { LARGE, type TermMemory } from "./term-memory.ts";
import type { CallOptions, StoreCandidate, StoreQuery, StoreSearchResult } from "../vector-store.ts";

type Scored = Schemas["ScoredPoint"];
type Search = Schemas["QueryRequest"];

/** How far Qdrant's idf may be from the exact one. In a large collection the exact one is an estimate too. */
const TOLERANCE = { small: 1e-6, large: 0.01 };

/** How long not to try again after it did not work, in milliseconds. */
const GIVEN_UP_MS = 60_000;

/** What a search with one request needs to know of the collection. */
export interface AtOnceContext {
  readonly query: StoreQuery;
  /** Identifies the collection, for what is remembered of it. */
  readonly creator: string;
  /** Up to how many chunks with a term are counted one by one. */
  readonly counted: number;
  readonly totalOf: () => Promise<number>;
  readonly options: CallOptions;
}

/**
 * Searches with one request where that gives exact scores: on one shard, if no chunk has several vectors, and if
 * Qdrant's idf equals ours, that is while it counts no deleted chunk. Otherwise resolves to null.
 *
 * Each ranking is a query over the hits of both rankings, so that every hit has both scores.
 */
export function createSearchAtOnce(
  { onCollection }: QdrantRequests,
  memory: TermMemory,
): (name: string, context: AtOnceContext) => Promise<StoreSearchResult | null> {
  const givenUp = new Map<string, number>();

  return async (name, context) => {
    const { query, creator, counted, totalOf, options } = context;
    if (matchesNothing(query.filter) || performance.now() < (givenUp.get(creator) ?? 0)) return null;
    const union = unionSearches(query);
    if (union.dense === null && union.words === null) return null;
    const remembered = memory.idfOf(creator, query.terms);
    const asked = query.terms.filter((term) => !remembered.has(term));
    const searches: Search[] = [
      ...asked.map((term) => holdersSearch(term, counted)),
      ...asked.map(sampleSearch),
      ...(query.vector === null ? [] : [windowSearch(query.vector)]),
      ...(union.words === null ? [] : [union.words]),
      ...(union.dense === null ? [] : [union.dense]),
    ];
    const request = async (client: QdrantClient, alias: string): Promise<Schemas["QueryResponse"][]> =>
      client.queryBatch(alias, { searches });
    const [replies, total] = await Promise.all([
      onCollection(name, request, options),
      query.terms.length > 0 ? totalOf() : 0,
    ]);
    const lists = replies.map(({ points }) => points);
    const dense = union.dense === null ? null : (lists.pop() ?? []);
    const words = union.words === null ? [] : (lists.pop() ?? []);
    const windows = query.vector === null ? [] : (lists.pop() ?? []);
    const terms = asked.map((term, at) => ({
      term,
      holders: lists[at]?.length ?? 0,
      sample: lists[asked.length + at]?.[0],
    }));
    // A chunk of which only the words are stored has no place in the ranking by vector.
    const embedded = new Set(dense?.map(({ id }) => id));
    const hasAllVectors = dense === null || words.every(({ id }) => embedded.has(id));
    const idf = windows.length > 0 || !hasAllVectors ? null : inverseFrequencies(terms, { total, counted });
    if (idf === null) {
      givenUp.set(creator, performance.now() + GIVEN_UP_MS);
      return null;
    }
    const common = terms
      .filter(({ holders }) => holders === counted)
      .map(({ term }) => [term, idf.get(term) ?? 0] as const);
    if (query.terms.length > 0) memory.note(creator, { total, common: new Map(common) });
    return {
      candidates: candidatesOf({ dense, words }),
      idf: new Map([...remembered, ...idf]),
      absent: new Set(terms.filter(({ holders }) => holders === 0).map(({ term }) => term)),
      chunkCount: total,
    };
  };
}

/** Null if Qdrant's idf of a term is not exact. */
function inverseFrequencies(
  terms: readonly { readonly term: number; readonly holders: number; readonly sample: Scored | undefined }[],
  { total, counted }: { readonly total: number; readonly counted: number },
): Map<number, number> | null {
  const tolerance = total < LARGE ? TOLERANCE.small : TOLERANCE.large;
  const idf = new Map<number, number>();
  const found = createFound();
  for (const { term, holders, sample } of terms) {
    const exact = inverseFrequency(total, holders);
    if (sample === undefined) {
      idf.set(term, exact);
      continue;
    }
    found.add(sample);
    const [server = 0] = serverFrequencies(term, { list: [sample], found });
    if (!(server > 0) || (holders < counted && Math.abs(exact / server - 1) > tolerance)) return null;
    // Qdrant's own: its scores are made of it.
    idf.set(term, server);
  }
  return idf;
}

function candidatesOf({
  dense,
  words,
}: {
  readonly dense: readonly Scored[] | null;
  readonly words: readonly Scored[];
}): StoreCandidate[] {
  const lexical = new Map(words.map(({ id, score }) => [id, score]));
  return (dense ?? words).flatMap(({ id, score, payload }) => {
    if (!payload || !isWholeChunk(payload)) return [];
    const metadata = chunkMetadataOf(payload);
    const scores = { dense: dense === null ? null : score, lexical: lexical.get(id) ?? 0 };
    return [{ chunk: chunkOf(payload), ...scores, ...(metadata !== undefined && { metadata }) }];
  });
}
