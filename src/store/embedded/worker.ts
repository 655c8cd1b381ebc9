import { parentPort, workerData } from "node:worker_threads";
import { createChunkOperations } from "./chunks.ts";
import { createCollectionOperations } from "./collections.ts";
import { type EmbeddedDatabase, openEmbeddedDatabase } from "./database.ts";
import { createDocumentOperations } from "./documents.ts";
import { createLeaseOperations } from "./leases.ts";
import { failureOf, translateStoreError } from "./errors.ts";
import { createPlaceCheck } from "./file-place.ts";
import type { EmbeddedMethod, EmbeddedOperations, EmbeddedRequest, EmbeddedWorkerData } from "./protocol.ts";
import { createResidentVectors } from "./resident-vectors.ts";
import { createSearchOperations } from "./search.ts";
import { verifyDatabase } from "./verify.ts";

// node:sqlite is synchronous: in a thread of its own it holds up nobody but those who wait for it.

/** Everything the worker can do, over one connection. */
function createOperations(
  database: EmbeddedDatabase,
  { file, vectorMemory }: Pick<EmbeddedWorkerData, "file" | "vectorMemory">,
): EmbeddedOperations {
  const residents = createResidentVectors(database, vectorMemory);
  return {
    ...createCollectionOperations(database),
    ...createDocumentOperations(database),
    ...createChunkOperations(database),
    ...createSearchOperations(database, residents),
    ...createLeaseOperations(database),
    ping() {
      database.statement("SELECT count(*) FROM collections").get();
    },
    verify: () => verifyDatabase(database, file),
    close() {
      residents.close();
      database.close();
    },
  };
}

function run<Method extends EmbeddedMethod>(
  operations: EmbeddedOperations,
  { method, args }: EmbeddedRequest<Method>,
): unknown {
  return operations[method](...args);
}

function serve(): void {
  const port = parentPort;
  if (port === null) throw new TypeError("src/store/embedded/worker.ts runs as a worker only: call openEmbeddedStore");
  const { file, busyTimeoutMs, vectorMemory }: EmbeddedWorkerData = workerData;
  const answer = (id: number, work: () => unknown): void => {
    let response: { readonly id: number; readonly ok: boolean } & Partial<Record<"result" | "failure", unknown>>;
    try {
      response = { id, ok: true, result: work() };
    } catch (error) {
      response = { id, ok: false, failure: failureOf(translateStoreError(error, file)) };
    }
    port.postMessage(response);
  };
  answer(0, () => {
    const operations = createOperations(openEmbeddedDatabase(file, { busyTimeoutMs }), { file, vectorMemory });
    const checkPlace = createPlaceCheck(file);
    port.on("message", (request: EmbeddedRequest) => {
      answer(request.id, () => {
        if (request.method !== "close") checkPlace();
        return run(operations, request);
      });
      if (request.method === "close") port.close();
    });
  });
}

serve();
