import { analyse } from "../../lexical/analyse.ts";
import { STOP_WORDS } from "../../lexical/stop-words.ts";

/** Words with a capital letter in a row, on one line. */
const NAMES = /\p{Lu}[\p{L}\p{M}'’-]*(?: \p{Lu}[\p{L}\p{M}'’-]*)+/gu;
const POSSESSIVE = /['’]s?$/u;
/** How much of a question is looked at, in characters. */
const LONGEST_QUESTION = 2_000;
/** At least this share of a question's words is the name where it is about who has that name. */
const LEAST_SHARE = 0.5;

/** Whether a text has the name that a question is about, or all of them. */
export type PersonTest = (text: string) => boolean;

/**
 * Reads whom a question is about, by a full name that is half of what it says: "Where does Bram Dahl live?". Null without
 * one: in a longer question a name is no more than its words, such as "the United States".
 */
export function readAskedPerson(question: string): PersonTest | null {
  const text = question.slice(0, LONGEST_QUESTION).trim();
  const names = Array.from(text.matchAll(NAMES), ({ 0: name, index }) => wordsOfName(name, index === 0));
  const found = names.filter((words) => words.length > 1);
  const own = new Set(analyse(found.flat().join(" ")));
  if (found.length === 0 || own.size < new Set(analyse(text)).size * LEAST_SHARE) return null;
  const patterns = found.map((words) => new RegExp(`(?<![\\p{L}\\p{N}])${words.join("\\s+")}(?![\\p{L}\\p{N}])`, "u"));
  return (one) => patterns.every((pattern) => pattern.test(one));
}

/** The words of a name; the first ones of a question have a capital letter for another reason. */
function wordsOfName(name: string, isFirst: boolean): readonly string[] {
  const words = name.replace(POSSESSIVE, "").split(" ");
  const start = words.findIndex((word) => !STOP_WORDS.has(word.toLowerCase()));
  const own = start === -1 ? [] : words.slice(start);
  return isFirst && start === 0 && own.length > 2 ? own.slice(1) : own;
}
