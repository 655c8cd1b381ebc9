import type { Embedder } from "../embedding/embedder.ts";
import { toReferenceScale } from "../domain/similarity-scale.ts";

/** Converts a cosine of some embedding model to the bundled model's scale. */
export type CosineCalibration = (cosine: number) => number;

/**
 * Makes the function that converts cosines of the embedder's model to the bundled model's scale; undefined where there
 * is nothing to convert.
 */
export async function openCosineCalibration(
  embedder: Pick<Embedder, "similarityScale">,
  signal?: AbortSignal,
): Promise<CosineCalibration | undefined> {
  const scale = await embedder.similarityScale?.({ signal });
  return scale && ((cosine) => toReferenceScale(cosine, scale));
}
