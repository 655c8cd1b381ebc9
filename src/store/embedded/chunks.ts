import type { Chunk, IndexedChunk } from "../../domain/chunk.ts";
import type { StoredCollection } from "./schema.ts";
import { CitewellError } from "../../errors.ts";
import { countUp, findCollection } from "./collections.ts";
import {
  bytesOf,
  decodeText,
  type EmbeddedDatabase,
  encodeText,
  numberOf,
  type Row,
  textOf,
  textOrNull,
} from "./database.ts";
import { createPostingChanges } from "./postings.ts";
import type { EmbeddedOperations, PackedPoints } from "./protocol.ts";
import { type ChunkWindows, chunkWindowsOf, compactVectors, deleteVectors, insertVectors } from "./vector-table.ts";

type ChunkOperations = Pick<
  EmbeddedOperations,
  "chunkStates" | "listChunks" | "upsertChunks" | "refreshChunks" | "deleteChunks"
>;

/** Columns of a chunk's payload, in the order of {@link payloadOf}. */
const PAYLOAD_COLUMNS: readonly string[] = [
  "document",
  "root",
  "source",
  "title",
  "language",
  "ordinal",
  "span_start",
  "span_end",
  "line_start",
  "line_end",
  "page",
  "symbol",
  "signature",
  "heading",
  "text",
  "fingerprint",
  "terms",
];

/** Stores chunks, their words and their vectors. */
export function createChunkOperations(database: EmbeddedDatabase): ChunkOperations {
  return {
    chunkStates(name, documentId) {
      return database.read(() => {
        const { id } = findCollection(database, name);
        return database
          .statement("SELECT id, fingerprint FROM chunks WHERE collection = ? AND document = ?")
          .all(id, documentId)
          .map((row) => ({ id: textOf(row["id"]), fingerprint: textOf(row["fingerprint"]) }));
      });
    },
    listChunks(name, documentId) {
      return database.read(() => {
        const { id } = findCollection(database, name);
        return database
          .statement("SELECT * FROM chunks WHERE collection = ? AND document = ? ORDER BY ordinal, id")
          .all(id, documentId)
          .map(chunkOf);
      });
    },
    upsertChunks(name, points) {
      database.mapFile(false);
      database.write(() => upsertChunks(database, findCollection(database, name), points));
    },
    refreshChunks(name, chunks) {
      database.write(() => refreshChunks(database, findCollection(database, name), chunks));
    },
    deleteChunks(name, ids) {
      database.write(() => {
        const collection = findCollection(database, name);
        const rows = [...new Set(ids)].map((id) => findChunk(database, collection, id)?.row);
        deleteChunkRows(database, { collection, rows: rows.filter((row) => row !== undefined) });
      });
    },
  };
}

/** Removes chunks with their words and vectors and counts them off. */
export function deleteChunkRows(
  database: EmbeddedDatabase,
  { collection, rows }: { readonly collection: StoredCollection; readonly rows: readonly number[] },
): void {
  if (rows.length === 0) return;
  const select = database.statement("SELECT windows, terms FROM chunks WHERE row = ?");
  const remove = database.statement("DELETE FROM chunks WHERE row = ?");
  const postings = createPostingChanges();
  const gone = rows.map((row) => {
    const found = select.get(row);
    postings.remove(row, decodeTerms(found?.["terms"]));
    remove.run(row);
    return { row, windows: numberOf(found?.["windows"]) };
  });
  postings.write(database, collection.id);
  deleteVectors(database, collection, gone);
  const vectors = gone.reduce((sum, { windows }) => sum + windows, 0);
  countUp(database, collection, { chunks: -gone.length, vectors: -vectors });
  compactVectors(database, { ...collection, vectors: collection.vectors - vectors });
}

/** The chunk that a row of its table holds. */
export function chunkOf(row: Row): Chunk {
  return {
    id: textOf(row["id"]),
    documentId: textOf(row["document"]),
    root: textOf(row["root"]),
    source: textOf(row["source"]),
    title: textOrNull(row["title"]),
    language: textOf(row["language"]),
    ordinal: numberOf(row["ordinal"]),
    text: decodeText(row["text"]),
    span: { start: numberOf(row["span_start"]), end: numberOf(row["span_end"]) },
    lines: { start: numberOf(row["line_start"]), end: numberOf(row["line_end"]) },
    page: row["page"] === null ? null : numberOf(row["page"]),
    symbol: textOrNull(row["symbol"]),
    signature: textOrNull(row["signature"]),
    heading: textOrNull(row["heading"]),
  };
}

