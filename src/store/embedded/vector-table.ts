import { bytesOf, type EmbeddedDatabase, numberOf, type Row } from "./database.ts";
import { vectorTable, type StoredCollection } from "./schema.ts";

/** The smallest squared length that is safe in floats. */
export const SHORTEST_SQUARED: number = 1e-30;

/** The largest squared length that is safe in floats. */
export const LONGEST_SQUARED: number = 1e30;

/** A vector's key is its chunk's row times this, plus the number of the window. */
const WINDOWS_PER_CHUNK = 65_536;

/** How many vectors sqlite-vec keeps in one piece (its chunk). */
const VECTORS_PER_PIECE = 1024;

/** A chunk's row and the number of its vectors. */
export interface ChunkWindows {
  readonly row: number;
  readonly windows: number;
}

/** The columns `row` and `windows` of a chunk. */
export function chunkWindowsOf({ row, windows }: Row): ChunkWindows {
  return { row: numberOf(row), windows: numberOf(windows) };
}

/** Makes the table for a collection's vectors. */
export function createVectorTable(database: EmbeddedDatabase, collection: StoredCollection): void {
  database.run(
    `CREATE VIRTUAL TABLE ${vectorTable(collection)} USING vec0(
       embedding float[${collection.dimensions}] distance_metric=cosine, chunk_size=${VECTORS_PER_PIECE})`,
  );
}

/** Stores a chunk's vectors; it must have none. */
export function insertVectors(
  database: EmbeddedDatabase,
  collection: StoredCollection,
  { row, vectors }: { readonly row: number; readonly vectors: readonly Float32Array[] },
): void {
  if (vectors.length > WINDOWS_PER_CHUNK) {
    throw new TypeError(`a chunk has at most ${WINDOWS_PER_CHUNK} vectors, got ${vectors.length}`);
  }
  const insert = database.statement(`INSERT INTO ${vectorTable(collection)} (rowid, embedding) VALUES (?, ?)`);
  for (const [window, vector] of vectors.entries()) insert.run(keyOf(row, window), bytesOfVector(vector));
}

/** Removes the vectors of chunks. */
export function deleteVectors(
  database: EmbeddedDatabase,
  collection: StoredCollection,
  chunks: readonly ChunkWindows[],
): void {
  const remove = database.statement(`DELETE FROM ${vectorTable(collection)} WHERE rowid = ?`);
  for (const { row, windows } of chunks) {
    for (let window = 0; window < windows; window += 1) remove.run(keyOf(row, window));
  }
}

/**
 * Rewrites the vectors when more than half of the table is holes: sqlite-vec scans the space of deleted vectors too,
 * and rarely uses it again.
 */
export function compactVectors(database: EmbeddedDatabase, collection: StoredCollection): void {
  const table = vectorTable(collection);
  const pieces = numberOf(database.statement(`SELECT count(*) AS pieces FROM ${table}_chunks`).get()?.["pieces"]);
  if (pieces * VECTORS_PER_PIECE <= 2 * (collection.vectors + VECTORS_PER_PIECE)) return;
  const next = { ...collection, generation: collection.generation + 1 };
  createVectorTable(database, next);
  database.run(`INSERT INTO ${vectorTable(next)} (rowid, embedding) SELECT rowid, embedding FROM ${table}`);
  database.run(`DROP TABLE ${table}`);
  database.statement("UPDATE collections SET generation = ? WHERE id = ?").run(next.generation, collection.id);
}

/** A stored vector with its place. */
export interface PlacedVector {
  readonly row: number;
  readonly window: number;
  readonly vector: Float32Array;
}

/** The pieces in which sqlite-vec keeps a collection's vectors. */
export function listPieces(database: EmbeddedDatabase, collection: StoredCollection): number[] {
  return database
    .statement(`SELECT chunk_id AS piece FROM ${vectorTable(collection)}_chunks`)
    .all()
    .map((row) => numberOf(row["piece"]));
}

