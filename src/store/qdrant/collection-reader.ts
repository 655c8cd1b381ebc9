import type { QdrantClient, Schemas } from "@qdrant/js-client-rest";
import type { CollectionFacts } from "./collection-facts.ts";
import { qdrantFilter } from "./filter.ts";
import { EVER_STORED, type IdfScope, LIVING, type Search, WITH_EVERYTHING } from "./queries.ts";
import type { QdrantRequests } from "./requests.ts";
import type { Scored } from "./scores.ts";
import { LARGE, type TermMemory } from "./term-memory.ts";
import type { CallOptions } from "../vector-store.ts";

/**
 * Up to how many chunks with a term are counted one by one, which gives the exact number. Qdrant's own idf leaves out
 * chunks without any term, may count deleted ones (see `IdfScope`), and is computed for every shard by itself. A term
 * that more chunks have is common and its idf small, so that Qdrant's value is close enough.
 */
const COUNTED_HITS = { most: 200, least: 32, ofAllTerms: 4000 };
/** The same for several shards, of which no single value of Qdrant's is that of all. */
const COUNTED_OF_SHARDS = { most: 1000, least: 32, ofAllTerms: 8000 };

/**
 * From so many points on a collection is taken for large before its chunks were counted: a document of one chunk is three
 * points.
 */
const LARGE_BY_POINTS = LARGE * 3;

/** What is known of the terms of a query before anything is asked for. */
export interface KnownTerms {
  /** Idf of the terms that need not be asked for. */
  readonly remembered: ReadonlyMap<number, number>;
  /** The other terms. */
  readonly asked: readonly number[];
  /** Up to how many chunks with a term are counted; fewer for many terms, whose reply would become too long. */
  readonly counted: number;
}

/** One collection as a single search sees it. */
export interface CollectionReader extends Pick<CollectionFacts, "creator" | "shards"> {
  /** What the idf of its searches by words is computed over. */
  readonly idfScope: IdfScope;
  /** Sends searches in one request, and gives the hits of each; those of null are none. */
  readonly batch: (searches: readonly (Search | null)[]) => Promise<(search: Search | null) => readonly Scored[]>;
  /** Points with their payloads and term weights; those that are not there are left out. */
  readonly retrieve: (ids: readonly string[]) => Promise<readonly Schemas["Record"][]>;
  /**
   * The number of chunks. For a large collection it is Qdrant's estimate, since counting takes longer than the search.
   */
  readonly total: () => Promise<number>;
  /** Rejects with `collection_missing` when there is no such collection. */
  readonly require: () => Promise<void>;
  readonly knownTerms: (terms: readonly number[]) => KnownTerms;
  /** Records the number of chunks, and the idf of terms that were found to be common. */
  readonly note: (found: Parameters<TermMemory["note"]>[1]) => void;
}

/** What a {@link CollectionReader} is made of. */
export interface ReaderOptions {
  readonly facts: CollectionFacts;
  readonly memory: TermMemory;
  readonly options: CallOptions;
}

/** Binds the requests of a search to its collection. */
export function createCollectionReader(
  { onCollection, requireCollection }: QdrantRequests,
  name: string,
  { facts: { creator, shards, points }, memory, options }: ReaderOptions,
): CollectionReader {
  const idfScope = memory.isLarge(creator) || points >= LARGE_BY_POINTS ? EVER_STORED : LIVING;
  return {
    creator,
    shards,
    idfScope,
    async batch(all) {
      const searches = all.filter((search) => search !== null);
      if (searches.length === 0) return () => [];
      const request = async (client: QdrantClient, alias: string): Promise<Schemas["QueryResponse"][]> =>
        client.queryBatch(alias, { searches });
      const replies = await onCollection(name, request, options);
      const hits = new Map(searches.map((search, at) => [search, replies[at]?.points ?? []]));
      return (search) => (search === null ? [] : (hits.get(search) ?? []));
    },
    async retrieve(ids) {
      if (ids.length === 0) return [];
      const request = { ids: [...ids], ...WITH_EVERYTHING };
      return onCollection(name, async (client, alias) => client.retrieve(alias, request), options);
    },
    async total() {
      const remembered = memory.total(creator);
      if (remembered !== null) return remembered;
      const request = { filter: qdrantFilter({ kinds: ["chunk"] }), exact: !memory.isLarge(creator) };
      return (await onCollection(name, async (client, alias) => client.count(alias, request), options)).count;
    },
    require: async () => requireCollection(name, options),
    knownTerms(terms) {
      const { most, least, ofAllTerms } = shards === 1 ? COUNTED_HITS : COUNTED_OF_SHARDS;
      const remembered = memory.idfOf(creator, terms);
      return {
        remembered,
        asked: terms.filter((term) => !remembered.has(term)),
        counted: Math.min(most, Math.max(least, Math.floor(ofAllTerms / terms.length))),
      };
    },
    note({ total, common }) {
      // The next search multiplies what is remembered by Qdrant's idf over everything.
      memory.note(creator, { total, common: idfScope === EVER_STORED ? common : new Map() });
    },
  };
}
