import { inverseFrequency } from "../../lexical/term-weights.ts";
import { chunkMetadataOf, chunkOf, isWholeChunk } from "./chunk-payload.ts";
import type { CollectionReader } from "./collection-reader.ts";
import { matchesNothing } from "./filter.ts";
import { holdersSearch, sampleSearch, unionSearches, windowSearch } from "./queries.ts";
import { createFound, type Scored, serverFrequencies } from "./scores.ts";
import { LARGE } from "./term-memory.ts";
import type { StoreCandidate, StoreQuery, StoreSearchResult } from "../vector-store.ts";

/** How far Qdrant's idf may be from the exact one. In a large collection the exact one is an estimate too. */
const TOLERANCE = { small: 1e-6, large: 0.01 };

/** How long not to try again after it did not work, in milliseconds. */
const GIVEN_UP_MS = 60_000;

/**
 * Searches with one request where that gives exact scores: on one shard, if no chunk has several vectors, and if
 * Qdrant's idf equals ours, that is while it counts no deleted chunk. Otherwise resolves to null.
 *
 * Each ranking is a query over the hits of both rankings, so that every hit has both scores.
 */
export function createSearchAtOnce(): (
  reader: CollectionReader,
  query: StoreQuery,
) => Promise<StoreSearchResult | null> {
  const givenUp = new Map<string, number>();

  return async (reader, query) => {
    const { creator, idfScope } = reader;
    if (matchesNothing(query.filter) || performance.now() < (givenUp.get(creator) ?? 0)) return null;
    const union = unionSearches(query, idfScope);
    if (union.dense === null && union.words === null) return null;
    const { remembered, asked, counted } = reader.knownTerms(query.terms);
    const searches = asked.map((term) => ({
      term,
      holders: holdersSearch(term, { limit: counted, idfScope }),
      sample: sampleSearch(term, idfScope),
    }));
    const ofTerms = [...searches.map(({ holders }) => holders), ...searches.map(({ sample }) => sample)];
    const windows = query.vector === null ? null : windowSearch(query.vector);
    const [hitsOf, total] = await Promise.all([
      reader.batch([...ofTerms, windows, union.words, union.dense]),
      query.terms.length > 0 ? reader.total() : 0,
    ]);
    const dense = union.dense === null ? null : hitsOf(union.dense);
    const words = hitsOf(union.words);
    const terms = searches.map(({ term, holders, sample }) => ({
      term,
      holders: hitsOf(holders).length,
      sample: hitsOf(sample)[0],
    }));
    // A chunk of which only the words are stored has no place in the ranking by vector.
    const embedded = new Set(dense?.map(({ id }) => id));
    const hasAllVectors = dense === null || words.every(({ id }) => embedded.has(id));
    const isExact = hitsOf(windows).length === 0 && hasAllVectors;
    const idf = isExact ? inverseFrequencies(terms, { total, counted }) : null;
    if (idf === null) {
      givenUp.set(creator, performance.now() + GIVEN_UP_MS);
      return null;
    }
    const common = terms
      .filter(({ holders }) => holders === counted)
      .map(({ term }) => [term, idf.get(term) ?? 0] as const);
    if (query.terms.length > 0) reader.note({ total, common: new Map(common) });
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
