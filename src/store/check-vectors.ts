import type { ChunkPoint } from "../domain/chunk.ts";
import { CitewellError } from "../errors.ts";

/**
 * Throws a `TypeError` for a chunk without vectors, unless it has no fingerprint either: that is stored by its words alone.
 * Throws `embedding_failed` for a vector that no cosine can be made of: it would be stored and never found.
 */
export function checkVectors(points: readonly ChunkPoint[]): void {
  const bare = points.find(({ vectors, fingerprint }) => vectors.length === 0 && fingerprint !== "");
  if (bare !== undefined) throw new TypeError(`the chunk ${bare.chunk.id} has no vector`);
  const odd = points.find(({ vectors }) => !vectors.every(isFiniteVector));
  if (odd === undefined) return;
  throw new CitewellError(
    "embedding_failed",
    `The embedder gave a vector for ${odd.chunk.source} (lines ${String(odd.chunk.lines.start)}-${String(odd.chunk.lines.end)}) that holds NaN or Infinity; check what it does with that text.`,
  );
}

function isFiniteVector(vector: Float32Array): boolean {
  let sum = 0;
  for (const number of vector) sum += number;
  return Number.isFinite(sum);
}
