import { isJsonObject } from "./json-object.ts";

/** What a key of a document's metadata may hold. */
export type MetadataValue = string | number | boolean | readonly string[];

/** Facts about a document, such as its team, year or tags; see {@link metadataProblem} for the limits. */
export type DocumentMetadata = Readonly<Record<string, MetadataValue>>;

/** A value that metadata is compared with. */
export type MetadataScalar = string | number | boolean;

/**
 * Narrows a search to documents by their metadata: every named key must equal its value, or one of its values. A list in
 * a document equals each value that it holds. Types count: 2024 is not "2024".
 */
export type MetadataFilter = Readonly<Record<string, MetadataScalar | readonly MetadataScalar[]>>;

/** Keys that a document's metadata may have. */
export const MAX_METADATA_KEYS = 64;

/** Characters that a key may have. */
export const MAX_METADATA_NAME = 64;

/** Bytes that metadata may have as JSON in UTF-8. */
export const MAX_METADATA_BYTES = 16_384;

/** Values that one key of a filter may have. */
export const MAX_FILTER_VALUES = 1_000;

const SHAPE = "texts, finite numbers, true or false, or lists of texts";

/** Why a value cannot be a document's metadata, in one sentence; null where it can. */
export function metadataProblem(value: unknown): string | null {
  if (!isJsonObject(value)) return `Metadata is an object of ${SHAPE}, such as {"team": "docs", "year": 2025}`;
  const problem = namesProblem(value) ?? firstOf(Object.entries(value), valueProblem);
  if (problem !== null) return problem;
  const bytes = new TextEncoder().encode(JSON.stringify(value)).length;
  if (bytes <= MAX_METADATA_BYTES) return null;
  return `Metadata has ${bytes} bytes as JSON, and ${MAX_METADATA_BYTES} are allowed; keep long texts in the document`;
}

/** Why a value cannot be a filter over metadata, in one sentence; null where it can. */
export function metadataFilterProblem(value: unknown): string | null {
  if (!isJsonObject(value)) {
    return 'A filter over metadata is an object of values or lists of values, such as {"team": "docs", "year": [2024, 2025]}';
  }
  return namesProblem(value) ?? firstOf(Object.entries(value), wantedProblem);
}

/** Whether a document's metadata matches a filter. */
export function matchesMetadata(metadata: DocumentMetadata | undefined, filter: MetadataFilter): boolean {
  return Object.entries(filter).every(([name, wanted]) => {
    if (metadata === undefined || !Object.hasOwn(metadata, name)) return false;
    const held: readonly unknown[] = [metadata[name]].flat();
    return [wanted].flat().some((one) => held.includes(one));
  });
}

/**
 * The values that a text may mean where types cannot be told, as on a command line: the text itself, and the number or
 * boolean that it spells.
 */
export function spelledValues(text: string): readonly MetadataScalar[] {
  if (text === "true" || text === "false") return [text, text === "true"];
  const number = /^-?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN;
  return Number.isFinite(number) ? [text, number] : [text];
}

/** Whether two documents have the same metadata, in whatever order of keys; empty metadata equals none. */
export function isSameMetadata(left: DocumentMetadata = {}, right: DocumentMetadata = {}): boolean {
  return inOrder(left) === inOrder(right);
}

function inOrder(metadata: DocumentMetadata): string {
  return JSON.stringify(Object.entries(metadata).toSorted(([left], [right]) => (left < right ? -1 : 1)));
}

function namesProblem(value: object): string | null {
  const names = Object.keys(value);
  if (names.length > MAX_METADATA_KEYS) {
    return `Metadata has ${names.length} keys, and ${MAX_METADATA_KEYS} are allowed; join some, or leave some out`;
  }
  const odd = names.find((name) => !isName(name));
  if (odd === undefined) return null;
  return `${quoted(odd)} cannot be a key of metadata; a key has 1 to ${MAX_METADATA_NAME} characters, no control characters, and is not __proto__`;
}

function isName(name: string): boolean {
  // `__proto__` would not become a key of its own when it is assigned.
  if (name === "" || name.length > MAX_METADATA_NAME || name === "__proto__") return false;
  // oxlint-disable-next-line no-control-regex -- control characters are what must not be there.
  return name.isWellFormed() && !/[\u0000-\u001f\u007f]/.test(name);
}

function valueProblem([name, value]: [string, unknown]): string | null {
  if (isScalar(value) || (Array.isArray(value) && value.every(isText))) return null;
  const noun = Array.isArray(value) ? "a list of other things than texts" : nounOf(value);
  return `${quoted(name)} is ${noun}; metadata holds ${SHAPE}`;
}

function wantedProblem([name, value]: [string, unknown]): string | null {
  const wanted: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (wanted.length === 0)
    return `${quoted(name)} is an empty list, which nothing equals; name a value or leave it out`;
  if (wanted.length > MAX_FILTER_VALUES) {
    return `${quoted(name)} has ${wanted.length} values, and ${MAX_FILTER_VALUES} are allowed; leave some out`;
  }
  const odd = wanted.find((one) => !isScalar(one));
  if (odd === undefined && wanted.every(isScalar)) return null;
  return `${quoted(name)} is compared with ${nounOf(odd)}; give a text, a finite number, true or false, or a list of them`;
}

function isScalar(value: unknown): value is MetadataScalar {
  return isText(value) || typeof value === "boolean" || (typeof value === "number" && Number.isFinite(value));
}

function isText(value: unknown): boolean {
  return typeof value === "string" && value.isWellFormed();
}

function nounOf(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  if (value === null || value === undefined) return String(value);
  if (typeof value === "string") return "a text with half a character";
  if (typeof value === "number") return `the number ${value}`;
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}

function quoted(name: string): string {
  return JSON.stringify(name.slice(0, MAX_METADATA_NAME));
}

function firstOf<Item>(items: readonly Item[], problemOf: (item: Item) => string | null): string | null {
  for (const item of items) {
    const problem = problemOf(item);
    if (problem !== null) return problem;
  }
  return null;
}
