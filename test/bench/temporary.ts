import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createIngestCorpus } from "../../ingest/ingest-corpus.ts";
import type { IngestParts } from "../../ingest/run-ingestion.ts";
import type { IngestOptions, IngestReport } from "../../src/domain/ingest.ts";
import { runToEnd } from "../../src/domain/run-to-end.ts";

/** Lets work have a folder of its own, which is removed afterwards. */
export async function withFolder<Result>(work: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), "citewell-bench-"));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Ingests and waits for the report. */
export async function ingestAll(parts: IngestParts, options: IngestOptions): Promise<IngestReport> {
  return runToEnd(createIngestCorpus(parts)(options));
}
