import { createHash } from "node:crypto";
import type { Cache } from "../cache/cache.ts";
import type { Embedder } from "./embedder.ts";

/**
 * Wraps an embedder with a cache of passages' vectors, by what decides a vector: the embedder's fingerprint and the
 * text. Queries are seldom asked twice and go to the model. Closing it closes the cache too.
 */
export function createCachedEmbedder(embedder: Embedder, cache: Cache): Embedder {
  const keyOf = (text: string): string =>
    createHash("sha256").update(`${embedder.fingerprint}\0${text}`).digest("base64url").slice(0, 32);

  return {
    ...embedder,
    async embed(texts, options = {}) {
      if (options.purpose === "query") return await embedder.embed(texts, options);
      options.signal?.throwIfAborted();
      const keys = texts.map(keyOf);
      const known = (await cache.getMany(keys)).map((bytes) => toVector(bytes, embedder.dimensions));
      const missing = [...known.keys()].filter((index) => known[index] === null);
      const embedded =
        missing.length === 0
          ? []
          : await embedder.embed(
              missing.map((index) => texts[index] ?? ""),
              options,
            );
      const fresh = new Map(missing.map((index, at) => [index, embedded[at]]));
      options.onRemembered?.([...known.keys()].filter((index) => known[index] !== null));
      await cache.putMany(
        [...fresh].flatMap(([index, vector]) =>
          vector === undefined ? [] : [{ key: keys[index] ?? "", value: toBytes(vector) }],
        ),
      );
      return known.map((vector, index) => vector ?? fresh.get(index) ?? new Float32Array());
    },
    async close() {
      await Promise.all([embedder.close(), cache.close()]);
    },
  };
}

/** The cached vector; null if there is none, or if the bytes cannot be one. */
function toVector(bytes: Uint8Array | null, dimensions: number): Float32Array | null {
  if (bytes?.byteLength !== dimensions * Float32Array.BYTES_PER_ELEMENT) return null;
  // The copy is aligned, which a view into the reply need not be.
  const vector = new Float32Array(bytes.slice().buffer);
  return vector.every(Number.isFinite) ? vector : null;
}

function toBytes({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
