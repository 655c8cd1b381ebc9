import type { Span } from "../../src/domain/document.ts";
import type { Chunker, ChunkPiece, CutDocument } from "./chunker.ts";
import { findEncodedData } from "./encoded-data.ts";
import { trimmedSpan } from "./text-unit.ts";

/** A document with blanks in place of its encoded data, so that every offset stays the same. */
interface BlankedDocument {
  readonly document: CutDocument;
  readonly data: readonly Span[];
}

/** How many places a note names. */
const MOST_NAMED = 3;

/**
 * Makes a chunker leave encoded data out, such as pictures in base64: as words they would be thousands of chunks that nobody
 * looks for. No piece holds any of it, and where it stands between two pieces the second one is marked as being apart. The
 * rest is cut as if blanks stood there, and what was left out is noted.
 */
export function leaveDataOut(chunker: Chunker): Chunker {
  const known = new WeakMap<CutDocument, BlankedDocument>();
  const blanked = (document: CutDocument): BlankedDocument => {
    const made = known.get(document) ?? blankOut(document);
    known.set(document, made);
    return made;
  };
  const { prepare } = chunker;
  return {
    ...(prepare && { prepare: async (document) => prepare(blanked(document).document) }),
    *cut(document, note) {
      const { document: rest, data } = blanked(document);
      if (data.length > 0) note?.(describe(document.text, data));
      const pieces = chunker.cut(rest, note);
      yield* data.length === 0 ? pieces : splitAtData(pieces, rest.text, data);
    },
  };
}

function blankOut(document: CutDocument): BlankedDocument {
  const { text } = document;
  const data = findEncodedData(text);
  if (data.length === 0) return { document, data };
  const parts: string[] = [];
  let from = 0;
  for (const { start, end } of data) {
    parts.push(text.slice(from, start), text.slice(start, end).replaceAll(/[^\r\n]/g, " "));
    from = end;
  }
  parts.push(text.slice(from));
  return { document: { ...document, text: parts.join("") }, data };
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
  const lines: number[] = [];
  let line = 1;
  let from = 0;
  for (const { start } of data.slice(0, MOST_NAMED)) {
    line += text.slice(from, start).split(/\r\n|\n|\r/).length - 1;
    from = start;
    if (lines.at(-1) !== line) lines.push(line);
  }
  const more = data.length > MOST_NAMED ? " and further on" : "";
  return `${characters.toLocaleString("en")} characters of encoded data (base64 or the like) are not searched, in line ${lines.join(", ")}${more}`;
}
