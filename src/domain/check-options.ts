import { editDistance } from "./edit-distance.ts";

/** What a value must be, in the words of a message, and the test for it. */
export type ValueRule = readonly [words: string, fits: (value: unknown) => boolean];

/** Kinds of values that many options have. */
export type ValueKind =
  | "text"
  | "name"
  | "flag"
  | "number"
  | "count"
  | "whole"
  | "amount"
  | "least"
  | "positive"
  | "function"
  | "object"
  | "list";

const KINDS: Readonly<Record<ValueKind, ValueRule>> = {
  text: ["a text", (value) => typeof value === "string"],
  name: ["a text that is not empty", (value) => typeof value === "string" && value.trim() !== ""],
  flag: ["true or false", (value) => typeof value === "boolean"],
  number: ["a number", (value) => Number.isFinite(value)],
  count: ["a whole number from 1", (value) => Number.isInteger(value) && Number(value) >= 1],
  whole: ["a whole number from 0", (value) => Number.isInteger(value) && Number(value) >= 0],
  amount: ["a number from 0", (value) => typeof value === "number" && value >= 0],
  least: ["a number from 1", (value) => typeof value === "number" && value >= 1],
  positive: ["a number above 0", (value) => typeof value === "number" && value > 0],
  function: ["a function", (value) => typeof value === "function"],
  object: ["an object", isRecord],
  list: ["a list", (value) => Array.isArray(value)],
};

/**
 * What an option's value must be: a kind, a rule of its own, or `true` if another check decides. Undefined is always right:
 * the option is absent.
 */
export type OptionKind = true | ValueKind | ValueRule;

/** The rule for one of some texts. */
export function oneOf(...texts: readonly string[]): ValueRule {
  const names = texts.map((text) => JSON.stringify(text));
  return [[names.slice(0, -1).join(", "), names.at(-1)].join(" or "), (value) => texts.some((text) => text === value)];
}

/** The rule for a kind, or null. */
export function orNull(kind: ValueKind): ValueRule {
  const [words, fits] = KINDS[kind];
  return [`${words}, or null`, (value) => value === null || fits(value)];
}

/** The rule for an object with a function of a name. */
export function having(name: string, words: string): ValueRule {
  return [words, (value) => isRecord(value) && typeof Reflect.get(value, name) === "function"];
}

/** The options of a function or class, for {@link checkOptions}. */
export interface KnownOptions {
  /** What the options belong to, as a message names it: `retrieveConfig`, `GroupChat`. */
  readonly owner: string;
  /** Their names and kinds: a record, so that the compiler asks for every one of them. */
  readonly known: Readonly<Record<string, OptionKind>>;
  /** What to write in place of options that are known from elsewhere, by their name in camelCase. @default none */
  readonly instead?: Readonly<Record<string, string>>;
}

/**
 * Throws a `TypeError` for options that are no object, for an option that nothing reads, and for a value of the wrong
 * kind. Otherwise such an option would do nothing, or fail in the middle of something, and nobody would know why. The
 * message suggests the option that was meant, even if it was written in snake_case.
 */
export function checkOptions(options: unknown, { owner, known, instead = {} }: KnownOptions): void {
  if (!isRecord(options)) throw new TypeError(`${owner} takes an object with options, not ${showValue(options)}.`);
  for (const [key, value] of Object.entries(options)) {
    if (Object.hasOwn(known, key)) {
      checkValue(`${owner}.${key}`, value, known[key] ?? true);
      continue;
    }
    const camel = toCamelCase(key);
    const meant = Object.hasOwn(instead, camel) ? undefined : nearest(camel, Object.keys(known));
    const all = `known are ${Object.keys(known).join(", ")}`;
    const advice = Object.hasOwn(instead, camel) ? instead[camel] : meant === undefined ? all : `write ${meant}`;
    throw new TypeError(`${owner}.${key} is not supported: ${advice ?? all}.`);
  }
}

/** Throws a `TypeError` for a value of the wrong kind; `name` is what the message calls it. */
export function checkValue(name: string, value: unknown, kind: OptionKind): void {
  if (kind !== true && value !== undefined) checkNeeded(name, value, kind);
}

/** As {@link checkValue}, for a value that has to be there. */
export function checkNeeded(name: string, value: unknown, kind: ValueKind | ValueRule): void {
  const [words, fits] = typeof kind === "string" ? KINDS[kind] : kind;
  if (!fits(value)) throw new TypeError(`${name} must be ${words}, not ${showValue(value)}.`);
}

/** Shows a wrong argument in a message: short values as they are, others by their kind. */
export function showValue(value: unknown): string {
  if (typeof value === "string") return value.length > 60 ? "a longer text" : JSON.stringify(value);
  if (typeof value === "function") return "a function";
  if (Array.isArray(value)) return "a list";
  if (value instanceof Promise) return "a promise: await it first";
  return typeof value === "object" && value !== null ? "an object" : String(value);
}

function isRecord(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The name that was meant: the same in other capitals, or the one that is a slip away. */
function nearest(written: string, names: readonly string[]): string | undefined {
  const text = written.toLowerCase();
  const within = (most: number): string | undefined =>
    names.find((name) => editDistance(name.toLowerCase(), text, most) <= most);
  return within(0) ?? (text.length < SHORTEST_SLIP ? undefined : within(1));
}

/** In a shorter name another letter makes another name. */
const SHORTEST_SLIP = 5;

/** Converts a name in snake_case to camelCase. */
export function toCamelCase(name: string): string {
  return name.replaceAll(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase());
}
