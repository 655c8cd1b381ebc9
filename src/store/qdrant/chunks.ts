import type { QdrantClient, Schemas } from "@qdrant/js-client-rest";
import type { ChunkPoint, IndexedChunk } from "../../domain/chunk.ts";
import { CitewellError, isCitewellError } from "../../errors.ts";
import type { DocumentMetadata } from "../../domain/document-metadata.ts";
import type { ChunkMetadata, MetadataById } from "./chunk-metadata.ts";
import type { QdrantCollections } from "./collections.ts";
import { isPointMissing } from "./errors.ts";
import { qdrantFilter } from "./filter.ts";
import {
  CHUNK_ID_FIELDS,
  chunkIdOf,
  chunkOf,
  chunkPayload,
  chunkPointId,
  chunkPoints,
  chunkStateOf,
  sparseVector,
  STATE_FIELDS,
  windowFields,
} from "./chunk-payload.ts";
import { type Payload, SPARSE_VECTOR } from "./payload.ts";
import type { QdrantRequests } from "./requests.ts";
import { formatMetadata } from "../metadata-text.ts";
import type { CallOptions, VectorStore } from "../vector-store.ts";

/** The part of a store that writes and lists chunks. */
export type QdrantChunks = Pick<
  VectorStore,
  "chunkStates" | "listChunks" | "upsertChunks" | "refreshChunks" | "deleteChunks"
>;

/** The most points in one request. */
export const POINTS_PER_REQUEST = 128;
// Half of what the server takes in one request, since the size is an estimate.
const REQUEST_BYTES = 16 * 1024 * 1024;
const STATES_PER_PAGE = 1000;
const CHUNKS_PER_PAGE = 256;
const REFRESH_ROUNDS = 5;

/** A chunk's points with an estimate of their size as JSON. */
interface Group {
  readonly chunkId: string;
  readonly points: readonly Schemas["PointStruct"][];
  readonly bytes: number;
}

/** Chunks as points of the kind `chunk`, their further windows as points of the kind `window`. */
export function createQdrantChunks(
  requests: QdrantRequests,
  { factsOf, metadata: copies }: ChunksContext,
): QdrantChunks {
  const { onCollection, requireCollection } = requests;
  const documentsOf = (chunks: readonly IndexedChunk[]): string[] => chunks.map(({ chunk }) => chunk.documentId);

  return {
    async chunkStates(name, documentId, options = {}) {
      const payloads = await scrollChunks(name, { documentId, fields: STATE_FIELDS, limit: STATES_PER_PAGE, options });
      return payloads.map(chunkStateOf);
    },

    async listChunks(name, documentId, options = {}) {
      const payloads = await scrollChunks(name, { documentId, limit: CHUNKS_PER_PAGE, options });
      return payloads.map(chunkOf).toSorted((left, right) => left.ordinal - right.ordinal);
    },

    async upsertChunks(name, points, options = {}) {
      if (points.length === 0) return requireCollection(name, options);
      await checkSizes(name, points, options);
      await copies.ensure(name, options);
      const metadata = await copies.ofDocuments(name, documentsOf(points), options);
      const groups = points.map((point) => groupOf(point, metadata.get(point.chunk.documentId)));
      for (const batch of batches(groups)) await writeBatch(name, batch, options);
    },

    async refreshChunks(name, chunks, options = {}) {
      if (chunks.length === 0) return requireCollection(name, options);
      await copies.ensure(name, options);
      for (let at = 0; at < chunks.length; at += POINTS_PER_REQUEST) {
        await refreshBatch(name, chunks.slice(at, at + POINTS_PER_REQUEST), options);
      }
    },

    async deleteChunks(name, ids, options = {}) {
      if (ids.length === 0) return requireCollection(name, options);
      // Windows carry the id of their chunk as well.
      const filter = qdrantFilter({ chunkIds: ids });
      await onCollection(name, async (client, alias) => client.delete(alias, { wait: true, filter }), options);
    },
  };

  async function scrollChunks(name: string, { documentId, fields, limit, options }: ScrollOptions): Promise<Payload[]> {
    const payloads: Payload[] = [];
    let offset: Schemas["ScrollRequest"]["offset"];
    do {
      const request = {
        filter: qdrantFilter({ kinds: ["chunk"], documentIds: [documentId] }),
        limit,
        with_payload: fields === undefined ? true : [...fields],
        with_vector: false,
        ...(offset !== undefined && { offset }),
      };
      const page = await onCollection(name, async (client, alias) => client.scroll(alias, request), options);
      for (const { payload } of page.points) if (payload) payloads.push(payload);
      offset = scrollOffset(page.next_page_offset);
    } while (offset !== undefined);
    return payloads;
  }

  /** A single upsert is all or nothing, but a call may need several: sizes are checked before the first. */
  async function checkSizes(name: string, points: readonly ChunkPoint[], options: CallOptions): Promise<void> {
    for (const fresh of [false, true]) {
      const { dimensions } = await factsOf(name, { ...options, fresh });
      const wrong = points.flatMap(({ vectors }) => vectors).find(({ length }) => length !== dimensions);
      if (wrong === undefined) return;
      // The remembered facts may be from before a re-indexing, so the server is asked once more before refusing.
      if (fresh) throw sizeMismatch(name, { dimensions, got: wrong.length });
    }
  }

  async function writeBatch(name: string, batch: readonly Group[], options: CallOptions): Promise<void> {
    const points = batch.flatMap((group) => group.points);
    const chunkIds = batch.map(({ chunkId }) => chunkId);
    const stale = qdrantFilter({ kinds: ["window"], chunkIds, exceptPoints: points.map(({ id }) => String(id)) });
    const operations: Schemas["UpdateOperations"]["operations"] = [
      { upsert: { points } },
      // A chunk may have had more windows before.
      { delete: { filter: stale } },
    ];
    const request = async (client: QdrantClient, alias: string): Promise<unknown> =>
      client.batchUpdate(alias, { wait: true, operations });
    try {
      await onCollection(name, request, options);
    } catch (error) {
      if (!isCitewellError(error, "payload_too_large") || batch.length === 1) throw error;
      const half = Math.ceil(batch.length / 2);
      await writeBatch(name, batch.slice(0, half), options);
      await writeBatch(name, batch.slice(half), options);
    }
  }

  async function refreshBatch(name: string, chunks: readonly IndexedChunk[], options: CallOptions): Promise<void> {
    for (let round = 1; ; round += 1) {
      const [known, metadata] = await Promise.all([
        present(name, chunks, options),
        copies.ofDocuments(name, documentsOf(chunks), options),
      ]);
      const operations = refreshOperations(known, metadata);
      if (operations.length === 0) return;
      const request = async (client: QdrantClient, alias: string): Promise<unknown> =>
        client.batchUpdate(alias, { wait: true, operations });
      try {
        await onCollection(name, request, options);
        return;
      } catch (error) {
        // A chunk was deleted between the two requests: look again which ones exist.
        if (!isPointMissing(error) || round === REFRESH_ROUNDS) throw error;
      }
    }
  }

  /** Qdrant refuses to change a point that does not exist, so the existing ones are asked for first. */
  async function present(
    name: string,
    chunks: readonly IndexedChunk[],
    options: CallOptions,
  ): Promise<readonly IndexedChunk[]> {
    const ids = chunks.map(({ chunk }) => chunkPointId(chunk.id));
    const request = { ids, with_payload: CHUNK_ID_FIELDS, with_vector: false };
    const points = await onCollection(name, async (client, alias) => client.retrieve(alias, request), options);
    const known = new Set(points.map(({ payload }) => chunkIdOf(payload ?? {})));
    return chunks.filter(({ chunk }) => known.has(chunk.id));
  }
}

