import { execFile } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Bench } from "./bench-table.ts";
import type { IngestChildResult, IngestChildTask } from "./ingest-child.ts";
import { writeCorpus, writeLongFile } from "./made-up-text.ts";
import { withFolder } from "./temporary.ts";

const FILE_BYTES = 10_000;

interface Case {
  readonly megabytes: number;
  readonly shape: "many files" | "one file";
  readonly embedder: IngestChildTask["embedder"];
}

const DEFAULT_CASES: readonly Case[] = [
  { megabytes: 5, shape: "many files", embedder: "hashing" },
  { megabytes: 50, shape: "many files", embedder: "hashing" },
  { megabytes: 5, shape: "one file", embedder: "hashing" },
  { megabytes: 50, shape: "one file", embedder: "hashing" },
  { megabytes: 2, shape: "many files", embedder: "bundled" },
];
const LARGE_CASES: readonly Case[] = [
  { megabytes: 200, shape: "many files", embedder: "hashing" },
  { megabytes: 200, shape: "one file", embedder: "hashing" },
  { megabytes: 50, shape: "many files", embedder: "bundled" },
  { megabytes: 50, shape: "one file", embedder: "bundled" },
];

/** How large the process of an ingestion becomes, each in a process of its own. */
export const benchIngestMemory: Bench = async ({ large }) => {
  const rows: (string | number)[][] = [];
  for (const one of large ? [...DEFAULT_CASES, ...LARGE_CASES] : DEFAULT_CASES) rows.push(await measure(one));
  return [
    {
      title: "Memory of an ingestion",
      head: ["text", "embedder", "chunks", "peak MB", "before the first file", "seconds", "CPU s/1,000 chunks"],
      rows,
      notes: [
        "Largest resident memory of the whole process, model workers and embedded store included. The hashing embedder " +
          "stands in for a model where that would take long; the model with its workers adds what the last rows show.",
      ],
    },
  ];
};

async function measure({ megabytes, shape, embedder }: Case): Promise<(string | number)[]> {
  return await withFolder(async (folder) => {
    const corpus = join(folder, "corpus");
    await mkdir(corpus);
    const bytes = megabytes * 1e6;
    if (shape === "many files") await writeCorpus(corpus, { bytes, fileBytes: FILE_BYTES });
    else await writeLongFile(join(corpus, "long.txt"), { bytes });
    const task: IngestChildTask = { roots: [corpus], dataFolder: join(folder, "data"), embedder };
    const { report, peakMegabytes, idleMegabytes, cpuSeconds } = await runChild(task);
    const { embedded } = report.chunks;
    return [
      `${megabytes} MB, ${shape}`,
      embedder,
      embedded,
      Math.round(peakMegabytes),
      Math.round(idleMegabytes),
      report.seconds.toFixed(1),
      ((1_000 * cpuSeconds) / embedded).toFixed(2),
    ];
  });
}

async function runChild(task: IngestChildTask): Promise<IngestChildResult> {
  const script = fileURLToPath(new URL("ingest-child.ts", import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [script, JSON.stringify(task)], {
    maxBuffer: 64 * 2 ** 20,
  });
  const result: IngestChildResult = JSON.parse(stdout);
  return result;
}
