import { join } from "node:path";
import { createHashingEmbedder } from "../../src/embedding/hashing-embedder.ts";
import type { SearchFilter } from "../../src/domain/hit.ts";
import { createRetriever } from "../../src/retrieval/create-retriever.ts";
import { openEmbeddedStore } from "../../src/store/embedded/embedded-store.ts";
import { openQdrantStore } from "../../src/store/qdrant/qdrant-store.ts";
import type { VectorStore } from "../../src/store/vector-store.ts";
import { type Bench, median } from "./bench-table.ts";
import { MADE_UP_DIMENSIONS, MADE_UP_SETTINGS, madeUpDocumentId, madeUpPoint } from "./made-up-chunks.ts";
import { withFolder } from "./temporary.ts";

const COLLECTION = "bench-filters";
const ROOT = "/bench/documents";
const DOCUMENTS = 20_000;
const CHUNKS_PER_DOCUMENT = 2;
const FOLDERS = 100;
const QUERIES = 40;
const WARM_UP = 5;
/** Documents under way at once while a collection is filled. */
const WRITERS = 50;

const FILTERS: Readonly<Record<string, SearchFilter>> = {
  none: {},
  "one folder of a hundred": { source: "folder-7/**" },
  "half of the folders": { source: "folder-*[02468]/**" },
  "one source": { source: "folder-7/document-7.md" },
  "metadata, one of a hundred": { metadata: { team: "team 7" } },
  "metadata, every second": { metadata: { isPublic: true } },
};

/** Searches narrowed by source and metadata in a collection of many documents, by turns with the plain one. */
export const benchFilteredSearch: Bench = async () => {
  const address = process.env["QDRANT_URL"];
  const rows = await withFolder(async (folder) => {
    const store = await openEmbeddedStore({ file: join(folder, "store.sqlite") });
    return await measure(store).finally(async () => store.close());
  });
  if (address !== undefined) {
    const apiKey = process.env["QDRANT_API_KEY"];
    const store = await openQdrantStore({ url: address, ...(apiKey !== undefined && { apiKey }) });
    rows.push(...(await measure(store).finally(async () => store.deleteCollection(COLLECTION))));
  }
  return [
    {
      title: "Searches with a filter",
      head: ["store", "filter", "first ms", "p50 ms", "against none"],
      rows,
      notes: [
        `${DOCUMENTS} documents of ${CHUNKS_PER_DOCUMENT} chunks, ${QUERIES} queries by turns, embedded by hashing. First: with nothing read before.`,
        ...(address === undefined ? ["Qdrant was left out: QDRANT_URL is not set."] : []),
      ],
    },
  ];
};

async function measure(store: VectorStore): Promise<(string | number)[][]> {
  await fill(store);
  const embedder = createHashingEmbedder({ dimensions: MADE_UP_DIMENSIONS });
  const open = (): ReturnType<typeof createRetriever> =>
    createRetriever({ store, embedder, collection: COLLECTION, chunkTokens: 150 });
  const first = new Map<string, number>();
  const times = new Map<string, number[]>();
  for (const [name, filter] of Object.entries(FILTERS)) {
    first.set(name, await timed(async () => open()("Chunk of prose", { filter, mode: "dense" })));
  }
  const retrieve = open();
  for (let run = 0; run < QUERIES + WARM_UP; run += 1) {
    for (const [name, filter] of Object.entries(FILTERS)) {
      const taken = await timed(async () => retrieve(`Chunk ${String(run)} of prose`, { filter, mode: "dense" }));
      if (run >= WARM_UP) times.set(name, [...(times.get(name) ?? []), taken]);
    }
  }
  const plain = median(times.get("none") ?? []);
  return [...times].map(([name, list]) => [
    store.kind,
    name,
    (first.get(name) ?? Number.NaN).toFixed(1),
    median(list).toFixed(1),
    (median(list) / plain).toFixed(2),
  ]);
}

async function fill(store: VectorStore): Promise<void> {
  await store.deleteCollection(COLLECTION);
  await store.createCollection(COLLECTION, MADE_UP_SETTINGS);
  for (let at = 0; at < DOCUMENTS * CHUNKS_PER_DOCUMENT; at += store.maxBatchSize) {
    const length = Math.min(store.maxBatchSize, DOCUMENTS * CHUNKS_PER_DOCUMENT - at);
    const points = Array.from({ length }, (_, offset) => {
      const point = madeUpPoint(at + offset);
      const document = Math.floor((at + offset) / CHUNKS_PER_DOCUMENT);
      const chunk = { ...point.chunk, documentId: madeUpDocumentId(document), source: sourceOf(document), root: ROOT };
      return { ...point, chunk };
    });
    await store.upsertChunks(COLLECTION, points);
  }
  for (let at = 0; at < DOCUMENTS; at += WRITERS) {
    const length = Math.min(WRITERS, DOCUMENTS - at);
    await Promise.all(Array.from({ length }, async (_, offset) => putDocument(store, at + offset)));
  }
}

async function putDocument(store: VectorStore, document: number): Promise<void> {
  const text = `Document ${String(document)}`;
  const record = {
    id: madeUpDocumentId(document),
    root: ROOT,
    source: sourceOf(document),
    title: text,
    mediaType: "text/markdown",
    language: "markdown",
    bytes: text.length,
    contentHash: String(document),
    chunks: CHUNKS_PER_DOCUMENT,
    textLength: text.length,
    ingestedAt: new Date().toISOString(),
    metadata: { team: `team ${String(document % FOLDERS)}`, isPublic: document % 2 === 0 },
  };
  await store.putDocument(COLLECTION, record, text);
}

function sourceOf(document: number): string {
  return `folder-${String(document % FOLDERS)}/document-${String(document)}.md`;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
