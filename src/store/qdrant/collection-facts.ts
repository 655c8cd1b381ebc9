import type { QdrantClient, Schemas } from "@qdrant/js-client-rest";
import { CitewellError } from "../../errors.ts";
import { type CollectionRecord, readRecord } from "./collection-record.ts";
import { sizeMismatch } from "./errors.ts";
import { FIELD } from "./payload.ts";
import type { QdrantRequests } from "./requests.ts";
import type { CallOptions } from "../vector-store.ts";

/** What requests about a collection depend on. */
export interface CollectionFacts extends Pick<CollectionRecord, "creator"> {
  /** Length of a vector. */
  readonly dimensions: number;
  readonly shards: number;
  /** Number of its points by Qdrant's estimate: chunks, windows, records and parts of texts. */
  readonly points: number;
  /** Whether its chunks carry their documents' metadata; those of an older collection do after the next write. */
  readonly hasMetadata: boolean;
  /** Whether headings have an index; those of an older collection do after the first search that asks for headings. */
  readonly hasHeadings: boolean;
}

interface FactsOptions extends CallOptions {
  readonly fresh?: boolean;
}

/** Remembers the facts of collections for a moment. */
export interface KnownFacts {
  /** What a collection was made with. It is remembered for ten seconds; with `fresh` it is asked for again. */
  readonly factsOf: (name: string, options?: FactsOptions) => Promise<CollectionFacts>;
  /** The same, for vectors of some lengths; rejects with `embedding_size_mismatch` where one does not fit. */
  readonly factsFor: (name: string, lengths: readonly number[], options?: CallOptions) => Promise<CollectionFacts>;
  /** Forgets the facts of a collection that is made, changed, replaced or deleted. */
  readonly forget: (name: string) => void;
}

// Not longer, since another process may replace the collection by one with other shards.
const FACTS_MS = 10_000;

/** Nothing is known yet. */
export function createKnownFacts(requests: QdrantRequests): KnownFacts {
  const known = new Map<string, CollectionFacts & { readonly until: number }>();

  async function factsOf(name: string, { fresh = false, ...options }: FactsOptions = {}): Promise<CollectionFacts> {
    const remembered = known.get(name);
    if (remembered !== undefined && !fresh && performance.now() < remembered.until) return remembered;
    const request = async (client: QdrantClient, alias: string): Promise<Schemas["CollectionInfo"]> =>
      client.getCollection(alias);
    const {
      config,
      payload_schema: indexes,
      points_count: points,
    } = await requests.onCollection(name, request, options);
    const record = readRecord(config.metadata);
    if (record === null) throw notOurs(name, requests.location);
    const facts = {
      dimensions: record.settings.embedding.dimensions,
      shards: config.params.shard_number ?? 1,
      creator: record.creator,
      points: points ?? 0,
      hasMetadata: FIELD.metadata in indexes,
      hasHeadings: FIELD.heading in indexes,
    };
    known.set(name, { ...facts, until: performance.now() + FACTS_MS });
    return facts;
  }

  return {
    factsOf,

    async factsFor(name, lengths, options = {}) {
      const misfit = ({ dimensions }: CollectionFacts): number | undefined =>
        lengths.find((length) => length !== dimensions);
      const remembered = await factsOf(name, options);
      if (misfit(remembered) === undefined) return remembered;
      // They may be from before a re-indexing, so the server is asked once more before refusing.
      const fresh = await factsOf(name, { ...options, fresh: true });
      const got = misfit(fresh);
      if (got !== undefined) throw sizeMismatch({ collection: name, expected: fresh.dimensions, got });
      return fresh;
    },

    forget: (name) => void known.delete(name),
  };
}

/** The error for a collection of another program under a name of ours. */
export function notOurs(name: string, location: string): CitewellError {
  return new CitewellError(
    "collection_mismatch",
    `The collection "${name}" in Qdrant at ${location} was not made by this program; move its alias away, or choose another name.`,
  );
}
