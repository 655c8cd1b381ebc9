// Runs one ingestion in a process of its own, so that its memory and processor time can be told from all others.
import { join } from "node:path";
import { createIngestCorpus } from "../../ingest/ingest-corpus.ts";
import type { IngestReport } from "../../src/domain/ingest.ts";
import { createHashingEmbedder } from "../../src/embedding/hashing-embedder.ts";
import { openEmbedder } from "../../src/embedding/open-embedder.ts";
import { openEmbeddedStore } from "../../src/store/embedded/embedded-store.ts";

/** What the process is asked to do. */
export interface IngestChildTask {
  readonly roots: readonly string[];
  readonly dataFolder: string;
  readonly embedder: "bundled" | "hashing";
}

/** What it answers, as the last line of its output. */
export interface IngestChildResult {
  readonly report: IngestReport;
  /** Largest memory of the process, in megabytes. */
  readonly peakMegabytes: number;
  /** The same before anything was ingested, with the parts loaded. */
  readonly idleMegabytes: number;
  readonly cpuSeconds: number;
}

async function run(task: IngestChildTask): Promise<IngestChildResult> {
  const store = await openEmbeddedStore({ file: join(task.dataFolder, "store.sqlite") });
  const embedder =
    task.embedder === "hashing"
      ? createHashingEmbedder({ dimensions: 384 })
      : await openEmbedder({ cacheFolder: join(task.dataFolder, "models") });
  const idleMegabytes = peakMegabytes();
  const start = process.cpuUsage();
  const ingest = createIngestCorpus({ store, embedder, dataFolder: task.dataFolder, maxFileBytes: 2 ** 31 })({
    collection: "bench",
    roots: task.roots,
  });
  for (;;) {
    const next = await ingest.next();
    if (next.done !== true) continue;
    const { user, system } = process.cpuUsage(start);
    await Promise.all([store.close(), embedder.close()]);
    return { report: next.value, peakMegabytes: peakMegabytes(), idleMegabytes, cpuSeconds: (user + system) / 1e6 };
  }
}

function peakMegabytes(): number {
  return process.resourceUsage().maxRSS / 1_024;
}

const task: IngestChildTask = JSON.parse(process.argv[2] ?? "{}");
process.stdout.write(`${JSON.stringify(await run(task))}\n`);
