import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { openEmbeddedStore } from "../../src/store/embedded/embedded-store.ts";
import type { StoreQuery, VectorStore } from "../../src/store/vector-store.ts";
import { MADE_UP_SETTINGS, madeUpDocumentId, madeUpPoint, madeUpQuestion } from "./made-up-chunks.ts";

const COLLECTION = "bench";
const CHUNKS_PER_DOCUMENT = 50;

/** Options of {@link benchStore}. */
export interface StoreBenchOptions {
  /** Number of chunks to store. */
  readonly chunks: number;
  /**
   * Queries a kind.
   * @default 100
   */
  readonly queries?: number;
  /**
   * Opens the store to measure and says how many bytes it takes; without it an embedded store in a temporary file.
   */
  readonly open?: () => Promise<BenchedStore>;
}

/** A store under measurement. */
export interface BenchedStore {
  readonly store: VectorStore;
  /** Bytes on disk, null where unknown. */
  readonly size: () => Promise<number | null>;
  /** Removes what the measurement left. */
  readonly stop: () => Promise<void>;
}

/** What was measured; times in milliseconds, the middle of all runs. */
export interface StoreBenchResult {
  readonly store: VectorStore["kind"];
  readonly chunks: number;
  readonly insertsPerSecond: number;
  readonly dense: number;
  readonly lexical: number;
  readonly hybrid: number;
  /** 95th of a hundred hybrid searches. */
  readonly hybridP95: number;
  /** Hybrid, limited to a tenth by language. */
  readonly byLanguage: number;
  /** Hybrid, limited to one document. */
  readonly byDocument: number;
  /** Refreshing the words of 50 chunks. */
  readonly refreshDocument: number;
  /** Deleting a document of 50 chunks. */
  readonly deleteDocument: number;
  readonly bytesPerChunk: number | null;
}

/** Measures writing and searching of a store over made-up chunks. */
export async function benchStore(options: StoreBenchOptions): Promise<StoreBenchResult> {
  const { chunks, queries = 100, open = openTemporaryStore } = options;
  const { store, size, stop } = await open();
  try {
    await store.createCollection(COLLECTION, MADE_UP_SETTINGS);
    const insertsPerSecond = await measureInserts(store, chunks);
    const questions = Array.from({ length: queries }, (_, at) => madeUpQuestion(at));
    const search = async (part: (run: number) => Partial<StoreQuery>): Promise<number[]> =>
      measure(queries, async (run) => {
        const query = { vector: null, terms: [], denseLimit: 50, lexicalLimit: 50, ...part(run) };
        await store.search(COLLECTION, query);
      });
    const both = (run: number): Partial<StoreQuery> => questions[run] ?? {};
    await search(both);
    const bytes = await size();
    const dense = await search((run) => ({ ...both(run), terms: [] }));
    const lexical = await search((run) => ({ ...both(run), vector: null }));
    const hybrid = await search(both);
    const byLanguage = await search((run) => ({ ...both(run), filter: { languages: ["language 3"] } }));
    const byDocument = await search((run) => ({ ...both(run), filter: { documentIds: [madeUpDocumentId(run)] } }));
    const refresh = await measure(10, async (run) => {
      const points = Array.from({ length: CHUNKS_PER_DOCUMENT }, (_, at) =>
        madeUpPoint(run * CHUNKS_PER_DOCUMENT + at),
      );
      await store.refreshChunks(COLLECTION, points);
    });
    const remove = await measure(10, async (run) => {
      await store.deleteDocuments(COLLECTION, [madeUpDocumentId(run)]);
    });
    return {
      store: store.kind,
      chunks,
      insertsPerSecond: Math.round(insertsPerSecond),
      dense: percentile(dense, 0.5),
      lexical: percentile(lexical, 0.5),
      hybrid: percentile(hybrid, 0.5),
      hybridP95: percentile(hybrid, 0.95),
      byLanguage: percentile(byLanguage, 0.5),
      byDocument: percentile(byDocument, 0.5),
      refreshDocument: percentile(refresh, 0.5),
      deleteDocument: percentile(remove, 0.5),
      bytesPerChunk: bytes === null ? null : Math.round(bytes / chunks),
    };
  } finally {
    await store.close();
    await stop();
  }
}

async function openTemporaryStore(): Promise<BenchedStore> {
  const folder = await mkdtemp(join(tmpdir(), "store-bench-"));
  const file = join(folder, "store.sqlite");
  return {
    store: await openEmbeddedStore({ file }),
    size: async () => (await stat(file)).size,
    stop: () => rm(folder, { recursive: true }),
  };
}

/** Chunks stored in a second; making them up is not counted. */
async function measureInserts(store: VectorStore, chunks: number): Promise<number> {
  let spent = 0;
  for (let first = 0; first < chunks; first += store.maxBatchSize) {
    const length = Math.min(store.maxBatchSize, chunks - first);
    const points = Array.from({ length }, (_, at) => madeUpPoint(first + at));
    const start = performance.now();
    await store.upsertChunks(COLLECTION, points);
    spent += performance.now() - start;
  }
  return chunks / (spent / 1000);
}

async function measure(runs: number, work: (run: number) => Promise<void>): Promise<number[]> {
  const times: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    const start = performance.now();
    await work(run);
    times.push(performance.now() - start);
  }
  return times;
}

function percentile(times: readonly number[], share: number): number {
  const sorted = times.toSorted((left, right) => left - right);
  return Number((sorted[Math.floor(sorted.length * share)] ?? 0).toFixed(2));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const sizes = process.argv.slice(2).map(Number);
  for (const chunks of sizes.length > 0 ? sizes : [10_000]) console.table([await benchStore({ chunks })]);
}
