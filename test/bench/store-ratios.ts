import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { QdrantClient } from "@qdrant/js-client-rest";
import { load as loadVectorExtension } from "sqlite-vec";
import { scoreCandidates } from "../../src/retrieval/score-candidates.ts";
import { vectorTable } from "../../src/store/embedded/schema.ts";
import { openEmbeddedStore } from "../../src/store/embedded/embedded-store.ts";
import { aliasOf } from "../../src/store/qdrant/names.ts";
import { openQdrantStore } from "../../src/store/qdrant/qdrant-store.ts";
import type { StoreSearchResult, VectorStore } from "../../src/store/vector-store.ts";
import { type BenchTable, median, percentile } from "./bench-table.ts";
import { MADE_UP_SETTINGS, madeUpPoint, madeUpQuestion } from "./made-up-chunks.ts";

const COLLECTION = "bench-ratios";
const QUESTIONS = 120;
const WARM_UP = 20;
const [DENSE_LIMIT, LEXICAL_LIMIT] = [50, 100];
/** Batches under way at once while a collection is filled. */
const WRITERS = 3;

const HEAD =
  "store, chunks, hybrid p50 ms, p95, CPU, of it scoring, bare dense p50, CPU, ratio, bare hybrid p50, CPU, ratio, first search ms".split(
    ", ",
  );

type Question = ReturnType<typeof madeUpQuestion>;

/** What a store is compared with: its own queries, without anything of ours. */
export interface BareStore {
  /** The fifty nearest vectors. */
  dense(question: Question): Promise<void>;
  /** Those and the hundred best by words. */
  hybrid(question: Question): Promise<void>;
}

/** A filled store with its bare self. */
export interface RatioSubject {
  readonly store: VectorStore;
  readonly collection: string;
  readonly chunks: number;
  readonly bare: BareStore;
}

/** Hybrid searches of both stores against the stores' own bare queries, by turns. */
export async function benchStoreRatios({ large }: { readonly large: boolean }): Promise<BenchTable> {
  const rows: (string | number)[][] = [];
  const address = process.env["QDRANT_URL"];
  for (const chunks of large ? [10_000, 100_000] : [10_000]) {
    rows.push(await withEmbedded(chunks, measureRatio));
    if (address !== undefined) rows.push(await withQdrant(address, { chunks, work: measureRatio }));
  }
  return {
    title: "Hybrid search against the store's own bare query",
    head: HEAD,
    rows,
    notes: [
      `Ours is \`store.search\` (${DENSE_LIMIT} by vector, ${LEXICAL_LIMIT} by words, both scores of each, idf) and the scoring; by turns with the bare queries, ${QUESTIONS} questions. CPU is this process's, hence not that of a Qdrant server.`,
      `Bare: sqlite-vec's own scan for ${DENSE_LIMIT}, and FTS5's bm25() for ${LEXICAL_LIMIT} beside it; in Qdrant one query for ${DENSE_LIMIT} with payload, and one batch of that and a query of the term weights for ${LEXICAL_LIMIT} with payload.`,
      ...(address === undefined ? ["Qdrant was left out: QDRANT_URL is not set."] : []),
    ],
  };
}

/** One row of the table. */
export async function measureRatio({ store, collection, chunks, bare }: RatioSubject): Promise<(string | number)[]> {
  const scoring: number[] = [];
  const ours = async ({ vector, terms }: Question): Promise<void> => {
    const limits = { denseLimit: DENSE_LIMIT, lexicalLimit: LEXICAL_LIMIT };
    const found = await store.search(collection, { vector, terms, ...limits });
    const start = performance.now();
    score(found, terms);
    scoring.push(performance.now() - start);
  };
  const works = [ours, (question: Question) => bare.dense(question), (question: Question) => bare.hybrid(question)];
  const first = await timed(async () => ours(madeUpQuestion(-1)));
  const times: Timed[][] = works.map(() => []);
  for (let run = 0; run < WARM_UP + QUESTIONS; run += 1) {
    const question = madeUpQuestion(run);
    for (let turn = 0; turn < works.length; turn += 1) {
      const at = (run + turn) % works.length;
      const taken = await timed(async () => works[at]?.(question));
      if (run >= WARM_UP) times[at]?.push(taken);
    }
  }
  const [mine = [], dense = [], hybrid = []] = times;
  const wall = (list: readonly Timed[]): number => median(list.map(({ wallMs }) => wallMs));
  const cpu = (list: readonly Timed[]): string => median(list.map(({ cpuMs }) => cpuMs)).toFixed(1);
  const against = (list: readonly Timed[]): string[] => [
    wall(list).toFixed(1),
    cpu(list),
    (wall(mine) / wall(list)).toFixed(2),
  ];
  const p95 = percentile(
    mine.map(({ wallMs }) => wallMs),
    0.95,
  );
  return [
    store.kind,
    chunks,
    wall(mine).toFixed(1),
    p95.toFixed(1),
    cpu(mine),
    median(scoring).toFixed(1),
    ...against(dense),
    ...against(hybrid),
    first.wallMs.toFixed(1),
  ];
}

