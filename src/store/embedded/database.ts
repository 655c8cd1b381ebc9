import { mkdirSync, realpathSync, statfsSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync, type SQLOutputValue, type StatementSync } from "node:sqlite";
import { getLoadablePath } from "sqlite-vec";
import { PRIVATE_FOLDER } from "../../domain/private-folder.ts";
import { CitewellError, errorMessage } from "../../errors.ts";
import { IN_MEMORY } from "./protocol.ts";
import { FILE_SETTINGS, missingSchema, SCHEMA } from "./schema.ts";

// Linux's f_type of NFS, SMB, SMB2 and CIFS. SQLite's write-ahead log needs shared memory, which does not reach across
// machines.
const NETWORK_FILE_SYSTEMS: ReadonlySet<number> = new Set([0x6969, 0x517b, 0xfe534d42, 0xff534d42]);

/** The machines for which there is a package of sqlite-vec. */
const MACHINES_WITH_VECTORS: ReadonlySet<string> = new Set(
  "darwin-arm64 darwin-x64 linux-arm64 linux-x64 win32-x64".split(" "),
);

/** Memory for pages of the file for each connection. A larger cache made neither writing nor searching faster. */
const CACHE_KIBIBYTES = 16_384;

/** How much of the file a search may map into memory; reading page by page takes nearly twice as long. */
const MAPPED_BYTES = 2 ** 30;

/** A row as SQLite gives it. */
export type Row = Record<string, SQLOutputValue>;

/** One connection to the file, with prepared statements kept and transactions in one place. */
export interface EmbeddedDatabase {
  /** The statement for a text of SQL; it is prepared once. */
  statement(sql: string): StatementSync;
  /** Runs SQL without parameters and without a result. */
  run(sql: string): void;
  /** Runs `work` in a transaction, in which it sees the state of one moment. */
  read<Result>(work: () => Result): Result;
  /** Runs `work` in a transaction that changes the file as a whole or not at all; waits for other writers. */
  write<Result>(work: () => Result): Result;
  /**
   * Switches mapping the file into memory on or off. It makes searches faster; during a lot of writing it would only
   * make the process look as large as the file. Not to be called within a transaction.
   */
  mapFile(mapped: boolean): void;
  close(): void;
}

/** Options of {@link openEmbeddedDatabase}. */
export interface EmbeddedDatabaseOptions {
  /** How long to wait for another process that writes, in milliseconds. */
  readonly busyTimeoutMs: number;
}

/** Opens or makes the file, with sqlite-vec loaded and the tables in place. */
export function openEmbeddedDatabase(file: string, { busyTimeoutMs }: EmbeddedDatabaseOptions): EmbeddedDatabase {
  if (file !== IN_MEMORY) prepareFolder(file);
  const connection = new DatabaseSync(file, { allowExtension: true, timeout: busyTimeoutMs });
  try {
    loadVectorExtension(connection);
    prepareFile(connection, file);
  } catch (error) {
    connection.close();
    throw error;
  }
  return wrapConnection(connection);
}

function prepareFolder(file: string): void {
  const folder = dirname(file);
  mkdirSync(folder, { recursive: true, mode: PRIVATE_FOLDER });
  if (!liesOnNetwork(folder)) return;
  throw new CitewellError(
    "store_unavailable",
    `${folder} lies on a network file system, where several processes cannot share the database safely: name a local data folder, or use a Qdrant server.`,
  );
}

function liesOnNetwork(folder: string): boolean {
  if (process.platform === "linux") return NETWORK_FILE_SYSTEMS.has(statfsSync(folder).type);
  return process.platform === "win32" && isShare(realPathOf(folder));
}

function realPathOf(folder: string): string {
  try {
    return realpathSync.native(folder);
  } catch {
    // Some drivers of disks in memory cannot tell it.
    return folder;
  }
}

/** Whether a real path of Windows leads to a share; that of a drive letter that stands for a share does too. */
export function isShare(real: string): boolean {
  return /^\\\\(?![?.]\\)/.test(real);
}

function loadVectorExtension(connection: DatabaseSync): void {
  try {
    connection.loadExtension(getLoadablePath());
  } catch (error) {
    throw withoutExtension(error);
  }
  connection.enableLoadExtension(false);
}

/** The error of a machine on which the vector extension does not load. */
export function withoutExtension(
  error: unknown,
  { platform, arch }: Pick<NodeJS.Process, "platform" | "arch"> = process,
): CitewellError {
  const machine = `${platform}-${arch}`;
  const sentence = MACHINES_WITH_VECTORS.has(machine)
    ? `does not load on ${machine} (${errorMessage(error)}): install the optional packages of sqlite-vec again, or use a Qdrant server`
    : `is not made for ${machine}: use a Qdrant server, or a Node.js for x64 if the system runs that too`;
  return new CitewellError("store_unavailable", `The vector extension of the embedded store ${sentence}.`, {
    cause: error,
  });
}

