import { randomUUID } from "node:crypto";
import type { QdrantClient, Schemas } from "@qdrant/js-client-rest";
import type { CollectionInfo, CollectionSettings } from "../../domain/collection.ts";
import { CitewellError, isCitewellError } from "../../errors.ts";
import { type KnownFacts, notOurs } from "./collection-facts.ts";
import { type CollectionRecord, readRecord, recordMetadata } from "./collection-record.ts";
import { collectionMissing, isConflict } from "./errors.ts";
import { qdrantFilter } from "./filter.ts";
import { aliasOf, isPhysicalName, leftoverAliasOf, nameOfAlias, physicalNameFor } from "./names.ts";
import { DENSE_VECTOR, FIELD, fieldIndex, INGESTED_AT, type PointKind, SPARSE_VECTOR } from "./payload.ts";
import type { QdrantRequests, RunOptions } from "./requests.ts";
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
  "listCollections" | "describeCollection" | "createCollection" | "deleteCollection" | "promoteCollection" | "verify"
>;

// Long enough to make any collection, short enough to wait for after a crash.
const HALF_MADE_MS = 60_000;

/** Manages collections by their own names: each is an alias for a Qdrant collection. */
export function createQdrantCollections(
  { run, location }: QdrantRequests,
  { layout, forget }: Pick<KnownFacts, "forget"> & { readonly layout: QdrantLayout },
): QdrantCollections {
  async function aliases(options: CallOptions = {}): Promise<ReadonlyMap<string, string>> {
    const reply = await run(async (client) => client.getAliases(), options);
    return new Map(reply.aliases.map(({ alias_name, collection_name }) => [alias_name, collection_name]));
  }

  /** One request, hence one moment; deleting an alias that is not there is no error. */
  async function changeAliases(actions: Schemas["AliasOperations"][], options: RunOptions): Promise<void> {
    await run(async (client) => client.updateCollectionAliases({ actions }), options);
  }

  /** Null if the Qdrant collection does not exist, or is not ours. */
  async function recordOf(
    physical: string,
    options: CallOptions,
  ): Promise<(CollectionRecord & { readonly isEmpty: boolean }) | null> {
    const state = await stateOf(physical, options);
    const record = state === null ? null : readRecord(state.config.metadata);
    return record === null ? null : { ...record, isEmpty: state?.points_count === 0 };
  }

  /** One that is gone meanwhile is nobody's. */
  async function refuseForeign(name: string, physical: string, options: CallOptions): Promise<void> {
    const state = await stateOf(physical, options);
    if (state !== null && readRecord(state.config.metadata) === null) throw notOurs(name, location);
  }

  async function stateOf(physical: string, options: CallOptions): Promise<Schemas["CollectionInfo"] | null> {
    try {
      return await run(async (client) => client.getCollection(physical), { ...options, collection: physical });
    } catch (error) {
      if (isCitewellError(error, "collection_missing")) return null;
      throw error;
    }
  }

  async function describe(name: string, physical: string, options: CallOptions): Promise<CollectionInfo | null> {
    try {
      const record = await recordOf(physical, options);
      if (record === null) return null;
      const [documents, chunks] = await Promise.all([count("document"), count("chunk")]);
      return { name, settings: record.settings, documents, chunks, createdAt: record.createdAt };
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

    async verify(options = {}) {
      for (const [alias, physical] of await aliases(options)) {
        const name = nameOfAlias(alias);
        if (name === null) continue;
        const { status, optimizer_status: optimizer } = (await stateOf(physical, options)) ?? {};
        const failure = typeof optimizer === "object" ? optimizer.error : status === "red" ? status : null;
        if (failure === null) continue;
        throw new CitewellError(
          "store_failed",
          `Qdrant at ${location} reports a failure of collection "${name}" (${physical}): ${failure}. Look into the server's log; restore a snapshot, or delete the collection and ingest again.`,
        );
      }
    },

    async createCollection(name, settings, options = {}) {
      const alias = aliasOf(name);
      // Collections are listed before aliases: one that is finished in between is then seen by its alias.
      const { collections } = await run(async (client) => client.getCollections(), options);
      const existing = collections.map((collection) => collection.name);
      const known = await aliases(options);
      const holder = known.get(alias) ?? existing.find((other) => other === alias);
      if (holder !== undefined)
        throw (await recordOf(holder, options)) === null ? notOurs(name, location) : exists(name);
      const taken = await dropLeftovers({ name, existing: existing.filter(isPhysicalName), known, options });
      const physical = physicalNameFor(name, taken);
      forget(name);
      await createPhysical(physical, { name, settings, options });
      const createIndex = async (field: string): Promise<unknown> =>
        run(async (client) => client.createPayloadIndex(physical, fieldIndex(field)), options);
      await Promise.all([...Object.values(FIELD), INGESTED_AT].map(createIndex));
      // The alias comes last, so that nobody sees half a collection.
      await changeAliases([{ create_alias: { alias_name: alias, collection_name: physical } }], options);
    },

    async deleteCollection(name, options = {}) {
      const physical = (await aliases(options)).get(aliasOf(name));
      forget(name);
      if (physical === undefined) return false;
      await refuseForeign(name, physical, options);
      // Its alias goes with it.
      await run(async (client) => client.deleteCollection(physical), options);
      return true;
    },

    async promoteCollection(from, to, options = {}) {
      const known = await aliases(options);
      const physical = known.get(aliasOf(from));
      if (physical === undefined) throw collectionMissing(from, { location });
      if (from === to) return;
      const replaced = known.get(aliasOf(to));
      if (replaced !== undefined) await refuseForeign(to, replaced, options);
      const actions = [
        { delete_alias: { alias_name: aliasOf(from) } },
        { delete_alias: { alias_name: aliasOf(to) } },
        { create_alias: { alias_name: aliasOf(to), collection_name: physical } },
        // Should this process end before it is deleted.
        ...(replaced === undefined || replaced === physical
          ? []
          : [{ create_alias: { alias_name: leftoverAliasOf(replaced), collection_name: replaced } }]),
      ];
      await changeAliases(actions, { ...options, collection: from });
      forget(from);
      forget(to);
      if (replaced === undefined || replaced === physical) return;
      await run(async (client) => client.deleteCollection(replaced), options);
    },
  };

  /**
   * Deletes what crashed creations and promotions left; resolves to the names that stay. Another collection without an
   * alias stays: it may have been restored from a snapshot, which brings no aliases.
   */
  async function dropLeftovers({ name, existing, known, options }: LeftoverOptions): Promise<ReadonlySet<string>> {
    const taken = new Set(existing);
    const inUse = new Set([...known].flatMap(([alias, of]) => (alias === leftoverAliasOf(of) ? [] : [of])));
    for (const physical of existing) {
      if (inUse.has(physical)) continue;
      const isReplaced = known.has(leftoverAliasOf(physical));
      const record = await recordOf(physical, options).catch((error: unknown) => {
        // Made by a newer program: not ours to delete.
        if (isCitewellError(error, "collection_mismatch")) return null;
        throw error;
      });
      if (record === null || !(isReplaced || record.isEmpty)) continue;
      const age = Date.now() - Date.parse(record.createdAt);
      if (age < HALF_MADE_MS && !isReplaced) {
        if (record.name === name) throw beingMade(name, age);
        continue;
      }
      await run(async (client) => client.deleteCollection(physical), options);
      taken.delete(physical);
    }
    return taken;
  }

  async function createPhysical(physical: string, { name, settings, options }: CreateOptions): Promise<void> {
    const record = { name, createdAt: new Date().toISOString(), creator: randomUUID(), settings };
    const config = {
      vectors: { [DENSE_VECTOR]: { size: settings.embedding.dimensions, distance: "Cosine" as const } },
      sparse_vectors: { [SPARSE_VECTOR]: { modifier: "idf" as const } },
      shard_number: layout.shardNumber,
      replication_factor: layout.replicationFactor,
      write_consistency_factor: layout.writeConsistencyFactor,
      metadata: recordMetadata(record),
    };
    try {
      await run(async (client) => client.createCollection(physical, config), options);
    } catch (error) {
      if (!isConflict(error)) throw error;
      // It is ours if the first try succeeded and its reply was lost; else somebody was faster.
      const found = await recordOf(physical, options);
      if (found?.creator !== record.creator) throw exists(name);
    }
  }
}

interface LeftoverOptions {
  readonly name: string;
  readonly existing: readonly string[];
  /** Collections by their aliases. */
  readonly known: ReadonlyMap<string, string>;
  readonly options: CallOptions;
}

interface CreateOptions {
  readonly name: string;
  readonly settings: CollectionSettings;
  readonly options: CallOptions;
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
