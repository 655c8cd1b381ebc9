import { type EmbeddedDatabase, numberOf, type Row, textOf } from "./database.ts";
import { vectorTable, type StoredCollection } from "./schema.ts";
import type { VectorCodes } from "./vector-codes.ts";
import { bytesOfVector, type ChunkWindows, keyOf, keysOf, placeOfKey } from "./vector-table.ts";

/** Largest `k` that sqlite-vec takes. */
const LARGEST_K = 4096;

/** Up to this share of all vectors, looking up each allowed vector costs less than a scan of all. */
const POINT_LOOKUP_SHARE = 1 / 8;

/** Up to this number, looking vectors up is faster than any scan. */
const FEW_WINDOWS = 128;

/** What {@link nearestChunks} looks for. */
export interface NearestQuery {
  readonly vector: Float32Array;
  readonly limit: number;
  /** The chunks to look at; null for all. */
  readonly allowed: readonly ChunkWindows[] | null;
  /** Gives the codes of the collection's vectors if they are in memory; it is called only if they would help. */
  readonly codes: () => VectorCodes | null;
}

/** The chunks with the nearest windows: the best cosine of each, by its row. */
export function nearestChunks(
  database: EmbeddedDatabase,
  collection: StoredCollection,
  { vector, limit, allowed, codes: findCodes }: NearestQuery,
): Map<number, number> {
  if (limit <= 0 || allowed?.length === 0) return new Map();
  const windows = allowed === null ? Infinity : countWindows(allowed);
  const codes = windows <= FEW_WINDOWS ? null : findCodes();
  if (codes !== null) {
    return largest(database, nearestOfCodes(database, collection, { vector, limit, allowed, codes }), limit);
  }
  const found =
    allowed !== null && windows <= Math.max(FEW_WINDOWS, collection.vectors * POINT_LOOKUP_SHARE)
      ? cosines(database, collection, { vector, chunks: allowed })
      : nearestInFile(database, collection, { vector, limit, allowed });
  return largest(database, found, limit);
}

/** Asks for more vectors until there are enough chunks: several of the nearest windows may belong to one chunk. */
function nearestInFile(
  database: EmbeddedDatabase,
  collection: StoredCollection,
  { vector, limit, allowed }: Omit<NearestQuery, "codes">,
): Map<number, number> {
  const keys = allowed === null ? null : JSON.stringify(allowed.flatMap(keysOf));
  const windows = allowed === null ? collection.vectors : countWindows(allowed);
  for (let k = limit + 1; k <= LARGEST_K; k = Math.min(k * 4, Math.max(LARGEST_K, k + 1))) {
    const found = nearestWindows(database, collection, { vector, k, keys });
    if (found.windows === windows) return found.cosines;
    const worst = valueOfRank(found.cosines.values(), limit);
    // Vectors of zeros, whose cosine counts as 0, are missing among these: if the worst is not above 0, all cosines are
    // computed.
    if (found.windows < k || worst <= 0) break;
    if (worst > found.last) return found.cosines;
  }
  return allCosines(database, collection, { vector, keys });
}

/**
 * Reads the exact cosines of candidates from the file, by falling bound, until no bound reaches the best ones found so
 * far. The result is exactly that of a full scan, including all that are as near as the last one.
 */
function nearestOfCodes(
  database: EmbeddedDatabase,
  collection: StoredCollection,
  { vector, limit, allowed, codes }: Omit<NearestQuery, "codes"> & { readonly codes: VectorCodes },
): Map<number, number> {
  const cosineAt = cosineReader(database, collection, vector);
  const best = new Map<number, number>();
  let worst = -Infinity;
  const marks = allowed === null ? null : marksOf(allowed);
  for (const { slot, row, window, bound } of codes.candidates({ vector, limit, allowed: marks })) {
    if (bound < worst) break;
    const cosine = cosineAt(row, window);
    // It was deleted: only new vectors are reported to those who have vectors in memory.
    if (cosine === null) {
      codes.dropSlot(slot);
      continue;
    }
    keepBest(best, row, cosine);
    if (best.size >= limit && cosine > worst) worst = valueOfRank(best.values(), limit);
  }
  return best;
}

/** 1 at each of the rows. */
export function marksOf(chunks: readonly { readonly row: number }[]): Uint8Array {
  const marks = new Uint8Array(chunks.reduce((most, { row }) => Math.max(most, row + 1), 0));
  for (const { row } of chunks) marks[row] = 1;
  return marks;
}

