import { appendFileSync } from "node:fs";
import { flushCompileCache } from "node:module";
import { createIngestCorpus } from "../../ingest/ingest-corpus.ts";
import type { IngestReport } from "../../src/domain/ingest.ts";
import { runToEnd } from "../../src/domain/run-to-end.ts";
import type { Embedder } from "../../src/embedding/embedder.ts";
import { createHashingEmbedder } from "../../src/embedding/hashing-embedder.ts";
import { openVectorStore } from "../../src/store/open-vector-store.ts";
import type { VectorStore } from "../../src/store/vector-store.ts";

/** What is ingested, and where the process ends. */
export interface IngestingProcessOptions {
  /** `embedded`, or the address of a Qdrant. */
  readonly store: string;
  readonly apiKey?: string;
  readonly dataFolder: string;
  readonly collection: string;
  readonly roots: readonly string[];
  readonly chunkTokens: number;
  readonly force: boolean;
  readonly allowSecrets?: boolean;
  /** Whether words are stored before vectors. */
  readonly wordsFirst?: boolean;
  /** File that every embedded text is written to, as JSON, a line a text. */
  readonly log: string;
  /** The process kills itself so long after it has sent the write of this number (from 1). */
  readonly killAt?: { readonly write: number; readonly delayMs: number };
}

/** Opens the store of a process. */
export async function openStoreOf({ store, apiKey, dataFolder }: IngestingProcessOptions): Promise<VectorStore> {
  return openVectorStore({ store, dataFolder, ...(apiKey === undefined ? {} : { apiKey }) });
}

/** Ingests as a program would, a few chunks at a time so that there are many writes. Resolves to the number of writes. */
export async function ingestLogged(
  options: IngestingProcessOptions,
): Promise<{ readonly report: IngestReport; readonly writes: number }> {
  const { collection, roots, chunkTokens, force, allowSecrets = false, wordsFirst = false, log } = options;
  const store = await openStoreOf(options);
  const hashing = createHashingEmbedder({ dimensions: 8 });
  const embedder: Embedder = {
    ...hashing,
    batchSize: 3,
    async embed(texts, embedOptions) {
      for (const text of texts) appendFileSync(log, `${JSON.stringify(text)}\n`);
      return await hashing.embed(texts, embedOptions);
    },
  };
  const counted = countWrites(store, options.killAt);
  try {
    const ingest = createIngestCorpus({ store: counted.store, embedder });
    const report = await runToEnd(ingest({ collection, roots, chunkTokens, force, allowSecrets, wordsFirst }));
    return { report, writes: counted.writes() };
  } finally {
    await store.close();
  }
}

function countWrites(store: VectorStore, killAt: IngestingProcessOptions["killAt"]) {
  let writes = 0;
  const count = async <Result>(write: () => Promise<Result>): Promise<Result> => {
    writes += 1;
    const sent = write();
    if (writes === killAt?.write) setTimeout(() => process.kill(process.pid, "SIGKILL"), killAt.delayMs);
    return await sent;
  };
  const counting: VectorStore = {
    ...store,
    createCollection: (...args) => count(() => store.createCollection(...args)),
    promoteCollection: (...args) => count(() => store.promoteCollection(...args)),
    deleteCollection: (...args) => count(() => store.deleteCollection(...args)),
    putDocument: (...args) => count(() => store.putDocument(...args)),
    touchDocuments: (...args) => count(() => store.touchDocuments(...args)),
    upsertChunks: (...args) => count(() => store.upsertChunks(...args)),
    refreshChunks: (...args) => count(() => store.refreshChunks(...args)),
    deleteChunks: (...args) => count(() => store.deleteChunks(...args)),
    deleteDocuments: (...args) => count(() => store.deleteDocuments(...args)),
    acquireLease: (...args) => count(() => store.acquireLease(...args)),
    releaseLease: (...args) => count(() => store.releaseLease(...args)),
  };
  return { store: counting, writes: () => writes };
}

if (import.meta.main) {
  // Killed, it would leave nothing of that behind, and each process after it would compile the same sources.
  flushCompileCache();
  await ingestLogged(JSON.parse(process.argv[2] ?? ""));
}
