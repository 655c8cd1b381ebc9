import type { Span } from "../../src/domain/document.ts";
import { linesOf } from "../../src/domain/lines-of.ts";

/** A stretch of text that chunkers keep whole, with its size. */
export interface TextUnit extends Span {
  readonly tokens: number;
}

/** The lines of a text without their breaks: `\n`, `\r\n` or `\r`. A break at the very end opens no further line. */
export function* textLines(text: string): Generator<Span> {
  for (const line of linesOf(text)) if (line.start < text.length) yield line;
}

/** The span without white space at its ends; null where there is nothing else. */
export function trimmedSpan(text: string, { start, end }: Span): Span | null {
  let from = start;
  let to = end;
  while (from < to && isSpace(text, from)) from += 1;
  while (to > from && isSpace(text, to - 1)) to -= 1;
  return from < to ? { start: from, end: to } : null;
}

/** The span trimmed, but with the indentation of its first line, which says something in code and lists. */
export function spanWithIndent(text: string, { start, end }: Span, floor: number): Span {
  let from = start;
  while (from > floor && (text[from - 1] === " " || text[from - 1] === "\t")) from -= 1;
  const isLineStart = from === 0 || text[from - 1] === "\n" || text[from - 1] === "\r";
  return { start: isLineStart ? from : start, end };
}

const SPACE = /\s/;

function isSpace(text: string, index: number): boolean {
  const code = text.charCodeAt(index);
  if (code < 128) return code === 32 || (code >= 9 && code <= 13);
  return SPACE.test(text[index] ?? "");
}
