/** Where a model's cosines lie: models differ in how near texts about different things are to each other. */
export interface SimilarityScale {
  /** Mean cosine of a question and a passage about something else: −1 to 1. */
  readonly unrelated: number;
  /** Mean cosine of a question and the passage that answers it: more than {@link unrelated}, at most 1. */
  readonly related: number;
}

/** The bundled model's, on the texts of `src/embedding/scale-pairs.ts`. The search's weights and limits were measured with that model. */
export const REFERENCE_SCALE: SimilarityScale = { unrelated: 0.034, related: 0.505 };

/**
 * What a cosine of a model would be with the bundled one: straight between unrelated, related and 1, so that the order
 * stays.
 */
export function readCosine(cosine: number, { unrelated, related }: SimilarityScale): number {
  const { unrelated: low, related: high } = REFERENCE_SCALE;
  if (cosine <= related) return low + ((cosine - unrelated) * (high - low)) / (related - unrelated);
  return related >= 1 ? high : high + ((cosine - related) * (1 - high)) / (1 - related);
}

/** Cosine of two vectors of unit length. */
export function cosineOf(left: Float32Array, right: Float32Array): number {
  return left.reduce((sum, value, index) => sum + value * (right[index] ?? 0), 0);
}
