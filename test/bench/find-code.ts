import { cp, mkdir, readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { createIngestCorpus } from "../../ingest/ingest-corpus.ts";
import type { Embedder } from "../../src/embedding/embedder.ts";
import { openEmbedder } from "../../src/embedding/open-embedder.ts";
import { createCodeFinder } from "../../src/retrieval/code/find-code.ts";
import { openEmbeddedStore } from "../../src/store/embedded/embedded-store.ts";
import { type Bench, median } from "./bench-table.ts";
import { withFolder } from "./temporary.ts";

const REPOSITORY = fileURLToPath(new URL("../..", import.meta.url));
const FOLDERS = ["src", "ingest", "test"];
const MOST_FILES = 400;
const ROUNDS = 3;
/** Tasks about this repository, as somebody would put them. */
const TASKS = [
  "Give up waiting for a lease when the holder's process is gone",
  "Quoted sentences of an answer should be checked against the stored text",
  "support `robots.txt` when pages are crawled",
  "The embedded store keeps a connection open after close()",
  "Cut long lines of minified JavaScript",
  "retry a request to the model when the server says 429",
];

/** `search_code` with nothing indexed and with everything, beside reading the files and looking for the words. */
export const benchFindCode: Bench = async () =>
  await withFolder(async (folder) => {
    const corpus = join(folder, "corpus");
    const files = await copySources(corpus);
    const embedder = await openEmbedder({ cacheFolder: folder, warmUp: true });
    const scan = await repeat(() => scanFiles(files, TASKS[0] ?? ""));
    const cold = await measureCold(embedder, { folder, corpus });
    await embedder.close();
    const row = (state: string, ms: number): readonly string[] => [
      state,
      ms < 1_000 ? `${ms.toFixed(0)} ms` : `${(ms / 1_000).toFixed(1)} s`,
      `${(ms / scan).toFixed(1)} ×`,
    ];
    return [
      {
        title: `search_code over ${files.length} files of code, ${cold.chunks} chunks`,
        head: ["state", "time", "against reading and scanning the files"],
        rows: [
          row("files read and their words looked for, in process (median)", scan),
          row("nothing indexed: to the first answer, by the words of all files", cold.wordsMs),
          row("nothing indexed: to the end, every vector there", cold.coldMs),
          row("indexed: a task, embedding of the task included (median)", cold.warmMs),
          row("indexed: the embedding of a task alone (median)", cold.embedMs),
        ],
        notes: [
          "Sources of this repository; the model is loaded before. Each store is new, and vectors are not remembered.",
        ],
      },
    ];
  });

interface Measured {
  readonly wordsMs: number;
  readonly coldMs: number;
  readonly warmMs: number;
  readonly embedMs: number;
  readonly chunks: number;
}

async function measureCold(
  embedder: Embedder,
  { folder, corpus }: { readonly folder: string; readonly corpus: string },
): Promise<Measured> {
  const started = performance.now();
  const store = await openEmbeddedStore({ file: join(folder, `${embedder.model}.sqlite`) });
  const findCode = createCodeFinder({ store, embedder, collection: "bench" });
  const [first = "", ...rest] = TASKS;
  let chunks = 0;
  let wordsMs = Number.NaN;
  const ingest = createIngestCorpus({ store, embedder });
  for await (const event of ingest({ collection: "bench", roots: [corpus], wordsFirst: true })) {
    if (event.type === "words-stored") {
      await findCode(first);
      wordsMs = performance.now() - started;
    }
    if (event.type === "ingest-end") chunks = event.report.chunks.total;
  }
  const coldMs = performance.now() - started;
  const warm: number[] = [];
  const embedding: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const task of rest) {
      const before = performance.now();
      const { timing } = await findCode(task);
      warm.push(performance.now() - before);
      embedding.push(timing.embedMs);
    }
  }
  await store.close();
  return { wordsMs, coldMs, warmMs: median(warm), embedMs: median(embedding), chunks };
}

/** What a developer's tool does without an index: every file is read, and the words of the task are counted in it. */
async function scanFiles(files: readonly string[], task: string): Promise<number> {
  const words = task.toLowerCase().match(/\w{3,}/g) ?? [];
  let found = 0;
  for (const file of files) {
    const text = (await readFile(file, "utf8")).toLowerCase();
    for (const word of words) found += text.split(word).length - 1;
  }
  return found;
}

async function repeat(work: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const before = performance.now();
    await work();
    times.push(performance.now() - before);
  }
  return median(times);
}

async function copySources(corpus: string): Promise<readonly string[]> {
  const sources: string[] = [];
  for (const folder of FOLDERS) {
    for (const entry of await readdir(join(REPOSITORY, folder), { recursive: true })) {
      if (/\.(?:ts|js|css)$/.test(entry)) sources.push(join(folder, entry));
    }
  }
  return Promise.all(
    sources
      .toSorted()
      .slice(0, MOST_FILES)
      .map(async (source) => {
        const target = join(corpus, source);
        await mkdir(dirname(target), { recursive: true });
        await cp(join(REPOSITORY, source), target);
        return target;
      }),
  );
}
