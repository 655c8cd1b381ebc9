import type { Embedder } from "../embedding/embedder.ts";
import { readCosine } from "../domain/similarity-scale.ts";
import type { CosineReader } from "./score-candidates.ts";

/** Reads cosines of an embedder's model as those of the bundled one; undefined where there is nothing to change. */
export async function openCosineReader(
  embedder: Pick<Embedder, "similarityScale">,
  signal?: AbortSignal,
): Promise<CosineReader | undefined> {
  const scale = await embedder.similarityScale?.({ signal });
  return scale && ((cosine) => readCosine(cosine, scale));
}
