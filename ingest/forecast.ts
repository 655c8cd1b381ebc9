import type { DocumentRecord, LoadedDocument } from "../src/domain/document.ts";
import type { IngestForecast } from "../src/domain/ingest.ts";
import type { Embedder } from "../src/embedding/embedder.ts";
import type { CallOptions } from "../src/store/vector-store.ts";
import { CuttingError, cutDocument } from "./cut-document.ts";
import { joinNotes } from "./join-notes.ts";
import { keyOf } from "./plan-sync.ts";
import { loadTask } from "./document-task.ts";
import type { IngestWork } from "./plan-ingestion.ts";
import type { SkippedSource, SourceWithout } from "./run-ingestion.ts";
import { storedFingerprints } from "./stored-documents.ts";
import type { DocumentWriterOptions } from "./write-documents.ts";

/** Options of {@link forecastIngestion}. */
export type ForecastOptions = DocumentWriterOptions & Pick<IngestWork, "tasks" | "removals" | "keeps" | "judge">;

/** The result of a dry run. */
export interface Forecast {
  readonly forecast: IngestForecast;
  /** How many chunks of each document would be stored, by {@link keyOf}. */
  readonly chunks: ReadonlyMap<string, number>;
  /** Documents that would go because their sources give none any more. */
  readonly lost: readonly DocumentRecord[];
}

/** Chunks that are embedded to measure the speed; few, since an endpoint may charge for them. */
const SAMPLE = 16;

/**
 * Finds out what an ingestion would embed, reuse and delete: reads and cuts the documents and compares them with what
 * is stored. Stores nothing.
 */
export async function forecastIngestion(options: ForecastOptions): Promise<Forecast> {
  const { embedder, tally, tasks, removals, keeps, judge, signal } = options;
  const chunks = new Map<string, number>();
  const sample: string[] = [];
  const sum = { chunksToEmbed: 0, chunksToReuse: 0, chunksToDelete: 0, tokens: 0 };
  const skipped: SkippedSource[] = [];
  for (const task of tasks) {
    const { root, source, bytes, previous } = task;
    signal?.throwIfAborted();
    const { found, outcome } = await loadTask(task);
    const cut = outcome.status === "loaded" ? await forecastDocument(outcome.document, previous, options) : outcome;
    if ("status" in cut) {
      if (cut.status === "skipped") skipped.push({ task, reason: cut.reason });
      tally.note({ root, source, status: cut.status, reason: cut.reason });
      continue;
    }
    sum.chunksToEmbed += cut.embedded;
    sum.chunksToReuse += cut.reused;
    sum.chunksToDelete += cut.deleted;
    sum.tokens += cut.tokens;
    sample.push(...cut.sample.slice(0, SAMPLE - sample.length));
    chunks.set(keyOf(task), cut.embedded + cut.reused);
    tally.addBytes(bytes);
    const { status, reason } =
      found.status === "loaded"
        ? ({ status: previous === null ? "added" : "changed", reason: joinNotes(found.note, ...cut.notes) } as const)
        : found;
    tally.note({ root, source, status, reason });
  }
  for (const record of keeps) sum.chunksToReuse += record.chunks;
  const { removals: lost, refusal } = judge(skipped);
  for (const { root, source, chunks: count } of [...removals, ...lost]) {
    sum.chunksToDelete += count;
    tally.note({ root, source, status: "removed", reason: "" });
  }
  const seconds = await judgeTime(sample, { embedder, tokens: sum.tokens, signal });
  return { forecast: { ...sum, seconds, refusal: refusal?.message ?? null }, chunks, lost };
}

/** What writing a document would take. */
interface DocumentForecast {
  /** How many chunks there are without stored vectors, their tokens, and the first of their texts. */
  readonly embedded: number;
  readonly tokens: number;
  readonly sample: readonly string[];
  readonly reused: number;
  readonly deleted: number;
  /** What is unusual about how it is cut. */
  readonly notes: readonly string[];
}

/** Cuts a document and compares its chunks with those that are stored of it; gives the reason where it cannot be cut. */
async function forecastDocument(
  document: LoadedDocument,
  previous: DocumentRecord | null,
  { store, embedder, chunker, target, signal }: ForecastOptions,
): Promise<DocumentForecast | SourceWithout> {
  const stale = await storedFingerprints(store, previous, { physical: target.physical, signal });
  const counts = { embedded: 0, tokens: 0, reused: 0 };
  const sample: string[] = [];
  const notes: string[] = [];
  const note = (sentence: string): void => void notes.push(sentence);
  try {
    for await (const { chunk, embeddedText } of cutDocument(document, { chunker, target, note })) {
      const known = stale.get(chunk.id) ?? "";
      stale.delete(chunk.id);
      if (known !== "") {
        counts.reused += 1;
        continue;
      }
      counts.embedded += 1;
      counts.tokens += embedder.countTokens(embeddedText);
      if (sample.length < SAMPLE) sample.push(embeddedText);
    }
  } catch (error) {
    if (!(error instanceof CuttingError)) throw error;
    return { status: "failed", reason: error.message };
  }
  return { ...counts, sample, deleted: stale.size, notes };
}

async function judgeTime(
  sample: readonly string[],
  { embedder, tokens, signal }: { readonly embedder: Embedder; readonly tokens: number } & CallOptions,
): Promise<number | null> {
  if (sample.length === 0) return null;
  const sampled = sample.reduce((sum, text) => sum + embedder.countTokens(text), 0);
  // Embedded as queries: vectors of passages may come from the cache, which would not show the speed for the others.
  const options = { purpose: "query", signal } as const;
  // The first text also starts the model, and the time that takes must not be multiplied.
  await embedder.embed(sample.slice(0, 1), options);
  const start = performance.now();
  await embedder.embed(sample, options);
  return ((performance.now() - start) / 1_000) * (tokens / Math.max(1, sampled));
}
