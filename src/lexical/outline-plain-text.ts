import { linesOf } from "../domain/lines-of.ts";
import { markPlainHeadings, type PlainHeadingOptions } from "./plain-headings.ts";

/** A plain text with marks for its headings, and the way back. */
export interface OutlinedText {
  /** The text as Markdown, line by line. */
  readonly text: string;
  /** The offset in the text as it is written; fastest when asked in order. */
  readonly offsetOf: (offset: number) => number;
}

/**
 * Marks the headings of a plain text, so that it can be read as Markdown while what is stored and quoted stays as it is
 * written; null for a text without headings.
 */
export function outlinePlainText(text: string, options: PlainHeadingOptions): OutlinedText | null {
  const written = Array.from(linesOf(text), ({ start, end }) => ({ start, line: text.slice(start, end) }));
  const marked = markPlainHeadings(
    written.map(({ line }) => line),
    options,
  );
  if (marked === null) return null;
  let at = 0;
  let lineStart = 0;
  return {
    text: marked.join("\n"),
    offsetOf: (offset) => {
      if (offset < lineStart) at = lineStart = 0;
      while (at + 1 < marked.length && offset > lineStart + (marked[at]?.length ?? 0)) {
        lineStart += (marked[at]?.length ?? 0) + 1;
        at += 1;
      }
      const own = written[at] ?? { start: 0, line: "" };
      // A heading loses the blanks at its end.
      const added = (marked[at]?.trimEnd().length ?? 0) - own.line.trimEnd().length;
      const column = offset === lineStart ? 0 : Math.max(0, offset - lineStart - added);
      const place = own.start + Math.min(own.line.length, column);
      return isWithinPair(text, place) ? place - 1 : place;
    },
  };
}

function isWithinPair(text: string, offset: number): boolean {
  return /[\uDC00-\uDFFF]/.test(text[offset] ?? "") && /[\uD800-\uDBFF]/.test(text[offset - 1] ?? "");
}
