// How points lie in Qdrant: only this file, `chunk-payload.ts` and `document-payload.ts` know of it.
import type { Schemas } from "@qdrant/js-client-rest";
import { v5 as uuidFromName } from "uuid";
import { CitewellError } from "../../errors.ts";

/** Name of the vectors of chunks and windows. */
export const DENSE_VECTOR = "dense";
/** Name of the term weights of chunks; Qdrant multiplies them by the idf. */
export const SPARSE_VECTOR = "bm25";

/** What a point is: a chunk, one more window of a chunk, a document's record, or a part of a document's text. */
export type PointKind = "chunk" | "window" | "document" | "text";

/** Payload fields that filters use; each has an index. */
export const FIELD = {
  kind: "kind",
  chunkId: "chunk_id",
  documentId: "document_id",
  language: "language",
  root: "root",
  source: "source",
  heading: "heading",
  /** Of chunks and windows: what is said of their document, as `metadataEntries` writes it. */
  metadata: "metadata_entries",
} as const;

/** When a document was written; its index is one of times, so that the newest can be asked for. */
export const INGESTED_AT = "ingested_at";

/** The request for the index of such a field; it is answered when the index is made. */
export function fieldIndex(field: string): Schemas["CreateFieldIndex"] & { readonly wait: true } {
  return { field_name: field, field_schema: field === INGESTED_AT ? "datetime" : "keyword", wait: true };
}

/** What a point holds beside its vectors, as Qdrant gives it back. */
export type Payload = Readonly<Record<string, unknown>>;

const NAMESPACE = "8d5a4b52-6f0e-5c53-9a55-6f5a2d1c7e10";

/** The id of a point that stands for something with a name of another kind. */
export function namedPointId(kind: PointKind, ...names: readonly (string | number)[]): string {
  return uuidFromName([kind, ...names].join("\n"), NAMESPACE);
}

/**
 * A text without halves of surrogate pairs: JSON has none, and Qdrant refuses a body with one. Text extracted from broken
 * files may have some; U+FFFD is as long, so that every offset stays true.
 */
export function wellFormed<T extends string | null>(text: T): T | string {
  return text === null ? text : text.toWellFormed();
}

/** A field that is a text. */
export function textOf(payload: Payload, field: string): string {
  const value = payload[field];
  return typeof value === "string" ? value : unreadable(field);
}

/** A field that is a text or null. */
export function textOrNull(payload: Payload, field: string): string | null {
  return payload[field] === null ? null : textOf(payload, field);
}

/** A field that is a number. */
export function numberOf(payload: Payload, field: string): number {
  const value = payload[field];
  return typeof value === "number" ? value : unreadable(field);
}

function unreadable(field: string): never {
  throw new CitewellError(
    "store_failed",
    `A point in Qdrant lacks the field "${field}"; another program wrote into the collection. Delete the collection and ingest again.`,
  );
}
