import type { Embedder } from "../../src/embedding/embedder.ts";
import { createHashingEmbedder } from "../../src/embedding/hashing-embedder.ts";

/**
 * Embeds queries by the model and passages by hashing, so that a collection of thousands of chunks is made in seconds
 * while a query costs what it costs.
 */
export function embedQueriesOnly(model: Embedder): Embedder {
  const hashing = createHashingEmbedder({ dimensions: model.dimensions });
  return {
    ...model,
    async embed(texts, options) {
      return options?.purpose === "query" ? await model.embed(texts, options) : await hashing.embed(texts, options);
    },
  };
}
