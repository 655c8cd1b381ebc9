import { createHash } from "node:crypto";
import type { IngestOptions } from "../src/domain/ingest.ts";
import { CitewellError } from "../src/errors.ts";
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

/** The name under which an ingestion holds a collection: shards of it work at the same time. */
export function leaseName(collection: string, shard: Shard | undefined): string {
  return shard === undefined ? collection : `${collection}#${shard.index}/${shard.count}`;
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
