import { type Chunk, HEADING_SEPARATOR } from "../../src/domain/chunk.ts";
import type { LoadedDocument } from "../../src/domain/document.ts";
import { pagesOfText } from "../../src/domain/page-at.ts";
import { chunkId, documentId, hashOf } from "../identity.ts";
import { isProse } from "../loaders/languages.ts";
import type { Chunker, ChunkPiece, NoteCutting } from "./chunker.ts";
import { createLineIndex } from "./line-index.ts";

/** A chunk with the text that is embedded for it. */
export interface DocumentChunk {
  readonly chunk: Chunk;
  /** The text that is embedded: `prefix` and the chunk's text. Its hash is part of the chunk's id. */
  readonly embeddedText: string;
  /**
   * What `embeddedText` has in front of the chunk's text, on lines of its own: title and headings, for code the path
   * and the symbol; may be empty. It is neither stored nor shown.
   */
  readonly prefix: string;
}

/**
 * How many hex digits of a hash equal texts are counted by. As numbers they take a fraction of the memory of whole
 * hashes. If two texts share them by accident, the second one only gets an occurrence number in its id that it would
 * not need.
 */
const COUNTED_DIGITS = 13;

/** Chunks that are this far from each other are not joined in a hit, with or without one between them. */
const APART = 3;

/** Cuts a document into chunks, one after the other as they are asked for. */
export function* chunkDocument(
  document: LoadedDocument,
  {
    chunker,
    collection,
    note,
  }: { readonly chunker: Chunker; readonly collection: string; readonly note?: NoteCutting },
): Generator<DocumentChunk> {
  const { root, source, title, language, text } = document;
  const linesOf = createLineIndex(text);
  const occurrences = new Map<number, number>();
  const place = { documentId: documentId({ collection, root, source }), root, source, title, language };
  let ordinal = -1;
  for (const piece of chunker.cut(document, note)) {
    const { span, symbol, signature = null, isApart = false } = piece;
    ordinal += isApart ? APART : 1;
    const content = text.slice(span.start, span.end);
    const heading = headingOf(piece, title);
    const prefix = prefixOf(document, piece, heading);
    // Empty lines around a piece of code do not change its meaning.
    const embeddedText = `${prefix}\n${content.trim()}`.trimStart();
    const hash = hashOf(embeddedText);
    const key = Number.parseInt(hash.slice(0, COUNTED_DIGITS), 16);
    const occurrence = occurrences.get(key) ?? 0;
    occurrences.set(key, occurrence + 1);
    const id = chunkId({ collection, root, source, hash, occurrence });
    const { page } = pagesOfText(document.pages, { text: content, span });
    yield {
      chunk: {
        id,
        ...place,
        ordinal,
        text: content,
        span,
        lines: linesOf(span),
        page,
        symbol,
        signature,
        heading,
      },
      embeddedText,
      prefix,
    };
  }
}

/** The headings above a piece, without the document's title; null where there are none. */
function headingOf({ headings = [] }: ChunkPiece, title: string | null): string | null {
  const shown = headings.filter((heading, index) => heading !== "" && (index > 0 || heading !== title));
  return shown.length === 0 ? null : shown.join(HEADING_SEPARATOR);
}

function prefixOf(
  { language, title, source }: Pick<LoadedDocument, "language" | "title" | "source">,
  { symbol, context = "" }: ChunkPiece,
  heading: string | null,
): string {
  const place = isProse(language)
    ? [title, heading]
    : [[source, title, symbol].filter((part) => part !== null).join(" ")];
  const line = place.filter((part) => part !== null).join(HEADING_SEPARATOR);
  return [line, context].filter((part) => part !== "").join("\n");
}