/** Fills an embedded store and opens it anew beside its bare self. */
async function withEmbedded<Result>(chunks: number, work: (subject: RatioSubject) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), "store-ratios-"));
  const file = join(folder, "store.sqlite");
  try {
    const filled = await openEmbeddedStore({ file });
    await fill(filled, { collection: COLLECTION, chunks });
    await filled.close();
    const words = join(folder, "words.sqlite");
    fillBareWords(words, chunks);
    const store = await openEmbeddedStore({ file });
    const bare = openBareEmbedded({ file, words });
    try {
      return await work({ store, collection: COLLECTION, chunks, bare });
    } finally {
      bare.close();
      await store.close();
    }
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The same chunks' words for FTS5. */
export function fillBareWords(file: string, chunks: number): void {
  const database = new DatabaseSync(file);
  database.exec("PRAGMA synchronous = OFF; CREATE VIRTUAL TABLE words USING fts5(terms, content = ''); BEGIN");
  const insert = database.prepare("INSERT INTO words (rowid, terms) VALUES (?, ?)");
  for (let index = 0; index < chunks; index += 1) insert.run(index + 1, madeUpPoint(index).terms.indices.join(" "));
  database.exec("COMMIT");
  database.close();
}

/** Queries with sqlite-vec and FTS5 alone, on the vectors of a store that has one collection. */
export function openBareEmbedded({ file, words }: { file: string; words: string }): BareStore & { close: () => void } {
  const vectors = new DatabaseSync(file, { readOnly: true, allowExtension: true });
  loadVectorExtension(vectors);
  const texts = new DatabaseSync(words, { readOnly: true });
  for (const database of [vectors, texts]) database.exec("PRAGMA mmap_size = 1073741824");
  const nearest = vectors.prepare(
    `SELECT rowid, distance FROM ${vectorTable({ id: 1, generation: 0 })} WHERE embedding MATCH ? AND k = ?`,
  );
  const best = texts.prepare("SELECT rowid, rank FROM words WHERE words MATCH ? ORDER BY rank LIMIT ?");
  const dense = async ({ vector }: Question): Promise<void> => {
    nearest.all(new Uint8Array(vector.buffer), DENSE_LIMIT);
    return Promise.resolve();
  };
  return {
    dense,
    async hybrid(question) {
      await dense(question);
      best.all(question.terms.map((term) => `"${term}"`).join(" OR "), LEXICAL_LIMIT);
    },
    close() {
      vectors.close();
      texts.close();
    },
  };
}

async function withQdrant<Result>(
  url: string,
  { chunks, work }: { chunks: number; work: (subject: RatioSubject) => Promise<Result> },
): Promise<Result> {
  const apiKey = process.env["QDRANT_API_KEY"];
  const store = await openQdrantStore({ url, ...(apiKey !== undefined && { apiKey }) });
  const client = new QdrantClient({
    url,
    checkCompatibility: false,
    headers: { "accept-encoding": "identity", ...(apiKey !== undefined && { "api-key": apiKey }) },
  });
  try {
    await fill(store, { collection: COLLECTION, chunks });
    await indexed(client, aliasOf(COLLECTION));
    return await work({ store, collection: COLLECTION, chunks, bare: openBareQdrant(client, aliasOf(COLLECTION)) });
  } finally {
    await store.deleteCollection(COLLECTION);
    await store.close();
  }
}

/** Queries with the client alone. */
export function openBareQdrant(client: QdrantClient, alias: string): BareStore {
  const nearest = ({ vector }: Question): object => ({
    query: Array.from(vector),
    using: "dense",
    limit: DENSE_LIMIT,
    with_payload: true,
  });
  const best = ({ terms }: Question): object => ({
    query: { indices: terms, values: terms.map(() => 1) },
    using: "bm25",
    limit: LEXICAL_LIMIT,
    with_payload: true,
  });
  return {
    async dense(question) {
      await client.query(alias, nearest(question));
    },
    async hybrid(question) {
      await client.queryBatch(alias, { searches: [nearest(question), best(question)] });
    },
  };
}

/** Waits until Qdrant has built its graphs. */
async function indexed(client: QdrantClient, alias: string): Promise<void> {
  for (;;) {
    await sleep(1_000);
    if ((await client.getCollection(alias)).status === "green") return;
  }
}

async function fill(store: VectorStore, { collection, chunks }: { collection: string; chunks: number }): Promise<void> {
  await store.deleteCollection(collection);
  await store.createCollection(collection, MADE_UP_SETTINGS);
  let next = 0;
  const write = async (): Promise<void> => {
    while (next < chunks) {
      const first = next;
      next = Math.min(chunks, first + store.maxBatchSize);
      const points = Array.from({ length: next - first }, (_, at) => madeUpPoint(first + at));
      await store.upsertChunks(collection, points);
    }
  };
  await Promise.all(Array.from({ length: WRITERS }, write));
}

function score(found: StoreSearchResult, terms: readonly number[]): void {
  scoreCandidates(found, {
    mode: "hybrid",
    query: { terms: terms.map(String), indices: terms },
    stopRatio: 0.68,
  });
}

interface Timed {
  readonly wallMs: number;
  readonly cpuMs: number;
}

async function timed(work: () => Promise<void>): Promise<Timed> {
  const used = process.cpuUsage();
  const start = performance.now();
  await work();
  const wallMs = performance.now() - start;
  const { user, system } = process.cpuUsage(used);
  return { wallMs, cpuMs: (user + system) / 1_000 };
}
