import { CitewellError } from "../errors.ts";

/**
 * Scales a vector to length 1 in place and returns it. The zero vector becomes the first unit vector, so that no vector
 * is ever NaN.
 * @throws CitewellError `embedding_failed` when a number is not finite.
 */
export function toUnitLength(vector: Float32Array): Float32Array {
  let squares = 0;
  for (const value of vector) squares += value * value;
  const length = Math.sqrt(squares);
  if (!Number.isFinite(length)) {
    throw new CitewellError(
      "embedding_failed",
      "The embedding model returned numbers that are not finite; its files or its endpoint are broken: use another model.",
    );
  }
  if (length === 0 && vector.length > 0) {
    vector[0] = 1;
    return vector;
  }
  for (let index = 0; index < vector.length; index += 1) vector[index] = (vector[index] ?? 0) / length;
  return vector;
}