function upsertChunks(database: EmbeddedDatabase, collection: StoredCollection, points: PackedPoints): void {
  checkLengths(collection, points);
  const insert = database.statement(
    `INSERT INTO chunks (collection, id, version, windows, ${PAYLOAD_COLUMNS.join(", ")})
     VALUES (?, ?, ?, ?${", ?".repeat(PAYLOAD_COLUMNS.length)})`,
  );
  const move = database.statement("UPDATE chunks SET version = ?, windows = ? WHERE row = ?");
  const version = collection.version + 1;
  const postings = createPostingChanges();
  let position = 0;
  let vectorChange = 0;
  let chunkChange = 0;
  for (const [index, point] of points.chunks.entries()) {
    const windows = points.vectorLengths[index]?.length ?? 0;
    const vectors = Array.from({ length: windows }, () =>
      points.vectors.subarray(position, (position += collection.dimensions)),
    );
    const known = findChunk(database, collection, point.chunk.id);
    let row = known?.row;
    if (known === null || row === undefined) {
      row = Number(insert.run(collection.id, point.chunk.id, version, windows, ...payloadOf(point)).lastInsertRowid);
      chunkChange += 1;
    } else {
      postings.remove(row, known.terms);
      deleteVectors(database, collection, [known]);
      updateChunk(database, point, row);
      move.run(version, windows, row);
    }
    postings.set(row, point.terms);
    insertVectors(database, collection, { row, vectors });
    vectorChange += windows - (known?.windows ?? 0);
  }
  postings.write(database, collection.id);
  countUp(database, collection, { chunks: chunkChange, vectors: vectorChange, version: 1 });
  compactVectors(database, { ...collection, vectors: collection.vectors + vectorChange });
}

function refreshChunks(
  database: EmbeddedDatabase,
  collection: StoredCollection,
  chunks: readonly IndexedChunk[],
): void {
  const postings = createPostingChanges();
  for (const point of chunks) {
    const known = findChunk(database, collection, point.chunk.id);
    if (known === null) continue;
    postings.remove(known.row, known.terms);
    postings.set(known.row, point.terms);
    updateChunk(database, point, known.row);
  }
  postings.write(database, collection.id);
}

interface KnownChunk extends ChunkWindows {
  readonly terms: Uint32Array;
}

function findChunk(database: EmbeddedDatabase, collection: StoredCollection, id: string): KnownChunk | null {
  const found = database
    .statement("SELECT row, windows, terms FROM chunks WHERE collection = ? AND id = ?")
    .get(collection.id, id);
  if (found === undefined) return null;
  return { ...chunkWindowsOf(found), terms: decodeTerms(found["terms"]) };
}

function updateChunk(database: EmbeddedDatabase, point: IndexedChunk, row: number): void {
  database
    .statement(`UPDATE chunks SET ${PAYLOAD_COLUMNS.map((column) => `${column} = ?`).join(", ")} WHERE row = ?`)
    .run(...payloadOf(point), row);
}

function payloadOf({ chunk, terms, fingerprint }: IndexedChunk): (string | number | null | Uint8Array)[] {
  return [
    chunk.documentId,
    chunk.root,
    chunk.source,
    chunk.title,
    chunk.language,
    chunk.ordinal,
    chunk.span.start,
    chunk.span.end,
    chunk.lines.start,
    chunk.lines.end,
    chunk.page,
    chunk.symbol,
    chunk.signature,
    chunk.heading,
    encodeText(chunk.text),
    fingerprint,
    new Uint8Array(Uint32Array.from(terms.indices).buffer),
  ];
}

function decodeTerms(value: Row[string] | undefined): Uint32Array {
  // The copy is aligned, which a view into the reply need not be.
  return new Uint32Array(bytesOf(value).slice().buffer);
}

function checkLengths({ dimensions }: StoredCollection, { chunks, vectorLengths }: PackedPoints): void {
  for (const [index, lengths] of vectorLengths.entries()) {
    const wrong = lengths.find((length) => length !== dimensions);
    if (wrong === undefined) continue;
    throw sizeMismatch(wrong, dimensions, `the chunk of ${chunks[index]?.chunk.source ?? "an unknown source"}`);
  }
}

/** The error for a vector that does not fit a collection. */
export function sizeMismatch(length: number, dimensions: number, owner: string): CitewellError {
  return new CitewellError(
    "embedding_size_mismatch",
    `The collection holds vectors of ${dimensions} numbers, that of ${owner} has ${length}: use the embedding model that the collection was made with, or index it again.`,
  );
}