function valueOfRank(values: Iterable<number>, rank: number): number {
  const sorted = Float64Array.from(values).toSorted();
  return sorted[sorted.length - rank] ?? -Infinity;
}

/** Makes the function that reads the cosine of the query and one stored vector; null if there is none. */
function cosineReader(
  database: EmbeddedDatabase,
  collection: StoredCollection,
  vector: Float32Array,
): (row: number, window: number) => number | null {
  const distance = database.statement(
    `SELECT vec_distance_cosine(embedding, ?) AS distance FROM ${vectorTable(collection)} WHERE rowid = ?`,
  );
  const bytes = bytesOfVector(vector);
  return (row, window) => {
    const found = distance.get(bytes, keyOf(row, window));
    return found === undefined ? null : cosineOf(found["distance"]);
  };
}

/** The best cosine of each given chunk by its row, exact. */
export function cosines(
  database: EmbeddedDatabase,
  collection: StoredCollection,
  { vector, chunks }: { readonly vector: Float32Array; readonly chunks: readonly ChunkWindows[] },
): Map<number, number> {
  const cosineAt = cosineReader(database, collection, vector);
  const best = new Map<number, number>();
  for (const { row, windows } of chunks) {
    for (let window = 0; window < windows; window += 1) {
      const cosine = cosineAt(row, window);
      if (cosine !== null) keepBest(best, row, cosine);
    }
  }
  return best;
}

function nearestWindows(
  database: EmbeddedDatabase,
  collection: StoredCollection,
  { vector, k, keys }: { readonly vector: Float32Array; readonly k: number; readonly keys: string | null },
): { readonly windows: number; readonly last: number; readonly cosines: Map<number, number> } {
  // The limit of the distance leaves out only vectors of zeros, which have no distance and would take places in the
  // result.
  const select = `SELECT rowid AS key, distance FROM ${vectorTable(collection)}
    WHERE embedding MATCH ? AND k = ? AND distance <= 3`;
  const bytes = bytesOfVector(vector);
  const rows =
    keys === null
      ? database.statement(select).all(bytes, k)
      : database.statement(`${select} AND ${AMONG_KEYS}`).all(bytes, k, keys);
  return { windows: rows.length, last: cosineOf(rows.at(-1)?.["distance"]), cosines: bestByRow(rows) };
}

function allCosines(
  database: EmbeddedDatabase,
  collection: StoredCollection,
  { vector, keys }: { readonly vector: Float32Array; readonly keys: string | null },
): Map<number, number> {
  const select = `SELECT rowid AS key, vec_distance_cosine(embedding, ?) AS distance FROM ${vectorTable(collection)}`;
  const bytes = bytesOfVector(vector);
  const rows =
    keys === null
      ? database.statement(select).iterate(bytes)
      : database.statement(`${select} WHERE ${AMONG_KEYS}`).iterate(bytes, keys);
  return bestByRow(rows);
}

const AMONG_KEYS = "rowid IN (SELECT value FROM json_each(?))";

/** The best cosine of each chunk among vectors with their keys and distances. */
function bestByRow(vectors: Iterable<Row>): Map<number, number> {
  const best = new Map<number, number>();
  for (const { key, distance } of vectors) keepBest(best, placeOfKey(numberOf(key)).row, cosineOf(distance));
  return best;
}

/** The `limit` entries with the largest values; of equal ones those with the smallest ids, however they were found. */
function largest(database: EmbeddedDatabase, scores: Map<number, number>, limit: number): Map<number, number> {
  if (scores.size <= limit) return scores;
  const worst = valueOfRank(scores.values(), limit);
  const better = [...scores].filter(([, value]) => value > worst);
  const idOf = database.statement("SELECT id FROM chunks WHERE row = ?");
  const equal = [...scores]
    .filter(([, value]) => value === worst)
    .map((entry) => ({ entry, id: textOf(idOf.get(entry[0])?.["id"]) }))
    .toSorted((left, right) => (left.id < right.id ? -1 : 1));
  return new Map([...better, ...equal.slice(0, limit - better.length).map(({ entry }) => entry)]);
}

function keepBest(best: Map<number, number>, row: number, cosine: number): void {
  const known = best.get(row);
  if (known === undefined || cosine > known) best.set(row, cosine);
}

/** sqlite-vec gives no distance for a vector of zeros; its cosine counts as 0. */
function cosineOf(distance: unknown): number {
  return typeof distance === "number" && Number.isFinite(distance) ? 1 - distance : 0;
}

function countWindows(chunks: readonly ChunkWindows[]): number {
  return chunks.reduce((sum, { windows }) => sum + windows, 0);
}
