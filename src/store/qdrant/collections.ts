import { randomUUID } from "node:crypto";
import type { QdrantClient, Schemas } from "@qdrant/js-client-rest";
import type { CollectionInfo, CollectionSettings } from "../../domain/collection.ts";
import { isJsonObject } from "../../domain/json-object.ts";
import { CitewellError, isCitewellError } from "../../errors.ts";
import { collectionMissing, isConflict, sizeMismatch } from "./errors.ts";
import { qdrantFilter } from "./filter.ts";
import { makeMissingIndex, type PayloadIndex } from "./make-index.ts";
import { aliasOf, isPhysicalName, nameOfAlias, physicalNameFor } from "./names.ts";
import { DENSE_VECTOR, FIELD, INGESTED_AT, type PointKind, SPARSE_VECTOR } from "./payload.ts";
import type { QdrantRequests } from "./requests.ts";
import type { CallOptions, VectorStore } from "../vector-store.ts";

/** How new collections are spread over a cluster. */
export interface QdrantLayout {
  readonly shardNumber: number;
  readonly replicationFactor: number;
  readonly writeConsistencyFactor: number;
}

/** The part of a store that deals with whole collections. */
export type QdrantCollections = Pick<
  VectorStore,
  "listCollections" | "describeCollection" | "createCollection" | "deleteCollection" | "promoteCollection"
> & {
  /** What a collection was made with. It is remembered for ten seconds; with `fresh` it is asked for again. */
  readonly factsOf: (name: string, options?: FactsOptions) => Promise<CollectionFacts>;
  /** The same, for vectors of some lengths; rejects with `embedding_size_mismatch` where one does not fit. */
  readonly factsFor: (name: string, lengths: readonly number[], options?: CallOptions) => Promise<CollectionFacts>;
  /** Makes the index of headings, which older collections do not have. */
  readonly indexHeadings: (name: string, options?: CallOptions) => Promise<void>;
};

interface FactsOptions extends CallOptions {
  readonly fresh?: boolean;
}

/** What requests about a collection depend on. */
export interface CollectionFacts {
  /** Length of a vector. */
  readonly dimensions: number;
  readonly shards: number;
  /** Tells it from any other collection that had or will have its name. */
  readonly creator: string;
  /** Whether its chunks carry their documents' metadata; those of an older collection do after the next write. */
  readonly hasMetadata: boolean;
  /** Whether headings have an index; those of an older collection do after the first search that asks for headings. */
  readonly hasHeadings: boolean;
}

/** Version of how collections lie in Qdrant: vectors, payload fields, kinds of points. */
const SCHEMA = 1;
// Not longer, since another process may replace the collection by one with other shards.
const FACTS_MS = 10_000;
// Long enough to make any collection, short enough to wait for after a crash.
const HALF_MADE_MS = 60_000;
const INDEXES: readonly PayloadIndex[] = [
  ...Object.values(FIELD).map((field): PayloadIndex => ({ field_name: field, field_schema: "keyword" })),
  { field_name: INGESTED_AT, field_schema: "datetime" },
];

/** What our Qdrant collections carry in their metadata. */
interface Metadata {
  readonly name: string;
  readonly createdAt: string;
  readonly creator: string;
  readonly settings: CollectionSettings;
}

