import { articleFields, formatArticle } from "./articles.ts";
import { recordCells } from "./json-record.ts";
import { loneArticle } from "./lone-record.ts";
import type { LoadedText } from "./loader.ts";

/** A line with more characters cannot be read by people, let alone cited. */
const LONGEST_LINE = 1_000;
/** Deepest indentation that is shown; deeper levels stay at it. */
const DEEPEST = 40;
/** Indented text that is longer than the original by more than this factor is mostly blanks: made of nested brackets. */
const MOST_GROWTH = 10;

/** How a list of records begins. */
const LIST_OF_RECORDS = /^\s*\[\s*\{/;
/** How a record begins, and how long one is at most, in characters. */
const RECORD = /^\s*\{\s*"/;
const LONGEST_RECORD = 200_000;
/** Records in one JSON text are read as those in JSON Lines. */
const RECORDS_FORMAT = { language: "jsonl", mediaType: "application/json" } as const;

/**
 * Converts records with titles and texts, or one such record, to articles. Takes any other JSON text as it is, unless its
 * lines are very long: then it is indented, with every value as it was, unless that would make it many times as long.
 */
export function loadJson(text: string): LoadedText {
  const isLong = hasLongLine(text);
  const isRecord = text.length <= LONGEST_RECORD && RECORD.test(text);
  const parsed = isLong || isRecord || LIST_OF_RECORDS.test(text) ? parseJson(text) : null;
  const articles = articlesOf(parsed?.value);
  if (articles !== null) return { text: articles, title: null, format: RECORDS_FORMAT };
  const article = isRecord ? loneArticle(parsed?.value) : null;
  if (article !== null) return { ...article, format: RECORDS_FORMAT };
  if (!isLong || parsed === null) return { text, title: null };
  const indented = indentJson(text);
  return indented === null
    ? { text, title: null, notes: ["the JSON stood in a few long lines, and is nested too deeply to be indented"] }
    : { text: indented, title: null, notes: ["the JSON stood in a few long lines, so it was indented"] };
}

function hasLongLine(text: string): boolean {
  for (let start = 0; start < text.length;) {
    const end = text.indexOf("\n", start);
    if ((end === -1 ? text.length : end) - start > LONGEST_LINE) return true;
    if (end === -1) return false;
    start = end + 1;
  }
  return false;
}

/** The articles of a list of records; null for anything else. */
function articlesOf(list: unknown): string | null {
  if (!Array.isArray(list)) return null;
  const records = list.map(recordCells).filter((cells) => cells !== null);
  const fields = records.length < list.length ? null : articleFields(records);
  return fields === null ? null : records.map((record) => formatArticle(record, fields)).join("\n");
}

/** The value of a JSON text; null for what is not valid JSON, such as JSON with comments. */
export function parseJson(text: string): { readonly value: unknown } | null {
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** Strings, brackets, commas, colons, and numbers or words. */
const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/gs;

/**
 * The JSON text with one member or element a line. Works on tokens rather than on parsed values: large numbers, repeated
 * keys and escapes stay as they were written. Null where it would be longer than the text by more than the factor allows.
 */
export function indentJson(text: string): string | null {
  const parts: string[] = [];
  let depth = 0;
  let isOpen = false;
  let added = 0;
  const breakLine = (): void => {
    const blanks = "  ".repeat(Math.min(depth, DEEPEST));
    added += blanks.length;
    parts.push(`\n${blanks}`);
  };
  for (const [token] of text.matchAll(TOKEN)) {
    if (added > text.length * MOST_GROWTH) return null;
    const closes = token === "}" || token === "]";
    if (closes) depth -= 1;
    // An empty object or list stays on its line.
    if (isOpen !== closes) breakLine();
    isOpen = token === "{" || token === "[";
    if (isOpen) depth += 1;
    parts.push(token === ":" ? ": " : token);
    if (token === ",") breakLine();
  }
  return `${parts.join("")}\n`;
}
