import type { ChunkPoint } from "../src/domain/chunk.ts";
import { embedInWindows } from "../src/embedding/embed-in-windows.ts";
import type { Embedder } from "../src/embedding/embedder.ts";
import type { VectorStore } from "../src/store/vector-store.ts";
import type { ChunkToStore } from "./index-chunks.ts";
import type { IngestTally } from "./ingest-tally.ts";
import { slices } from "../src/domain/slices.ts";

/** A chunk that waits for its vectors, with the document that it belongs to. */
export interface QueuedChunk<Owner> {
  readonly owner: Owner;
  readonly chunk: ChunkToStore;
}

/** Options of {@link createEmbedQueue}. */
export interface EmbedQueueOptions<Owner> {
  readonly store: VectorStore;
  readonly embedder: Embedder;
  /** The name under which the store has the collection. */
  readonly physical: string;
  readonly tally: IngestTally;
  /** Is told which chunks have been stored with their vectors. */
  readonly onStored: (batch: readonly QueuedChunk<Owner>[]) => Promise<void>;
  readonly signal?: AbortSignal | undefined;
}

/** Gathers chunks across documents, and embeds and stores them in batches while the next ones are read and cut. */
export interface EmbedQueue<Owner> {
  /** Adds a chunk; yields while a full batch has to wait for those before it. */
  add(queued: QueuedChunk<Owner>): AsyncGenerator<void>;
  /** Drops the waiting chunks of a document. */
  drop(owner: Owner): void;
  /** Embeds and stores what is left over; yields whenever a batch is done. */
  flush(): AsyncGenerator<void>;
  /** Throws the error of a batch that failed, or the signal's reason. */
  checkFailure(): void;
  /** Waits until nothing is under way; never rejects. */
  settle(): Promise<void>;
}

/**
 * Batches under way at a time: one that is being embedded, one to follow it at once, and one on its way into the store.
 */
const BATCHES_AHEAD = 3;
/** The first batch is this many times smaller, so that the model begins early. */
const FIRST_BATCH_PARTS = 4;

/** Makes an empty queue. */
export function createEmbedQueue<Owner>(options: EmbedQueueOptions<Owner>): EmbedQueue<Owner> {
  const { batchSize } = options.embedder;
  const underWay = new Set<Promise<void>>();
  let waiting: QueuedChunk<Owner>[] = [];
  let failure: { readonly error: unknown } | null = null;
  let hasBegun = false;

  const checkFailure = (): void => {
    options.signal?.throwIfAborted();
    if (failure !== null) throw failure.error;
  };

  async function* submit(): AsyncGenerator<void> {
    const batch = waiting;
    waiting = [];
    if (batch.length === 0) return;
    hasBegun = true;
    while (underWay.size >= BATCHES_AHEAD) {
      await Promise.race(underWay);
      yield;
    }
    checkFailure();
    const task: Promise<void> = storeBatch(batch, options)
      .catch((error: unknown) => {
        failure ??= { error };
      })
      .finally(() => underWay.delete(task));
    underWay.add(task);
  }

  return {
    async *add(queued) {
      waiting.push(queued);
      if (waiting.length >= (hasBegun ? batchSize : batchSize / FIRST_BATCH_PARTS)) yield* submit();
    },
    drop(owner) {
      waiting = waiting.filter((queued) => queued.owner !== owner);
    },
    async *flush() {
      yield* submit();
      while (underWay.size > 0) {
        await Promise.race(underWay);
        yield;
      }
      checkFailure();
    },
    checkFailure,
    async settle() {
      await Promise.all(underWay);
    },
  };
}

async function storeBatch<Owner>(
  batch: readonly QueuedChunk<Owner>[],
  { store, embedder, physical, tally, onStored, signal }: EmbedQueueOptions<Owner>,
): Promise<void> {
  const texts = batch.map(({ chunk }) => ({ text: chunk.chunk.text, prefix: chunk.prefix }));
  const remembered = new Set<number>();
  const onRemembered = (places: readonly number[]): void => places.forEach((place) => remembered.add(place));
  const vectors = await embedInWindows(texts, { embedder, signal, onRemembered });
  const points = batch.map(({ chunk }, index): ChunkPoint => ({ ...chunk.indexed, vectors: vectors[index] ?? [] }));
  for (const slice of slices(points, store.maxBatchSize)) await store.upsertChunks(physical, slice, { signal });
  tally.addChunks({ embedded: batch.length - remembered.size, reused: remembered.size });
  for (const [place, { chunk }] of batch.entries()) {
    if (!remembered.has(place)) tally.addTokens(embedder.countTokens(chunk.embeddedText));
  }
  await onStored(batch);
}
