import { setImmediate as nextTurn } from "node:timers/promises";
import type { IndexedChunk } from "../src/domain/chunk.ts";
import type { DocumentRecord, LoadedDocument } from "../src/domain/document.ts";
import type { Embedder } from "../src/embedding/embedder.ts";
import type { VectorStore } from "../src/store/vector-store.ts";
import type { Chunker } from "./chunking/chunker.ts";
import type { CollectionTarget } from "./collection-target.ts";
import { CHUNKS_A_TURN, cutDocument, CuttingError } from "./cut-document.ts";
import { beginRecord, completeRecord } from "./document-record.ts";
import { createEmbedQueue, type EmbedQueue, type QueuedChunk } from "./embed-queue.ts";
import { documentId } from "./identity.ts";
import type { IngestTally } from "./ingest-tally.ts";
import { joinNotes } from "./join-notes.ts";
import { giveUpOlder, hasOlderVersion, holdOlder } from "./older-version.ts";
import { storedFingerprints } from "./stored-documents.ts";
import { slices } from "../src/domain/slices.ts";

/** A document that was stored completely, or that failed. */
export interface WrittenDocument {
  readonly document: LoadedDocument;
  readonly chunks: number;
  /** Why it failed; empty if it is stored. */
  readonly failure: string;
  /** What is unusual about how it was cut; empty if nothing is. */
  readonly note: string;
}

/** Options of {@link createDocumentWriter}. */
export interface DocumentWriterOptions {
  readonly store: VectorStore;
  readonly embedder: Embedder;
  readonly chunker: Chunker;
  readonly target: CollectionTarget;
  readonly tally: IngestTally;
  readonly signal?: AbortSignal;
}

/** What is stored of a document before it is written. */
export interface StoredBefore {
  /** Its stored record; null if there is none. */
  readonly previous: DocumentRecord | null;
  /** Whether its record and text are there already, marked as begun. */
  readonly isBegun: boolean;
  /** See `DocumentTask.keepsOlder`. */
  readonly keepsOlder?: boolean | undefined;
}

/** Writes documents; embedding gathers chunks across them, and goes on while the next ones are read and cut. */
export interface DocumentWriter {
  /**
   * Compares a document's chunks with the stored ones and embeds those that are new. Yields whenever a document may
   * have been completed; {@link DocumentWriter.takeFinished} gives those that were.
   */
  write(document: LoadedDocument, stored: StoredBefore): AsyncGenerator<void>;
  /** Embeds and stores the chunks that are left over. */
  flush(): AsyncGenerator<void>;
  /** The documents that were completed, or failed, since the last call. */
  takeFinished(): readonly WrittenDocument[];
  /** Waits until nothing is under way; never rejects. */
  settle(): Promise<void>;
}

/** A document on its way into the store. */
interface OpenDocument {
  /** Its record as it begins. */
  readonly begun: DocumentRecord;
  readonly document: LoadedDocument;
  /** The record of the version whose text stays until this one's vectors are stored; null where the text is there. */
  readonly older: DocumentRecord | null;
  /** Stored chunks that stand elsewhere in the new text, as far as the store has not been told. */
  readonly moved: IndexedChunk[];
  /** Fingerprints of stored chunks that the document does not have any more, as far as it is cut. */
  readonly stale: Map<string, string>;
  chunks: number;
  /** Chunks whose vectors are not stored yet. */
  waiting: number;
  isCut: boolean;
  isComplete: boolean;
  countedBytes: number;
  readonly notes: string[];
}

