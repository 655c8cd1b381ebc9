import type { LineRange, Span } from "./document.ts";

/** A span of a document that is embedded, stored and found as one. */
export interface Chunk {
  /** UUIDv5 of (collection, root, source, hash of the embedded text, occurrence number). */
  readonly id: string;
  readonly documentId: string;
  readonly root: string;
  readonly source: string;
  /** The document's own title, or one from its file's name; else null. */
  readonly title: string | null;
  readonly language: string;
  /** Position among the document's chunks, from 0; numbers are left out where encoded data stands between two. */
  readonly ordinal: number;
  /** `documentText.slice(span.start, span.end)`. */
  readonly text: string;
  readonly span: Span;
  readonly lines: LineRange;
  /** Page of the chunk's first word in a paged format, else null. */
  readonly page: number | null;
  /** Symbol path in source code (`VectorStore.search`), else null. */
  readonly symbol: string | null;
  /** Signature of the one definition that a piece of code begins or is a part of, on one line, else null. */
  readonly signature: string | null;
  /** Headings that the chunk stands under in prose, below the title (`Stores > Qdrant`), else null. */
  readonly heading: string | null;
}

/** What stands between two headings of {@link Chunk.heading}. */
export const HEADING_SEPARATOR = " > ";

/** Term weights of a chunk: `indices` rise strictly, `values` are the BM25 weights without the idf factor. */
export interface SparseVector {
  readonly indices: readonly number[];
  readonly values: readonly number[];
}

/** A chunk with its term weights. */
export interface IndexedChunk {
  readonly chunk: Chunk;
  readonly terms: SparseVector;
  /**
   * Hash of everything stored except the vectors: if it is the same, nothing needs to be written. Empty while the
   * vectors are missing.
   */
  readonly fingerprint: string;
}

/** A chunk ready to be stored. */
export interface ChunkPoint extends IndexedChunk {
  /**
   * One unit-length vector for each window of the embedder; a chunk that fits into the window has one. Empty while only
   * the words are stored; then the fingerprint is empty too.
   */
  readonly vectors: readonly Float32Array[];
}
