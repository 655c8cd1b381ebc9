/** One remembered value. */
export interface CacheEntry {
  readonly key: string;
  readonly value: Uint8Array;
}

/**
 * Remembers bytes by key, for as long as there is room. It may forget anything at any time, and it never fails a caller:
 * what is wrong with it is among its notes.
 */
export interface Cache {
  /** The values in the order of the keys; null for one that is not remembered. */
  getMany(keys: readonly string[]): Promise<readonly (Uint8Array | null)[]>;
  putMany(entries: readonly CacheEntry[]): Promise<void>;
  /** What went wrong since the last call, in sentences. */
  takeNotes(): readonly string[];
  /** Lets what was asked finish; then nothing is remembered any more. */
  close(): Promise<void>;
}
