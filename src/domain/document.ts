import type { DocumentMetadata } from "./document-metadata.ts";

/** A stretch of a document's extracted text, in UTF-16 code units; `end` is exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Lines of a document's extracted text, counted from 1; `end` is inclusive. */
export interface LineRange {
  readonly start: number;
  readonly end: number;
}

/** One source's extracted text with what is known about it; the output of a loader. */
export interface LoadedDocument extends Pick<
  DocumentRecord,
  "source" | "mediaType" | "language" | "contentHash" | "bytes" | "modifiedAt" | "fetched" | "metadata"
> {
  /** What was given to `ingest`: an absolute path with `/`, a URL, or a name such as `uploads`. */
  readonly root: string;
  /** A title the document really has (front matter, first heading, `<title>`), else null. */
  readonly title: string | null;
  /** The extracted text that every offset refers to. */
  readonly text: string;
  /** Where each page lies in `text`, for paged formats; empty for the others. */
  readonly pages: readonly PageSpan[];
}

/** What is stored of a fetched web page, so that the next visit can ask whether it has changed. */
export interface FetchState {
  /** The header `ETag`, else null. */
  readonly etag: string | null;
  /** The header `Last-Modified`, else null. */
  readonly lastModified: string | null;
  /** The pages of its site that it links to, as addresses relative to its own; null where there are too many to keep. */
  readonly links: readonly string[] | null;
}

/** Where a page of a paged document begins. */
export interface PageStart {
  /** Page number, from 1. */
  readonly page: number;
  /** Offset of its first character in the document's extracted text, in UTF-16 code units. */
  readonly start: number;
}

/** One page of a paged document. */
export interface PageSpan extends Span {
  /** Page number, from 1. */
  readonly page: number;
}

/** What a store keeps about a document. It is written last, so that its presence says the document is complete. */
export interface DocumentRecord {
  /** UUIDv5 of (collection, root, source). */
  readonly id: string;
  readonly root: string;
  /** Path relative to the root with `/`, or a URL. (root, source) is the document's identity. */
  readonly source: string;
  readonly title: string | null;
  /** Media type, such as `text/markdown`. */
  readonly mediaType: string;
  /** Lower-case name of the programming or markup language (`typescript`, `markdown`, `text`). */
  readonly language: string;
  /** Size of the source in bytes. */
  readonly bytes: number;
  /**
   * SHA-256 (hex) of the source's bytes. Where secrets were found in it, a suffix says what was done about them, so that
   * the next ingestion with the other choice reads the source again. Empty while the document is not complete.
   */
  readonly contentHash: string;
  /** Number of chunks. */
  readonly chunks: number;
  /** Length of the extracted text in UTF-16 code units. */
  readonly textLength: number;
  /** ISO 8601 time of the last change. */
  readonly ingestedAt: string;
  /**
   * The time of the file's last change before it was read, in milliseconds since 1970, as the file system has it. A
   * file with this time and size need not be read again. Absent or null if the time proves nothing: the source is no
   * file, or it had changed within two seconds of the look at it. Of a document that was handed over as data it is the
   * time of that, by which the later of two versions is known.
   */
  readonly modifiedAt?: number | null;
  /** Present where the source is a web page. */
  readonly fetched?: FetchState;
  /**
   * The metadata that was submitted with the document, or that the front matter of its file holds; absent if there is
   * none.
   */
  readonly metadata?: DocumentMetadata;
  /**
   * Where each page with text on it lies, in rising order; absent for documents without pages, and for those that were
   * stored before this was.
   */
  readonly pages?: readonly PageSpan[];
  /**
   * The titles of its articles, if it is made of several: its distinct headings of level 1. Absent for other documents,
   * and for those that were stored before this was.
   */
  readonly articles?: readonly string[];
}

/** Whether a document is stored completely; if not, it is being ingested, or its ingestion was interrupted. */
export function isComplete({ contentHash }: Pick<DocumentRecord, "contentHash">): boolean {
  return contentHash !== "";
}

/** Whether a root or a source is the address of a web page. */
export function isPageAddress(place: string): boolean {
  return /^https?:\/\//i.test(place);
}

/** Characters that the name of a document may have. */
export const MAX_UPLOAD_NAME = 1_000;

/**
 * Whether a submitted document may have this name: a file name, a relative path with `/` that stays inside, or the
 * address of a web page.
 */
export function isUploadName(source: string): boolean {
  // oxlint-disable-next-line no-control-regex -- control characters are what must not be there.
  if (source.length > MAX_UPLOAD_NAME || !source.isWellFormed() || /[\u0000-\u001f\u007f\\]/.test(source)) return false;
  if (isPageAddress(source)) return URL.canParse(source);
  return source.split("/").every((part) => part.trim() !== "" && part !== "." && part !== "..");
}