interface ChunksContext extends Pick<QdrantCollections, "factsOf"> {
  readonly metadata: ChunkMetadata;
}

interface ScrollOptions {
  readonly documentId: string;
  /** Payload fields to give back; all without it. */
  readonly fields?: readonly string[];
  readonly limit: number;
  readonly options: CallOptions;
}

/** The error for a vector that does not fit into its collection. */
export function sizeMismatch(
  name: string,
  { dimensions, got }: { readonly dimensions: number; readonly got: number },
): CitewellError {
  return new CitewellError(
    "embedding_size_mismatch",
    `The collection "${name}" holds vectors of ${dimensions} numbers, this one has ${got}; was it made with another embedding model? Use that model, or index into a new collection.`,
  );
}

function refreshOperations(
  chunks: readonly IndexedChunk[],
  metadata: MetadataById,
): Schemas["UpdateOperations"]["operations"] {
  if (chunks.length === 0) return [];
  const fieldsOf = ({ chunk }: IndexedChunk): Record<string, unknown> =>
    windowFields(chunk, metadata.get(chunk.documentId));
  const windows = Map.groupBy(chunks, (indexed) => JSON.stringify(fieldsOf(indexed)));
  return [
    ...chunks.map((indexed) => ({
      overwrite_payload: {
        payload: chunkPayload(indexed, metadata.get(indexed.chunk.documentId)),
        points: [chunkPointId(indexed.chunk.id)],
      },
    })),
    {
      update_vectors: {
        points: chunks.map(({ chunk, terms }) => ({
          id: chunkPointId(chunk.id),
          vector: { [SPARSE_VECTOR]: sparseVector(terms) },
        })),
      },
    },
    // By filter, since most chunks have no further windows, and a filter without a match is no error.
    ...[...windows.values()].map((group) => ({
      set_payload: {
        payload: group[0] === undefined ? {} : fieldsOf(group[0]),
        filter: qdrantFilter({ kinds: ["window"], chunkIds: group.map(({ chunk }) => chunk.id) }),
      },
    })),
  ];
}

function groupOf(point: ChunkPoint, metadata: DocumentMetadata | undefined): Group {
  // 22 characters for a number of a vector, 26 for a term, at most 6 bytes for a character of the text.
  const numbers = point.vectors.reduce((sum, { length }) => sum + length, 0);
  const said = (formatMetadata(metadata)?.length ?? 0) * 6 * Math.max(1, point.vectors.length);
  const bytes = numbers * 22 + point.terms.indices.length * 32 + point.chunk.text.length * 6 + said + 2000;
  return { chunkId: point.chunk.id, points: chunkPoints(point, metadata), bytes };
}

/** Cuts a list into batches within both limits; a chunk and its windows stay together. */
function* batches(groups: readonly Group[]): Generator<readonly Group[]> {
  let batch: Group[] = [];
  let points = 0;
  let bytes = 0;
  for (const group of groups) {
    const full = points + group.points.length > POINTS_PER_REQUEST || bytes + group.bytes > REQUEST_BYTES;
    if (full && batch.length > 0) {
      yield batch;
      [batch, points, bytes] = [[], 0, 0];
    }
    batch.push(group);
    points += group.points.length;
    bytes += group.bytes;
  }
  if (batch.length > 0) yield batch;
}

function scrollOffset(next: unknown): Schemas["ScrollRequest"]["offset"] {
  return typeof next === "string" || typeof next === "number" ? next : undefined;
}
