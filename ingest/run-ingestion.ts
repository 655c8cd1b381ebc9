import type { DocumentRecord } from "../src/domain/document.ts";
import type { FileReport, IngestEvent } from "../src/domain/ingest.ts";
import type { Embedder } from "../src/embedding/embedder.ts";
import type { VectorStore } from "../src/store/vector-store.ts";
import type { ChunkingOptions } from "./chunking/chunking-options.ts";
import { openChunker } from "./chunking/open-chunker.ts";
import type { CollectionTarget } from "./collection-target.ts";
import { type DocumentTask, loadTask } from "./document-task.ts";
import { createTally, type IngestTally } from "./ingest-tally.ts";
import type { HoldTimes } from "./hold-collection.ts";
import { joinNotes } from "./join-notes.ts";
import type { LoadOutcome } from "./loaders/load-document.ts";
import { keyOf } from "./plan-sync.ts";
import { programFirst } from "./program-first.ts";
import type { WebOptions } from "./web/web-fetcher.ts";
import { isOnlyBegun, storeWords, tasksForWords } from "./store-words.ts";
import { createDocumentWriter, type DocumentWriter, type DocumentWriterOptions } from "./write-documents.ts";
import type { StoredWords } from "./write-words.ts";

/** What every ingestion works with. */
export interface IngestParts {
  /** Holds the collection. */
  readonly store: VectorStore;
  /** Embeds the chunks. A collection stays with the embedder that it was made with. */
  readonly embedder: Embedder;
  /** Gives the warnings since the last call of parts that an ingestion can do without; they go into its report. */
  readonly takeNotes?: (() => readonly string[]) | undefined;
  /** Absolute path of the data folder; it is never ingested. Default: no folder is left out for it. */
  readonly dataFolder?: string | undefined;
  /**
   * Largest file in bytes that is read where the options name none.
   * @default 100_000_000
   */
  readonly maxFileBytes?: number | undefined;
  /**
   * Whether secrets stay in the texts where the options do not say.
   * @default false
   */
  readonly allowSecrets?: boolean | undefined;
  /** How texts are cut, beyond the collection's settings. Default: as the settings say. */
  readonly chunking?: ChunkingOptions | undefined;
  /** How web pages are fetched. Default: politely, and from public addresses only. */
  readonly web?: WebOptions | undefined;
  /** How long to wait for other ingestions of a collection. Default: those of {@link HoldTimes}. */
  readonly holdTimes?: HoldTimes | undefined;
}

/** Options of {@link runTasks}. */
export interface RunOptions extends IngestParts, DocumentWriterOptions {
  /** See `IngestOptions.wordsFirst`. */
  readonly wordsFirst?: boolean | undefined;
  /** See `IngestOptions.wordsOnly`. */
  readonly wordsOnly?: boolean | undefined;
}

/** What an ingestion is about to do, for its tally. */
export interface RunPlan {
  readonly target: CollectionTarget;
  readonly tasks: readonly DocumentTask[];
  /** Documents that stay as they are. */
  readonly keeps: readonly DocumentRecord[];
  /** Sources that are skipped, or failed, without being loaded. */
  readonly passed: readonly FileReport[];
  /** How many other files there are to do something with. */
  readonly others: number;
  /** See `TallyOptions.startedAt`. */
  readonly startedAt?: number;
}

/** Starts the tally of an ingestion, and opens the chunker for it. */
export async function openRun(
  { store, embedder, takeNotes, chunking }: IngestParts,
  { target, tasks, keeps, passed, others, startedAt }: RunPlan,
): Promise<Pick<RunOptions, "tally" | "chunker">> {
  const bytesTotal = tasks.reduce((sum, { bytes }) => sum + bytes, 0);
  const about = { collection: target.name, store: `${store.kind} ${store.location}`, embeddingModel: embedder.model };
  const tally = createTally({ ...about, startedAt, takeNotes }, { filesTotal: tasks.length + others, bytesTotal });
  for (const report of passed) tally.note(report);
  const told = new Set(passed.map(keyOf));
  for (const { root, source, chunks } of keeps) {
    // A document that is kept because its file cannot be read counts as failed only.
    if (!told.has(keyOf({ root, source }))) tally.note({ root, source, status: "unchanged", reason: "" });
    tally.addChunks({ reused: chunks });
  }
  const countTokens = (text: string): number => embedder.countTokens(text);
  return { tally, chunker: await openChunker(target.settings.chunker, { ...chunking, countTokens }) };
}

/** A source that gave no document, such as one that is no longer text. */
export interface SkippedSource {
  readonly task: DocumentTask;
  readonly reason: string;
}

