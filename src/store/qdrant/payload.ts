// The only place that knows how chunks, documents and texts lie in Qdrant: vector names, payload fields, point ids.
import type { Schemas } from "@qdrant/js-client-rest";
import { v5 as uuidFromName, validate as isUuid } from "uuid";
import type { Chunk, ChunkPoint, IndexedChunk, SparseVector } from "../../domain/chunk.ts";
import type { DocumentRecord } from "../../domain/document.ts";
import { isJsonObject } from "../../domain/json-object.ts";
import { CitewellError } from "../../errors.ts";
import { formatFetchState, parseFetchState } from "../fetch-state.ts";
import type { ChunkState } from "../vector-store.ts";

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
} as const;

/** Fields that a listing of chunk states needs. */
export const STATE_FIELDS: string[] = [FIELD.chunkId, "fingerprint"];
/** Field that tells the chunk of a hit. */
export const CHUNK_ID_FIELDS: string[] = [FIELD.chunkId];
/** Fields that {@link storedLengthOf} needs. */
export const STORED_LENGTH_FIELDS: string[] = [FIELD.documentId, "stored_length"];

const NAMESPACE = "8d5a4b52-6f0e-5c53-9a55-6f5a2d1c7e10";

type Payload = Readonly<Record<string, unknown>>;

/** Qdrant ids are unsigned integers or UUIDs; any other chunk id is hashed into one. */
export function chunkPointId(chunkId: string): string {
  return isUuid(chunkId) ? chunkId : uuidFromName(`chunk\n${chunkId}`, NAMESPACE);
}

/** Point of a document's record. Hashed, so that it never meets a chunk of the same id. */
export function documentPointId(documentId: string): string {
  return uuidFromName(`document\n${documentId}`, NAMESPACE);
}

/** Point of one part of a document's text. */
export function textPointId(documentId: string, part: number): string {
  return uuidFromName(`text\n${documentId}\n${part}`, NAMESPACE);
}

function windowPointId(chunkId: string, window: number): string {
  return uuidFromName(`window\n${chunkId}\n${window}`, NAMESPACE);
}

/**
 * The points of a chunk: the chunk with its first window's vector and its terms, then one point a further window. A chunk
 * without vectors is one point with its terms.
 */
export function chunkPoints(point: ChunkPoint): Schemas["PointStruct"][] {
  const { chunk, terms, vectors } = point;
  if (vectors.length === 0) {
    const named = terms.indices.length === 0 ? {} : { bm25: sparseVector(terms) };
    return [{ id: chunkPointId(chunk.id), vector: named, payload: chunkPayload(point) }];
  }
  return vectors.map((vector, window) => {
    // JSON makes an object of a Float32Array, which Qdrant refuses.
    const dense = Array.from(vector);
    if (window === 0) {
      // A point without terms lacks the vector: an empty one would only be kept for nothing.
      const named = terms.indices.length === 0 ? { dense } : { dense, bm25: sparseVector(terms) };
      return { id: chunkPointId(chunk.id), vector: named, payload: chunkPayload(point) };
    }
    return { id: windowPointId(chunk.id, window), vector: { dense }, payload: windowPayload(chunk, window) };
  });
}

/** Term weights as Qdrant takes them. */
export function sparseVector({ indices, values }: SparseVector): { indices: number[]; values: number[] } {
  return { indices: [...indices], values: [...values] };
}

/** Everything stored of a chunk beside its vectors. */
export function chunkPayload({ chunk, fingerprint }: IndexedChunk): Record<string, unknown> {
  return {
    [FIELD.kind]: "chunk" satisfies PointKind,
    [FIELD.chunkId]: chunk.id,
    [FIELD.documentId]: chunk.documentId,
    [FIELD.root]: wellFormed(chunk.root),
    [FIELD.source]: wellFormed(chunk.source),
    [FIELD.language]: chunk.language,
    title: wellFormed(chunk.title),
    ordinal: chunk.ordinal,
    text: wellFormed(chunk.text),
    start: chunk.span.start,
    end: chunk.span.end,
    first_line: chunk.lines.start,
    last_line: chunk.lines.end,
    page: chunk.page,
    symbol: wellFormed(chunk.symbol),
    signature: wellFormed(chunk.signature),
    heading: wellFormed(chunk.heading),
    fingerprint,
  };
}

/** What a filter may ask of a window, the same for all windows of a chunk. */
export function windowFields(chunk: Chunk): Record<string, unknown> {
  return {
    [FIELD.documentId]: chunk.documentId,
    [FIELD.root]: wellFormed(chunk.root),
    [FIELD.language]: chunk.language,
  };
}

function windowPayload(chunk: Chunk, window: number): Record<string, unknown> {
  return { [FIELD.kind]: "window" satisfies PointKind, [FIELD.chunkId]: chunk.id, window, ...windowFields(chunk) };
}