/** Manages collections by their own names: each is an alias for a Qdrant collection. */
export function createQdrantCollections(requests: QdrantRequests, layout: QdrantLayout): QdrantCollections {
  const { run, location } = requests;
  const facts = new Map<string, CollectionFacts & { readonly until: number }>();

  async function aliases(options: CallOptions = {}): Promise<ReadonlyMap<string, string>> {
    const reply = await run(async (client) => client.getAliases(), options);
    return new Map(reply.aliases.map(({ alias_name, collection_name }) => [alias_name, collection_name]));
  }

  /** Null if the Qdrant collection does not exist, or is not ours. */
  async function metadataOf(physical: string, options: CallOptions): Promise<Metadata | null> {
    try {
      const info = await run(async (client) => client.getCollection(physical), { ...options, collection: physical });
      return readMetadata(info.config.metadata);
    } catch (error) {
      if (isCitewellError(error, "collection_missing")) return null;
      throw error;
    }
  }

  async function describe(name: string, physical: string, options: CallOptions): Promise<CollectionInfo | null> {
    try {
      const metadata = await metadataOf(physical, options);
      if (metadata === null) return null;
      const [documents, chunks] = await Promise.all([count("document"), count("chunk")]);
      return { name, settings: metadata.settings, documents, chunks, createdAt: metadata.createdAt };
    } catch (error) {
      // Deleted, or replaced by a promotion, while we were counting.
      if (isCitewellError(error, "collection_missing")) return null;
      throw error;
    }

    async function count(kind: PointKind): Promise<number> {
      const filter = qdrantFilter({ kinds: [kind] });
      const request = async (client: QdrantClient): Promise<{ count: number }> =>
        client.count(physical, { filter, exact: true });
      return (await run(request, { ...options, collection: name })).count;
    }
  }

  async function describeByName(name: string, options: CallOptions = {}): Promise<CollectionInfo | null> {
    for (let tries = 0; ; tries += 1) {
      const physical = (await aliases(options)).get(aliasOf(name));
      if (physical === undefined) return null;
      const info = await describe(name, physical, options);
      if (info !== null || tries === 3) return info;
    }
  }

  async function factsOf(name: string, { fresh = false, ...options }: FactsOptions = {}): Promise<CollectionFacts> {
    const remembered = facts.get(name);
    if (remembered !== undefined && !fresh && performance.now() < remembered.until) return remembered;
    const request = async (client: QdrantClient, alias: string): Promise<Schemas["CollectionInfo"]> =>
      client.getCollection(alias);
    const { config, payload_schema: indexes } = await requests.onCollection(name, request, options);
    const metadata = readMetadata(config.metadata);
    if (metadata === null) throw notOurs(name, location);
    const found = {
      dimensions: metadata.settings.embedding.dimensions,
      shards: config.params.shard_number ?? 1,
      creator: metadata.creator,
      hasMetadata: FIELD.metadata in indexes,
      hasHeadings: FIELD.heading in indexes,
    };
    facts.set(name, { ...found, until: performance.now() + FACTS_MS });
    return found;
  }

  return {
    async listCollections(options = {}) {
      const found: CollectionInfo[] = [];
      for (const [alias, physical] of await aliases(options)) {
        const name = nameOfAlias(alias);
        if (name === null) continue;
        // If it is gone by now, another one may have its name.
        const info = (await describe(name, physical, options)) ?? (await describeByName(name, options));
        if (info !== null) found.push(info);
      }
      return found.toSorted((left, right) => (left.name < right.name ? -1 : 1));
    },

    describeCollection: describeByName,

    async createCollection(name, settings, options = {}) {
      const alias = aliasOf(name);
      // Collections are listed before aliases: one that is finished in between is then seen by its alias.
      const existing = await physicalNames(options);
      const known = await aliases(options);
      if (known.has(alias)) throw exists(name);
      const taken = await dropLeftovers({ name, existing, inUse: new Set(known.values()), options });
      const physical = physicalNameFor(name, taken);
      facts.delete(name);
      await createPhysical(physical, { name, settings, options });
      await Promise.all(INDEXES.map(async (index) => createIndex(physical, { index, options })));
      // The alias comes last, so that nobody sees half a collection.
      const action = { create_alias: { alias_name: alias, collection_name: physical } };
      await run(async (client) => client.updateCollectionAliases({ actions: [action] }), options);
    },

    async deleteCollection(name, options = {}) {
      const alias = aliasOf(name);
      const physical = (await aliases(options)).get(alias);
      facts.delete(name);
      if (physical === undefined) return false;
      const action = { delete_alias: { alias_name: alias } };
      await run(async (client) => client.updateCollectionAliases({ actions: [action] }), options);
      await run(async (client) => client.deleteCollection(physical), options);
      return true;
    },

    async promoteCollection(from, to, options = {}) {
      const known = await aliases(options);
      const physical = known.get(aliasOf(from));
      if (physical === undefined) throw collectionMissing(from, { location });
      if (from === to) return;
      const replaced = known.get(aliasOf(to));
      // One request, hence one moment; deleting an alias that is not there is no error.
      const actions = [
        { delete_alias: { alias_name: aliasOf(from) } },
        { delete_alias: { alias_name: aliasOf(to) } },
        { create_alias: { alias_name: aliasOf(to), collection_name: physical } },
      ];
      await run(async (client) => client.updateCollectionAliases({ actions }), { ...options, collection: from });
      facts.delete(from);
      facts.delete(to);
      if (replaced === undefined || replaced === physical) return;
      await run(async (client) => client.deleteCollection(replaced), options);
    },

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

    async indexHeadings(name, options = {}) {
      const index = { field_name: FIELD.heading, field_schema: "keyword" } as const;
      if (await makeMissingIndex(requests, { collection: name, index }, options)) facts.delete(name);
    },
  };

  async function physicalNames(options: CallOptions): Promise<readonly string[]> {
    const { collections } = await run(async (client) => client.getCollections(), options);
    return collections.map((collection) => collection.name).filter(isPhysicalName);
  }

  /** Deletes what crashed creations and promotions left; resolves to the names that stay. */
  async function dropLeftovers({ name, existing, inUse, options }: LeftoverOptions): Promise<ReadonlySet<string>> {
    const taken = new Set(existing);
    for (const physical of existing) {
      if (inUse.has(physical)) continue;
      const metadata = await metadataOf(physical, options).catch((error: unknown) => {
        // Made by a newer program: not ours to delete.
        if (isCitewellError(error, "collection_mismatch")) return null;
        throw error;
      });
      if (metadata === null) continue;
      const age = Date.now() - Date.parse(metadata.createdAt);
      if (age < HALF_MADE_MS) {
        if (metadata.name === name) throw beingMade(name, age);
        continue;
      }
      await run(async (client) => client.deleteCollection(physical), options);
      taken.delete(physical);
    }
    return taken;
  }

  async function createIndex(physical: string, { index, options }: IndexOptions): Promise<void> {
    await run(async (client) => client.createPayloadIndex(physical, { ...index, wait: true }), options);
  }

  async function createPhysical(physical: string, { name, settings, options }: CreateOptions): Promise<void> {
    const metadata: Metadata = { name, createdAt: new Date().toISOString(), creator: randomUUID(), settings };
    const config = {
      vectors: { [DENSE_VECTOR]: { size: settings.embedding.dimensions, distance: "Cosine" as const } },
      sparse_vectors: { [SPARSE_VECTOR]: { modifier: "idf" as const } },
      shard_number: layout.shardNumber,
      replication_factor: layout.replicationFactor,
      write_consistency_factor: layout.writeConsistencyFactor,
      metadata: { citewell: { schema: SCHEMA, ...metadata } },
    };
    try {
      await run(async (client) => client.createCollection(physical, config), options);
    } catch (error) {
      if (!isConflict(error)) throw error;
      // It is ours if the first try succeeded and its reply was lost; else somebody was faster.
      const found = await metadataOf(physical, options);
      if (found?.creator !== metadata.creator) throw exists(name);
    }
  }
}