function prepareFile(connection: DatabaseSync, file: string): void {
  // The marks are read before anything is set, so that a file of another program stays as it is.
  const missing = findMissingSchema(connection, file);
  if (missing !== null) {
    if (missing === SCHEMA) connection.exec(FILE_SETTINGS);
    connection.exec("PRAGMA journal_mode = WAL");
    connection.exec("BEGIN IMMEDIATE");
    try {
      // Another process may have made the tables meanwhile.
      connection.exec(findMissingSchema(connection, file) ?? "");
      connection.exec("COMMIT");
    } catch (error) {
      if (connection.isTransaction) connection.exec("ROLLBACK");
      throw error;
    }
  }
  // NORMAL keeps every finished write if the process is killed; only a power cut can lose the last ones.
  connection.exec(
    `PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -${CACHE_KIBIBYTES}; PRAGMA temp_store = MEMORY;`,
  );
}

function findMissingSchema(connection: DatabaseSync, file: string): string | null {
  const pragma = (name: string): number => Number(connection.prepare(`PRAGMA ${name}`).get()?.[name]);
  const objects = Number(connection.prepare("SELECT count(*) AS objects FROM sqlite_schema").get()?.["objects"]);
  const marks = { applicationId: pragma("application_id"), schemaVersion: pragma("user_version"), objects };
  return missingSchema(marks, file);
}

function wrapConnection(connection: DatabaseSync): EmbeddedDatabase {
  const statements = new Map<string, StatementSync>();
  let isMapped = false;
  const inTransaction = <Result>(begin: string, work: () => Result): Result => {
    connection.exec(begin);
    try {
      const result = work();
      connection.exec("COMMIT");
      return result;
    } catch (error) {
      // SQLite ends the transaction by itself after some errors, a full disk among them.
      if (connection.isTransaction) connection.exec("ROLLBACK");
      throw error;
    }
  };
  return {
    statement(sql) {
      const known = statements.get(sql);
      if (known !== undefined) return known;
      const prepared = connection.prepare(sql);
      statements.set(sql, prepared);
      return prepared;
    },
    run: (sql) => connection.exec(sql),
    read: (work) => inTransaction("BEGIN", work),
    write: (work) => inTransaction("BEGIN IMMEDIATE", work),
    mapFile(mapped) {
      if (mapped === isMapped) return;
      connection.exec(`PRAGMA mmap_size = ${mapped ? MAPPED_BYTES : 0}`);
      isMapped = mapped;
    },
    close() {
      statements.clear();
      try {
        // Brings the log into the file, so that only one short file is left. While other connections have the file
        // open, this does what it can without waiting for them.
        connection.exec("PRAGMA busy_timeout = 0; PRAGMA wal_checkpoint(TRUNCATE);");
      } catch {
        // If that fails, on a full disk for example, the log stays beside the file. Nothing is lost: the next opening
        // reads it.
      } finally {
        connection.close();
      }
    },
  };
}

/** A column that holds text. */
export function textOf(value: SQLOutputValue | undefined): string {
  if (typeof value !== "string") throw damaged("a text", value);
  return value;
}

/** A column that holds text or nothing. */
export function textOrNull(value: SQLOutputValue | undefined): string | null {
  return value === null ? null : textOf(value);
}

/** A column that holds a number. */
export function numberOf(value: SQLOutputValue | undefined): number {
  if (typeof value !== "number") throw damaged("a number", value);
  return value;
}

/** A column that holds bytes. */
export function bytesOf(value: SQLOutputValue | undefined): Uint8Array {
  if (!(value instanceof Uint8Array)) throw damaged("bytes", value);
  return value;
}

/**
 * A text as it is stored: SQLite keeps UTF-8, which has no place for half a surrogate pair, so a text with one is kept
 * as UTF-16 bytes.
 */
export function encodeText(text: string): string | Uint8Array {
  return text.isWellFormed() ? text : Buffer.from(text, "utf16le");
}

/** The text that {@link encodeText} stored. */
export function decodeText(value: SQLOutputValue | undefined): string {
  if (!(value instanceof Uint8Array)) return textOf(value);
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("utf16le");
}

function damaged(wanted: string, value: unknown): CitewellError {
  return new CitewellError(
    "store_failed",
    `The database holds ${value === null ? "nothing" : `a ${typeof value}`} where ${wanted} belongs: delete it and ingest again.`,
  );
}
