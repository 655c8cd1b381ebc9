import { createHash } from "node:crypto";
import type { IngestOptions } from "../src/domain/ingest.ts";
import { CitewellError } from "../src/errors.ts";
import { processName } from "../src/process-owner.ts";
import type { LeaseClaim, VectorStore } from "../src/store/vector-store.ts";
import { createClaim } from "./create-claim.ts";
import { keyOf } from "./plan-sync.ts";

/** The part of a corpus that one of several machines ingests. */
export type Shard = NonNullable<IngestOptions["shard"]>;

/**
 * Says of which documents a shard is made: of those whose root and source hash to its number, so that every machine comes
 * to the same answer by itself. Without a shard, of all.
 *
 * @throws TypeError for numbers that are no shard.
 */
export function createShardTest(
  shard: Shard | undefined,
): (document: { readonly root: string; readonly source: string }) => boolean {
  if (shard === undefined) return () => true;
  const { index, count } = shard;
  if (!Number.isInteger(count) || !Number.isInteger(index) || index < 1 || index > count) {
    throw new TypeError(`a shard is a whole number from 1 to the number of shards, got ${index} of ${count}`);
  }
  return (document) => createHash("sha256").update(keyOf(document)).digest().readUInt32BE() % count === index - 1;
}

/** The name under which a shard keeps out a second ingestion of the same shard. */
export function shardLease(collection: string, { index, count }: Shard): string {
  return `${collection}#${index}/${count}`;
}

/**
 * The claim by which shards hold the collection itself: of one owner for all of a count, so that they work at the same
 * time, and keep out removals, other ingestions, and shards of another count.
 */
export function sharedClaim({ count }: Shard, ttlMs: number): LeaseClaim {
  return {
    owner: `shards of ${count}`,
    holder: `an ingestion in ${count} shards, one of them ${processName()}`,
    ttlMs,
  };
}

/**
 * Gives back what shards hold together, unless another one is still at work: whoever can claim every shard knows that none
 * is. Called by a shard that has given back its own claim. Of two that end at once, the one that claims the first shard
 * does it; where nobody does, the lease ends by itself.
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
 * Refuses to re-index a collection by shards: the first one to end would put its own part in the place of the whole.
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
