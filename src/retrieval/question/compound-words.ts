import type { Correction } from "../../domain/hit.ts";
import { STOP_WORDS } from "../../lexical/stop-words.ts";
import { absentWords, type FoundAsWritten, passageText } from "./misspelt-words.ts";
import { languageOfQuestion } from "./question-words.ts";

/** Shorter words, and parts of words, are found in others by chance. */
const SHORTEST_WORD = 5;
/** Longer ones are data. */
const LONGEST_WORD = 40;
const SHORTEST_PART = 2;
const SHORTEST_ASKED_PART = 3;
/** Longer texts are no questions, and each is looked for in all passages. */
const MOST_ASKED = 20;
/** What another form of a word may end in. */
const ENDING = "(?:s|es|ed|ing)?";
/** Two words beside each other, in prose. */
const PAIR = /(?<![\p{L}\p{N}_$/@.`-])(\p{L}+)[ -](?=(\p{L}+)(?![\p{L}\p{N}_$/@`]|\.\p{L}))/gu;
const LETTERS = /^\p{L}+$/u;
/** "set up", "log in": with them a verb is another one. */
const PARTICLES: ReadonlySet<string> = new Set(["up", "in", "out", "off", "on", "down", "over", "back", "away"]);
const IS_MIXED = /\p{Ll}\p{Lu}/u;

/** What a question writes in one or in two words. */
interface Asked {
  readonly written: string;
  readonly joined: string;
  /** Whether it is written as one word. */
  readonly isOne: boolean;
}

/**
 * Reads words of an English question that the passages write in one where it writes two ("lap top", "data base"), or in
 * two where it writes one that the collection does not have ("datafolder", "reindex" for "re-index").
 */
export function findCompounds(asWritten: readonly FoundAsWritten[]): readonly Correction[] {
  const read = new Map<string, string>();
  for (const one of asWritten) {
    if (languageOfQuestion(one.query) !== null) continue;
    const asked = askedIn(one).filter(({ written }) => !read.has(written));
    if (asked.length > MOST_ASKED) continue;
    const passages = one.found.candidates.map(({ chunk }) => passageText(chunk));
    // Most words are nowhere written otherwise, which is seen at once where there is nothing between the letters.
    const letters = passages.join("\n").toLowerCase().replaceAll(/[ -]/g, "");
    for (const { written, joined, isOne } of asked) {
      if (!letters.includes(baseOf(joined))) continue;
      const [two, whole] = formsIn(passages, joined);
      const [form] = isOne ? two : two.length > 0 ? [] : whole;
      if (form !== undefined) read.set(written, form);
    }
  }
  return [...read].map(([written, other]) => ({ written, read: other }));
}

function askedIn(one: FoundAsWritten): readonly Asked[] {
  const whole = absentWords(one).map((word) => ({ written: word, joined: word.toLowerCase(), isOne: true }));
  const parts = Array.from(one.query.matchAll(PAIR), ({ 0: begun, 1: first = "", 2: second = "" }) => ({
    written: begun + second,
    parts: [first, second].map((part) => part.toLowerCase()),
  }))
    .filter(({ parts: own }) => own.every((part) => part.length >= SHORTEST_ASKED_PART && !STOP_WORDS.has(part)))
    .map(({ written, parts: own }) => ({ written, joined: own.join(""), isOne: false }));
  return [...whole, ...parts].filter(
    ({ joined }) => joined.length >= SHORTEST_WORD && joined.length <= LONGEST_WORD && LETTERS.test(joined),
  );
}

/** How passages write what is asked for, in small letters, as two words and as one; the most similar form first. */
function formsIn(
  passages: readonly string[],
  joined: string,
): readonly [two: readonly string[], one: readonly string[]] {
  const spelled = baseOf(joined).replaceAll(/(?<=\p{L})(?=\p{L})/gu, "[ -]?");
  const pattern = new RegExp(`(?<![\\p{L}\\p{N}_$/@.\`-])${spelled}${ENDING}(?![\\p{L}\\p{N}_$/@\`]|\\.\\p{L})`, "giu");
  const forms = new Set<string>();
  for (const passage of passages) {
    for (const [form] of passage.matchAll(pattern)) {
      // `GroupChat` is a name of code.
      if (!IS_MIXED.test(form)) forms.add(form.toLowerCase());
    }
  }
  const ordered = [...forms].toSorted((left, right) => left.length - right.length);
  const two = ordered.filter((form) => {
    const parts = form.split(/[ -]/);
    const isWord = (part: string): boolean => !STOP_WORDS.has(part) || PARTICLES.has(part) || form.includes("-");
    return parts.length === 2 && parts.every((part) => part.length >= SHORTEST_PART && isWord(part));
  });
  return [two, ordered.filter((form) => LETTERS.test(form))];
}

/** A word without the s of a plural. */
function baseOf(word: string): string {
  return word.replace(/(?<=[^s])s$/, "");
}
