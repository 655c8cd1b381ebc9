import type { Chunk } from "../../domain/chunk.ts";

/**
 * The chunks of the definition that a piece of code is a part of, in the order of the document: its neighbours that
 * belong to the same definition, if all of them together take at most `budget` tokens. Otherwise the piece alone.
 */
export function wholeDefinition(
  piece: Chunk,
  {
    chunks,
    budget,
    tokensOf,
    exclude,
  }: {
    /** All chunks of the piece's document, in order. */
    readonly chunks: readonly Chunk[];
    readonly budget: number;
    readonly tokensOf: (chunk: Chunk) => number;
    /** Ids of chunks that the caller has seen; they are not taken again. */
    readonly exclude: ReadonlySet<string>;
  },
): readonly Chunk[] {
  const at = chunks.findIndex(({ id }) => id === piece.id);
  if (at === -1 || piece.symbol === null || piece.signature === null) return [piece];
  const belongs = (chunk: Chunk | undefined): boolean =>
    chunk !== undefined &&
    chunk.symbol === piece.symbol &&
    chunk.signature === piece.signature &&
    !exclude.has(chunk.id);
  let [from, to] = [at, at];
  while (belongs(chunks[from - 1])) from -= 1;
  while (belongs(chunks[to + 1])) to += 1;
  const whole = chunks.slice(from, to + 1);
  return whole.reduce((sum, chunk) => sum + tokensOf(chunk), 0) <= budget ? whole : [piece];
}
