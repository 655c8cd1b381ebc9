/** Where a model's cosines lie. Models differ in how close they put texts about different things. */
export interface SimilarityScale {
  /** Mean cosine of a question and a passage about something else: −1 to 1. */
  readonly unrelated: number;
  /** Mean cosine of a question and the passage that answers it: more than {@link unrelated}, at most 1. */
  readonly related: number;
}

/**
 * The scale of the bundled model, measured with the texts of `src/embedding/scale-pairs.ts`. The search's weights and
 * limits were measured with that model.
 */
export const REFERENCE_SCALE: SimilarityScale = { unrelated: 0.034, related: 0.505 };

/**
 * Converts a model's cosine to what it would be with the bundled model: linear between unrelated, related and 1, so
 * that the order stays.
 */
export function toReferenceScale(cosine: number, { unrelated, related }: SimilarityScale): number {
  const { unrelated: low, related: high } = REFERENCE_SCALE;
  if (cosine <= related) return low + ((cosine - unrelated) * (high - low)) / (related - unrelated);
  return related >= 1 ? high : high + ((cosine - related) * (1 - high)) / (1 - related);
}

/** Cosine of two vectors of unit length. */
export function cosineOf(left: Float32Array, right: Float32Array): number {
  return left.reduce((sum, value, index) => sum + value * (right[index] ?? 0), 0);
}
