import { join } from "node:path";
import type { Embedder } from "../../src/embedding/embedder.ts";
import { openEmbedder } from "../../src/embedding/open-embedder.ts";
import { createRetriever } from "../../src/retrieval/create-retriever.ts";
import type { Retrieve } from "../../src/retrieval/retrieve.ts";
import { openEmbeddedStore } from "../../src/store/embedded/embedded-store.ts";
import { type Bench, type BenchTable, median, percentile } from "./bench-table.ts";
import { createMadeUpText, writeCorpus } from "./made-up-text.ts";
import { embedQueriesOnly } from "./query-stand-in.ts";
import { ingestAll, withFolder } from "./temporary.ts";

const CORPUS_BYTES = 3_550_000;
const FILE_BYTES = 10_000;
const QUERIES = 150;
const WARM_UP = 40;

/** A whole search beside the embedding of its query, idle and while another collection is ingested. */
export const benchSearchLatency: Bench = async () =>
  await withFolder(async (folder) => {
    const store = await openEmbeddedStore({ file: join(folder, "store.sqlite") });
    const embedder = embedQueriesOnly(await openEmbedder({ cacheFolder: folder }));
    const corpus = join(folder, "corpus");
    await writeCorpus(corpus, { bytes: CORPUS_BYTES, fileBytes: FILE_BYTES });
    const { chunks } = await ingestAll({ store, embedder }, { collection: "bench", roots: [corpus] });
    const retrieve = createRetriever({ store, embedder, collection: "bench", chunkTokens: 150 });
    const idle = await measure(`${chunks.total} chunks, idle`, { embedder, retrieve, queries: QUERIES });
    const stop = new AbortController();
    const other = ingestForever(async (collection) => {
      await ingestAll({ store, embedder }, { collection, roots: [corpus], signal: stop.signal });
    });
    const busy = await measure("the same, while another collection is ingested", { embedder, retrieve, queries: 60 });
    stop.abort();
    await other;
    await Promise.all([store.close(), embedder.close()]);
    const table: BenchTable = {
      title: "Search",
      head: ["state", "query embedding p50 ms", "retrieve() p50 ms", "difference p50 ms", "retrieve() p95 ms"],
      rows: [idle, busy],
      notes: [
        "By turns, query by query; the queries are sentences of the corpus's language, embedded by the bundled model. " +
          "The passages are embedded by hashing, so that an ingestion beside it writes as fast as it can.",
      ],
    };
    return [table];
  });

async function measure(
  state: string,
  { embedder, retrieve, queries }: { embedder: Embedder; retrieve: Retrieve; queries: number },
): Promise<readonly (string | number)[]> {
  const text = createMadeUpText(99);
  const embedTimes: number[] = [];
  const searchTimes: number[] = [];
  for (let query = 0; query < queries + WARM_UP; query += 1) {
    const sentence = text.sentence();
    const first = await timed(() => embedder.embed([sentence], { purpose: "query" }));
    const second = await timed(() => retrieve(sentence));
    // The first ones warm up.
    if (query < WARM_UP) continue;
    embedTimes.push(first);
    searchTimes.push(second);
  }
  const difference = searchTimes.map((time, at) => time - (embedTimes[at] ?? 0));
  return [
    state,
    median(embedTimes).toFixed(1),
    median(searchTimes).toFixed(1),
    median(difference).toFixed(1),
    percentile(searchTimes, 0.95).toFixed(1),
  ];
}

async function ingestForever(ingest: (collection: string) => Promise<void>): Promise<void> {
  try {
    for (let run = 0; ; run += 1) await ingest(`other-${run}`);
  } catch (error) {
    if (!(error instanceof Error) || error.name !== "AbortError") throw error;
  }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
