import type { CallToolResult } from "@modelcontextprotocol/server";
import { CitewellError, errorMessage, isCitewellError } from "../errors.ts";
import type { ToolOutput } from "./tool-outputs.ts";

/** A result as text for the model and as data for its program. */
export function toolResult(text: string, structuredContent: ToolOutput): CallToolResult {
  return { content: [{ type: "text", text }], structuredContent };
}

/** Options of {@link toolFailure}. */
export interface FailureOptions {
  /** Whether `sync_index` takes paths here. */
  readonly takesPaths: boolean;
  /** Why a collection may not be there yet; null where that is not so. */
  readonly missing: string | null;
}

/** A failure as the model sees it: a sentence that says what to do. */
export function toolFailure(error: unknown, { takesPaths, missing }: FailureOptions): CallToolResult {
  return { isError: true, content: [{ type: "text", text: sentenceOf(error, { takesPaths, missing }) }] };
}

function sentenceOf(error: unknown, { takesPaths, missing }: FailureOptions): string {
  if (!isCitewellError(error)) {
    return `This failed unexpectedly: ${errorMessage(error)}. Try it once more; if it fails again, run citewell doctor.`;
  }
  if (error.code !== "collection_missing") return error.message;
  if (missing !== null) return missing;
  const isHelpful = !takesPaths || error.message.includes("sync_index");
  return isHelpful ? error.message : `${error.message.replace(/\.$/, "")}, or call sync_index with paths.`;
}

/** Sentences behind a text, each on a line of its own. */
export function withNotes(text: string, notes: readonly string[]): string {
  const sentences = notes.map((note) => `Note: ${note}`);
  return (text === "" ? sentences : [text, ...sentences]).join("\n\n");
}

/** Characters of a query that its result repeats. */
const ECHO = 300;

/** Part of a result that the query in it may take. */
const ECHO_SHARE = 1 / 8;

/** Room for a whole result. */
export interface ResultRoom {
  readonly maxTokens: number;
  readonly countTokens: (text: string) => number;
}

/** A query as its result repeats it: a long one would take the room of what was found. */
export function echoOf(query: string, { maxTokens, countTokens }: ResultRoom): string {
  let length = Math.min(query.length, ECHO);
  const echo = (): string => (length === query.length ? query : `${query.slice(0, length).toWellFormed()}…`);
  while (length > 8 && countTokens(echo()) > maxTokens * ECHO_SHARE) length = Math.floor(length * 0.7);
  return echo();
}

/** Whether a whole message fits: clients differ in whether the model sees the text or the data. */
export function isFitting(result: CallToolResult, { maxTokens, countTokens }: ResultRoom): boolean {
  return countTokens(JSON.stringify(result)) <= maxTokens;
}

/** Options of {@link fitList}. */
export interface FitOptions<Item> extends ResultRoom {
  /** The whole result with some of the items, and how many were left out. */
  readonly build: (items: readonly Item[], leftOut: number) => CallToolResult;
  /** A smaller form of an item, null where it should not get smaller; `before` items stand in the result already. */
  readonly shorten: (item: Item, before: number) => Item | null;
}

/**
 * Puts items into a result, best first, until it is full: one that does not fit is shortened, and left out where that does not
 * help.
 */
export function fitList<Item>(items: readonly Item[], options: FitOptions<Item>): CallToolResult {
  const { maxTokens, build, shorten } = options;
  const taken: Item[] = [];
  for (const [index, item] of items.entries()) {
    const left = items.length - index - 1;
    let form: Item | null = item;
    while (form !== null && !isFitting(build([...taken, form], left), options)) form = shorten(form, taken.length);
    if (form === null) break;
    taken.push(form);
    if (form !== item) break;
  }
  const result = build(taken, items.length - taken.length);
  if (isFitting(result, options)) return result;
  throw new CitewellError(
    "usage_invalid",
    `Not even the frame of the result fits ${String(maxTokens)} tokens; ask with a larger max_tokens.`,
  );
}

/** Part of a text in whole lines. */
export interface LinesOfText {
  readonly text: string;
  /** Lines before it. */
  readonly before: number;
  /** Number of its lines. */
  readonly count: number;
}

/** The half of a text's lines in which more of the words stand, the first where both are equal; null for a single line. */
export function betterHalf(text: string, words: readonly string[]): LinesOfText | null {
  const breaks = Array.from(text.matchAll(/\r\n|\n|\r/g), (match) => ({
    at: match.index,
    next: match.index + match[0].length,
  }));
  const before = Math.ceil(breaks.length / 2);
  const middle = breaks[before - 1];
  if (middle === undefined) return null;
  const first = { text: text.slice(0, middle.at), before: 0, count: before };
  const second = { text: text.slice(middle.next), before, count: breaks.length + 1 - before };
  return countWords(second.text, words) > countWords(first.text, words) ? second : first;
}

/** How many of the words stand in a text; the words are in small letters. */
export function countWords(text: string, words: readonly string[]): number {
  const plain = text.toLowerCase();
  return words.filter((word) => plain.includes(word)).length;
}

/** Beginnings of the longer words of a query, in small letters: enough to see where a text speaks of them. */
export function tellingWords(query: string): readonly string[] {
  const words = query.toLowerCase().match(/[\p{L}\p{N}_]{3,}/gu) ?? [];
  return [...new Set(words.map((word) => word.slice(0, 6)))];
}