interface LeftoverOptions {
  readonly name: string;
  readonly existing: readonly string[];
  readonly inUse: ReadonlySet<string>;
  readonly options: CallOptions;
}

interface IndexOptions {
  readonly index: PayloadIndex;
  readonly options: CallOptions;
}

interface CreateOptions {
  readonly name: string;
  readonly settings: CollectionSettings;
  readonly options: CallOptions;
}

function readMetadata(metadata: unknown): Metadata | null {
  if (!isJsonObject(metadata) || !isJsonObject(metadata["citewell"])) return null;
  const { schema, name, createdAt, creator, settings } = metadata["citewell"];
  if (schema !== SCHEMA) {
    throw new CitewellError(
      "collection_mismatch",
      `The collection "${String(name)}" in Qdrant has the layout ${String(schema)}, this program reads ${SCHEMA}; use the program that wrote it, or delete the collection and ingest again.`,
    );
  }
  if (typeof name !== "string" || typeof createdAt !== "string" || typeof creator !== "string") return null;
  return isSettings(settings) ? { name, createdAt, creator, settings } : null;
}

function isSettings(value: unknown): value is CollectionSettings {
  if (!isJsonObject(value) || !isJsonObject(value["chunker"]) || !isJsonObject(value["analyser"])) return false;
  return isJsonObject(value["embedding"]) && typeof value["embedding"]["dimensions"] === "number";
}

function exists(name: string): CitewellError {
  return new CitewellError(
    "collection_exists",
    `There is a collection "${name}" already; delete it first, or choose another name.`,
  );
}

function beingMade(name: string, age: number): CitewellError {
  const wait = Math.ceil((HALF_MADE_MS - age) / 1000);
  return new CitewellError(
    "collection_exists",
    `Another process is making the collection "${name}" right now; use it when it is there. If that process was killed, try again in ${wait} s.`,
    { retryable: true, retryAfterSeconds: wait },
  );
}

function notOurs(name: string, location: string): CitewellError {
  return new CitewellError(
    "collection_mismatch",
    `The collection "${name}" in Qdrant at ${location} was not made by this program; move its alias away, or choose another name.`,
  );
}
