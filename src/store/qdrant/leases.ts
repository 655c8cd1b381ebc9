import type { QdrantClient, Schemas } from "@qdrant/js-client-rest";
import { v5 as uuidFromName } from "uuid";
import { CitewellError, isCitewellError } from "../../errors.ts";
import { isConflict } from "./errors.ts";
import type { QdrantRequests } from "./requests.ts";
import type { CallOptions, Lease, VectorStore } from "../vector-store.ts";

/** The part of a store that deals with leases. */
export type QdrantLeases = Pick<VectorStore, "acquireLease" | "releaseLease">;

/**
 * The Qdrant collection of the leases: one point for each name, without vectors. No other collection of ours gets this
 * name, since they end in a hash.
 */
const LEASES = "citewell-leases";
/** Through one of the replicas that are alive; `strong` would go through one for good, and fail while it is down. */
const ORDERING = "medium";
const NAMESPACE = "0f4f2c2e-6f3b-5d0a-8f4c-2f1f7f0f6f11";

/**
 * Keeps leases as points that only their owner may overwrite, or anybody once they have expired. The time at which they
 * expire is set by the holder's clock, so the clocks of machines that share a server must agree within seconds.
 */
export function createQdrantLeases(
  { run, location }: QdrantRequests,
  { replicationFactor }: { readonly replicationFactor: number },
): QdrantLeases {
  async function read(id: string, options: CallOptions): Promise<Lease | null> {
    const request = { ids: [id], with_payload: true, with_vector: false };
    const [point] = await run(async (client) => client.retrieve(LEASES, request), { ...options, collection: LEASES });
    return point === undefined ? null : leaseOf(point.payload ?? {}, location);
  }

  async function prepare(options: CallOptions): Promise<void> {
    const config = { vectors: {}, replication_factor: replicationFactor };
    try {
      await run(async (client) => client.createCollection(LEASES, config), options);
    } catch (error) {
      if (!isConflict(error)) throw error;
    }
    // A server in strict mode may refuse conditions on fields without an index.
    for (const [field_name, field_schema] of [
      ["owner", "keyword"],
      ["expires_at", "integer"],
    ] as const) {
      const index = { field_name, field_schema, wait: true };
      await run(async (client) => client.createPayloadIndex(LEASES, index), options);
    }
  }

  /** Creates the collection of the leases if it turns out to be missing. */
  async function prepared<Result>(work: () => Promise<Result>, options: CallOptions): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      if (!isCitewellError(error, "collection_missing")) throw error;
      await prepare(options);
      return work();
    }
  }

  return {
    async acquireLease(name, { owner, holder, ttlMs, replaces = owner }, options = {}) {
      const id = pointId(name);
      const before = await prepared(async () => read(id, options), options);
      const now = Date.now();
      const isOwn = before?.owner === owner;
      const since = isOwn ? Date.parse(before.since) : now;
      // Shards claim as one owner: of two that see it free at once, the later one leaves the first one's time.
      const replaced = [...(isOwn ? [owner] : []), ...(replaces === owner ? [] : [replaces])];
      const mayReplace = {
        should: [
          ...(replaced.length === 0 ? [] : [{ key: "owner", match: { any: replaced } }]),
          { key: "expires_at", range: { lt: now } },
        ],
      };
      const payload = { name, owner, holder, since, expires_at: now + ttlMs };
      const points = [{ id, vector: {}, payload }];
      // A point that does not exist is created whatever the condition says.
      const claim = async (client: QdrantClient): Promise<Schemas["UpdateResult"]> =>
        client.upsert(LEASES, { wait: true, ordering: ORDERING, points, update_filter: mayReplace });
      await run(claim, { ...options, collection: LEASES });
      // The reply does not tell whether the condition held.
      const after = await read(id, options);
      if (after !== null) return after;
      throw new CitewellError("store_failed", `The lease on ${name} in Qdrant at ${location} is gone; try again.`, {
        retryable: true,
      });
    },

    async releaseLease(name, owner, options = {}) {
      const filter = { must: [{ has_id: [pointId(name)] }, { key: "owner", match: { value: owner } }] };
      try {
        await run(async (client) => client.delete(LEASES, { wait: true, ordering: ORDERING, filter }), {
          ...options,
          collection: LEASES,
        });
      } catch (error) {
        if (!isCitewellError(error, "collection_missing")) throw error;
      }
    },
  };
}

function pointId(name: string): string {
  return uuidFromName(name, NAMESPACE);
}

function leaseOf(payload: Readonly<Record<string, unknown>>, location: string): Lease {
  const { owner, holder, since, expires_at: expiresAt } = payload;
  if (typeof owner === "string" && typeof holder === "string" && isTime(since) && isTime(expiresAt)) {
    return { owner, holder, since: new Date(since).toISOString(), expiresAt: new Date(expiresAt).toISOString() };
  }
  throw new CitewellError(
    "store_failed",
    `The collection "${LEASES}" in Qdrant at ${location} was written by another program; delete it when nothing is being ingested.`,
  );
}

function isTime(value: unknown): value is number {
  return typeof value === "number" && !Number.isNaN(new Date(value).getTime());
}
