import type { LoadedDocument } from "../src/domain/document.ts";
import { errorMessage } from "../src/errors.ts";
import { chunkDocument } from "./chunking/chunk-document.ts";
import type { Chunker } from "./chunking/chunker.ts";
import type { CollectionTarget } from "./collection-target.ts";
import { type ChunkToStore, indexChunks } from "./index-chunks.ts";

/**
 * How many chunks are made before other work of the thread gets a turn. A call of an MCP server takes some dozens of turns:
 * with 64 chunks, 100 ms, in each of them it waited for seconds, and on a busy machine for half a minute.
 */
export const CHUNKS_A_TURN = 4;

/** Thrown where cutting fails, so that only this document fails and not the ingestion. */
export class CuttingError extends Error {}

/** Options of {@link cutDocument}. */
export interface CutDocumentOptions {
  readonly chunker: Chunker;
  readonly target: CollectionTarget;
  /** Is told what is unusual about how the document is cut. */
  readonly note: (sentence: string) => void;
}

/** The chunks of a document with their terms, as they are stored; throws a {@link CuttingError} where it cannot be cut. */
export async function* cutDocument(
  document: LoadedDocument,
  { chunker, target: { name: collection, settings }, note }: CutDocumentOptions,
): AsyncGenerator<ChunkToStore> {
  const { averageLength } = settings.analyser;
  try {
    await chunker.prepare?.(document);
    yield* indexChunks(chunkDocument(document, { chunker, collection, note }), { averageLength });
  } catch (error) {
    throw new CuttingError(`cannot be cut: ${errorMessage(error)}`, { cause: error });
  }
}
