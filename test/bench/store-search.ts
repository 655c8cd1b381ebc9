import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { v5 as uuidFromName } from "uuid";
import type { ChunkPoint, SparseVector } from "../../src/domain/chunk.ts";
import type { CollectionSettings } from "../../src/domain/collection.ts";
import { openEmbeddedStore } from "../../src/store/embedded-store.ts";
import type { StoreQuery, VectorStore } from "../../src/store/vector-store.ts";
import { createRandom } from "../../src/domain/seeded-random.ts";

const NAMESPACE = "0d0b6a5e-6a63-4d4e-9a54-3f0e0a4c7f10";
const COLLECTION = "bench";
const CHUNKS_PER_DOCUMENT = 50;
const VOCABULARY = 40_000;
const QUERY_TERMS = 8;

/** Options of {@link benchStore}. */
export interface StoreBenchOptions {
  /** Number of chunks to store. */
  readonly chunks: number;
  /**
   * Length of the vectors.
   * @default 384
   */
  readonly dimensions?: number;
  /**
   * Distinct terms of a chunk; their frequency falls as Zipf's law says.
   * @default 140
   */
  readonly termsPerChunk?: number;
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
  const { chunks, dimensions = 384, termsPerChunk = 140, queries = 100, open = openTemporaryStore } = options;
  const random = createRandom(42);
  const { store, size, stop } = await open();
  try {
    await store.createCollection(COLLECTION, benchSettings(dimensions));
    const insertsPerSecond = await measureInserts(store, { chunks, dimensions, termsPerChunk, random });
    const vectors = Array.from({ length: queries }, () => randomUnit(dimensions, random));
    const terms = Array.from({ length: queries }, () => zipfTerms(QUERY_TERMS, random));
    const search = async (part: (run: number) => Partial<StoreQuery>): Promise<number[]> =>
      measure(queries, async (run) => {
        const query = { vector: null, terms: [], denseLimit: 50, lexicalLimit: 50, ...part(run) };
        await store.search(COLLECTION, query);
      });
    const both = (run: number): Partial<StoreQuery> => ({ vector: vectors[run] ?? null, terms: terms[run] ?? [] });
    await search(both);
    const bytes = await size();
    const dense = await search((run) => ({ vector: vectors[run] ?? null }));
    const lexical = await search((run) => ({ terms: terms[run] ?? [] }));
    const hybrid = await search(both);
    const byLanguage = await search((run) => ({ ...both(run), filter: { languages: ["language 3"] } }));
    const byDocument = await search((run) => ({ ...both(run), filter: { documentIds: [documentId(run)] } }));
    const refresh = await measure(10, async (run) => {
      const points = Array.from({ length: CHUNKS_PER_DOCUMENT }, (_, at) =>
        benchPoint(run * CHUNKS_PER_DOCUMENT + at, { dimensions, termsPerChunk, random }),
      );
      await store.refreshChunks(COLLECTION, points);
    });
    const remove = await measure(10, async (run) => {
      await store.deleteDocuments(COLLECTION, [documentId(run)]);
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

interface PointOptions {
  readonly dimensions: number;
  readonly termsPerChunk: number;
  readonly random: () => number;
}

/** Chunks stored in a second; making them up is not counted. */
async function measureInserts(
  store: VectorStore,
  { chunks, ...options }: PointOptions & { readonly chunks: number },
): Promise<number> {
  let spent = 0;
  for (let first = 0; first < chunks; first += store.maxBatchSize) {
    const length = Math.min(store.maxBatchSize, chunks - first);
    const points = Array.from({ length }, (_, at) => benchPoint(first + at, options));
    const start = performance.now();
    await store.upsertChunks(COLLECTION, points);
    spent += performance.now() - start;
  }
  return chunks / (spent / 1000);
}

function benchPoint(index: number, { dimensions, termsPerChunk, random }: PointOptions): ChunkPoint {
  const document = Math.floor(index / CHUNKS_PER_DOCUMENT);
  const indices = zipfTerms(termsPerChunk, random).toSorted((left, right) => left - right);
  const terms: SparseVector = { indices, values: indices.map(() => 0.2 + 2 * random()) };
  // As long as a chunk of 150 tokens.
  const text = `Chunk ${index}: ${"some words of prose that fill a chunk ".repeat(17)}`;
  return {
    chunk: {
      id: uuidFromName(`chunk ${index}`, NAMESPACE),
      documentId: documentId(document),
      root: "/bench/documents",
      source: `folder/document-${document}.md`,
      title: `Document ${document}`,
      language: `language ${document % 10}`,
      ordinal: index % CHUNKS_PER_DOCUMENT,
      text,
      span: { start: index * text.length, end: (index + 1) * text.length },
      lines: { start: index, end: index + 5 },
      page: null,
      symbol: null,
      signature: null,
      heading: null,
    },
    terms,
    fingerprint: `fingerprint ${index}`,
    vectors: [randomUnit(dimensions, random)],
  };
}

function documentId(document: number): string {
  return uuidFromName(`document ${document}`, NAMESPACE);
}

/** Distinct terms, the n-th most frequent one drawn about 1/n times as often as the first. */
function zipfTerms(count: number, random: () => number): number[] {
  const terms = new Set<number>();
  while (terms.size < count) {
    const rank = Math.floor(VOCABULARY ** random());
    // Spread over the whole range, as hashes are.
    terms.add(Math.imul(rank, 2_654_435_761) >>> 1);
  }
  return [...terms];
}

function randomUnit(dimensions: number, random: () => number): Float32Array {
  const vector = Float32Array.from({ length: dimensions }, () => random() + random() + random() - 1.5);
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
  return vector.map((value) => value / length);
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

function benchSettings(dimensions: number): CollectionSettings {
  return {
    embedding: { model: "made-up", dimensions, pooling: "mean", fingerprint: "bench" },
    chunker: { name: "sentences", version: 1, chunkTokens: 150, overlapTokens: 0 },
    analyser: { version: 1, averageLength: 80 },
  };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const sizes = process.argv.slice(2).map(Number);
  for (const chunks of sizes.length > 0 ? sizes : [10_000]) console.table([await benchStore({ chunks })]);
}
