import { hasWords } from "../../lexical/sentences.ts";
import type { PassageSentence } from "./passage-sentence.ts";

const POINTER = /^(?:see|read|more (?:in|on|about)|details?(?: are)? (?:in|on)|back to|next:?|all of it is in)\b/i;
const LONGEST_POINTER = 60;
/** "See [testing](testing.md) for an overview of tests" says no more, however long it is. */
const POINTS_AT = /^\s*(?:see|read)\s+(?:also\s+)?(?:the\s+)?\[/i;
const LINK = /\]\([^)]*\)/;
const LINKS = /\[(?:[^[\]]|\[[^[\]]*\])*\]\([^)]*\)/g;
const QUESTION = /\?[*_"”’)]*$/;
/** The name of something alone, in code or in words. */
const NAME_ALONE = /^[*_`~]*[\p{L}\p{N}$@./()-]+[*_`~]*[.:,]?$/u;

/** A heading over links to other pages. */
const LEADS_AWAY =
  /^(?:see also|related(?: \w+)?|further reading|next steps?|what['’]s next|(?:more|useful) (?:links|resources)|links|resources)\W*$/i;

/** Whether a sentence says little, since it stands among links to other pages. */
export function leadsAway({ kind, headings }: PassageSentence): boolean {
  return kind !== "code" && LEADS_AWAY.test(headings.split("\n").at(-1) ?? "");
}

/**
 * Whether a sentence says nothing by itself: it points at another page, asks a question, is a name alone, or goes on
 * with what a block of code began.
 */
export function saysNothing(sentence: PassageSentence, before: PassageSentence | undefined): boolean {
  if (sentence.kind === "code") return false;
  return (
    isPointer(sentence) ||
    isQuestion(sentence) ||
    (sentence.kind !== "table" && NAME_ALONE.test(sentence.text)) ||
    continuesBlock(sentence, before)
  );
}

/** Whether a text asks its readers something, and answers it behind at best. */
export function isQuestion({ kind, text }: PassageSentence): boolean {
  return kind !== "code" && kind !== "table" && QUESTION.test(text);
}

/** "See [ingesting](ingesting.md)." has the words of a page, and nothing of what it says; a link alone has less. */
function isPointer({ text, passage, span }: PassageSentence): boolean {
  const written = passage.hit.text.slice(span.start, span.end);
  if (!LINK.test(written)) return false;
  if (POINTS_AT.test(written)) return true;
  return (text.length <= LONGEST_POINTER && POINTER.test(text)) || !hasWords(written.replaceAll(LINKS, ""));
}

/** "runs the tests" behind a block of code goes on with what the block began. */
function continuesBlock({ text, kind, passage }: PassageSentence, before: PassageSentence | undefined): boolean {
  return kind === "prose" && before?.kind === "fence" && before.passage === passage && /^\p{Ll}/u.test(text);
}