/**
 * Loads, cuts, embeds and stores documents one after the other, and yields what happens. With `wordsFirst` or
 * `wordsOnly`, words are stored first, or alone; with `wordsFirst` in the order of {@link programFirst}. Returns what was
 * skipped: what is stored of it is left to the caller.
 */
export async function* runTasks(
  planned: readonly DocumentTask[],
  options: RunOptions,
): AsyncGenerator<IngestEvent, readonly SkippedSource[]> {
  const { tally, target, signal, wordsFirst = false } = options;
  const tasks = wordsFirst ? programFirst(planned) : planned;
  const running: Running = {
    notes: new Map(),
    kept: new Map(),
    known: new Map(tasks.map((task) => [keyOf(task), task])),
  };
  let writer: DocumentWriter | null = null;
  const forWords = tasksForWords(tasks, options);
  let words: ReadonlyMap<string, StoredWords> = new Map();
  if (forWords.length > 0) words = yield* storeWords(forWords, options);
  const skipped: SkippedSource[] = [];
  if (options.wordsOnly === true) return skipped;
  try {
    for (const task of tasks) {
      signal?.throwIfAborted();
      const begun = words.get(keyOf(task));
      const previous = begun?.record ?? task.previous;
      yield { type: "file-start", source: task.source };
      const { found, outcome } = await loadTask(task);
      if (outcome.status !== "loaded") {
        if (outcome.status === "skipped") skipped.push({ task, reason: outcome.reason });
        const isNew = task.previous === null || isOnlyBegun(task.previous);
        yield* passOver({ ...task, previous: isNew ? previous : null }, outcome, options);
        continue;
      }
      if (found.status === "loaded") running.notes.set(keyOf(task), outcome.note);
      else running.kept.set(keyOf(task), found);
      if (writer === null) {
        if (words.size === 0) await target.ensure();
        writer = createDocumentWriter(options);
      }
      const isBegun = begun?.contentHash === outcome.document.contentHash;
      const { keepsOlder } = task;
      for await (const _ of writer.write(outcome.document, { previous, isBegun, keepsOlder }))
        yield* reportFinished(writer, running, tally);
      yield* reportFinished(writer, running, tally);
    }
    if (writer === null) return skipped;
    for await (const _ of writer.flush()) yield* reportFinished(writer, running, tally);
    yield* reportFinished(writer, running, tally);
    return skipped;
  } finally {
    // However the run ends, no write may go on behind it.
    await writer?.settle();
  }
}

/** The outcome of a source without a document. */
export type SourceWithout = Extract<LoadOutcome, { status: "skipped" | "failed" }>;

interface Running {
  readonly notes: Map<string, string>;
  /** Why the stored text of a document was taken in place of its source. */
  readonly kept: Map<string, SourceWithout>;
  readonly known: ReadonlyMap<string, DocumentTask>;
}

function* reportFinished(writer: DocumentWriter, running: Running, tally: IngestTally): Generator<IngestEvent> {
  for (const { document, chunks, failure, note: cutNote } of writer.takeFinished()) {
    const { root, source } = document;
    const wasStored = running.known.get(keyOf(document))?.previous !== null;
    const loadNote = running.notes.get(keyOf(document)) ?? "";
    const kept = running.kept.get(keyOf(document));
    const note = kept?.reason ?? joinNotes(loadNote, cutNote);
    running.notes.delete(keyOf(document));
    const status = failure !== "" ? "failed" : (kept?.status ?? (wasStored ? "changed" : "added"));
    yield* endFile({ root, source, status, reason: failure === "" ? note : failure }, { chunks, tally });
  }
  yield tally.progress();
}

/** Reports a source that gave no document. If it is skipped, what was begun of it is deleted. */
async function* passOver(
  task: DocumentTask,
  outcome: SourceWithout,
  { store, target, tally, signal }: RunOptions,
): AsyncGenerator<IngestEvent> {
  const { root, source, previous, bytes } = task;
  if (previous !== null && outcome.status === "skipped") {
    tally.addChunks({ deleted: await store.deleteDocuments(target.physical, [previous.id], { signal }) });
  }
  tally.addBytes(bytes);
  yield* endFile({ root, source, status: outcome.status, reason: outcome.reason }, { chunks: 0, tally });
  yield tally.progress();
}

function* endFile(
  report: FileReport,
  { chunks, tally }: { readonly chunks: number; readonly tally: IngestTally },
): Generator<IngestEvent> {
  tally.note(report);
  tally.addFile();
  yield { type: "file-end", report, chunks };
}
