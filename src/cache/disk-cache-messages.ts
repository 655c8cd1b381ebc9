import type { CacheEntry } from "./cache.ts";
import type { DiskCacheFileOptions } from "./disk-cache-file.ts";

/** What the thread of a disk cache is started with. */
export type DiskCacheWorkerData = DiskCacheFileOptions;

/** One request to the thread. */
export type DiskCacheRequest =
  | { readonly id: number; readonly type: "get"; readonly keys: readonly string[] }
  | { readonly id: number; readonly type: "put"; readonly entries: readonly CacheEntry[] }
  | { readonly id: number; readonly type: "close" };

/** What the thread answers; it always does. */
export interface DiskCacheReply {
  readonly id: number;
  /** Of a `get`; empty otherwise. */
  readonly values: readonly (Uint8Array | null)[];
  /** What went wrong, else null. */
  readonly note: string | null;
}
