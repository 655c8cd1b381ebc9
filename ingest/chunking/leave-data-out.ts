import type { Span } from "../../src/domain/document.ts";
import { coverSpans } from "../cover-spans.ts";
import type { Chunker, ChunkPiece } from "./chunker.ts";
import { findEncodedData } from "./encoded-data.ts";
import { createLineIndex } from "./line-index.ts";
import { trimmedSpan } from "./text-unit.ts";

/** How many places a note names. */
const MOST_NAMED = 3;

/**
 * Makes a chunker leave encoded data out, such as pictures in base64: as words they would be thousands of chunks that nobody
 * looks for. No piece holds any of it, and where it stands between two pieces the second one is marked as being apart. The
 * rest is cut as if blanks stood there, and what was left out is noted.
 */
export function leaveDataOut(chunker: Chunker): Chunker {
  return {
    *cut(document, note) {
      const data = findEncodedData(document.text);
      if (data.length === 0) {
        yield* chunker.cut(document, note);
        return;
      }
      note?.(describe(document.text, data));
      const text = coverSpans(document.text, data, " ");
      yield* splitAtData(chunker.cut({ ...document, text }, note), text, data);
    },
  };
}

/** Takes the data out of pieces; what is left of a piece without a letter or digit is left out as well. */
function* splitAtData(pieces: Iterable<ChunkPiece>, text: string, data: readonly Span[]): Generator<ChunkPiece> {
  /** Where the pieces before end. */
  let behind = 0;
  /** How much of the data lies before the next piece. */
  let passed = 0;
  for (const piece of pieces) {
    while ((data[passed]?.end ?? Infinity) <= piece.span.start) passed += 1;
    for (let at = passed, { start } = piece.span; start < piece.span.end; at += 1) {
      const end = Math.min(data[at]?.start ?? Infinity, piece.span.end);
      const isWhole = start === piece.span.start && end === piece.span.end;
      const rest = isWhole ? piece.span : trimmedSpan(text, { start, end: Math.max(start, end) });
      start = Math.max(start, data[at]?.end ?? Infinity);
      if (rest === null || (!isWhole && !/[\p{L}\p{N}]/u.test(text.slice(rest.start, rest.end)))) continue;
      const before = data[at - 1];
      const isApart = behind > 0 && before !== undefined && before.start >= behind;
      behind = Math.max(behind, rest.end);
      yield isApart ? { ...piece, span: rest, isApart } : { ...piece, span: rest };
    }
  }
}

function describe(text: string, data: readonly Span[]): string {
  const characters = data.reduce((sum, { start, end }) => sum + end - start, 0);
  const linesOf = createLineIndex(text);
  const lines = new Set(data.slice(0, MOST_NAMED).map((span) => linesOf(span).start));
  const more = data.length > MOST_NAMED ? " and further on" : "";
  return `${characters.toLocaleString("en")} characters of encoded data (base64 or the like) are not searched, in line ${[...lines].join(", ")}${more}`;
}
