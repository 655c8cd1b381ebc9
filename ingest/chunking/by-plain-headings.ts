import { outlinePlainText } from "../../src/lexical/outline-plain-text.ts";
import { titleFromFirstLine } from "../loaders/first-line-title.ts";
import type { Chunker, ChunkPiece } from "./chunker.ts";
import { spanWithIndent, trimmedSpan } from "./text-unit.ts";

/**
 * Wraps a chunker of Markdown, without overlap, so that it also cuts plain texts by their headings. It is given the text with
 * marks; the pieces are those of the text as it is written, so that citations and offsets stay those of the file.
 */
export function byPlainHeadings(chunker: Chunker): Chunker {
  return {
    ...chunker,
    *cut(document, note) {
      const { text, language } = document;
      const outlined = language === "text" ? outlinePlainText(text, { title: titleFromFirstLine(text) }) : null;
      if (outlined === null) {
        yield* chunker.cut(document, note);
        return;
      }
      const pieces = chunker.cut({ ...document, text: outlined.text, language: "markdown" }, note);
      yield* asWritten(pieces, text, outlined.offsetOf);
    },
  };
}

/**
 * The pieces of the text as it is written. They hold every character that is not white space, so that lines without marks of
 * their own, such as those under a title, come to the piece before.
 */
function* asWritten(
  pieces: Iterable<ChunkPiece>,
  text: string,
  offsetOf: (offset: number) => number,
): Generator<ChunkPiece> {
  let open: ChunkPiece | null = null;
  let floor = 0;
  const upTo = (piece: ChunkPiece, end: number): ChunkPiece => {
    const from = floor;
    const span = trimmedSpan(text, { start: from, end });
    floor = end;
    return span === null ? piece : { ...piece, span: spanWithIndent(text, span, from) };
  };
  for (const piece of pieces) {
    const start = offsetOf(piece.span.start);
    const span = trimmedSpan(text, { start, end: Math.max(start, offsetOf(piece.span.end)) });
    if (span === null) continue;
    if (open !== null) yield upTo(open, span.start);
    open = piece;
  }
  if (open !== null) yield upTo(open, text.length);
}
