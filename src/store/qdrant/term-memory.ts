/**
 * Remembers the terms of large collections for a moment. Collections are identified by what no other collection has.
 */
export interface TermMemory {
  /** The number of chunks; null if it has to be asked for. */
  total(collection: string): number | null;
  /** The idf of those terms that need not be asked for. */
  idfOf(collection: string, terms: readonly number[]): ReadonlyMap<number, number>;
  /** Records the number of chunks, and the idf of terms that were found to be common. */
  note(collection: string, found: { readonly total: number; readonly common: ReadonlyMap<number, number> }): void;
  /** Whether a collection was large the last time; its number of chunks is then estimated. */
  isLarge(collection: string): boolean;
}

/**
 * From so many chunks on a collection is large. A smaller one may change much within moments, and asking it costs
 * little.
 */
export const LARGE = 20_000;
/** Long enough that a busy server asks once for many searches; in this time a large collection hardly changes. */
const REMEMBERED_MS = 10_000;
const MOST_TERMS = 10_000;
const MOST_COLLECTIONS = 100;

/** Nothing is remembered yet. */
export function createTermMemory(now: () => number = () => performance.now()): TermMemory {
  const known = new Map<
    string,
    { readonly total: number; readonly until: number; readonly idf: Map<number, number> }
  >();
  const fresh = (collection: string): { readonly total: number; readonly idf: Map<number, number> } | undefined => {
    const found = known.get(collection);
    return found !== undefined && found.total >= LARGE && now() < found.until ? found : undefined;
  };
  return {
    total: (collection) => fresh(collection)?.total ?? null,
    idfOf(collection, terms) {
      const idf = fresh(collection)?.idf;
      return new Map(
        terms.flatMap((term) => {
          const value = idf?.get(term);
          return value === undefined ? [] : [[term, value]];
        }),
      );
    },
    isLarge: (collection) => (known.get(collection)?.total ?? 0) >= LARGE,
    note(collection, { total, common }) {
      let entry = fresh(collection);
      if (entry === undefined || entry.idf.size > MOST_TERMS) {
        entry = { total, idf: new Map() };
        const [oldest] = known.keys();
        if (known.size >= MOST_COLLECTIONS && oldest !== undefined) known.delete(oldest);
        known.set(collection, { total, idf: entry.idf, until: now() + REMEMBERED_MS });
      }
      for (const [term, idf] of common) entry.idf.set(term, idf);
    },
  };
}
