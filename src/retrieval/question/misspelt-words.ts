import type { Chunk } from "../../domain/chunk.ts";
import type { Correction } from "../../domain/hit.ts";
import { analyse } from "../../lexical/analyse.ts";
import { plainLetters } from "../../lexical/plain-letters.ts";
import { STOP_WORDS } from "../../lexical/stop-words.ts";
import { termIndex } from "../../lexical/term-index.ts";
import { slipCost } from "./slip-cost.ts";
import type { UsualWords } from "./usual-words.ts";

/** A shorter word has too many similar words: it is corrected only by a slip in a common word. */
const FEWEST_LETTERS = 5;
/** Longer ones are data. */
const MOST_LETTERS = 40;
/** Texts with more of them are in another language, or data. */
const MOST_WORDS = 20;
/** Short names differ in a letter by nature, so that only swapped, left out and doubled letters are mended in them. */
const NAME_COST = 1;
const LONG_NAME = 7;
const MOST_COST = 3;

/** Words in prose: no part of a name of code, a path, an address, a flag or a number. */
const ASKED_WORD =
  /(?<![\p{L}\p{N}\p{M}_$'’./@\\]|(?<!\p{L})-)\p{L}[\p{L}\p{M}]{2,}(?![\p{L}\p{N}\p{M}_$/@\\(]|['’](?!s\b)\p{L}|[.:]\p{L})/gu;
const IN_CODE = /`[^`]*`/g;
const WORD = /[\p{L}\p{M}]+/gu;
const IS_MIXED = /.\p{Lu}/u;

/** What words are looked for in. */
export type Passage = Pick<Chunk, "id" | "title" | "heading" | "text">;

/** All that a passage says, its title and heading included. */
export function passageText({ title, heading, text }: Passage): string {
  return [title, heading, text].join("\n");
}

/** The result of a query as it was written. */
export interface FoundAsWritten {
  readonly query: string;
  readonly found: {
    readonly candidates: readonly { readonly chunk: Passage }[];
    /** Terms that no chunk of the collection has. */
    readonly absent: ReadonlySet<number>;
  };
}

/**
 * Finds the misspelt words of queries, with what was meant. A word counts as misspelt if the collection does not have
 * it, if it is not a usual word, and if a passage found for the rest, or else the usual words, have a word that is one
 * slip away. The smallest slip wins, then the word that most passages have. A text with more than twenty such words is
 * left as it is.
 */
export function findCorrections(asWritten: readonly FoundAsWritten[], usualWords: UsualWords): readonly Correction[] {
  const strange = new Map(
    asWritten.flatMap((one) => strangeWords(one, usualWords)).map(({ word, isName }) => [word, isName]),
  );
  if (strange.size === 0 || strange.size > MOST_WORDS) return [];
  const chunks = new Map(
    asWritten.flatMap(({ found }) => found.candidates.map(({ chunk }) => [chunk.id, chunk] as const)),
  );
  const words = countWords([...chunks.values()], [...strange.keys()].map(plainLetters));
  return [...strange].flatMap(([word, isName]) => {
    const read =
      nearest(plainLetters(word), { words, mostCost: isName ? NAME_COST : MOST_COST }) ?? usualWords.nearest(word);
    return read === null ? [] : [{ written: word, read: word === word.toLowerCase() ? read : capitalised(read) }];
  });
}

/** A text with its misspelt words replaced. */
export function correctText(text: string, corrections: readonly Correction[]): string {
  if (corrections.length === 0) return text;
  const reads = new Map(corrections.map(({ written, read }) => [written, read]));
  const joined = corrections
    .filter(({ written }) => /[ -]/.test(written))
    .reduce((rest, { written, read }) => rest.replaceAll(written, read), text);
  return joined.replaceAll(ASKED_WORD, (word) => reads.get(word) ?? word);
}

/** The words of a query that no passage of the collection has. */
export function absentWords(one: FoundAsWritten): readonly string[] {
  return matchAbsentWords(one).map(([word]) => word);
}

function matchAbsentWords({ query, found: { absent } }: FoundAsWritten): readonly RegExpExecArray[] {
  if (absent.size === 0) return [];
  const words = query.replaceAll(IN_CODE, (code) => "`".repeat(code.length)).matchAll(ASKED_WORD);
  return [...words].filter(([word]) => {
    const terms = analyse(word);
    return terms.length > 0 && terms.every((term) => absent.has(termIndex(term)));
  });
}

interface StrangeWord {
  readonly word: string;
  readonly isName: boolean;
}

function strangeWords(one: FoundAsWritten, usualWords: UsualWords): readonly StrangeWord[] {
  return matchAbsentWords(one).flatMap(({ 0: word, index }) => {
    const isSmall = word === word.toLowerCase();
    if (IS_MIXED.test(word) || word.length > MOST_LETTERS || (word.length < FEWEST_LETTERS && !isSmall)) return [];
    return usualWords.has(word) ? [] : [{ word, isName: !isSmall && index > 0 && word.length < LONG_NAME }];
  });
}

/** How many chunks have each of the words that begin as one of `written` may begin. */
function countWords(chunks: readonly Passage[], written: readonly string[]): ReadonlyMap<string, number> {
  const initials = new Set(written.flatMap((word) => [word.charAt(0), word.charAt(1)]));
  // Words that every text may have, even if a small collection does not.
  const counts = new Map([...STOP_WORDS].map((word) => [word, 0]));
  for (const chunk of chunks) {
    const words = passageText(chunk).toLowerCase().match(WORD) ?? [];
    for (const word of new Set(words)) {
      if (initials.has(plainLetters(word.charAt(0)))) counts.set(word, (counts.get(word) ?? 0) + 1);
    }
  }
  return counts;
}

function nearest(
  written: string,
  { words, mostCost }: { readonly words: ReadonlyMap<string, number>; readonly mostCost: number },
): string | null {
  let best: { readonly word: string; readonly cost: number; readonly count: number } | null = null;
  for (const [word, count] of words) {
    if (word.length < FEWEST_LETTERS - 1 && !STOP_WORDS.has(word)) continue;
    const cost = slipCost(written, plainLetters(word));
    if (cost === null || cost > mostCost || (written.length < FEWEST_LETTERS && !isShortSlip({ written, word, cost })))
      continue;
    const order = best === null ? -1 : cost - best.cost || best.count - count || (word < best.word ? -1 : 1);
    if (order < 0) best = { word, cost, count };
  }
  return best?.word ?? null;
}

/** Four letters may be a word with two of them swapped or one left out, three only a common word. */
function isShortSlip(slip: { readonly written: string; readonly word: string; readonly cost: number }): boolean {
  const { written, word, cost } = slip;
  if (cost > 1 || word.length < written.length) return false;
  return written.length === FEWEST_LETTERS - 1 || (word.length === written.length && STOP_WORDS.has(word));
}

function capitalised(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
