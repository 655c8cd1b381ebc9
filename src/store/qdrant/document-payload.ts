import type { Schemas } from "@qdrant/js-client-rest";
import type { DocumentRecord } from "../../domain/document.ts";
import { optionalPartsOf, storedParts } from "../optional-parts.ts";
import type { TextPart } from "../text-parts.ts";
import {
  FIELD,
  INGESTED_AT,
  namedPointId,
  numberOf,
  textOf,
  textOrNull,
  wellFormed,
  type Payload,
  type PointKind,
} from "./payload.ts";

/** Fields that {@link storedLengthOf} needs. */
export const STORED_LENGTH_FIELDS: string[] = [FIELD.documentId, "stored_length"];

/** Point of a document's record. Hashed, so that it never meets a chunk of the same id. */
export function documentPointId(documentId: string): string {
  return namedPointId("document", documentId);
}

/** Point of one part of a document's text. */
export function textPointId(documentId: string, part: number): string {
  return namedPointId("text", documentId, part);
}

/** The point of a document's record; it has no vector. `storedLength` is the length of the text beside it. */
export function documentPoint(document: DocumentRecord, storedLength: number): Schemas["PointStruct"] {
  const parts = Object.entries(storedParts(document)).filter(([, part]) => part !== null);
  return {
    id: documentPointId(document.id),
    vector: {},
    payload: {
      [FIELD.kind]: "document" satisfies PointKind,
      [FIELD.documentId]: document.id,
      [FIELD.root]: wellFormed(document.root),
      [FIELD.source]: wellFormed(document.source),
      [FIELD.language]: document.language,
      title: wellFormed(document.title),
      media_type: document.mediaType,
      bytes: document.bytes,
      content_hash: document.contentHash,
      chunks: document.chunks,
      text_length: document.textLength,
      [INGESTED_AT]: document.ingestedAt,
      ...Object.fromEntries(parts),
      stored_length: storedLength,
    },
  };
}

/** Marks records as out of step with their source, so that the next ingestion takes them up again. */
export const OUTDATED_DOCUMENT: Readonly<Record<string, unknown>> = { content_hash: "" };

/** Reads a document's record back. */
export function documentOf(payload: Payload): DocumentRecord {
  return {
    id: textOf(payload, FIELD.documentId),
    root: textOf(payload, FIELD.root),
    source: textOf(payload, FIELD.source),
    title: textOrNull(payload, "title"),
    mediaType: textOf(payload, "media_type"),
    language: textOf(payload, FIELD.language),
    bytes: numberOf(payload, "bytes"),
    contentHash: textOf(payload, "content_hash"),
    chunks: numberOf(payload, "chunks"),
    textLength: numberOf(payload, "text_length"),
    ingestedAt: textOf(payload, INGESTED_AT),
    ...optionalPartsOf(payload),
  };
}

/** A document's id and the length of its stored text, for a map. */
export function storedLengthOf(payload: Payload): [documentId: string, length: number] {
  return [textOf(payload, FIELD.documentId), numberOf(payload, "stored_length")];
}

/** The point of a part of a text; it has no vector. */
export function textPoint(documentId: string, { part, start, text }: TextPart): Schemas["PointStruct"] {
  return {
    id: textPointId(documentId, part),
    vector: {},
    payload: {
      [FIELD.kind]: "text" satisfies PointKind,
      [FIELD.documentId]: documentId,
      part,
      start,
      text: wellFormed(text),
    },
  };
}

/** Reads a part of a text back. */
export function textPartOf(payload: Payload): TextPart & { readonly documentId: string } {
  return {
    documentId: textOf(payload, FIELD.documentId),
    part: numberOf(payload, "part"),
    start: numberOf(payload, "start"),
    text: textOf(payload, "text"),
  };
}
