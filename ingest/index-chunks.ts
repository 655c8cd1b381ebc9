import type { IndexedChunk } from "../src/domain/chunk.ts";
import { analyse } from "../src/lexical/analyse.ts";
import { termWeights } from "../src/lexical/term-weights.ts";
import type { DocumentChunk } from "./chunking/chunk-document.ts";
import { chunkFingerprint } from "./identity.ts";
import { isProse } from "./loaders/languages.ts";

/** A chunk with its term weights and the text to embed. */
export interface ChunkToStore extends DocumentChunk {
  readonly indexed: IndexedChunk;
}

interface Analysed extends DocumentChunk {
  readonly terms: readonly string[];
}

/**
 * Adds to each chunk of a document its term weights, which count the terms of the chunks before and after. Holds three
 * chunks at a time, however long the document is.
 */
export function* indexChunks(
  chunks: Iterable<DocumentChunk>,
  { averageLength }: { readonly averageLength: number },
): Generator<ChunkToStore> {
  let previous: readonly string[] = [];
  let current: Analysed | null = null;
  for (const chunk of chunks) {
    const next = { ...chunk, terms: analyse(chunk.chunk.text) };
    if (current !== null) {
      yield toStore(current, { previous, next: next.terms, averageLength });
      previous = current.terms;
    }
    current = next;
  }
  if (current !== null) yield toStore(current, { previous, next: [], averageLength });
}

function toStore(
  { terms: own, chunk, embeddedText, heading }: Analysed,
  around: { readonly previous: readonly string[]; readonly next: readonly string[]; readonly averageLength: number },
): ChunkToStore {
  const title = analyse(heading);
  // In code the path says what a file is about; in prose it mostly repeats the title.
  const path = isProse(chunk.language) ? [] : analyse(chunk.source);
  const terms = termWeights({ own, ...around, title, path });
  return { chunk, embeddedText, heading, indexed: { chunk, terms, fingerprint: chunkFingerprint(chunk, terms) } };
}
