import { inverseFrequency } from "../../lexical/term-weights.ts";
import { sum } from "./field-scores.ts";

/** How many lines in a row count together: a program may spread a long message over some. */
const WINDOW = 3;
/** A text that repeats this share of a line repeats it as a whole: the rest are values, and words around a message. */
const WHOLE = 0.5;
/** Words as they are written: an identifier is one, and what stands between words does not matter. */
const WORD = /[\p{L}\p{N}]+(?:[_$]+[\p{L}\p{N}]+)*/gu;

/**
 * How much of the wording of one line of a task each text repeats within a few lines of its own: the summed idf, among the
 * texts, of the pairs of neighbouring words that stand in both, less where they are a small part of the task's line. Where
 * that line is an error message, the text that prints it has most of its pairs, whatever values the message was filled with.
 */
export function wordingScores(task: string, texts: readonly string[]): number[] {
  const { pairs, lines, count } = pairsOf(task);
  if (count === 0) return texts.map(() => 0);
  const found = texts.map((text) => linesWith(pairs, text));
  const holders = new Map<number, number>();
  for (const held of found) {
    for (const id of new Set(held.flatMap(({ ids }) => ids))) holders.set(id, (holders.get(id) ?? 0) + 1);
  }
  const weightOf = (id: number): number => inverseFrequency(texts.length, holders.get(id) ?? 0);
  const wholes = lines.map((ids) => sum(Array.from(ids, weightOf)));
  const linesOf = Map.groupBy(
    lines.flatMap((ids, line) => Array.from(ids, (id) => ({ id, line }))),
    ({ id }) => id,
  );
  return found.map((held) =>
    windowsOf(held).reduce((best, ids) => Math.max(best, bestLine(ids, { linesOf, wholes, weightOf })), 0),
  );
}

interface TaskLines {
  /** The lines of the task that have a pair, by the pair's number. */
  readonly linesOf: ReadonlyMap<number, readonly { readonly line: number }[]>;
  /** The weight of all pairs of each line. */
  readonly wholes: readonly number[];
  readonly weightOf: (id: number) => number;
}

function bestLine(found: ReadonlySet<number>, { linesOf, wholes, weightOf }: TaskLines): number {
  const weights = new Map<number, number>();
  for (const id of found) {
    const weight = weightOf(id);
    for (const { line } of linesOf.get(id) ?? []) weights.set(line, (weights.get(line) ?? 0) + weight);
  }
  let best = 0;
  for (const [line, weight] of weights) {
    if (weight > 0) best = Math.max(best, weight * Math.min(1, weight / (WHOLE * (wholes[line] ?? 0))));
  }
  return best;
}

/** The numbers of the pairs in each few lines of a text. */
function windowsOf(lines: readonly LineWithPairs[]): readonly ReadonlySet<number>[] {
  return lines.map(({ line }, index) => {
    const near = lines.slice(index, index + WINDOW).filter((other) => other.line < line + WINDOW);
    return new Set(near.flatMap((other) => other.ids));
  });
}

/** Numbers of pairs, by their first and second words. */
type Pairs = ReadonlyMap<string, ReadonlyMap<string, number>>;

interface TaskPairs {
  readonly pairs: Pairs;
  /** The numbers of the pairs in each line. */
  readonly lines: readonly ReadonlySet<number>[];
  readonly count: number;
}

/** The pairs of neighbouring words in a task; words of different lines are no neighbours. */
function pairsOf(task: string): TaskPairs {
  const pairs = new Map<string, Map<string, number>>();
  let count = 0;
  const lines = task.split(/\r\n|\n|\r/).map((line) => {
    const own = new Set<number>();
    let first: string | undefined;
    for (const second of wordsOf(line)) {
      if (first !== undefined) {
        const seconds = pairs.get(first) ?? new Map<string, number>();
        pairs.set(first, seconds);
        const id = seconds.get(second) ?? count++;
        seconds.set(second, id);
        own.add(id);
      }
      first = second;
    }
    return own;
  });
  return { pairs, lines, count };
}

interface LineWithPairs {
  readonly line: number;
  readonly ids: readonly number[];
}

/** The lines of a text that hold pairs; a pair may begin on the line before. */
function linesWith(pairs: Pairs, text: string): readonly LineWithPairs[] {
  const found: LineWithPairs[] = [];
  let first: string | undefined;
  for (const [line, content] of text.split(/\r\n|\n|\r/).entries()) {
    const ids: number[] = [];
    for (const second of wordsOf(content)) {
      const id = first === undefined ? undefined : pairs.get(first)?.get(second);
      if (id !== undefined) ids.push(id);
      first = second;
    }
    if (ids.length > 0) found.push({ line, ids });
  }
  return found;
}

function wordsOf(text: string): readonly string[] {
  return text.toLowerCase().match(WORD) ?? [];
}
