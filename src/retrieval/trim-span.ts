import type { LineRange, Span } from "../domain/document.ts";
import { analyse } from "../lexical/analyse.ts";
import { splitSentences } from "../lexical/sentences.ts";

const LINE_BREAK = /\r\n|\r|\n/g;

/** A text with its place in a document. */
export interface PlacedText {
  readonly text: string;
  readonly span: Span;
  readonly lines: LineRange;
}

/**
 * Drops sentences at both ends that hold none of the query's terms. A text without any of them, which only its vector
 * found, stays whole.
 */
export function trimToTerms(placed: PlacedText, terms: ReadonlySet<string>): PlacedText {
  const sentences = splitSentences(placed.text);
  const holds = sentences.map(({ start, end }) =>
    analyse(placed.text.slice(start, end)).some((term) => terms.has(term)),
  );
  const first = sentences[holds.indexOf(true)];
  const last = sentences[holds.lastIndexOf(true)];
  if (first === undefined || last === undefined) return placed;
  return cutPlaced(placed, { start: first.start, end: last.end });
}

/** The part of a placed text between two offsets of it. */
export function cutPlaced(placed: PlacedText, part: Span): PlacedText {
  const lineStart = placed.lines.start + countLineBreaks(placed.text.slice(0, part.start));
  const text = placed.text.slice(part.start, part.end);
  return {
    text,
    span: { start: placed.span.start + part.start, end: placed.span.start + part.end },
    lines: { start: lineStart, end: lineStart + countLineBreaks(text.trimEnd()) },
  };
}

function countLineBreaks(text: string): number {
  return text.match(LINE_BREAK)?.length ?? 0;
}
