import { setFlagsFromString } from "node:v8";
import type { StoredCollection } from "./schema.ts";
import { runInNewContext } from "node:vm";
import { findCollectionById } from "./collections.ts";
import { type EmbeddedDatabase, numberOf } from "./database.ts";
import type { VectorMemory } from "./protocol.ts";
import { bytesPerCode, createVectorCodes, type VectorCodes } from "./vector-codes.ts";
import { listPieces, readPiece, readVectors } from "./vector-table.ts";
import { marksOf } from "./vectors.ts";

/** Changed chunks that a search reads before it scans; where there are more, the file is scanned. */
const MOST_CHANGES = 1024;

/** After so many milliseconds without a search the memory is given back. */
const IDLE_MS = 600_000;

/** Vectors of collections kept in memory, in short form and in step with the file. */
export interface ResidentVectors {
  /**
   * The collection's vectors as they are in the transaction under way; null where they are not in memory. Then they are
   * read after the search, so that the next one has them.
   */
  find(collection: StoredCollection): VectorCodes | null;
  /** Gives all memory back. */
  close(): void;
}

/** A collection's vectors, or those that were read so far. */
interface Resident {
  readonly codes: VectorCodes;
  /** All writes up to this version of the collection are in. */
  version: number;
  /** See {@link schemaCookie}. */
  readonly cookie: number;
  /** Memory for those that there were when reading began. */
  readonly bytes: number;
  /** That of the table whose pieces are being read. */
  readonly generation: number;
  /** The pieces that are still to be read; null when all have been. */
  missing: number[] | null;
}

/** Keeps vectors in memory as far as `memory` allows. */
export function createResidentVectors(
  database: EmbeddedDatabase,
  { from, upTo, atOnce }: VectorMemory,
): ResidentVectors {
  const residents = new Map<number, Resident>();
  // Those that could not be read, for want of memory above all: the file goes on answering.
  const refused = new Set<number>();
  let idle: NodeJS.Timeout | undefined;

  const close = (): void => {
    clearTimeout(idle);
    residents.clear();
  };

  const giveBack = (): void => {
    if (residents.size === 0) return;
    close();
    // After a turn, so that no code on its way holds on to it.
    setImmediate(collectGarbage);
  };

  const refuse = (id: number): void => {
    residents.delete(id);
    refused.add(id);
  };

  /** Begins to read a collection. Those not used for longest make room for it. */
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
    // Memory for many more is given back instead: it does not shrink.
    const isFitting = before !== undefined && before.codes.size <= 2 * vectors + MOST_CHANGES;
    const codes = isFitting ? before.codes : createVectorCodes(dimensions, vectors);
    codes.clear();
    const cookie = schemaCookie(database);
    const resident: Resident = { codes, version, cookie, bytes, generation, missing };
    residents.set(id, resident);
    return resident;
  };

  /** Reads the next piece. What is written meanwhile has a later version and is read when a search asks for it. */
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
    // Dropped, or begun anew.
    if (residents.get(id) !== resident) return;
    try {
      database.read(() => {
        const collection = findCollectionById(database, id);
        if (collection?.generation !== resident.generation) residents.delete(id);
        else readNext(collection, resident);
      });
    } catch {
      // Nobody waits for this reading. The next search reads the same file and says what is wrong with it.
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
      // Used last.
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
        // No room, or no WebAssembly. Were it the file, the scan that follows would say so.
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

/** A thread without work never does it by itself, and would keep the memory of what it has forgotten. */
function collectGarbage(): void {
  setFlagsFromString("--expose-gc");
  const collect: unknown = runInNewContext("gc");
  if (typeof collect === "function") collect();
}

/** A number of the file that changes when it is restored from a copy, beside other changes, all of them rare. */
function schemaCookie(database: EmbeddedDatabase): number {
  return numberOf(database.statement("PRAGMA schema_version").get()?.["schema_version"]);
}

/**
 * Reads what was written since; false where too much was, where too much of what is in memory is there no more, or where
 * the file may be another one.
 */
function catchUp(database: EmbeddedDatabase, collection: StoredCollection, resident: Resident): boolean {
  const { codes } = resident;
  if (codes.size > 2 * collection.vectors + MOST_CHANGES) return false;
  if (resident.version > collection.version || resident.cookie !== schemaCookie(database)) return false;
  if (resident.version === collection.version) return true;
  const changed = database
    .statement("SELECT row, windows FROM chunks WHERE collection = ? AND version > ? LIMIT ?")
    .all(collection.id, resident.version, MOST_CHANGES + 1)
    .map((row) => ({ row: numberOf(row["row"]), windows: numberOf(row["windows"]) }));
  if (changed.length > MOST_CHANGES) return false;
  codes.dropRows(marksOf(changed));
  for (const { row, window, vector } of readVectors(database, collection, changed)) codes.add({ row, window }, vector);
  resident.version = collection.version;
  return true;
}
