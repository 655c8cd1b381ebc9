import type { CallToolResult } from "@modelcontextprotocol/server";
import { CitewellError, errorMessage, isCitewellError } from "../errors.ts";
import type { ToolOutput } from "./tool-outputs.ts";

/** A result as text for the model and as data for its program. */
export function toolResult(text: string, structuredContent: ToolOutput): CallToolResult {
  return { content: [{ type: "text", text }], structuredContent };
}

/** Options of {@link toolFailure}. */
export interface FailureOptions {
  /** Folder that paths of `sync_index` are taken from; null where it takes none. */
  readonly cwd: string | null;
  /** Why a collection, or a document of it, may not be there yet; null where that is not so. */
  readonly missing: string | null;
}

/** A failure as the model sees it: a sentence that says what to do. */
export function toolFailure(error: unknown, { cwd, missing }: FailureOptions): CallToolResult {
  return { isError: true, content: [{ type: "text", text: sentenceOf(error, { cwd, missing }) }] };
}

function sentenceOf(error: unknown, { cwd, missing }: FailureOptions): string {
  if (!isCitewellError(error)) {
    return `This failed unexpectedly: ${errorMessage(error)}. Try it once more; if it fails again, run citewell doctor.`;
  }
  if (error.code === "document_missing" && missing !== null) return `${error.message} ${missing}`;
  if (error.code !== "collection_missing") return error.message;
  if (missing !== null) return missing;
  const isHelpful = cwd === null || error.message.includes("sync_index");
  return isHelpful
    ? error.message
    : `${error.message.replace(/\.$/, "")}, or call sync_index with paths; the server runs in ${cwd}.`;
}

/** Sentences behind a text, each on a line of its own. */
export function withNotes(text: string, notes: readonly string[]): string {
  const sentences = notes.map((note) => `Note: ${note}`);
  return (text === "" ? sentences : [text, ...sentences]).join("\n\n");
}

/** Tokens of a result in which what was found says more than advice. */
export const SMALL = 200;

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
  /** The whole result with some of the items, how many were left out, and names of the best of these. */
  readonly build: (items: readonly Item[], leftOut: number, names: readonly string[]) => CallToolResult;
  /** A smaller form of an item, null where it should not get smaller; `before` items stand in the result already. */
  readonly shorten: (item: Item, before: number) => Item | null;
  /**
   * What remains of an item that did not fit: so much of it is named as fits then.
   * @default nothing
   */
  readonly nameOf?: (item: Item) => string;
}

/** The part of a room that is kept for the names of what does not fit. */
export function roomForNames(maxTokens: number): number {
  return Math.min(maxTokens / 10, MOST_FOR_NAMES);
}

const MOST_FOR_NAMES = 250;

/**
 * Puts items into a result, best first, until it is full: one that does not fit is shortened, and left out where that does not
 * help. Of those left out as many are named as fit.
 */
export function fitList<Item>(items: readonly Item[], options: FitOptions<Item>): CallToolResult {
  const { maxTokens, build, nameOf } = options;
  const whole = build(items, 0, []);
  if (isFitting(whole, options)) return whole;
  const taken = takeItems(items, {
    ...options,
    maxTokens: nameOf === undefined ? maxTokens : maxTokens - roomForNames(maxTokens),
  });
  const rest = items.slice(taken.length);
  let names: readonly string[] = [];
  for (const name of nameOf === undefined ? [] : rest.map(nameOf)) {
    const more = [...names, name];
    if (!isFitting(build(taken, rest.length, more), options)) break;
    names = more;
  }
  const result = build(taken, rest.length, names);
  if (isFitting(result, options)) return result;
  throw new CitewellError(
    "usage_invalid",
    `No result fits ${maxTokens} tokens, not even without anything in it; ask with a larger max_tokens.`,
  );
}

function takeItems<Item>(items: readonly Item[], options: FitOptions<Item>): readonly Item[] {
  const { build, shorten } = options;
  const taken: Item[] = [];
  for (const [index, item] of items.entries()) {
    const left = items.length - index - 1;
    let form: Item | null = item;
    while (form !== null && !isFitting(build([...taken, form], left, []), options)) form = shorten(form, taken.length);
    if (form === null) break;
    taken.push(form);
    if (form !== item) break;
  }
  return taken;
}
