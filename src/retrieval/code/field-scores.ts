import { inverseFrequency } from "../../lexical/term-weights.ts";

/** Parameters of BM25 for one field: k1 limits what repeated terms add, b says how much the length of a text counts. */
export interface Bm25Options {
  readonly k1: number;
  /** 0: the length does not count, 1: it counts fully. */
  readonly b: number;
}

/**
 * Counts terms in texts, and makes the function that gives the BM25 score of each text for some of these terms, each
 * counted once. The idf is computed from the given texts alone.
 */
export function createBm25(
  texts: readonly (readonly string[])[],
  counted: Iterable<string>,
  { k1, b }: Bm25Options,
): (terms: Iterable<string>) => number[] {
  const known = new Set(counted);
  const average = sum(texts.map(({ length }) => length)) / Math.max(1, texts.length);
  const holders = new Map<string, number>();
  const counts = texts.map((terms) => {
    const found = new Map<string, number>();
    for (const term of terms) if (known.has(term)) found.set(term, (found.get(term) ?? 0) + 1);
    for (const term of found.keys()) holders.set(term, (holders.get(term) ?? 0) + 1);
    return found;
  });
  return (terms) => {
    const idf = new Map(Array.from(terms, (term) => [term, inverseFrequency(texts.length, holders.get(term) ?? 0)]));
    return counts.map((found, index) => {
      const norm = k1 * (1 - b + (b * (texts[index]?.length ?? 0)) / Math.max(1, average));
      return sum(Array.from(found, ([term, count]) => ((idf.get(term) ?? 0) * count * (k1 + 1)) / (count + norm)));
    });
  };
}

/** Each value divided by the largest one; all 0 where none is above 0. */
export function sharesOfLargest(values: readonly number[]): number[] {
  const largest = values.reduce((most, value) => Math.max(most, value), 0);
  return values.map((value) => (largest > 0 ? value / largest : 0));
}

/** How many standard deviations each value lies above the mean of the known ones; 0 for an unknown value. */
export function standardScores(values: readonly (number | null)[]): number[] {
  const known = values.filter((value) => value !== null);
  const mean = sum(known) / Math.max(1, known.length);
  const spread = Math.sqrt(sum(known.map((value) => (value - mean) ** 2)) / Math.max(1, known.length));
  return values.map((value) => (spread > 0 && value !== null ? (value - mean) / spread : 0));
}

/** The sum of values. */
export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
