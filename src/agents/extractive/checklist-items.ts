import { analyse } from "../../lexical/analyse.ts";
import { toListItem, type ListItem } from "./list-block.ts";
import { lastHeading, type PassageSentence } from "./passage-sentence.ts";
import { LEAST_SUBJECT, shareOf } from "./find-list.ts";

/** The items of checklists that a question asks for. */
interface WantedItems {
  /** Whether those that are ticked off are wanted, or the open ones. */
  readonly isDone: boolean;
  /** What is to be done with them: "packed"; null where any deed will do. */
  readonly deed: string | null;
  /** What their headings have to be about; null for all of them. */
  readonly subject: string | null;
}

/** "What is left to do for the kitchen?", "What still has to be packed for Norway?", "open tasks". */
const ASKS_FOR_OPEN: readonly RegExp[] = [
  /\bwhat(?:['’]s| is| are| else is)?(?: there)?(?: still)? (?:left|open|outstanding|unfinished|undone|missing|remaining|to do)\b(?: to (?:be )?\w+)?(?: (?:for|in|on|at|about|with|of) (?<subject>[^?.!]+))?\s*[?.!]*\s*$/i,
  /\bwhat (?:else )?(?:still )?(?:has|have|needs?|remains?|do (?:I|we|you)(?: still)? (?:have|need))(?: (?:I|we|you))?(?: still)? to (?:be )?(?<deed>\w+)(?: (?:for|in|on|at|about|with|to) (?<subject>[^?.!]+))?\s*[?.!]*\s*$/i,
  /^\W*(?:(?:which|what|list|show)(?: (?:me|are|the|all))* )?(?:open|outstanding|unfinished|remaining|pending) (?:tasks?|points|items|to-?dos?)(?: (?:are there|are left|remain))?(?: (?:for|in|on|of) (?<subject>[^?.!]+))?\W*$/i,
  /^\W*(?:(?:my|the|our) )?(?:to-?dos?|to-?do list|task list)(?: (?:for|in|on|of))? ?(?<subject>[^?.!]+)?\W*$/i,
];
/** "What is done already in the kitchen?" */
const ASKS_FOR_DONE =
  /\bwhat (?:is|was|has been|have (?:I|we)|did (?:I|we))(?: already)? (?:done|finished|completed|ticked off)\b(?: already| so far)?(?: (?:for|in|on|at|about) (?<subject>[^?.!]+))?\s*[?.!]*\s*$/i;

/** The items of checklists for which a question asks: what is left to do, or what is done. Null for another question. */
function wantedItems(question: string): WantedItems | null {
  const done = ASKS_FOR_DONE.exec(question);
  if (done !== null) return { isDone: true, deed: null, subject: done.groups?.["subject"] ?? null };
  const open = ASKS_FOR_OPEN.map((form) => form.exec(question)).find((found) => found !== null);
  if (open === undefined) return null;
  const { deed = "do", subject = null } = open.groups ?? {};
  return { isDone: false, deed: /^do(?:ne)?$/i.test(deed) ? null : deed, subject };
}

/**
 * The items of all checklists below headings that hold the subject; where a heading is about what is to be done with them
 * ("Packing list" for what has to be packed), only of those lists. Null for a question that asks for none, or where there are none.
 */
export function findChecklistItems(
  question: string,
  sentences: readonly PassageSentence[],
): readonly ListItem[] | null {
  const wanted = wantedItems(question);
  if (wanted === null) return null;
  const subject = new Set(analyse(wanted.subject ?? ""));
  const deed = new Set(analyse(wanted.deed ?? ""));
  const own = sentences.filter(
    ({ isDone, headings }) => isDone !== undefined && shareOf(subject, new Set(analyse(headings))) >= LEAST_SUBJECT,
  );
  const isNamed = (sentence: PassageSentence): boolean => analyse(lastHeading(sentence)).some((term) => deed.has(term));
  const named = own.filter(isNamed);
  // "What has to be signed?" asks for one kind of list.
  if (named.length === 0 && deed.size > 0 && subject.size === 0) return null;
  const items = (named.length > 0 ? named : own).filter(({ isDone }) => isDone === wanted.isDone);
  return items.length === 0 ? null : items.map((item) => toListItem([item]));
}
