import { setFlagsFromString } from "node:v8";
import type { StoredCollection } from "./schema.ts";
import { runInNewContext } from "node:vm";
import { findCollectionById } from "./collections.ts";
import { type EmbeddedDatabase, numberOf } from "./database.ts";
import type { VectorMemory } from "./protocol.ts";
import { bytesPerCode, createVectorCodes, type VectorCodes } from "./vector-codes.ts";
import { chunkWindowsOf, listPieces, readPiece, readVectors } from "./vector-table.ts";
import { marksOf } from "./vectors.ts";

/** How many changed chunks a search reads to catch up; with more, it scans the file. */
const MOST_CHANGES = 1024;

/** After this time without a search the memory is released, in milliseconds. */
const IDLE_MS = 600_000;

/** Vectors of collections that are kept in memory, as one-byte codes and in step with the file. */
export interface ResidentVectors {
  /**
   * The collection's vectors as they are in the current transaction; null if they are not in memory. In that case they
   * are read after the search, so that the next one has them.
   */
  find(collection: StoredCollection): VectorCodes | null;
  /** Releases all memory. */
  close(): void;
}

/** The vectors of a collection, or those that have been read so far. */
interface Resident {
  readonly codes: VectorCodes;
  /** The version of the collection up to which all writes are included. */
  version: number;
  /** See {@link schemaCookie}. */
  readonly cookie: number;
  /** Memory for the vectors that existed when reading began. */
  readonly bytes: number;
  /** Generation of the table whose pieces are being read. */
  readonly generation: number;
  /** The pieces that are still to be read; null after the last one. */
  missing: number[] | null;
}

/** Keeps vectors in memory as far as `memory` allows. */
export function createResidentVectors(
  database: EmbeddedDatabase,
  { from, upTo, atOnce }: VectorMemory,
): ResidentVectors {
  const residents = new Map<number, Resident>();
  // Collections whose vectors could not be read, mostly for lack of memory; searches scan the file instead.
  const refused = new Set<number>();
  let idle: NodeJS.Timeout | undefined;

  const close = (): void => {
    clearTimeout(idle);
    residents.clear();
  };

  const giveBack = (): void => {
    if (residents.size === 0) return;
    close();
    // In a later turn, when no running code refers to the memory any more.
    setImmediate(collectGarbage);
  };

  const refuse = (id: number): void => {
    residents.delete(id);
    refused.add(id);
  };

  /** Begins to read a collection. The least recently used ones make room for it. */
  const begin = (collection: StoredCollection): Resident | null => {
    const before = residents.get(collection.id);
    residents.delete(collection.id);
    const { id, dimensions, version, generation, vectors } = collection;
    const bytes = vectors * bytesPerCode(dimensions);
    if (vectors < from || bytes > upTo || refused.has(id)) return null;
    for (const other of residents.keys()) {
      if (bytesOfAll(residents) + bytes > upTo) residents.delete(other);
    }
    const missing = listPieces(database, collection);
    // Memory that is much too large is released instead of used again, since it cannot shrink.
    const isFitting = before !== undefined && before.codes.size <= 2 * vectors + MOST_CHANGES;
    const codes = isFitting ? before.codes : createVectorCodes(dimensions, vectors);
    codes.clear();
    const cookie = schemaCookie(database);
    const resident: Resident = { codes, version, cookie, bytes, generation, missing };
    residents.set(id, resident);
    return resident;
  };

  /** Reads the next piece. Whatever is written meanwhile has a later version, and is read when a search asks for it. */
  const readNext = (collection: StoredCollection, resident: Resident): void => {
    const piece = resident.missing?.pop();
    if (piece !== undefined) {
      for (const { row, window, vector } of readPiece(database, collection, piece)) {
        resident.codes.add({ row, window }, vector);
      }
    }
    if (resident.missing?.length === 0) resident.missing = null;
  };

  const readOn = (id: number, resident: Resident): void => {
    // It was dropped, or begun anew.
    if (residents.get(id) !== resident) return;
    try {
      database.read(() => {
        const collection = findCollectionById(database, id);
        if (collection?.generation !== resident.generation) residents.delete(id);
        else readNext(collection, resident);
      });
    } catch {
      // Nobody waits for this reading. If something is wrong with the file, the next search reports it.
      refuse(id);
      return;
    }
    if (resident.missing !== null) setImmediate(readOn, id, resident);
  };

  const find = (collection: StoredCollection): VectorCodes | null => {
    const { id } = collection;
    const resident = residents.get(id);
    if (resident !== undefined) {
      if (resident.missing !== null) return null;
      // Moves it to the end of the map, as the one used last.
      residents.delete(id);
      residents.set(id, resident);
      if (catchUp(database, collection, resident)) return resident.codes;
    }
    const begun = begin(collection);
    if (begun === null) return null;
    if (!atOnce) {
      setImmediate(readOn, id, begun);
      return null;
    }
    while (begun.missing !== null) readNext(collection, begun);
    return begun.codes;
  };

  return {
    find(collection) {
      clearTimeout(idle);
      idle = setTimeout(giveBack, IDLE_MS).unref();
      try {
        return find(collection);
      } catch {
        // There is no memory, or no WebAssembly. If the cause is the file, the scan that follows reports it.
        refuse(collection.id);
        return null;
      }
    },
    close,
  };
}

function bytesOfAll(residents: ReadonlyMap<number, Resident>): number {
  return residents.values().reduce((sum, { bytes }) => sum + bytes, 0);
}

/** An idle thread never collects garbage by itself, and would keep the memory of what was released. */
function collectGarbage(): void {
  setFlagsFromString("--expose-gc");
  const collect: unknown = runInNewContext("gc");
  if (typeof collect === "function") collect();
}

/** SQLite's schema number. It changes when the file is restored from a copy, and otherwise only rarely. */
function schemaCookie(database: EmbeddedDatabase): number {
  return numberOf(database.statement("PRAGMA schema_version").get()?.["schema_version"]);
}

/**
 * Reads what was written since; false if too much was, if too many of the vectors in memory are gone, or if the file
 * may have been replaced.
 */
function catchUp(database: EmbeddedDatabase, collection: StoredCollection, resident: Resident): boolean {
  const { codes } = resident;
  if (codes.size > 2 * collection.vectors + MOST_CHANGES) return false;
  if (resident.version > collection.version || resident.cookie !== schemaCookie(database)) return false;
  if (resident.version === collection.version) return true;
  const changed = database
    .statement("SELECT row, windows FROM chunks WHERE collection = ? AND version > ? LIMIT ?")
    .all(collection.id, resident.version, MOST_CHANGES + 1)
    .map(chunkWindowsOf);
  if (changed.length > MOST_CHANGES) return false;
  codes.dropRows(marksOf(changed));
  for (const { row, window, vector } of readVectors(database, collection, changed)) codes.add({ row, window }, vector);
  resident.version = collection.version;
  return true;
}
