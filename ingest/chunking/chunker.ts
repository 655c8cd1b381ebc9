import type { LoadedDocument, Span } from "../../src/domain/document.ts";

/**
 * Version of the cutting rules and of the loaders. A collection records it: other rules give other chunks, and files
 * that are unchanged are not read again by themselves.
 */
export const CHUNKER_VERSION = 3;

/** One piece of a document. */
export interface ChunkPiece {
  /** Never blank; its ends never tear a surrogate pair. */
  readonly span: Span;
  /** Symbol path in source code, else null. */
  readonly symbol: string | null;
  /**
   * Signature of the one definition that a piece of code begins or is a part of, on one line.
   * @default null
   */
  readonly signature?: string | null;
  /**
   * Headings that the piece stands under, from the outermost.
   * @default []
   */
  readonly headings?: readonly string[];
  /**
   * Text that explains the piece, such as the signature of the function that it is a later part of. It is embedded, but
   * neither stored nor shown.
   * @default ""
   */
  readonly context?: string;
  /**
   * Whether something stands between this piece and the one before it that must not come into a hit with them.
   * @default false
   */
  readonly isApart?: boolean;
}

/** What a chunker needs of a document. */
export type CutDocument = Pick<LoadedDocument, "text" | "language"> & Partial<Pick<LoadedDocument, "pages">>;

/** Adds a sentence to the report on how a document was cut. */
export type NoteCutting = (note: string) => void;

/**
 * Cuts a document's text. The pieces come in order and hold every character that is not white space (those of an opened
 * chunker, none of encoded data); only pieces of a
 * chunker with an overlap share characters.
 */
export interface Chunker {
  /** Does what has to be awaited before `cut` gets the same document. Default: nothing has to. */
  readonly prepare?: (document: CutDocument) => Promise<void>;
  /** Lazy, so that a large document is cut while its first pieces are already being embedded. */
  cut(document: CutDocument, note?: NoteCutting): Iterable<ChunkPiece>;
}
