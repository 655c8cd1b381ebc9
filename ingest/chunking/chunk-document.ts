import type { Chunk } from "../../src/domain/chunk.ts";
import type { LoadedDocument, PageSpan } from "../../src/domain/document.ts";
import { chunkId, documentId, hashText } from "../identity.ts";
import type { Chunker } from "./chunker.ts";
import { createLineIndex } from "./line-index.ts";

/** A chunk with the text that is embedded for it. */
export interface DocumentChunk {
  readonly chunk: Chunk;
  /** The chunk's text, with the document's title or the symbol path in front where there is one. */
  readonly embeddedText: string;
  /** What stands in front of the chunk's text in `embeddedText`, on a line of its own; may be empty. */
  readonly heading: string;
}

/** Makes a document's chunks, one after the other as they are asked for. */
export function* chunkDocument(
  document: LoadedDocument,
  { chunker, collection }: { readonly chunker: Chunker; readonly collection: string },
): Generator<DocumentChunk> {
  const { root, source, title, language, text } = document;
  const lines = createLineIndex(text);
  const occurrences = new Map<string, number>();
  const place = { documentId: documentId({ collection, root, source }), root, source, title, language };
  let ordinal = 0;
  for (const { span, symbol } of chunker.cut(document)) {
    const content = text.slice(span.start, span.end);
    const heading = [title, symbol].filter((part) => part !== null).join(" · ");
    const embeddedText = heading === "" ? content : `${heading}\n${content}`;
    const hash = hashText(embeddedText);
    const occurrence = occurrences.get(hash) ?? 0;
    occurrences.set(hash, occurrence + 1);
    const id = chunkId({ collection, root, source, hash, occurrence });
    const page = pageAt(document.pages, span.start);
    yield {
      chunk: { id, ...place, ordinal, text: content, span, lines: lines.linesOf(span), page, symbol },
      embeddedText,
      heading,
    };
    ordinal += 1;
  }
}

function pageAt(pages: readonly PageSpan[], offset: number): number | null {
  return pages.findLast(({ start }) => start <= offset)?.page ?? null;
}
