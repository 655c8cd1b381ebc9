import type { LineRange, PageSpan, Span } from "../domain/document.ts";
import { linesOf } from "../domain/lines-of.ts";
import { endsInCode, inReadingForm, isFenceLine, isHeadingLine, marksOf } from "../domain/reading-form.ts";

/** A stretch of a line, either in a cited span or outside of all. */
export interface LinePart {
  readonly text: string;
  readonly marked: boolean;
}

/** One line of a document as it is shown. */
export interface ShownLine {
  /** From 1. */
  readonly number: number;
  /** The page that begins on this line, if one does. */
  readonly page: number | null;
  /** Of a text that is shown as it is read; null for its prose, and for all lines of another. */
  readonly kind: "heading" | "code" | null;
  readonly parts: readonly LinePart[];
}

/** The part of a document that is shown. */
export interface DocumentWindow extends Span {
  readonly lines: readonly ShownLine[];
}

/** Options of {@link windowOf}. */
export interface WindowOptions {
  /** The cited spans; none shows the document from its start. */
  readonly spans: readonly Span[];
  /** Code units shown in front of the first span. */
  readonly before: number;
  /** Code units shown behind the last span. */
  readonly after: number;
  /**
   * Where the pages lie.
   * @default []
   */
  readonly pages?: readonly PageSpan[];
  /**
   * Whether the text is shown as it is read, without the marks of Markdown; its lines and their numbers stay.
   * @default false
   */
  readonly isRead?: boolean;
}

/** How far a window is stretched to begin and end at a line break; longer lines are cut. */
const LINE_REACH = 4_000;

/**
 * Cuts the shown part out of a document's text: the spans with some text around them, at line breaks where these are
 * near. Offsets count UTF-16 code units, as everywhere.
 */
export function windowOf(
  text: string,
  { spans, before, after, pages = [], isRead = false }: WindowOptions,
): DocumentWindow {
  const cited = spans.toSorted((left, right) => left.start - right.start);
  const from = clamp(cited[0]?.start ?? 0, text.length);
  const to = cited.reduce((furthest, span) => Math.max(furthest, clamp(span.end, text.length)), from);
  const start = lineStart(text, Math.max(0, from - before));
  const end = lineEnd(text, Math.min(text.length, to + after));
  const first = lineAt(text, start);
  const shown = text.slice(start, end);
  let isCode = isRead && endsInCode(text.slice(0, start));
  const lines = Array.from(linesOf(shown), (line, index) => {
    const [begin, stop] = [start + line.start, start + line.end];
    const page = pages.find((one) => one.start >= begin && one.start <= stop)?.page ?? null;
    const written = shown.slice(line.start, line.end);
    const marks = isRead ? marksOf(written, isCode) : [];
    const isFence = isRead && isFenceLine(written);
    if (isFence) isCode = !isCode;
    const kind: ShownLine["kind"] = isCode && !isFence ? "code" : isRead && isHeadingLine(written) ? "heading" : null;
    const parts = partsOf({ start: begin, end: stop }, cited).map((part) => ({
      text: inReadingForm(written, marks, { start: part.start - begin, end: part.end - begin }),
      marked: part.marked,
    }));
    return { number: first + index, page, kind, parts: parts.filter((part) => part.text !== "") };
  });
  return { start, end, lines };
}

/** The lines of some spans, and the page on which the first of them begins. */
export function placeOf(
  text: string,
  spans: readonly Span[],
  pages: readonly PageSpan[],
): { readonly lines: LineRange; readonly page: number | null } {
  const start = Math.min(...spans.map((span) => span.start));
  const end = Math.max(...spans.map((span) => span.end));
  const page = pages.find((one) => one.start <= start && start < one.end)?.page ?? null;
  return { lines: { start: lineAt(text, start), end: lineAt(text, Math.max(start, end - 1)) }, page };
}

/** The parts of a line; the spans come in the order of their starts and may overlap. */
function partsOf(line: Span, spans: readonly Span[]): (Span & { readonly marked: boolean })[] {
  const parts: (Span & { readonly marked: boolean })[] = [];
  let at = line.start;
  for (const span of spans) {
    const start = Math.max(at, Math.min(span.start, line.end));
    const end = Math.max(start, Math.min(span.end, line.end));
    if (end === start) continue;
    parts.push({ start: at, end: start, marked: false }, { start, end, marked: true });
    at = end;
  }
  return [...parts, { start: at, end: line.end, marked: false }];
}

function lineStart(text: string, offset: number): number {
  let found = offset;
  while (found > 0 && !isLineStart(text, found)) {
    if (offset - found > LINE_REACH) return offset;
    found -= 1;
  }
  return found;
}

function lineEnd(text: string, offset: number): number {
  // Between the two halves of a pair the line has ended in front of it.
  if (offset > 0 && isInPair(text, offset)) return offset - 1;
  let found = offset;
  while (found < text.length && text[found] !== "\n" && text[found] !== "\r") {
    if (found - offset > LINE_REACH) return offset;
    found += 1;
  }
  return found;
}

function isLineStart(text: string, offset: number): boolean {
  const before = text[offset - 1];
  return before === "\n" || (before === "\r" && text[offset] !== "\n");
}

function isInPair(text: string, offset: number): boolean {
  return text[offset - 1] === "\r" && text[offset] === "\n";
}

/** The number of the line that an offset lies on, from 1; a line's break belongs to it. */
function lineAt(text: string, offset: number): number {
  let number = 0;
  for (const { start } of linesOf(text)) {
    if (start > offset) break;
    number += 1;
  }
  return number;
}

function clamp(value: number, length: number): number {
  return Math.min(Math.max(value, 0), length);
}
