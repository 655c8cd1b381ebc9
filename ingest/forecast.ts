import type { DocumentRecord } from "../src/domain/document.ts";
import type { IngestForecast } from "../src/domain/ingest.ts";
import type { Embedder } from "../src/embedding/embedder.ts";
import type { CallOptions, VectorStore } from "../src/store/vector-store.ts";
import { chunkDocument } from "./chunking/chunk-document.ts";
import type { Chunker } from "./chunking/chunker.ts";
import type { CollectionTarget } from "./collection-target.ts";
import { documentId } from "./identity.ts";
import type { IngestTally } from "./ingest-tally.ts";
import { joinNotes } from "./join-notes.ts";
import { keyOf } from "./plan-sync.ts";
import { type DocumentTask, loadTask } from "./document-task.ts";
import type { IngestWork } from "./plan-ingestion.ts";
import type { SkippedSource } from "./run-ingestion.ts";

/** Options of {@link forecastIngestion}. */
export interface ForecastOptions extends CallOptions {
  readonly store: VectorStore;
  readonly embedder: Embedder;
  readonly chunker: Chunker;
  readonly target: CollectionTarget;
  readonly tally: IngestTally;
  readonly tasks: readonly DocumentTask[];
  readonly removals: readonly DocumentRecord[];
  readonly keeps: readonly DocumentRecord[];
  /** See `IngestWork.judge`. */
  readonly judge: IngestWork["judge"];
}

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
  const { store, embedder, chunker, target, tally, tasks, removals, keeps, judge, signal } = options;
  const { name: collection, physical, info } = target;
  const chunks = new Map<string, number>();
  const sample: string[] = [];
  const sum = { chunksToEmbed: 0, chunksToReuse: 0, chunksToDelete: 0, tokens: 0 };
  const skipped: SkippedSource[] = [];
  for (const task of tasks) {
    const { root, source, bytes, previous } = task;
    signal?.throwIfAborted();
    const { found, outcome } = await loadTask(task);
    if (outcome.status !== "loaded") {
      if (outcome.status === "skipped") skipped.push({ task, reason: outcome.reason });
      tally.note({ root, source, status: outcome.status, reason: outcome.reason });
      continue;
    }
    const id = documentId({ collection, root, source });
    const states = info === null ? [] : await store.chunkStates(physical, id, { signal });
    const stale = new Set(states.map((state) => state.id));
    let count = 0;
    const notes = [outcome.note];
    const note = (sentence: string): void => void notes.push(sentence);
    await chunker.prepare?.(outcome.document);
    for (const { chunk, embeddedText } of chunkDocument(outcome.document, { chunker, collection, note })) {
      count += 1;
      if (stale.delete(chunk.id)) sum.chunksToReuse += 1;
      else {
        sum.chunksToEmbed += 1;
        sum.tokens += embedder.countTokens(embeddedText);
        if (sample.length < SAMPLE) sample.push(embeddedText);
      }
    }
    sum.chunksToDelete += stale.size;
    chunks.set(keyOf({ root, source }), count);
    tally.addBytes(bytes);
    const stored = { status: previous === null ? "added" : "changed", reason: joinNotes(...notes) } as const;
    tally.note({
      root,
      source,
      ...(found.status === "loaded" ? stored : { status: found.status, reason: found.reason }),
    });
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
