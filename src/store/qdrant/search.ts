import type { ChunkMetadata } from "./chunk-metadata.ts";
import { type CollectionReader, createCollectionReader } from "./collection-reader.ts";
import type { KnownFacts } from "./collection-facts.ts";
import { makeMissingIndex } from "./make-index.ts";
import { FIELD } from "./payload.ts";
import type { QdrantRequests } from "./requests.ts";
import { createSearchAtOnce } from "./search-at-once.ts";
import { searchInRounds } from "./search-in-rounds.ts";
import { createTermMemory } from "./term-memory.ts";
import type { StoreQuery, StoreSearchResult, VectorStore } from "../vector-store.ts";

/** Finds chunks by vector and by words: with one request where that gives exact scores, else in rounds of requests. */
export function createQdrantSearch(
  requests: QdrantRequests,
  { factsFor, forget, metadata }: Pick<KnownFacts, "factsFor" | "forget"> & { readonly metadata: ChunkMetadata },
): VectorStore["search"] {
  const memory = createTermMemory();
  const searchAtOnce = createSearchAtOnce();

  return async function search(name, { filter, ...given }, options = {}) {
    const facts = await factsFor(name, given.vector === null ? [] : [given.vector.length], options);
    if (filter?.headings !== undefined && !facts.hasHeadings) {
      const index = { collection: name, field: FIELD.heading };
      if (await makeMissingIndex(requests, index, options)) forget(name);
    }
    const reader = createCollectionReader(requests, name, { facts, memory, options });
    const query = { ...given, terms: [...new Set(given.terms)] };
    if (facts.hasMetadata) return searchChunks(reader, { ...query, filter });
    const byDocuments = filter && (await metadata.byDocuments(name, filter, options));
    const result = await searchChunks(reader, { ...query, filter: byDocuments });
    return { ...result, candidates: await metadata.completed(name, result.candidates, options) };
  };

  async function searchChunks(reader: CollectionReader, query: StoreQuery): Promise<StoreSearchResult> {
    const atOnce = reader.shards === 1 ? await searchAtOnce(reader, query) : null;
    return atOnce ?? (await searchInRounds(reader, query));
  }
}
