import type { PageSpan, Span } from "../domain/document.ts";

/** A stretch of a line, either in the cited span or outside of it. */
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
  readonly parts: readonly LinePart[];
}

/** The part of a document that is shown. */
export interface DocumentWindow extends Span {
  readonly lines: readonly ShownLine[];
}

/** Options of {@link windowOf}. */
export interface WindowOptions {
  /** The cited span; null shows the document from its start. */
  readonly span: Span | null;
  /** Code units shown in front of the span. */
  readonly before: number;
  /** Code units shown behind the span. */
  readonly after: number;
  /**
   * Where the pages lie.
   * @default []
   */
  readonly pages?: readonly PageSpan[];
}

/** How far a window is stretched to begin and end at a line break; longer lines are cut. */
const LINE_REACH = 4_000;

/**
 * Cuts the shown part out of a document's text: the span with some text around it, at line breaks where these are
 * near. Offsets count UTF-16 code units, as everywhere.
 */
export function windowOf(text: string, { span, before, after, pages = [] }: WindowOptions): DocumentWindow {
  const from = clamp(span?.start ?? 0, text.length);
  const to = Math.max(from, clamp(span?.end ?? 0, text.length));
  const start = lineStart(text, Math.max(0, from - before));
  const end = lineEnd(text, Math.min(text.length, to + after));
  let number = countBreaks(text, start) + 1;
  let offset = start;
  const lines = text
    .slice(start, end)
    .split("\n")
    .map((line) => {
      const page = pages.find((one) => one.start >= offset && one.start <= offset + line.length)?.page ?? null;
      const shown = { number, page, parts: partsOf(line, { from: from - offset, to: to - offset }) };
      number += 1;
      offset += line.length + 1;
      return shown;
    });
  return { start, end, lines };
}

function partsOf(line: string, { from, to }: { readonly from: number; readonly to: number }): LinePart[] {
  const start = clamp(from, line.length);
  const end = clamp(to, line.length);
  return [
    { text: line.slice(0, start), marked: false },
    { text: line.slice(start, end), marked: true },
    { text: line.slice(Math.max(start, end)), marked: false },
  ].filter((part) => part.text !== "");
}

function lineStart(text: string, offset: number): number {
  if (offset === 0) return 0;
  const found = text.lastIndexOf("\n", offset - 1) + 1;
  return offset - found > LINE_REACH ? offset : found;
}

function lineEnd(text: string, offset: number): number {
  const found = text.indexOf("\n", offset);
  if (found === -1) return text.length - offset > LINE_REACH ? offset : text.length;
  return found - offset > LINE_REACH ? offset : found;
}

function countBreaks(text: string, end: number): number {
  let count = 0;
  for (let at = text.indexOf("\n"); at !== -1 && at < end; at = text.indexOf("\n", at + 1)) count += 1;
  return count;
}

function clamp(value: number, length: number): number {
  return Math.min(Math.max(value, 0), length);
}
