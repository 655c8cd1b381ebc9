import type { Schemas } from "@qdrant/js-client-rest";
import type { ChunkPoint, IndexedChunk } from "../../domain/chunk.ts";
import { slices } from "../../domain/slices.ts";
import { isCitewellError } from "../../errors.ts";
import type { DocumentMetadata } from "../../domain/document-metadata.ts";
import type { ChunkMetadata, MetadataById } from "./chunk-metadata.ts";
import type { KnownFacts } from "./collection-facts.ts";
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
import type { FieldOptions, Operations, QdrantRequests } from "./requests.ts";
import { checkVectors } from "../check-vectors.ts";
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
  { factsFor, metadata: copies }: ChunksContext,
): QdrantChunks {
  const { requireCollection, retrieve, scroll, write } = requests;
  const documentsOf = (chunks: readonly IndexedChunk[]): string[] => chunks.map(({ chunk }) => chunk.documentId);

  return {
    async chunkStates(name, documentId, options = {}) {
      const listed = await scrollChunks(name, documentId, { ...options, limit: STATES_PER_PAGE, fields: STATE_FIELDS });
      return listed.map(chunkStateOf);
    },

    async listChunks(name, documentId, options = {}) {
      const listed = await scrollChunks(name, documentId, { ...options, limit: CHUNKS_PER_PAGE });
      return listed.map(chunkOf).toSorted((left, right) => left.ordinal - right.ordinal);
    },

    async upsertChunks(name, points, options = {}) {
      if (points.length === 0) return requireCollection(name, options);
      checkVectors(points);
      // A single upsert is all or nothing, but a call may need several: sizes are checked before the first.
      const lengths = points.flatMap(({ vectors }) => vectors.map(({ length }) => length));
      await factsFor(name, lengths, options);
      await copies.ensure(name, options);
      const metadata = await copies.ofDocuments(name, documentsOf(points), options);
      const groups = points.map((point) => groupOf(point, metadata.get(point.chunk.documentId)));
      for (const batch of batches(groups)) await writeBatch(name, batch, options);
    },

    async refreshChunks(name, chunks, options = {}) {
      if (chunks.length === 0) return requireCollection(name, options);
      await copies.ensure(name, options);
      for (const some of slices(chunks, POINTS_PER_REQUEST)) await refreshBatch(name, some, options);
    },

    async deleteChunks(name, ids, options = {}) {
      if (ids.length === 0) return requireCollection(name, options);
      // Windows carry the id of their chunk as well.
      const filter = qdrantFilter({ chunkIds: ids });
      await write(name, [{ delete: { filter } }], options);
    },
  };

  async function scrollChunks(
    name: string,
    documentId: string,
    { limit, ...options }: FieldOptions & { readonly limit: number },
  ): Promise<Payload[]> {
    const listed: Payload[] = [];
    const filter = qdrantFilter({ kinds: ["chunk"], documentIds: [documentId] });
    for await (const page of scroll(name, { filter, limit }, options)) listed.push(...page);
    return listed;
  }

  async function writeBatch(name: string, batch: readonly Group[], options: CallOptions): Promise<void> {
    const points = batch.flatMap((group) => group.points);
    const chunkIds = batch.map(({ chunkId }) => chunkId);
    const stale = qdrantFilter({ kinds: ["window"], chunkIds, exceptPoints: points.map(({ id }) => String(id)) });
    try {
      // A chunk may have had more windows before.
      await write(name, [{ upsert: { points } }, { delete: { filter: stale } }], options);
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
      try {
        await write(name, operations, options);
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
    const known = new Set((await retrieve(name, ids, { ...options, fields: CHUNK_ID_FIELDS })).map(chunkIdOf));
    return chunks.filter(({ chunk }) => known.has(chunk.id));
  }
}

interface ChunksContext extends Pick<KnownFacts, "factsFor"> {
  readonly metadata: ChunkMetadata;
}

function refreshOperations(chunks: readonly IndexedChunk[], metadata: MetadataById): Operations {
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