/** Reads a chunk back. */
export function chunkOf(payload: Payload): Chunk {
  return {
    id: textOf(payload, FIELD.chunkId),
    documentId: textOf(payload, FIELD.documentId),
    root: textOf(payload, FIELD.root),
    source: textOf(payload, FIELD.source),
    title: textOrNull(payload, "title"),
    language: textOf(payload, FIELD.language),
    ordinal: numberOf(payload, "ordinal"),
    text: textOf(payload, "text"),
    span: { start: numberOf(payload, "start"), end: numberOf(payload, "end") },
    lines: { start: numberOf(payload, "first_line"), end: numberOf(payload, "last_line") },
    page: payload["page"] === null ? null : numberOf(payload, "page"),
    symbol: textOrNull(payload, "symbol"),
    // Chunks of before there were headings and signatures have no such fields.
    signature: payload["signature"] === undefined ? null : textOrNull(payload, "signature"),
    heading: payload["heading"] === undefined ? null : textOrNull(payload, "heading"),
  };
}

/** Whether only the words of a chunk are stored so far. */
export function hasWordsOnly(payload: Payload): boolean {
  return payload["fingerprint"] === "";
}

/** Reads what {@link STATE_FIELDS} gave. */
export function chunkStateOf(payload: Payload): ChunkState {
  return { id: textOf(payload, FIELD.chunkId), fingerprint: textOf(payload, "fingerprint") };
}

/** The chunk that a chunk's or a window's point belongs to. */
export function chunkIdOf(payload: Payload): string {
  return textOf(payload, FIELD.chunkId);
}

/** Whether the payload has everything that {@link chunkOf} reads; false for a further window and for a chunk's id. */
export function isWholeChunk(payload: Payload): boolean {
  return payload[FIELD.kind] === ("chunk" satisfies PointKind);
}

/** The point of a document's record; it has no vector. `storedLength` is the length of the text beside it. */
export function documentPoint(document: DocumentRecord, storedLength: number): Schemas["PointStruct"] {
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
      ingested_at: document.ingestedAt,
      ...(typeof document.modifiedAt === "number" && { modified_at: document.modifiedAt }),
      ...(document.fetched !== undefined && { fetched: wellFormed(formatFetchState(document.fetched)) }),
      stored_length: storedLength,
    },
  };
}

/** Marks records as no longer in step with their source, so that the next synchronising takes them up again. */
export const OUTDATED_DOCUMENT: Readonly<Record<string, unknown>> = { content_hash: "" };

/** Reads a document's record back. */
export function documentOf(payload: Payload): DocumentRecord {
  const fetched = parseFetchState(payload["fetched"]);
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
    ingestedAt: textOf(payload, "ingested_at"),
    ...(typeof payload["modified_at"] === "number" && { modifiedAt: payload["modified_at"] }),
    ...(fetched !== undefined && { fetched }),
  };
}

/** A document's id and the length of its stored text, for a map. */
export function storedLengthOf(payload: Payload): [documentId: string, length: number] {
  return [textOf(payload, FIELD.documentId), numberOf(payload, "stored_length")];
}

/** One stored part of a document's text. */
export interface TextPart {
  readonly documentId: string;
  /** Position among the document's parts, from 0. */
  readonly part: number;
  /** Offset of the part's first UTF-16 unit in the text. */
  readonly start: number;
  readonly text: string;
}

/** The point of a part of a text; it has no vector. */
export function textPoint({ documentId, part, start, text }: TextPart): Schemas["PointStruct"] {
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
export function textPartOf(payload: Payload): TextPart {
  return {
    documentId: textOf(payload, FIELD.documentId),
    part: numberOf(payload, "part"),
    start: numberOf(payload, "start"),
    text: textOf(payload, "text"),
  };
}

/** The term weights among the vectors that Qdrant gave back with a point. */
export function termWeightsOf(vectors: unknown): ReadonlyMap<number, number> {
  const weights = new Map<number, number>();
  if (!isJsonObject(vectors)) return weights;
  const sparse = vectors[SPARSE_VECTOR];
  if (!isJsonObject(sparse)) return weights;
  const { indices, values } = sparse;
  if (!Array.isArray(indices) || !Array.isArray(values)) return weights;
  for (const [at, index] of indices.entries()) weights.set(Number(index), Number(values[at]));
  return weights;
}

// JSON has no half of a surrogate pair, and Qdrant refuses a body with one. Text extracted from broken files may
// have some; U+FFFD is as long, so that every offset stays true.
function wellFormed<T extends string | null>(text: T): T | string {
  return text === null ? text : text.toWellFormed();
}

function textOf(payload: Payload, field: string): string {
  const value = payload[field];
  return typeof value === "string" ? value : unreadable(field);
}

function textOrNull(payload: Payload, field: string): string | null {
  return payload[field] === null ? null : textOf(payload, field);
}

function numberOf(payload: Payload, field: string): number {
  const value = payload[field];
  return typeof value === "number" ? value : unreadable(field);
}

function unreadable(field: string): never {
  throw new CitewellError(
    "store_failed",
    `A point in Qdrant lacks the field "${field}"; another program wrote into the collection. Delete the collection and ingest again.`,
  );
}
