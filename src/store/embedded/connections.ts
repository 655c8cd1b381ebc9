import { type EmbeddedConnection, openEmbeddedConnection } from "./connection.ts";
import type { EmbeddedMethod, EmbeddedWorkerData } from "./protocol.ts";

/** What a question needs: a second thread answers it while the first one writes. */
const READS: ReadonlySet<EmbeddedMethod> = new Set<EmbeddedMethod>([
  "listCollections",
  "describeCollection",
  "listDocuments",
  "getDocument",
  "readSpans",
  "listChunks",
  "search",
  "ping",
]);

/**
 * A thread for everything and, from the first question that would have to wait for a write, another one for reading.
 * SQLite lets both work at once; the second sees every write that was acknowledged before it was asked.
 */
export async function openEmbeddedConnections(data: EmbeddedWorkerData): Promise<EmbeddedConnection> {
  const writer = await openEmbeddedConnection(data);
  // A database in memory is that of one connection.
  if (data.file === ":memory:") return writer;
  let opening: Promise<EmbeddedConnection> | null = null;
  let isClosed = false;

  const openReader = (): Promise<EmbeddedConnection> => {
    // Where there is no room for a second thread, questions wait for writes as they would without it.
    opening ??= openEmbeddedConnection(data).catch(() => writer);
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
      if (reader !== writer) await reader?.close();
      await writer.close();
    },
  };
}
