import { setImmediate as nextTurn } from "node:timers/promises";
import type { ChunkPoint, IndexedChunk } from "../src/domain/chunk.ts";
import type { DocumentRecord, LoadedDocument } from "../src/domain/document.ts";
import type { IngestEvent } from "../src/domain/ingest.ts";
import type { CallOptions, VectorStore } from "../src/store/vector-store.ts";
import type { Chunker } from "./chunking/chunker.ts";
import type { CollectionTarget } from "./collection-target.ts";
import { CHUNKS_A_TURN, cutDocument, CuttingError } from "./cut-document.ts";
import { createRecord } from "./document-record.ts";
import { documentId } from "./identity.ts";
import type { IngestTally } from "./ingest-tally.ts";
import { keyOf } from "./plan-sync.ts";
import type { DocumentTask } from "./document-task.ts";
import { slices } from "./slices.ts";

/** A document whose words are stored. */
export interface StoredWords {
  /** It says that the document is not complete. */
  readonly record: DocumentRecord;
  /** Hash of the source that the words were read from. */
  readonly contentHash: string;
}

/** Options of {@link storeWords}. */
export interface StoreWordsOptions extends CallOptions {
  readonly store: VectorStore;
  readonly chunker: Chunker;
  readonly target: CollectionTarget;
  readonly tally: Pick<IngestTally, "addChunks">;
}

/**
 * The documents of which nothing complete was ever stored, if their words shall be stored first. One that changes is left
 * out, unless nothing but words is stored: readers find its old chunks until the new ones are whole.
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
  // Nobody reads the successor of a collection before it is whole.
  if (target.replaces !== null || wordsFirst !== true) return [];
  return tasks.filter(({ previous }) => previous === null || isBegun(previous));
}

/** Whether a document was begun and nothing of it was there before. */
function isBegun({ contentHash, chunks }: DocumentRecord): boolean {
  return contentHash === "" && chunks === 0;
}

/**
 * Stores documents with their chunks and terms, without vectors, so that they are found by their words within moments.
 * They count as begun: the ingestion that follows reads them once more, embeds their chunks and completes them, whether it
 * is this one or the next. What cannot be read or cut is left to it. Returns what was stored, by `keyOf`.
 */
export async function* storeWords(
  tasks: readonly DocumentTask[],
  { store, chunker, target, tally, signal }: StoreWordsOptions,
): AsyncGenerator<IngestEvent, ReadonlyMap<string, StoredWords>> {
  const { physical, name: collection } = target;
  const stored = new Map<string, StoredWords>();
  let points: ChunkPoint[] = [];
  let chunks = 0;

  let underWay: Promise<void> = Promise.resolve();

  /** Starts a write when the one before it is done, so that the next texts are cut meanwhile. */
  const start = async (work: () => Promise<void>): Promise<void> => {
    await underWay;
    underWay = work();
    // Whoever starts the next one hears of a failure.
    underWay.catch(() => undefined);
  };

  const flush = async (): Promise<void> => {
    const batch = points;
    points = [];
    chunks += batch.length;
    if (batch.length > 0) await start(() => store.upsertChunks(physical, batch, { signal }));
  };

  const refresh = async (moved: readonly IndexedChunk[]): Promise<void> => {
    for (const slice of slices(moved, store.maxBatchSize))
      await start(() => store.refreshChunks(physical, slice, { signal }));
  };

  const write = async (document: LoadedDocument, previous: DocumentRecord | null): Promise<void> => {
    if (stored.size === 0) await target.ensure();
    const id = documentId({ collection, root: document.root, source: document.source });
    const record = createRecord(document, { id, chunks: previous?.chunks ?? 0, contentHash: "" });
    await start(() => store.putDocument(physical, record, document.text, { signal }));
    stored.set(keyOf(document), { record, contentHash: document.contentHash });
    const states = previous === null ? [] : await store.chunkStates(physical, id, { signal });
    const stale = new Map(states.map((state) => [state.id, state.fingerprint]));
    const moved: IndexedChunk[] = [];
    // Begun by an ingestion that was interrupted, and as it was then.
    const isGoneOnWith =
      previous !== null && previous.modifiedAt === document.modifiedAt && typeof document.modifiedAt === "number";
    let cut = 0;
    try {
      for (const { chunk, indexed } of cutDocument(document, { chunker, target, note: () => undefined })) {
        const known = stale.get(chunk.id);
        stale.delete(chunk.id);
        // The empty fingerprint says that the vectors are missing; it does not tell where the chunk was.
        const lacksVectors = known === undefined || known === "";
        if (lacksVectors && !(isGoneOnWith && known === "")) {
          points.push({ ...indexed, fingerprint: "", vectors: [] });
        } else if (!lacksVectors && known !== indexed.fingerprint) moved.push(indexed);
        if (points.length >= store.maxBatchSize) await flush();
        cut += 1;
        if (cut % CHUNKS_A_TURN === 0) await nextTurn();
      }
    } catch (error) {
      // The ingestion that follows reports it.
      if (error instanceof CuttingError) return;
      throw error;
    }
    await refresh(moved);
    if (stale.size === 0) return;
    // What comes in their place goes first.
    await flush();
    for (const ids of slices([...stale.keys()], store.maxBatchSize))
      await start(() => store.deleteChunks(physical, ids, { signal }));
    tally.addChunks({ deleted: stale.size });
  };

  try {
    for (const [index, task] of tasks.entries()) {
      signal?.throwIfAborted();
      const outcome = await task.load();
      if (outcome.status === "loaded") await write(outcome.document, task.previous);
      yield { type: "words-progress", filesDone: index + 1, filesTotal: tasks.length };
    }
    await flush();
    await underWay;
  } finally {
    // Whatever ends the run, nothing may write behind its back.
    await underWay.catch(() => undefined);
  }
  yield { type: "words-stored", documents: stored.size, chunks };
  return stored;
}
