import { cp, mkdir, readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { createHashingEmbedder } from "../../src/embedding/hashing-embedder.ts";
import type { Embedder } from "../../src/embedding/embedder.ts";
import { openEmbedder } from "../../src/embedding/open-embedder.ts";
import { createCodeFinder } from "../../src/retrieval/find-code.ts";
import { openEmbeddedStore } from "../../src/store/embedded-store.ts";
import { type Bench, median } from "./bench-table.ts";
import { ingestAll, withFolder } from "./temporary.ts";

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

/** `find_code` with nothing indexed and with everything, beside reading the files and looking for the words. */
export const benchFindCode: Bench = async () =>
  await withFolder(async (folder) => {
    const corpus = join(folder, "corpus");
    const files = await copySources(corpus);
    const embedder = await openEmbedder({ cacheFolder: folder, warmUp: true });
    const scan = await repeat(() => scanFiles(files, TASKS[0] ?? ""));
    const words = await measureCold(createHashingEmbedder({ dimensions: 2 }), { folder, corpus });
    const cold = await measureCold(embedder, { folder, corpus });
    await embedder.close();
    const row = (state: string, ms: number): readonly string[] => [
      state,
      ms < 1_000 ? `${ms.toFixed(0)} ms` : `${(ms / 1_000).toFixed(1)} s`,
      `${(ms / scan).toFixed(1)} ×`,
    ];
    return [
      {
        title: `find_code over ${files.length} files of code, ${cold.chunks} chunks`,
        head: ["state", "time", "against reading and scanning the files"],
        rows: [
          row("files read and their words looked for, in process (median)", scan),
          row("nothing indexed, without a model: words only, to the first answer", words.coldMs),
          row("nothing indexed, with the bundled model, to the first answer", cold.coldMs),
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
  const { chunks } = await ingestAll({ store, embedder }, { collection: "bench", roots: [corpus] });
  const findCode = createCodeFinder({ store, embedder, collection: "bench" });
  const [first = "", ...rest] = TASKS;
  await findCode(first);
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
  return { coldMs, warmMs: median(warm), embedMs: median(embedding), chunks: chunks.total };
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
