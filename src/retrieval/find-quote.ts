import type { Span } from "../domain/document.ts";
import { visibleText } from "../lexical/visible-text.ts";

const SINGLE_QUOTES = /['‘’]/g;
const DOUBLE_QUOTES = /["“”]/g;
const DASHES = /[-–—]/g;

/**
 * Where a quotation stands in a text: letter by letter, but for runs of white space, the kind of quotation marks and
 * dashes, upper or lower case of its first letter, and Markdown that a reader does not see, such as a link's target. An
 * ellipsis at an end is passed over. Null when it is not there.
 */
export function findQuote(quote: string, text: string): Span | null {
  const written = findWords(quote, text);
  if (written !== null) return written;
  const seen = visibleText(text);
  const words = visibleText(quote).text;
  if (seen.text === text && words === quote) return null;
  const span = findWords(words, seen.text);
  return span === null ? null : seen.writtenSpan(span);
}

function findWords(quote: string, text: string): Span | null {
  const words = quote
    .trim()
    .replace(/^(?:…|\.{3})\s*/u, "")
    .replace(/(?:…|\.{3})$/u, "")
    .split(/\s+/)
    .filter((word) => word !== "");
  if (words.length === 0) return null;
  const first = text.indexOf(quote);
  if (first !== -1) return { start: first, end: first + quote.length };
  const plain = withSingleBlanks(text);
  const wanted = withPlainMarks(words.join(" "));
  const starts = wordings(wanted).map((wording) => plain.text.indexOf(wording));
  const start = Math.min(...starts.filter((at) => at !== -1));
  return start === Infinity
    ? null
    : { start: plain.offsetOf(start), end: plain.offsetOf(start + wanted.length - 1) + 1 };
}

/** Marks that differ by the keyboard only, as one of them: as many characters as before. */
function withPlainMarks(text: string): string {
  return text.replaceAll(SINGLE_QUOTES, "'").replaceAll(DOUBLE_QUOTES, '"').replaceAll(DASHES, "-");
}

/** A text with plain marks and one blank for each run of white space, with the way back to its offsets. */
function withSingleBlanks(text: string): { readonly text: string; readonly offsetOf: (at: number) => number } {
  const offsets: number[] = [];
  let plain = "";
  for (const { 0: part, index } of text.matchAll(/\s+|\S+/g)) {
    const kept = part.trim() === "" ? " " : part;
    for (let at = 0; at < kept.length; at += 1) offsets.push(index + at);
    plain += kept;
  }
  return { text: withPlainMarks(plain), offsetOf: (at) => offsets[at] ?? text.length };
}

/** A quotation with a small and with a capital first letter, where there are both. */
function wordings(quote: string): readonly string[] {
  const [letter = ""] = quote;
  const cases = [letter.toLowerCase(), letter.toUpperCase()];
  if (letter.length > 1 || cases.some((one) => one.length > 1)) return [quote];
  return [...new Set(cases)].map((one) => one + quote.slice(1));
}
