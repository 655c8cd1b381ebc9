import type { ChunkPoint } from "../domain/chunk.ts";

/** Throws a `TypeError` for a chunk without vectors, unless it has no fingerprint either: that is stored by its words alone. */
export function checkVectors(points: readonly ChunkPoint[]): void {
  const bare = points.find(({ vectors, fingerprint }) => vectors.length === 0 && fingerprint !== "");
  if (bare !== undefined) throw new TypeError(`the chunk ${bare.chunk.id} has no vector`);
}
