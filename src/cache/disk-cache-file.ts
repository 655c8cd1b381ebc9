import { mkdirSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { PRIVATE_FOLDER } from "../domain/private-folder.ts";
import type { CacheEntry } from "./cache.ts";

/** The file of a disk cache, open in this thread. */
export interface DiskCacheFile {
  getMany(keys: readonly string[]): readonly (Uint8Array | null)[];
  putMany(entries: readonly CacheEntry[]): void;
  close(): void;
}

/** Options of {@link openDiskCacheFile}. */
export interface DiskCacheFileOptions {
  readonly file: string;
  /** Largest size of the file, in bytes. */
  readonly maxBytes: number;
}

/** "CITC" in the header of the file. */
const APPLICATION_ID = 0x43495443;
const VERSION = 1;
const PAGE_BYTES = 8_192;
/** How long to wait for another process that writes, in milliseconds. */
const BUSY_TIMEOUT_MS = 2_000;
/** The use of a value is recorded at most once an hour, so that reading seldom writes. */
const HOUR_MS = 3_600_000;
/** The share of the values that is dropped when there is no room left. */
const ROOM_SHARE = 0.1;

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS entries (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    used INTEGER NOT NULL,
    value BLOB NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS entries_by_use ON entries (used, id);
  PRAGMA application_id = ${APPLICATION_ID};
  PRAGMA user_version = ${VERSION};
`;

/** Opens or makes the file. Throws what SQLite throws, and an Error for a file that is none of ours. */
export function openDiskCacheFile({ file, maxBytes }: DiskCacheFileOptions): DiskCacheFile {
  mkdirSync(dirname(file), { recursive: true, mode: PRIVATE_FOLDER });
  const database = new DatabaseSync(file, { timeout: BUSY_TIMEOUT_MS });
  try {
    prepare(database);
  } catch (error) {
    database.close();
    throw error;
  }
  const get = database.prepare("SELECT id, used, value FROM entries WHERE key = ?");
  const touch = database.prepare("UPDATE entries SET used = ? WHERE id = ?");
  const put = database.prepare(
    "INSERT INTO entries (key, used, value) VALUES (?, ?, ?) ON CONFLICT (key) DO UPDATE SET used = excluded.used, value = excluded.value",
  );
  const forget = database.prepare(
    "DELETE FROM entries WHERE id IN (SELECT id FROM entries ORDER BY used, id LIMIT (SELECT 1 + CAST(count(*) * ? AS INTEGER) FROM entries))",
  );
  const filledBytes = (): number => (pragma(database, "page_count") - pragma(database, "freelist_count")) * PAGE_BYTES;

  return {
    getMany(keys) {
      const hour = Math.floor(Date.now() / HOUR_MS);
      const old: number[] = [];
      const values = keys.map((key) => {
        const found = get.get(key);
        if (!(found?.["value"] instanceof Uint8Array)) return null;
        if (Number(found["used"]) < hour) old.push(Number(found["id"]));
        return found["value"];
      });
      if (old.length > 0) {
        inTransaction(database, () => {
          for (const id of old) touch.run(hour, id);
        });
      }
      return values;
    },
    putMany(entries) {
      const hour = Math.floor(Date.now() / HOUR_MS);
      inTransaction(database, () => {
        for (const { key, value } of entries) put.run(key, hour, value);
        while (filledBytes() > maxBytes) {
          // Pages of dropped values are used again, so the file keeps its size.
          if (Number(forget.run(ROOM_SHARE).changes) === 0) break;
        }
      });
    },
    close() {
      database.close();
    },
  };
}

/** Removes the file with what belongs to it. */
export function removeDiskCacheFile(file: string): void {
  for (const suffix of ["", "-wal", "-shm"]) rmSync(`${file}${suffix}`, { force: true });
}

function prepare(database: DatabaseSync): void {
  const id = pragma(database, "application_id");
  const version = pragma(database, "user_version");
  if (id !== APPLICATION_ID || version !== VERSION) {
    const objects = database.prepare("SELECT count(*) AS objects FROM sqlite_schema").get()?.["objects"];
    if (objects !== 0) throw new Error("it is not a cache of this version");
    database.exec(`PRAGMA page_size = ${PAGE_BYTES}`);
  }
  // Everything in it can be made again, so losing the last writes in a power cut does not matter.
  database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA cache_size = -4096;");
  if (id !== APPLICATION_ID) inTransaction(database, () => database.exec(SCHEMA));
}

function pragma(database: DatabaseSync, name: string): number {
  return Number(database.prepare(`PRAGMA ${name}`).get()?.[name]);
}

function inTransaction(database: DatabaseSync, work: () => void): void {
  database.exec("BEGIN IMMEDIATE");
  try {
    work();
    database.exec("COMMIT");
  } catch (error) {
    if (database.isTransaction) database.exec("ROLLBACK");
    throw error;
  }
}
