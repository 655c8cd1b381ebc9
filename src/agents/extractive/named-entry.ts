import { analyse } from "../../lexical/analyse.ts";
import { isHistory } from "../../retrieval/discount-history.ts";
import { askedNames, entryPattern } from "../../retrieval/question/asked-names.ts";
import { lastHeading, type PassageSentence } from "./passage-sentence.ts";

/** A line such as "Default: 40", which tells of its heading only. */
export const LABELLED: RegExp = /^[*_`]*\p{L}[\p{L} ]{0,24}[*_`]*:[*_`]*\s+\S.{0,80}$/u;
/** What every setting has. */
const PROPERTY: RegExp =
  /^[*_`]*(?:type|default|priority|required|since|added|version|scope|useful|deprecated|status)\b/i;
/** How many sentences of a section are looked at before its first paragraphs. */
const FURTHEST = 6;

/** What an entry gains for a name that the question asks about, or that it only mentions. */
const ENTRY_WEIGHT = 1;
const MENTION_WEIGHT = 0.4;
/** The first of them for a name without letters enough to be a word, such as `-a`: its words count nothing. */
const WORDLESS_WEIGHT = 2;
const ASKS_ABOUT_NAME =
  /^\s*(?:and )?(?:what(?:['’]?s)?|which|explain|describe|define|show|list)\b|\bdefaults?\b|\bmeans?\b/i;
const DEFAULT = /\bdefaults?\b/i;

/** The entries for the names that a question has. */
export interface NamedEntries {
  /** Whether a sentence begins one of them; see {@link isEntryOf}. */
  hold(sentence: PassageSentence): boolean;
  /** What the score of such a sentence gains. */
  gain(sentence: PassageSentence): number;
  /** Whether a sentence is a line such as "Default: 40" of something else. */
  leaveOut(sentence: PassageSentence): boolean;
}

/** Reads the names of a question, whose entries in some documentation answer it best. */
export function createNamedEntries(question: string): NamedEntries {
  const names = askedNames(question);
  const patterns = names.map(entryPattern);
  const isAsked = ASKS_ABOUT_NAME.test(question);
  const asksForDefault = DEFAULT.test(question);
  const weight = names.some((name) => analyse(name).length === 0) ? WORDLESS_WEIGHT : ENTRY_WEIGHT;
  return {
    hold: (sentence) => isEntryOf(patterns, sentence),
    leaveOut: ({ kind, text, headings }) => {
      if (patterns.length === 0 || kind === "code" || !PROPERTY.test(text)) return false;
      return !patterns.some((entry) => entry.test(`# ${lastHeading({ headings })}`));
    },
    gain: ({ text }) => (isAsked && (!asksForDefault || DEFAULT.test(text)) ? weight : MENTION_WEIGHT),
  };
}

/**
 * Whether a sentence begins what is said of a name in particular: with the name as its label, or as one of the first two
 * under a heading that is the name, behind lines such as "Type: string".
 */
export function isEntryOf(entries: readonly RegExp[], sentence: PassageSentence): boolean {
  if (entries.length === 0 || !["prose", "list", "table"].includes(sentence.kind)) return false;
  const { kind, text, headings, passage } = sentence;
  const mark = kind === "list" ? "- " : "";
  if (entries.some((entry) => entry.test(`${mark}${text}`))) return !isHistory(passage.hit.source);
  const heading = lastHeading({ headings });
  if (kind !== "prose" || LABELLED.test(text) || heading === "") return false;
  return entries.some((entry) => entry.test(`# ${heading}`)) && isFirst(sentence);
}

/** Whether at most one sentence of prose stands between the heading and a sentence. */
function isFirst({ siblings, position }: PassageSentence): boolean {
  const above = siblings.slice(Math.max(0, position - FURTHEST), position);
  const heading = above.findLastIndex(({ kind }) => kind === "heading");
  const between = above.slice(heading + 1).filter(({ kind, text }) => kind === "prose" && !LABELLED.test(text));
  return heading !== -1 && between.length <= 1;
}
