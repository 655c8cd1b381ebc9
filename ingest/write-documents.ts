import { setImmediate as nextTurn } from "node:timers/promises";
import type { ChunkPoint, IndexedChunk } from "../src/domain/chunk.ts";
import type { DocumentRecord, LoadedDocument } from "../src/domain/document.ts";
import { embedInWindows } from "../src/embedding/embed-in-windows.ts";
import type { Embedder } from "../src/embedding/embedder.ts";
import { errorMessage } from "../src/errors.ts";
import type { VectorStore } from "../src/store/vector-store.ts";
import type { Chunker } from "./chunking/chunker.ts";
import { chunkDocument } from "./chunking/chunk-document.ts";
import type { CollectionTarget } from "./collection-target.ts";
import { createRecord } from "./document-record.ts";
import { documentId } from "./identity.ts";
import { type ChunkToStore, indexChunks } from "./index-chunks.ts";
import type { IngestTally } from "./ingest-tally.ts";

/** A document that is stored completely, or that could not be. */
export interface WrittenDocument {
  readonly document: LoadedDocument;
  readonly chunks: number;
  /** Why it failed; empty where it is stored. */
  readonly failure: string;
  /** What is out of the ordinary about how it was cut; empty where nothing is. */
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
  /** Null where nothing is. */
  readonly previous: DocumentRecord | null;
  /** Whether its record and text are there already, marked as begun. */
  readonly isBegun: boolean;
}

/** Writes documents; embedding gathers chunks across them, and goes on while the next ones are read and cut. */
export interface DocumentWriter {
  /**
   * Compares a document's chunks with what is stored and hands on what is new. Yields whenever something may have been
   * finished. The document is complete once {@link DocumentWriter.takeFinished} gives it.
   */
  write(document: LoadedDocument, stored: StoredBefore): AsyncGenerator<void>;
  /** Embeds what is left over. */
  flush(): AsyncGenerator<void>;
  /** What was finished since the last call. */
  takeFinished(): readonly WrittenDocument[];
  /** Waits until nothing is under way; never rejects. */
  settle(): Promise<void>;
}

/** Batches under way at a time: one in the embedder's hands, one to follow it at once, one on its way into the store. */
const BATCHES_AHEAD = 3;
/** The first batch is this many times smaller, so that the model begins early. */
const FIRST_BATCH_PARTS = 4;
/** Chunks that are made before others get a turn on the thread. */
const SLICE = 64;

interface OpenDocument {
  readonly id: string;
  readonly document: LoadedDocument;
  /** Fingerprints of stored chunks that have not turned up again. */
  readonly stale: Map<string, string>;
  chunks: number;
  waiting: number;
  isCut: boolean;
  isComplete: boolean;
  countedBytes: number;
  readonly notes: string[];
}

interface QueuedChunk {
  readonly owner: OpenDocument;
  readonly chunk: ChunkToStore;
}