/** Starts writing to a collection that exists. */
export function createDocumentWriter(options: DocumentWriterOptions): DocumentWriter {
  const { store, target, tally, signal } = options;
  const { physical, name: collection } = target;
  let finished: WrittenDocument[] = [];

  const completeIfDone = async (owner: OpenDocument): Promise<void> => {
    if (!owner.isCut || owner.waiting > 0 || owner.isComplete) return;
    owner.isComplete = true;
    await complete(owner, options);
    finished.push({ document: owner.document, chunks: owner.chunks, failure: "", note: joinNotes(...owner.notes) });
  };

  const onStored = async (batch: readonly QueuedChunk<OpenDocument>[]): Promise<void> => {
    for (const { owner, chunk } of batch) {
      const share = (owner.document.bytes * chunk.chunk.text.length) / owner.document.text.length;
      tally.addBytes(share);
      owner.countedBytes += share;
      owner.waiting -= 1;
    }
    for (const owner of new Set(batch.map((queued) => queued.owner))) await completeIfDone(owner);
  };

  const queue = createEmbedQueue<OpenDocument>({ ...options, physical, onStored });
  return {
    async *write(document, { previous, isBegun, keepsOlder = false }) {
      queue.checkFailure();
      const id = documentId({ collection, root: document.root, source: document.source });
      // A record without a hash says that chunks of the old and the new state may stand side by side until the last
      // record is written. Also, if an interrupted ingestion is repeated when the source is gone, the record lets the
      // document be found.
      const begun = beginRecord(document, { id, chunks: previous?.chunks ?? 0 });
      const older = keepsOlder && previous !== null && hasOlderVersion(previous) ? previous : null;
      if (older !== null) await holdOlder(older, { store, physical, signal });
      else if (!isBegun) await store.putDocument(physical, begun, document.text, { signal });
      const stale = await storedFingerprints(store, previous, { physical, signal });
      const owner = openDocument(document, { begun, older, stale });
      try {
        yield* writeChunks(owner, { ...options, queue });
      } catch (error) {
        if (!(error instanceof CuttingError)) throw error;
        queue.drop(owner);
        finished.push({ document, chunks: 0, failure: error.message, note: "" });
        return;
      }
      owner.isCut = true;
      await completeIfDone(owner);
      await nextTurn();
      yield;
    },
    flush: () => queue.flush(),
    takeFinished() {
      const taken = finished;
      finished = [];
      return taken;
    },
    settle: () => queue.settle(),
  };
}

function openDocument(document: LoadedDocument, known: Pick<OpenDocument, "begun" | "older" | "stale">): OpenDocument {
  return {
    ...known,
    document,
    moved: [],
    chunks: 0,
    waiting: 0,
    isCut: false,
    isComplete: false,
    countedBytes: 0,
    notes: [],
  };
}

/** Passes new chunks on to be embedded, and tells the store which ones stand elsewhere now. */
async function* writeChunks(
  owner: OpenDocument,
  {
    store,
    chunker,
    target,
    tally,
    signal,
    queue,
  }: DocumentWriterOptions & { readonly queue: EmbedQueue<OpenDocument> },
): AsyncGenerator<void> {
  // Chunks stay where they are in the older version's text as long as that is stored.
  const refresh = async (): Promise<void> => {
    if (owner.older === null) await refreshMoved(owner, { store, target, signal });
  };
  const note = (sentence: string): void => void owner.notes.push(sentence);
  for await (const chunk of cutDocument(owner.document, { chunker, target, note })) {
    const known = owner.stale.get(chunk.chunk.id);
    owner.stale.delete(chunk.chunk.id);
    owner.chunks += 1;
    // An empty fingerprint means that the chunk is stored by its words alone.
    if (known === undefined || known === "") {
      owner.waiting += 1;
      yield* queue.add({ owner, chunk });
    } else {
      tally.addChunks({ reused: 1 });
      if (known !== chunk.indexed.fingerprint) owner.moved.push(chunk.indexed);
    }
    if (owner.moved.length >= store.maxBatchSize) await refresh();
    if (owner.chunks % CHUNKS_A_TURN === 0) {
      await nextTurn();
      queue.checkFailure();
      yield;
    }
  }
  await refresh();
}

async function refreshMoved(
  { moved }: OpenDocument,
  { store, target, signal }: Pick<DocumentWriterOptions, "store" | "target" | "signal">,
): Promise<void> {
  for (const chunks of slices(moved.splice(0), store.maxBatchSize)) {
    await store.refreshChunks(target.physical, chunks, { signal });
  }
}

/**
 * Deletes the stored chunks that the document does not have any more, and writes the record that says it is complete.
 */
async function complete(owner: OpenDocument, options: DocumentWriterOptions): Promise<void> {
  const { begun, document, older, stale, chunks, countedBytes } = owner;
  const { store, target, tally } = options;
  const { physical } = target;
  // Once the older version's text is given up there is no way but on, which takes moments: all vectors are stored.
  const signal = older === null ? options.signal : undefined;
  if (older !== null) {
    options.signal?.throwIfAborted();
    await giveUpOlder(older, { store, physical });
    await store.putDocument(physical, { ...begun, chunks }, document.text);
    await refreshMoved(owner, { store, target });
  }
  for (const ids of slices([...stale.keys()], store.maxBatchSize)) await store.deleteChunks(physical, ids, { signal });
  tally.addChunks({ deleted: stale.size });
  const record = completeRecord(begun, { chunks, contentHash: document.contentHash });
  // Its text was stored at the beginning.
  await store.putDocument(physical, record, null, { signal });
  tally.addBytes(document.bytes - countedBytes);
}
