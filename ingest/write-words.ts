import { setImmediate as nextTurn } from "node:timers/promises";
import { slices } from "../src/domain/slices.ts";
import type { ChunkPoint, IndexedChunk } from "../src/domain/chunk.ts";
import type { DocumentRecord, LoadedDocument } from "../src/domain/document.ts";
import { CHUNKS_A_TURN, cutDocument, CuttingError } from "./cut-document.ts";
import { beginRecord } from "./document-record.ts";
import { documentId } from "./identity.ts";
import { keyOf } from "./plan-sync.ts";
import { storedFingerprints } from "./stored-documents.ts";
import type { DocumentWriterOptions } from "./write-documents.ts";

/** A document whose words are stored. */
export interface StoredWords {
  /** Its record, which says that the document is not complete. */
  readonly record: DocumentRecord;
  /** Hash of the source that the words were read from. */
  readonly contentHash: string;
}

/** Options of {@link createWordsWriter}. */
export type WordsWriterOptions = Omit<DocumentWriterOptions, "embedder">;

/** Writes documents without vectors; while one write is under way, the next texts are read and cut. */
export interface WordsWriter {
  /** What was written, by `keyOf`. */
  readonly stored: ReadonlyMap<string, StoredWords>;
  /** How many chunks were written. */
  chunkCount(): number;
  /**
   * Cuts a document and writes what differs from what is stored of it; `previous` is its record. A document that cannot
   * be cut is left as far as it was cut.
   */
  write(document: LoadedDocument, previous: DocumentRecord | null): Promise<void>;
  /** Writes the chunks that are left over, and waits until everything is stored. */
  flush(): Promise<void>;
  /** Waits until no write is under way; never rejects. */
  settle(): Promise<void>;
}

/** Starts writing the words of documents. */
export function createWordsWriter({ store, chunker, target, tally, signal }: WordsWriterOptions): WordsWriter {
  const { physical, name: collection } = target;
  const stored = new Map<string, StoredWords>();
  const writes = createWriteQueue();
  let points: ChunkPoint[] = [];
  let chunks = 0;

  const writePoints = async (): Promise<void> => {
    const batch = points;
    points = [];
    chunks += batch.length;
    if (batch.length > 0) await writes.start(() => store.upsertChunks(physical, batch, { signal }));
  };

  /** Takes up the new chunks of a document; resolves to those that stand elsewhere now, and takes all from `stale`. */
  const takeChunks = async (
    document: LoadedDocument,
    { stale, isResumed }: { readonly stale: Map<string, string>; readonly isResumed: boolean },
  ): Promise<readonly IndexedChunk[]> => {
    const moved: IndexedChunk[] = [];
    let cut = 0;
    for await (const { chunk, indexed } of cutDocument(document, { chunker, target, note: () => undefined })) {
      const known = stale.get(chunk.id);
      stale.delete(chunk.id);
      // An empty fingerprint says that the vectors are missing. It does not say where the chunk stood, so that the chunk is
      // written again unless its document is the same.
      if (known === undefined || (known === "" && !isResumed))
        points.push({ ...indexed, fingerprint: "", vectors: [] });
      else if (known !== "" && known !== indexed.fingerprint) moved.push(indexed);
      if (points.length >= store.maxBatchSize) await writePoints();
      cut += 1;
      if (cut % CHUNKS_A_TURN === 0) await nextTurn();
    }
    return moved;
  };

  const deleteStale = async (ids: readonly string[]): Promise<void> => {
    if (ids.length === 0) return;
    // The chunks that take their place are written first.
    await writePoints();
    for (const slice of slices(ids, store.maxBatchSize)) {
      await writes.start(() => store.deleteChunks(physical, slice, { signal }));
    }
    tally.addChunks({ deleted: ids.length });
  };

  return {
    stored,
    chunkCount: () => chunks,
    async write(document, previous) {
      if (stored.size === 0) await target.ensure();
      const id = documentId({ collection, root: document.root, source: document.source });
      const record = beginRecord(document, { id, chunks: previous?.chunks ?? 0 });
      await writes.start(() => store.putDocument(physical, record, document.text, { signal }));
      stored.set(keyOf(document), { record, contentHash: document.contentHash });
      const stale = await storedFingerprints(store, previous, { physical, signal });
      try {
        const moved = await takeChunks(document, { stale, isResumed: isSameFile(document, previous) });
        for (const slice of slices(moved, store.maxBatchSize)) {
          await writes.start(() => store.refreshChunks(physical, slice, { signal }));
        }
      } catch (error) {
        // The ingestion that follows meets the same error, and reports it.
        if (error instanceof CuttingError) return;
        throw error;
      }
      await deleteStale([...stale.keys()]);
    },
    async flush() {
      await writePoints();
      await writes.finish();
    },
    settle: () => writes.settle(),
  };
}

/** Whether a document comes from the file, unchanged, that an interrupted ingestion began with. */
function isSameFile({ modifiedAt }: LoadedDocument, previous: DocumentRecord | null): boolean {
  return typeof modifiedAt === "number" && previous?.modifiedAt === modifiedAt;
}

/** Runs writes one after the other, beside the work of whoever starts them. */
interface WriteQueue {
  /** Waits for the write before, whose failure it throws, and starts this one. */
  start(write: () => Promise<void>): Promise<void>;
  /** Waits for the last write. */
  finish(): Promise<void>;
  /** Waits for the last write; never rejects. */
  settle(): Promise<void>;
}

function createWriteQueue(): WriteQueue {
  let underWay: Promise<void> = Promise.resolve();
  return {
    async start(write) {
      await underWay;
      underWay = write();
      // The failure is thrown to the next caller; without a handler it would end the process before.
      underWay.catch(() => undefined);
    },
    finish: () => underWay,
    async settle() {
      await underWay.catch(() => undefined);
    },
  };
}
