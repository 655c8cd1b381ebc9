/** One cached value. */
export interface CacheEntry {
  readonly key: string;
  readonly value: Uint8Array;
}

/**
 * Keeps bytes by key as long as there is room. It may drop anything at any time, and it never fails a caller: faults
 * are reported by {@link Cache.takeNotes}.
 */
export interface Cache {
  /** The values in the order of the keys; null for one that is not cached. */
  getMany(keys: readonly string[]): Promise<readonly (Uint8Array | null)[]>;
  putMany(entries: readonly CacheEntry[]): Promise<void>;
  /** Gives the faults since the last call, in sentences. */
  takeNotes(): readonly string[];
  /** Waits for the requests under way; after it nothing is cached any more. */
  close(): Promise<void>;
}
