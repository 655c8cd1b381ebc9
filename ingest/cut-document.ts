import type { LoadedDocument } from "../src/domain/document.ts";
import { chunkDocument } from "./chunking/chunk-document.ts";
import type { Chunker } from "./chunking/chunker.ts";
import type { CollectionTarget } from "./collection-target.ts";
import { type ChunkToStore, indexChunks } from "./index-chunks.ts";

/** Chunks that are made before others get a turn on the thread. */
export const CHUNKS_A_TURN = 64;

/** Says that it was the cutting of a document that failed, so that only this document fails. */
export class CuttingError extends Error {}

/** Options of {@link cutDocument}. */
export interface CutDocumentOptions {
  readonly chunker: Chunker;
  readonly target: CollectionTarget;
  /** Hears what is out of the ordinary about how the document is cut. */
  readonly note: (sentence: string) => void;
}

/** The chunks of a document with their terms, as they are stored; throws a {@link CuttingError} where it cannot be cut. */
export function* cutDocument(
  document: LoadedDocument,
  { chunker, target: { name: collection, settings }, note }: CutDocumentOptions,
): Generator<ChunkToStore> {
  const { averageLength } = settings.analyser;
  try {
    yield* indexChunks(chunkDocument(document, { chunker, collection, note }), { averageLength });
  } catch (error) {
    throw new CuttingError("A document cannot be cut.", { cause: error });
  }
}
