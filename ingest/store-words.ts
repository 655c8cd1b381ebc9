import type { DocumentRecord } from "../src/domain/document.ts";
import type { IngestEvent } from "../src/domain/ingest.ts";
import type { CollectionTarget } from "./collection-target.ts";
import type { DocumentTask } from "./document-task.ts";
import { createWordsWriter, type StoredWords, type WordsWriterOptions } from "./write-words.ts";

/**
 * The documents whose words are to be stored before their vectors: with `wordsFirst`, those of which nothing complete
 * was ever stored. A document that changes keeps its old chunks, which readers find until the new ones are complete;
 * only with `wordsOnly` it is among them.
 */
export function tasksForWords(
  tasks: readonly DocumentTask[],
  {
    target,
    wordsFirst,
    wordsOnly,
  }: {
    readonly target: CollectionTarget;
    readonly wordsFirst?: boolean | undefined;
    readonly wordsOnly?: boolean | undefined;
  },
): readonly DocumentTask[] {
  if (wordsOnly === true) return tasks;
  // Nobody reads the successor of a collection before it is complete.
  if (target.replaces !== null || wordsFirst !== true) return [];
  return tasks.filter(({ previous }) => previous === null || isOnlyBegun(previous));
}

/** Whether a document was begun, and nothing was stored of it before that. */
export function isOnlyBegun({ contentHash, chunks }: DocumentRecord): boolean {
  return contentHash === "" && chunks === 0;
}

/**
 * Stores documents with their chunks and terms but without vectors, so that they are found by their words within moments.
 * They count as begun: this ingestion, or else the next one, reads them again, embeds their chunks and completes them, and
 * reports what cannot be read or cut. Returns what was stored, by `keyOf`.
 */
export async function* storeWords(
  tasks: readonly DocumentTask[],
  options: WordsWriterOptions,
): AsyncGenerator<IngestEvent, ReadonlyMap<string, StoredWords>> {
  const writer = createWordsWriter(options);
  try {
    for (const [index, task] of tasks.entries()) {
      options.signal?.throwIfAborted();
      const outcome = await task.load();
      if (outcome.status === "loaded") await writer.write(outcome.document, task.previous);
      yield { type: "words-progress", filesDone: index + 1, filesTotal: tasks.length };
    }
    await writer.flush();
  } finally {
    // However the run ends, no write may go on behind it.
    await writer.settle();
  }
  yield { type: "words-stored", documents: writer.stored.size, chunks: writer.chunkCount() };
  return writer.stored;
}