/** Starts writing to a collection that exists. */
export function createDocumentWriter(options: DocumentWriterOptions): DocumentWriter {
  const { store, embedder, chunker, target, tally, signal } = options;
  const { physical, name: collection, settings } = target;
  const underWay = new Set<Promise<void>>();
  let finished: WrittenDocument[] = [];
  let queue: QueuedChunk[] = [];
  let failure: { readonly error: unknown } | null = null;
  let hasBegun = false;

  const checkFailure = (): void => {
    signal?.throwIfAborted();
    if (failure !== null) throw failure.error;
  };

  const completeIfDone = async (owner: OpenDocument): Promise<void> => {
    if (!owner.isCut || owner.waiting > 0 || owner.isComplete) return;
    owner.isComplete = true;
    const { id, document, stale } = owner;
    for (const ids of slices([...stale.keys()], store.maxBatchSize))
      await store.deleteChunks(physical, ids, { signal });
    tally.addChunks({ deleted: stale.size });
    const record = createRecord(document, { id, chunks: owner.chunks, contentHash: document.contentHash });
    // Its text is there since the beginning.
    await store.putDocument(physical, record, null, { signal });
    tally.addBytes(document.bytes - owner.countedBytes);
    finished.push({ document, chunks: owner.chunks, failure: "", note: owner.notes.join("; ") });
  };

  const storeBatch = async (batch: readonly QueuedChunk[]): Promise<void> => {
    const texts = batch.map(({ chunk }) => ({ text: chunk.chunk.text, prefix: chunk.prefix }));
    const remembered = new Set<number>();
    const onRemembered = (places: readonly number[]): void => places.forEach((place) => remembered.add(place));
    const vectors = await embedInWindows(texts, { embedder, signal, onRemembered });
    const points = batch.map(({ chunk }, index): ChunkPoint => ({ ...chunk.indexed, vectors: vectors[index] ?? [] }));
    for (const slice of slices(points, store.maxBatchSize)) await store.upsertChunks(physical, slice, { signal });
    tally.addChunks({ embedded: batch.length - remembered.size, reused: remembered.size });
    for (const [place, { owner, chunk }] of batch.entries()) {
      if (!remembered.has(place)) tally.addTokens(embedder.countTokens(chunk.embeddedText));
      const share = (owner.document.bytes * chunk.chunk.text.length) / owner.document.text.length;
      tally.addBytes(share);
      owner.countedBytes += share;
      owner.waiting -= 1;
    }
    for (const owner of new Set(batch.map((queued) => queued.owner))) {
      await completeIfDone(owner);
    }
  };

  async function* submit(): AsyncGenerator<void> {
    const batch = queue;
    queue = [];
    if (batch.length === 0) return;
    hasBegun = true;
    while (underWay.size >= BATCHES_AHEAD) {
      await Promise.race(underWay);
      yield;
    }
    checkFailure();
    const task: Promise<void> = storeBatch(batch)
      .catch((error: unknown) => {
        failure ??= { error };
      })
      .finally(() => underWay.delete(task));
    underWay.add(task);
  }

  async function* writeChunks(owner: OpenDocument): AsyncGenerator<void> {
    let moved: IndexedChunk[] = [];
    const refresh = async (): Promise<void> => {
      if (moved.length > 0) await store.refreshChunks(physical, moved, { signal });
      moved = [];
    };
    const note = (sentence: string): void => void owner.notes.push(sentence);
    const chunks = chunkDocument(owner.document, { chunker, collection, note });
    for (const chunk of guarded(indexChunks(chunks, { averageLength: settings.analyser.averageLength }))) {
      const { fingerprint } = chunk.indexed;
      const known = owner.stale.get(chunk.chunk.id);
      owner.stale.delete(chunk.chunk.id);
      owner.chunks += 1;
      // Stored by its words alone, it has an empty fingerprint.
      if (known === undefined || known === "") {
        owner.waiting += 1;
        queue.push({ owner, chunk });
      } else {
        tally.addChunks({ reused: 1 });
        if (known !== fingerprint) moved.push(chunk.indexed);
      }
      if (moved.length >= store.maxBatchSize) await refresh();
      if (queue.length >= (hasBegun ? embedder.batchSize : embedder.batchSize / FIRST_BATCH_PARTS)) yield* submit();
      if (owner.chunks % SLICE === 0) {
        await nextTurn();
        checkFailure();
        yield;
      }
    }
    await refresh();
  }

  return {
    async *write(document, { previous, isBegun }) {
      checkFailure();
      const id = documentId({ collection, root: document.root, source: document.source });
      // A record without a hash says that the chunks may be of two minds until the last record is written. It also keeps
      // a document findable whose source is gone by the time an interrupted ingestion is run again.
      const begun = createRecord(document, { id, chunks: previous?.chunks ?? 0, contentHash: "" });
      if (!isBegun) await store.putDocument(physical, begun, document.text, { signal });
      // Nothing can be stored of a document without a record: it comes before the chunks and goes with them.
      const states = previous === null ? [] : await store.chunkStates(physical, id, { signal });
      const stale = new Map(states.map((state) => [state.id, state.fingerprint]));
      const owner: OpenDocument = {
        id,
        document,
        stale,
        chunks: 0,
        waiting: 0,
        isCut: false,
        isComplete: false,
        countedBytes: 0,
        notes: [],
      };
      try {
        yield* writeChunks(owner);
      } catch (error) {
        if (!(error instanceof CuttingError)) throw error;
        queue = queue.filter((queued) => queued.owner !== owner);
        finished.push({ document, chunks: 0, failure: `cannot be cut: ${errorMessage(error.cause)}`, note: "" });
        return;
      }
      owner.isCut = true;
      await completeIfDone(owner);
      await nextTurn();
      yield;
    },
    async *flush() {
      yield* submit();
      while (underWay.size > 0) {
        await Promise.race(underWay);
        yield;
      }
      checkFailure();
    },
    takeFinished() {
      const taken = finished;
      finished = [];
      return taken;
    },
    async settle() {
      await Promise.all(underWay);
    },
  };
}

/** Says that it was the cutting of a document that failed, so that only this document fails. */
class CuttingError extends Error {}

function* guarded<Item>(items: Iterable<Item>): Generator<Item> {
  const iterator = items[Symbol.iterator]();
  for (;;) {
    let next: IteratorResult<Item>;
    try {
      next = iterator.next();
    } catch (error) {
      throw new CuttingError("A document cannot be cut.", { cause: error });
    }
    if (next.done === true) return;
    yield next.value;
  }
}

/** A list in parts of a length at most. */
export function* slices<Item>(items: readonly Item[], length: number): Generator<readonly Item[]> {
  for (let start = 0; start < items.length; start += length) yield items.slice(start, start + length);
}
