import type { Span } from "../domain/document.ts";
import { visibleText } from "../lexical/visible-text.ts";

const SPECIAL = /[.*+?^${}()|[\]\\]/g;
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
    .replace(/\s*(?:…|\.{3})$/u, "")
    .split(/\s+/)
    .filter((word) => word !== "");
  if (words.length === 0) return null;
  const first = text.indexOf(quote);
  if (first !== -1) return { start: first, end: first + quote.length };
  const match = new RegExp(words.map(toPattern).join(String.raw`\s+`), "u").exec(text);
  return match === null ? null : { start: match.index, end: match.index + match[0].length };
}

function toPattern(word: string, position: number): string {
  const escaped = word
    .replaceAll(SPECIAL, String.raw`\$&`)
    .replaceAll(SINGLE_QUOTES, "['‘’]")
    .replaceAll(DOUBLE_QUOTES, '["“”]')
    .replaceAll(DASHES, "[-–—]");
  const [letter = ""] = word;
  const lower = letter.toLowerCase();
  const upper = letter.toUpperCase();
  if (position > 0 || lower === upper || lower.length > 1 || upper.length > 1) return escaped;
  return `[${lower}${upper}]${escaped.slice(1)}`;
}
