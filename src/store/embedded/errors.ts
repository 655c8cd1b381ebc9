import { CitewellError, errorMessage, isCitewellError, sqliteErrorCode, systemErrorCode } from "../../errors.ts";
import type { EmbeddedFailure } from "./protocol.ts";

// Primary result codes of SQLite (https://sqlite.org/rescode.html); extended codes carry them in the low byte.
const PERM = 3;
const BUSY = 5;
const LOCKED = 6;
const READONLY = 8;
const IOERR = 10;
const CORRUPT = 11;
const FULL = 13;
const CANTOPEN = 14;
const AUTH = 23;
const NOTADB = 26;

/** What sqlite-vec says, with the code of any error, when it cannot read the vectors that its tables list. */
const UNREADABLE_VECTORS =
  /\bblob read error\b|\b(?:opening|reading from) blob failed|\bsize (?:doesn't match|mismatch)/;

/** Says what an error of SQLite or of the file system means for the store at `file`, and what to do about it. */
export function translateStoreError(error: unknown, file: string): unknown {
  if (isCitewellError(error) || error instanceof TypeError) return error;
  const system = systemErrorCode(error);
  const sqlite = sqliteErrorCode(error);
  if (sqlite === null && (system === undefined || system === "ERR_SQLITE_ERROR")) return error;
  const reason = errorMessage(error);
  if (sqlite === CORRUPT || UNREADABLE_VECTORS.test(reason)) {
    return databaseDamaged(file, reason, error);
  }
  if (sqlite === FULL || system === "ENOSPC" || system === "EDQUOT") {
    return new CitewellError(
      "store_full",
      `There is no room left on the disk of ${file}: what was stored before is kept; free some space and try again.`,
      { cause: error, retryable: true },
    );
  }
  switch (sqlite) {
    case BUSY:
    case LOCKED:
      return new CitewellError(
        "collection_busy",
        `Another process has been writing to ${file} for too long: wait until it is done and try again.`,
        { cause: error, retryable: true },
      );
    case NOTADB:
      return new CitewellError(
        "store_unavailable",
        `${file} is not a database: name another data folder, or move the file away and ingest again.`,
        { cause: error },
      );
    case IOERR:
      return new CitewellError(
        "store_failed",
        `Reading or writing ${file} failed (${reason}): check the disk and that the folder lies on a local one.`,
        { cause: error, retryable: true },
      );
    case PERM:
    case READONLY:
    case CANTOPEN:
    case AUTH:
    case null:
      return cannotOpen(error, file);
    default:
      return new CitewellError("store_failed", `The database ${file} refused the work: ${reason}.`, { cause: error });
  }
}

/** The error for a file that cannot be relied on any more. */
export function databaseDamaged(file: string, finding: string, cause?: unknown): CitewellError {
  return new CitewellError(
    "store_failed",
    `The database ${file} is damaged (${finding}): restore it from a backup, or delete it and ingest again.`,
    { cause },
  );
}

/** An error as the worker sends it. */
export function failureOf(error: unknown): EmbeddedFailure {
  const ours = isCitewellError(error);
  return {
    code: ours ? error.code : null,
    message: errorMessage(error),
    retryable: ours && error.retryable,
    problems: ours ? error.problems : [],
    cause: ours ? error.cause : error,
  };
}

/** The error that a failure of the worker stands for. */
export function errorOf({ code, message, retryable, problems, cause }: EmbeddedFailure): Error {
  if (code !== null) return new CitewellError(code, message, { cause, retryable, problems });
  return cause instanceof Error ? cause : new Error(message, { cause });
}

function cannotOpen(error: unknown, file: string): CitewellError {
  return new CitewellError(
    "store_unavailable",
    `The database ${file} cannot be opened for writing, which searches need too (${errorMessage(error)}): check the path and its permissions, or name another data folder.`,
    { cause: error },
  );
}
