import type { LoadedDocument, Span } from "../../src/domain/document.ts";

/** Version of the cutting rules; a collection records it, because other rules give other chunks. */
export const CHUNKER_VERSION = 1;

/** One piece of a document. */
export interface ChunkPiece {
  /** Never blank, and never in the middle of a surrogate pair. */
  readonly span: Span;
  /** Symbol path in source code, else null. */
  readonly symbol: string | null;
}

/**
 * Cuts a document's text. The pieces come in order and hold every character that is not white space; only pieces of a
 * chunker with an overlap share characters.
 */
export interface Chunker {
  /** Lazy, so that a large document is cut while its first pieces are already being embedded. */
  cut(document: Pick<LoadedDocument, "text" | "language">): Iterable<ChunkPiece>;
}
