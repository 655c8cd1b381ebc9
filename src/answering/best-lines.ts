import type { Span } from "../domain/document.ts";
import { linesOf } from "../domain/lines-of.ts";
import { IDENTIFIER_SEAM } from "../lexical/analyse.ts";
import { STOP_WORDS } from "../lexical/stop-words.ts";

/** The words of a query, each with its weight: rarer words weigh more. */
export type WordWeights = ReadonlyMap<string, number>;

/** A run of lines of a text. */
export interface LinesOfText {
  readonly text: string;
  /** How many lines are in front of it. */
  readonly before: number;
  /** How many lines it has. */
  readonly count: number;
  /** How many of its lines are in front of the one that holds most of the words. */
  readonly beforeBest: number;
}

/** Factor for the words of the best line, which count once more: where words stand together, the text is about them. */
const TOGETHER = 0.5;
/** Weight of each line that holds any of the words, beside the weight of the different words themselves. */
const HOLDING_LINE = 0.05;

const WORD = /[\p{L}\p{N}]{3,}/gu;
/** Each word with the one or two that follow it, behind a blank or a hyphen. */
const NEIGHBOURS = /([\p{L}\p{N}]+)(?=([ -])([\p{L}\p{N}]+)(?:([ -][\p{L}\p{N}]+))?)/gu;
const IDENTIFIER = /[\p{L}\p{N}_$]{4,}/gu;
/** How many letters of a word are compared, to see where a text mentions it. */
const BEGINNING = 6;

/**
 * The words of a query, the parts of its identifiers, these as a whole, and neighbouring words, weighted by how few
 * of the texts hold them. A line that prints an error message has them all, one that calls a function its
 * whole name.
 */
export function weighWords(query: string, texts: readonly string[]): WordWeights {
  const parts = query.split(IDENTIFIER_SEAM).join(" ").toLowerCase().match(WORD) ?? [];
  const telling = parts.filter((word) => !STOP_WORDS.has(word));
  const words = new Set((telling.length === 0 ? parts : telling).map((word) => word.slice(0, BEGINNING)));
  for (const wording of wordingsOf(query)) words.add(wording);
  const plain = texts.map((text) => text.toLowerCase());
  return new Map(
    Array.from(words, (word) => {
      const holders = plain.filter((text) => text.includes(word)).length;
      return [word, Math.log(1 + (texts.length + 1) / (holders + 0.5))] as const;
    }),
  );
}

/**
 * Neighbouring words as they are written, two, or three where one of the two says nothing (`the key` stands everywhere); and
 * whole identifiers of several parts.
 */
function wordingsOf(query: string): readonly string[] {
  const neighbours = Array.from(
    query.toLowerCase().matchAll(NEIGHBOURS),
    ([, first = "", seam, second = "", third]) => {
      const isTelling = !STOP_WORDS.has(first) && !STOP_WORDS.has(second);
      if (!isTelling && third === undefined) return [];
      return [`${first}${seam ?? ""}${second}${isTelling ? "" : (third ?? "")}`];
    },
  );
  const names = Array.from(query.matchAll(IDENTIFIER), ([name]) => name).filter((name) => IDENTIFIER_SEAM.test(name));
  return [...neighbours.flat(), ...names.map((name) => name.toLowerCase())];
}

/** The summed weight of the words that a text holds. */
export function weightOf(text: string, words: WordWeights): number {
  return sumOf(wordsIn(text, words), words);
}

/**
 * The run of lines that holds most of the words and fits `room`, measured by `sizeOf`; at least one line. Of equally
 * good runs the first. Null if the whole text fits, or is a single line.
 */
export function bestLines(
  text: string,
  options: { readonly words: WordWeights; readonly room: number; readonly sizeOf: (text: string) => number },
): LinesOfText | null {
  const { words, room, sizeOf } = options;
  const lines = [...linesOf(text)];
  if (lines.length < 2 || sizeOf(text) <= room) return null;
  const sizes = lines.map((line) => sizeOf(text.slice(line.start, line.end)) + 1);
  const found = lines.map((line) => wordsIn(text.slice(line.start, line.end), words));
  let best = { from: 0, to: 0, weight: -1 };
  for (const from of lines.keys()) {
    const { to, weight } = windowFrom(from, { sizes, found, words, room });
    if (weight > best.weight) best = { from, to, weight };
  }
  // Lines before the first word would take the place of those behind the last one.
  const first = found.findIndex((here, at) => at >= best.from && here.length > 0);
  if (first - 1 > best.from) {
    const later = windowFrom(first - 1, { sizes, found, words, room });
    if (later.weight >= best.weight) best = { from: first - 1, ...later };
  }
  const weights = found.map((here) => sumOf(here, words));
  const shown = cut(text, lines, best);
  const highest = Math.max(...weights.slice(shown.before, shown.before + shown.count));
  return { ...shown, beforeBest: weights.indexOf(highest, shown.before) };
}

function windowFrom(
  from: number,
  options: {
    readonly sizes: readonly number[];
    readonly found: readonly (readonly string[])[];
    readonly words: WordWeights;
    readonly room: number;
  },
): { readonly to: number; readonly weight: number } {
  const { sizes, found, words, room } = options;
  const seen = new Set<string>();
  let [to, size, holding, together] = [from, 0, 0, 0];
  for (let at = from; at < sizes.length; at += 1) {
    size += sizes[at] ?? 0;
    if (size > room && at > from) break;
    const here = found[at] ?? [];
    for (const word of here) seen.add(word);
    if (here.length > 0) holding += 1;
    together = Math.max(together, sumOf(here, words));
    to = at;
  }
  return { to, weight: sumOf(seen, words) + TOGETHER * together + HOLDING_LINE * holding };
}

/** Leaves out empty lines at the ends, and brackets that only close what is before. */
function cut(
  text: string,
  lines: readonly Span[],
  { from, to }: { readonly from: number; readonly to: number },
): Omit<LinesOfText, "beforeBest"> {
  const isLike = (at: number, pattern: RegExp): boolean => pattern.test(text.slice(lines[at]?.start, lines[at]?.end));
  let [first, last] = [from, to];
  while (first < last && isLike(last, /^\s*$/)) last -= 1;
  while (first < last && isLike(first, /^[\s})\];,]*$/)) first += 1;
  return {
    text: text.slice(lines[first]?.start, lines[last]?.end),
    before: first,
    count: last - first + 1,
  };
}

function wordsIn(text: string, words: WordWeights): readonly string[] {
  const plain = text.toLowerCase();
  return [...words.keys()].filter((word) => plain.includes(word));
}

function sumOf(some: Iterable<string>, words: WordWeights): number {
  let sum = 0;
  for (const word of some) sum += words.get(word) ?? 0;
  return sum;
}
