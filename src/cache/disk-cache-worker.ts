import { parentPort, workerData } from "node:worker_threads";
import { errorMessage, sqliteErrorCode } from "../errors.ts";
import { type DiskCacheFile, openDiskCacheFile, removeDiskCacheFile } from "./disk-cache-file.ts";
import type { DiskCacheReply, DiskCacheRequest, DiskCacheWorkerData } from "./disk-cache-messages.ts";

// node:sqlite is synchronous, hence a thread of its own. After any fault the caller still gets an answer: nothing
// found.

const options: DiskCacheWorkerData = workerData;
let cache: DiskCacheFile | null = null;
/** Set when the file could not even be made anew. */
let isUnusable = false;

/** SQLITE_CORRUPT and SQLITE_NOTADB. */
const DAMAGED: ReadonlySet<unknown> = new Set([11, 26]);
/** SQLITE_BUSY: somebody else writes; the next time will do. */
const BUSY = 5;

function answer(request: DiskCacheRequest): Omit<DiskCacheReply, "id"> {
  const nothing = { values: request.type === "get" ? request.keys.map(() => null) : [] };
  if (isUnusable) return { ...nothing, note: null };
  try {
    cache ??= openDiskCacheFile(options);
    if (request.type === "get") return { values: cache.getMany(request.keys), note: null };
    if (request.type === "put") cache.putMany(request.entries);
    else cache.close();
    return { ...nothing, note: null };
  } catch (error) {
    return { ...nothing, note: recover(error) };
  }
}

/** Handles a fault; gives a sentence about it, or null if it need not be reported. */
function recover(error: unknown): string | null {
  const code = sqliteErrorCode(error);
  if (code === BUSY) return null;
  const isFirst = cache === null;
  try {
    cache?.close();
  } catch {
    // It is given up anyway.
  }
  cache = null;
  const reason = errorMessage(error);
  if (!isFirst || DAMAGED.has(code) || code === null) {
    try {
      removeDiskCacheFile(options.file);
      cache = openDiskCacheFile(options);
      return `The cache of vectors ${options.file} could not be read (${reason}) and was made anew: vectors are embedded again.`;
    } catch {
      // Said below.
    }
  }
  isUnusable = true;
  return `The cache of vectors ${options.file} cannot be used (${reason}): vectors are embedded without it.`;
}

const port = parentPort;
port?.on("message", (request: DiskCacheRequest) => {
  const reply: DiskCacheReply = { id: request.id, ...answer(request) };
  port.postMessage(reply);
  if (request.type === "close") port.close();
});
