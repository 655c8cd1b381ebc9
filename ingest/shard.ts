import { createHash } from "node:crypto";
import type { IngestOptions } from "../src/domain/ingest.ts";
import { CitewellError } from "../src/errors.ts";
import { processName } from "../src/process-owner.ts";
import type { LeaseClaim, VectorStore } from "../src/store/vector-store.ts";
import { createClaim } from "./claim-lease.ts";
import { keyOf, type SourceName } from "./plan-sync.ts";

/** The part of a corpus that one of several machines ingests. */
export type Shard = NonNullable<IngestOptions["shard"]>;

/**
 * Makes the test whether a document belongs to a shard: root and source hash to the shard's number, so that every
 * machine comes to the same answer by itself. Without a shard, every document does.
 *
 * @throws TypeError for numbers that are no shard.
 */
export function createShardTest(shard: Shard | undefined): (document: SourceName) => boolean {
  if (shard === undefined) return () => true;
  const { index, count } = shard;
  if (!Number.isInteger(count) || !Number.isInteger(index) || index < 1 || index > count) {
    throw new TypeError(`a shard is a whole number from 1 to the number of shards, got ${index} of ${count}`);
  }
  return (document) => createHash("sha256").update(keyOf(document)).digest().readUInt32BE() % count === index - 1;
}

/** The name of the lease that keeps out a second ingestion of the same shard. */
export function shardLease(collection: string, { index, count }: Shard): string {
  return `${collection}#${index}/${count}`;
}

/**
 * The claim by which shards hold the collection itself. All shards of one count share its owner, so that they work at
 * the same time and together keep out removals, other ingestions, and shards of another count.
 */
export function sharedClaim({ count }: Shard, ttlMs: number): LeaseClaim {
  return {
    owner: `shards of ${count}`,
    holder: `an ingestion in ${count} shards, one of them ${processName()}`,
    ttlMs,
  };
}

/**
 * Gives back the lease that shards hold together, unless another one is still at work: who can claim every shard knows
 * that none is. A shard calls it after giving back its own lease. If two end at once, the one that claims the first
 * shard does it; if neither does, the lease expires by itself.
 */
export async function releaseShared(
  store: VectorStore,
  { collection, shard, ttlMs }: { readonly collection: string; readonly shard: Shard; readonly ttlMs: number },
): Promise<void> {
  const claim = createClaim(ttlMs);
  const names: string[] = [];
  try {
    for (let index = 1; index <= shard.count; index += 1) {
      const name = shardLease(collection, { ...shard, index });
      if ((await store.acquireLease(name, claim)).owner !== claim.owner) return;
      names.push(name);
    }
    await store.releaseLease(collection, sharedClaim(shard, ttlMs).owner);
  } finally {
    for (const name of names) await store.releaseLease(name, claim.owner);
  }
}

/**
 * Refuses to re-index a collection by shards: the first shard to end would replace the whole collection by its own
 * part.
 *
 * @throws CitewellError `usage_invalid`
 */
export function refuseShardedReindexing(collection: string, shard: Shard | undefined): void {
  if (shard === undefined) return;
  throw new CitewellError(
    "usage_invalid",
    `Collection ${collection} was made with other settings, and re-indexing it by shards would leave it with the part of ` +
      "one shard: re-index it without a shard, or ingest the shards into a collection of another name.",
  );
}