/** All vectors of a piece, read from sqlite-vec's own tables: some twenty times as fast as one by one. */
export function* readPiece(
  database: EmbeddedDatabase,
  collection: StoredCollection,
  piece: number,
): Generator<PlacedVector> {
  const table = vectorTable(collection);
  const found = database
    .statement(
      `SELECT validity, rowids, vectors FROM ${table}_chunks JOIN ${table}_vector_chunks00 AS stored
       ON stored.rowid = chunk_id WHERE chunk_id = ?`,
    )
    .get(piece);
  // The piece was emptied after the pieces were listed.
  if (found === undefined) return;
  const isThere = bytesOf(found["validity"]);
  const keys = new BigInt64Array(aligned(bytesOf(found["rowids"])));
  const vectors = new Float32Array(aligned(bytesOf(found["vectors"])));
  const { dimensions } = collection;
  for (const [at, key] of keys.entries()) {
    if (((isThere[at >> 3] ?? 0) & (1 << (at & 7))) === 0) continue;
    yield { ...placeOfKey(Number(key)), vector: vectors.subarray(at * dimensions, (at + 1) * dimensions) };
  }
}

/** The vectors of chunks. */
export function* readVectors(
  database: EmbeddedDatabase,
  collection: StoredCollection,
  chunks: readonly ChunkWindows[],
): Generator<PlacedVector> {
  const select = database.statement(`SELECT embedding FROM ${vectorTable(collection)} WHERE rowid = ?`);
  for (const { row, windows } of chunks) {
    for (let window = 0; window < windows; window += 1) {
      const found = select.get(keyOf(row, window));
      if (found === undefined) continue;
      yield { row, window, vector: new Float32Array(aligned(bytesOf(found["embedding"]))) };
    }
  }
}

/** Keys of all windows of a chunk. */
export function keysOf({ row, windows }: ChunkWindows): number[] {
  return Array.from({ length: windows }, (_, window) => Number(keyOf(row, window)));
}

/** sqlite-vec takes keys as integers only, and node:sqlite binds a number as a double. */
export function keyOf(row: number, window: number): bigint {
  return BigInt(row * WINDOWS_PER_CHUNK + window);
}

/** The chunk's row and the window that a key stands for. */
export function placeOfKey(key: number): { readonly row: number; readonly window: number } {
  return { row: Math.floor(key / WINDOWS_PER_CHUNK), window: key % WINDOWS_PER_CHUNK };
}

/** Copies bytes to a buffer of their own, in which numbers of 32 bits are aligned. */
function aligned(bytes: Uint8Array): ArrayBuffer {
  if (bytes.byteOffset === 0 && bytes.byteLength === bytes.buffer.byteLength && bytes.buffer instanceof ArrayBuffer) {
    return bytes.buffer;
  }
  return bytes.slice().buffer;
}

/** Whether sqlite-vec, which calculates with floats, can work with a vector's length. */
function hasUsualLength(vector: Float32Array): boolean {
  const squared = squaredLength(vector);
  return squared >= SHORTEST_SQUARED && squared <= LONGEST_SQUARED;
}

function squaredLength(vector: Float32Array): number {
  let sum = 0;
  // An index loop, since iterating takes ten times as long.
  for (let at = 0; at < vector.length; at += 1) sum += (vector[at] ?? 0) ** 2;
  return sum;
}

/**
 * A vector as bytes for SQLite. It is normalised to length one if floats cannot hold its squared length, which cosines
 * need.
 */
export function bytesOfVector(vector: Float32Array): Uint8Array {
  const { buffer, byteOffset, byteLength } = hasUsualLength(vector) ? vector : shortened(vector);
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function shortened(vector: Float32Array): Float32Array {
  const length = Math.sqrt(squaredLength(vector));
  return length > 0 ? vector.map((value) => value / length) : vector;
}
