import type { Embedder } from "../embedding/embedder.ts";
import { toReferenceScale } from "../domain/similarity-scale.ts";
import type { CosineCalibration } from "./score-candidates.ts";

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
