import { statSync } from "node:fs";
import { systemErrorCode } from "../../errors.ts";
import { type EmbeddedConnection, openEmbeddedConnection, storeClosed } from "./connection.ts";
import { type EmbeddedMethod, type EmbeddedWorkerData, IN_MEMORY } from "./protocol.ts";

/** Methods that only read. A second thread answers them while the first one writes. */
const READS: ReadonlySet<EmbeddedMethod> = new Set<EmbeddedMethod>([
  "listCollections",
  "describeCollection",
  "listDocuments",
  "documentsVersion",
  "getDocument",
  "readSpans",
  "listChunks",
  "search",
  "ping",
  "verify",
]);

/**
 * Opens the threads that answer for the file. Reading creates no file: until the first write, or until another process
 * has created the file, an empty database in memory answers.
 */
export async function openEmbeddedConnections(data: EmbeddedWorkerData): Promise<EmbeddedConnection> {
  // A database in memory belongs to one connection.
  if (data.file === IN_MEMORY) return await openEmbeddedConnection(data);
  if (!isAbsent(data.file)) return await openSharedFile(data);
  const empty = await openEmbeddedConnection({ ...data, file: IN_MEMORY });
  let opening: Promise<EmbeddedConnection> | null = null;
  let isClosed = false;

  const openFile = (): Promise<EmbeddedConnection> => {
    opening ??= openSharedFile(data)
      .then(async (opened) => {
        // Its thread is not needed any more.
        await empty.close();
        return opened;
      })
      .catch((error: unknown) => {
        // The obstacle may be gone at the next write.
        opening = null;
        throw error;
      });
    return opening;
  };

  return {
    async call(method, args, options) {
      if (isClosed) throw storeClosed(data.file);
      const isAnsweredEmpty = opening === null && READS.has(method) && isAbsent(data.file);
      const connection = isAnsweredEmpty ? empty : await openFile();
      return await connection.call(method, args, options);
    },
    get isBusy() {
      return empty.isBusy;
    },
    async close() {
      isClosed = true;
      const opened = await opening?.catch(() => null);
      await Promise.all([empty.close(), opened?.close()]);
    },
  };
}

/** Whether there is no file yet. If the file cannot be looked at, opening it will report why. */
function isAbsent(file: string): boolean {
  try {
    statSync(file);
    return false;
  } catch (error) {
    return systemErrorCode(error) === "ENOENT";
  }
}

/**
 * Opens one thread for everything and, from the first question that would have to wait for a write, another one for
 * reading. SQLite lets both work at once, and the second sees every write that was acknowledged before it was asked.
 */
async function openSharedFile(data: EmbeddedWorkerData): Promise<EmbeddedConnection> {
  const writer = await openEmbeddedConnection(data);
  let opening: Promise<EmbeddedConnection> | null = null;
  let isClosed = false;

  const openReader = (): Promise<EmbeddedConnection> => {
    // If a second thread cannot be opened, questions wait for writes. A file that was deleted is not made again, nor are the
    // folders above it: the first thread says that it is gone.
    opening ??= isAbsent(data.file) ? Promise.resolve(writer) : openEmbeddedConnection(data).catch(() => writer);
    return opening;
  };

  return {
    async call(method, args, options) {
      const isElsewhere = !isClosed && READS.has(method) && (opening !== null || writer.isBusy);
      const connection = isElsewhere ? await openReader() : writer;
      return await connection.call(method, args, options);
    },
    get isBusy() {
      return writer.isBusy;
    },
    async close() {
      isClosed = true;
      const reader = await opening;
      await Promise.all([reader === writer ? undefined : reader?.close(), writer.close()]);
    },
  };
}
