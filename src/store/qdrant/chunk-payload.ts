import type { Schemas } from "@qdrant/js-client-rest";
import { validate as isUuid } from "uuid";
import type { Chunk, ChunkPoint, IndexedChunk, SparseVector } from "../../domain/chunk.ts";
import { isJsonObject } from "../../domain/json-object.ts";
import type { DocumentMetadata } from "../../domain/document-metadata.ts";
import { metadataEntries, metadataOfEntries } from "../metadata-entries.ts";
import type { ChunkState } from "../vector-store.ts";
import {
  DENSE_VECTOR,
  FIELD,
  namedPointId,
  numberOf,
  SPARSE_VECTOR,
  textOf,
  textOrNull,
  wellFormed,
  type Payload,
  type PointKind,
} from "./payload.ts";

/** Fields that a listing of chunk states needs. */
export const STATE_FIELDS: string[] = [FIELD.chunkId, "fingerprint"];
/** The field that names the chunk of a hit. */
export const CHUNK_ID_FIELDS: string[] = [FIELD.chunkId];

/** Qdrant ids are unsigned integers or UUIDs; any other chunk id is hashed into one. */
export function chunkPointId(chunkId: string): string {
  return isUuid(chunkId) ? chunkId : namedPointId("chunk", chunkId);
}

function windowPointId(chunkId: string, window: number): string {
  return namedPointId("window", chunkId, window);
}

/**
 * The points of a chunk: one with the chunk, its terms and its first window's vector, and one for each further window.
 * A chunk without vectors is one point with its terms. `metadata` is that of its document.
 */
export function chunkPoints(point: ChunkPoint, metadata: DocumentMetadata | undefined): Schemas["PointStruct"][] {
  const { chunk, terms } = point;
  // A point without terms gets no sparse vector, since an empty one would be stored for nothing.
  const words = terms.indices.length === 0 ? {} : { [SPARSE_VECTOR]: sparseVector(terms) };
  // As JSON, a Float32Array would become an object, which Qdrant refuses.
  const [first, ...others] = point.vectors.map((vector) => ({ [DENSE_VECTOR]: Array.from(vector) }));
  return [
    { id: chunkPointId(chunk.id), vector: { ...first, ...words }, payload: chunkPayload(point, metadata) },
    ...others.map((vector, index) => {
      const window = index + 1;
      return { id: windowPointId(chunk.id, window), vector, payload: windowPayload(chunk, { window, metadata }) };
    }),
  ];
}

/** Term weights as Qdrant takes them. */
export function sparseVector({ indices, values }: SparseVector): { indices: number[]; values: number[] } {
  return { indices: [...indices], values: [...values] };
}

/** Everything that is stored of a chunk except its vectors. */
export function chunkPayload(
  { chunk, fingerprint }: IndexedChunk,
  metadata: DocumentMetadata | undefined,
): Record<string, unknown> {
  const entries = metadataEntries(metadata);
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
    [FIELD.heading]: wellFormed(chunk.heading),
    fingerprint,
    ...(entries.length > 0 && { [FIELD.metadata]: entries }),
  };
}

/** The fields of a window that filters use, the same for all windows of a chunk. */
export function windowFields(chunk: Chunk, metadata: DocumentMetadata | undefined): Record<string, unknown> {
  return {
    [FIELD.documentId]: chunk.documentId,
    [FIELD.root]: wellFormed(chunk.root),
    [FIELD.language]: chunk.language,
    [FIELD.heading]: wellFormed(chunk.heading),
    // Written even if it is empty, so that it replaces what was there.
    [FIELD.metadata]: metadataEntries(metadata),
  };
}

function windowPayload(
  chunk: Chunk,
  { window, metadata }: { readonly window: number; readonly metadata: DocumentMetadata | undefined },
): Record<string, unknown> {
  const fields = windowFields(chunk, metadata);
  return { [FIELD.kind]: "window" satisfies PointKind, [FIELD.chunkId]: chunk.id, window, ...fields };
}

/** Reads the copy of the document's metadata from a chunk. */
export function chunkMetadataOf(payload: Payload): DocumentMetadata | undefined {
  return metadataOfEntries(payload[FIELD.metadata]);
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
    // Older chunks have no headings and signatures.
    signature: payload["signature"] === undefined ? null : textOrNull(payload, "signature"),
    heading: payload[FIELD.heading] === undefined ? null : textOrNull(payload, FIELD.heading),
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

/**
 * Whether the payload has everything that {@link chunkOf} reads; false for a further window, and if only the chunk's id
 * was asked for.
 */
export function isWholeChunk(payload: Payload): boolean {
  return payload[FIELD.kind] === ("chunk" satisfies PointKind);
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
