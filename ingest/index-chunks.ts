import type { Chunk, IndexedChunk } from "../src/domain/chunk.ts";
import { analyse } from "../src/lexical/analyse.ts";
import { FIELD_WEIGHTS, type FieldWeights, type TermFields, termWeights } from "../src/lexical/term-weights.ts";
import type { DocumentChunk } from "./chunking/chunk-document.ts";
import { chunkFingerprint } from "./identity.ts";
import { isNamedByPath, isProse } from "./loaders/languages.ts";

/**
 * Length of an average piece of code, as a multiple of the collection's average length, which is that of prose.
 * Measured by that, code would count as too long, and lose to prose in a collection of both.
 */
const CODE_LENGTH_FACTOR = 2;

/** A chunk with its term weights and the text to embed. */
export interface ChunkToStore extends DocumentChunk {
  readonly indexed: IndexedChunk;
}

interface Analysed extends DocumentChunk {
  readonly terms: readonly string[];
}

/** Options of {@link indexChunks}. */
export interface IndexChunksOptions {
  /** The average length, in weighted terms. */
  readonly averageLength: number;
  /**
   * The weights of terms by the field they stand in. Other weights are for measuring what each field is worth.
   * @default FIELD_WEIGHTS
   */
  readonly weights?: FieldWeights;
}

/**
 * Adds its term weights to each chunk of a document; they also count the terms of the chunks before and after it. Holds
 * three chunks at a time, however long the document is.
 */
export function* indexChunks(
  chunks: Iterable<DocumentChunk>,
  { averageLength, weights = FIELD_WEIGHTS }: IndexChunksOptions,
): Generator<ChunkToStore> {
  let previous: readonly string[] = [];
  let current: Analysed | null = null;
  for (const chunk of chunks) {
    const next = { ...chunk, terms: analyse(chunk.chunk.text) };
    if (current !== null) {
      yield toStore(current, { previous, next: next.terms, averageLength, weights });
      previous = current.terms;
    }
    current = next;
  }
  if (current !== null) yield toStore(current, { previous, next: [], averageLength, weights });
}

function toStore(
  { terms: own, chunk, embeddedText, prefix }: Analysed,
  {
    weights,
    ...around
  }: Required<IndexChunksOptions> & { readonly previous: readonly string[]; readonly next: readonly string[] },
): ChunkToStore {
  const terms = termWeights({ own, ...around, ...fieldsOf(chunk, around.averageLength) }, weights);
  return { chunk, embeddedText, prefix, indexed: { chunk, terms, fingerprint: chunkFingerprint(chunk, terms) } };
}

/** The terms of a chunk's fields, and the average length that it is measured by. */
function fieldsOf(
  { title, heading, symbol, source, language }: Chunk,
  averageLength: number,
): Pick<TermFields, "title" | "heading" | "path" | "averageLength"> {
  return {
    title: analyse(title ?? ""),
    heading: analyse([heading, symbol].filter((part) => part !== null).join("\n")),
    // In code the path says what a file is about; in prose it mostly repeats the title.
    path: isNamedByPath(language) ? analyse(source) : [],
    averageLength: isProse(language) ? averageLength : CODE_LENGTH_FACTOR * averageLength,
  };
}
