import type { SparseVector } from "../domain/chunk.ts";
import { termIndex } from "./term-index.ts";

/** Saturation of repeated terms in BM25 (Robertson and Zaragoza, 2009). */
export const BM25_K1 = 0.9;
/** How much a chunk's length counts in BM25: 0 not at all, 1 fully. */
export const BM25_B = 0.6;

/** How much a term tells where `frequency` of `total` texts have it, BM25's idf: ln(1 + (N − df + 0.5) / (df + 0.5)). */
export function inverseFrequency(total: number, frequency: number): number {
  // A text that was added after all were counted may be among those with the term.
  const count = Math.max(total, frequency);
  return Math.log(1 + (count - frequency + 0.5) / (frequency + 0.5));
}

/** The weight of a term by the field it is in; a chunk's own terms have 1. */
export interface FieldWeights {
  /** In the chunk before or after. */
  readonly neighbour: number;
  /** In the document's title. */
  readonly title: number;
  /** In the headings above the chunk, or its symbol. */
  readonly heading: number;
  /** In the document's path, for code. */
  readonly path: number;
}

/** The weights that collections are made with. */
export const FIELD_WEIGHTS: FieldWeights = { neighbour: 0.4, title: 1, heading: 0.5, path: 0.25 };

/** The terms that make a chunk findable, as {@link analyse} gives them. */
export interface TermFields {
  /** Terms of the chunk itself. */
  readonly own: readonly string[];
  /** Terms of the chunk before it in the document; empty for the first. */
  readonly previous: readonly string[];
  /** Terms of the chunk after it in the document; empty for the last. */
  readonly next: readonly string[];
  /** Terms of the document's real title. */
  readonly title: readonly string[];
  /** Terms of the headings above the chunk, in code of its symbol path. */
  readonly heading: readonly string[];
  /** Terms of the document's path. */
  readonly path: readonly string[];
  /** Length, in weighted terms, that counts as average. It belongs to the collection, so that weights never drift. */
  readonly averageLength: number;
}

/**
 * BM25 weights of a chunk's terms without the idf factor: tf′(k1 + 1) / (tf′ + k1(1 − b + b·length / average)), where tf′
 * counts neighbours, title, headings and path by their weights and the length is the sum of all tf′.
 */
export function termWeights(fields: TermFields, weights: FieldWeights = FIELD_WEIGHTS): SparseVector {
  const frequencies = new Map<number, number>();
  let length = 0;
  const count = (terms: readonly string[], weight: number): void => {
    if (weight === 0) return;
    for (const term of terms) {
      const index = termIndex(term);
      frequencies.set(index, (frequencies.get(index) ?? 0) + weight);
    }
    length += terms.length * weight;
  };
  count(fields.own, 1);
  count(fields.previous, weights.neighbour);
  count(fields.next, weights.neighbour);
  count(fields.title, weights.title);
  count(fields.heading, weights.heading);
  count(fields.path, weights.path);
  const norm = BM25_K1 * (1 - BM25_B + (BM25_B * length) / fields.averageLength);
  const indices = [...frequencies.keys()].toSorted((left, right) => left - right);
  return {
    indices,
    values: indices.map((index) => {
      const frequency = frequencies.get(index) ?? 0;
      // Both stores keep single precision; rounding here keeps fingerprints equal to what is stored.
      return Math.fround((frequency * (BM25_K1 + 1)) / (frequency + norm));
    }),
  };
}
