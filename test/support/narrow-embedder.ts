import type { Embedder } from "../../src/embedding/embedder.ts";
import { REFERENCE_SCALE } from "../../src/domain/similarity-scale.ts";

/**
 * The same model with cosines in the upper part of the scale only, as some models have them: c becomes
 * shared + (1 − shared) · c. It tells its scale, so that nothing that is found with it may differ.
 */
export function narrowEmbedder(embedder: Embedder, shared: number): Embedder {
  const narrow = (cosine: number): number => shared + (1 - shared) * cosine;
  return {
    ...embedder,
    dimensions: embedder.dimensions + 1,
    fingerprint: `${embedder.fingerprint} narrow ${shared}`,
    async embed(texts, options) {
      const vectors = await embedder.embed(texts, options);
      return vectors.map((vector) =>
        Float32Array.from([Math.sqrt(shared), ...vector.map((value) => value * Math.sqrt(1 - shared))]),
      );
    },
    similarityScale: async () => ({
      unrelated: narrow(REFERENCE_SCALE.unrelated),
      related: narrow(REFERENCE_SCALE.related),
    }),
  };
}
