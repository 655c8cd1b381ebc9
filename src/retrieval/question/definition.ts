import { analyse } from "../../lexical/analyse.ts";
import { introduces } from "./introduced-term.ts";

/** The subject of a question that asks what something is, at most four words; also as "what … is", or the subject alone. */
const SUBJECTS: readonly RegExp[] = [
  // "What is a sluice in the old mill?", "What counts as a sluice?"
  /^\s*(?:what (?:is|are)|what['’]?s) an? ((?:\S+ ){0,2}?\S+) in (?:an? |the )?(?:\S+ ){0,2}?[^\s?]+\s*\??\s*$/i,
  /^\s*what (?:counts?|qualif(?:y|ies)|is (?:considered|regarded|classed|treated)) (?:as |to be )?an? ((?:\S+ ){0,3}?[^\s?]+)\s*\??\s*$/i,
  /^\s*(?:(?:what|who) (?:is|are|was|were)|what['’]?s|(?:tell|show) me (?:more )?about|explain|describe|define|what (?:does|do|can) (?=.* (?:mean|do|stand for)\b))\s*(?:an? |the )?((?:\S+ ){0,3}?[^\s?]+)(?: means?| do| stand for)?\s*\??\s*$/i,
  /^\s*(?:what|who) (?:an? |the )?((?:\S+ ){0,3}?\S+) (?:is|are|was|were|means?)\s*\??\s*$/i,
  /^\s*(?:an? |the )?((?:\S+ ){0,2}[^\s?]+)\s*\??\s*$/i,
];

/** "What is the difference between a skip and an xfail": whoever knows what each is knows that. */
const SIDES =
  /\bdifferences? between (?:an? |the )?((?:[^\s,?]+ ){0,2}?[^\s,?]+) and (?:an? |the )?((?:[^\s,?]+ ){0,2}?[^\s,?]+?)(?: (?:in|when|for|on|with|as)\b[^?]{0,80}| (?:options?|flags?|settings?|commands?|modes?|directives?|components?|functions?|methods?))?\s*[?.!]*\s*$/i;

/** Longer texts, in characters, ask for more than what something is. */
const LONGEST_QUESTION = 200;

/** What a question asks the meaning of: "sluice gate" of "what is a sluice gate?"; null for another question. */
export function subjectOf(question: string): string | null {
  return subjectBy(SUBJECTS, question);
}

/** As {@link subjectOf}, of a whole question only: words alone may look for anything about a subject. */
export function subjectToDefine(question: string): string | null {
  return subjectBy(SUBJECTS.slice(0, -1), question);
}

/** The two things that a question sets against each other; empty for another question. */
export function sidesOf(question: string): readonly string[] {
  const text = question.trim();
  if (text.length > LONGEST_QUESTION) return [];
  const [, one, other] = SIDES.exec(text) ?? [];
  return one === undefined || other === undefined ? [] : [withHead(one, other), other];
}

/** "Type I" of "type I and type II errors" is a type I error too: they begin alike, and the last word stands once. */
function withHead(one: string, other: string): string {
  const [words, others] = [one.split(" "), other.split(" ")];
  const isShared = others.length === words.length + 1 && others[0] === words[0];
  return isShared ? `${one} ${others.at(-1) ?? ""}` : one;
}

function subjectBy(forms: readonly RegExp[], question: string): string | null {
  const text = question.trim();
  if (text.length > LONGEST_QUESTION) return null;
  return forms.map((form) => form.exec(text)?.[1]).find((found) => found !== undefined) ?? null;
}

/** Not begun within a run of such characters: one without letters would be gone through from each of them. */
const WORDS = /(?<![\p{L}\p{N}'’_$@./-])[\p{L}\p{N}'’_$@./-]*[\p{L}\p{N}]/gu;
/** What a sentence counts that says what something is called, against 1 for a definition. */
export const NAMED: number = 0.7;
/** The same for one that only begins with it. */
const BEGINS = 0.35;

/** "The mill is called …" tells of one mill, "A mill is …" what a mill is. */
const ARTICLE = /^(?:In \p{L}[^,.:;]{0,30}, )?["'“‘(*_`]*(?:an?\s+)?["'“‘*_`]{0,4}(?=\p{L}|\p{N})/iu;
/** What stands behind a subject that is defined, with a remark or an apposition in between. */
const DEFINES =
  /^[*_`"'”’)]*(?:\s*\([^)]{1,80}\)|\s*,[^,]{1,60},)?\s*(?:(?:is|are|was|were|can\s+be)\s+(?:\w+ly\s+)?(?:an?|the|one|any|our|your|its|their|basically|just|how|what|when|where|used|known|called|defined(?!\s+(?:using|in|by|with|on|at|for|inside|within|under)\b)|considered|similar)\b|(?:means?|refers?|describes?|represents?|consists?|stands?|denotes?|allows?|lets?|enables?|provides?|works? (?:as|like|similar))\b|[:=—–]\s|\s-\s)/i;
/** The plainest of these. */
const IS_A =
  /^[*_`"'”’)]*(?:\s*\([^)]{1,80}\)|\s*,[^,]{1,60},)?\s*(?:is|are|can\s+be|means?|refers? to)\s+(?:\w+ly\s+)?(?:an?|the|one|any|when)\b/i;
/** "… is called a sluice", "we call this a sluice", "known as the sluice". */
const NAMING =
  /\b(?:called|known as|referred to as|termed|named|concept of|call (?:it|this|these|them))\s+(?:an?\s+|the\s+)?["'“‘*_`]*$/i;
/** `Harbour Estates Ltd. (the “Landlord”)`, as contracts name their parties: what stands before and behind the name. */
const PARTY =
  /\((?:(?:the|jointly|together|each|an?|hereinafter|hereafter|im Folgenden|nachfolgend|die|der|das),? )*["“„'‘]?$/i;
const PARTY_END = /^["”“'’]?\)/;

/** "Slack Water Harbour (SWH)" at the beginning of a sentence. */
const LONG_FORM =
  /^["'“‘(*_]*(?:(?:the|an?)\s+)?(?:[\p{L}\p{N}][\p{L}\p{N}&'’/-]*[*_]{0,2} ){2,8}\(["“*_`]*([^()\s"”*_`]{2,12})["”*_`]*\)/iu;
const TWO_CAPITALS = /\p{Lu}.*\p{Lu}/u;

/** Whether a sentence says plainly what something is: "A sluice is a gate". */
export function isDefinition(sentence: string, subject: string): boolean {
  const end = subjectEnd(sentence, subject);
  return (end !== null && IS_A.test(sentence.slice(end))) || introduces(sentence, subject) !== null;
}

/** Where the subject ends that a sentence begins with, also as the short form of its long one; null where it begins with something else. */
function subjectEnd(sentence: string, subject: string): number | null {
  const longForm = LONG_FORM.exec(sentence);
  const [, short = ""] = longForm ?? [];
  if (longForm !== null && TWO_CAPITALS.test(short) && short.toLowerCase() === subject.toLowerCase())
    return longForm[0].length;
  const start = ARTICLE.exec(sentence)?.[0].length;
  if (start === undefined) return null;
  const rest = sentence.slice(start);
  const words = [...rest.matchAll(WORDS).take(subject.split(/\s+/).length)];
  if (words[0]?.index !== 0) return null;
  const wanted = analyse(subject);
  // Several words of the question may be one here: "git rerere" and `git-rerere`.
  for (const last of words.toReversed()) {
    const end = last.index + last[0].length;
    if (isSame(analyse(rest.slice(0, end)), wanted)) return start + end;
  }
  // A manual page of a family of programs begins with its whole name: "git-rerere - Reuse …".
  const [first = ""] = words[0] ?? [];
  const isFamily =
    first.toLowerCase().endsWith(`-${subject.toLowerCase()}`) && /^\s+-\s/.test(rest.slice(first.length));
  return isFamily ? start + first.length : null;
}

function isSame(terms: readonly string[], wanted: readonly string[]): boolean {
  return wanted.length > 0 && wanted.length === terms.length && wanted.every((term, at) => terms[at] === term);
}

/** How plainly a sentence says what something is: 1 where it begins with it and defines it, less where it only begins so. */
export function definingShare(sentence: string, subject: string): number {
  const end = subjectEnd(sentence, subject);
  const introduced = introduces(sentence, subject);
  if (introduced === "whole") return 1;
  if (end !== null) return DEFINES.test(sentence.slice(end)) ? 1 : BEGINS;
  const wanted = analyse(subject);
  const words = [...sentence.matchAll(WORDS)];
  const count = subject.split(/\s+/).length;
  const isNamed = words.some(({ index }, at) => {
    const last = words[at + count - 1];
    if (last === undefined) return false;
    const [ahead, behind] = [sentence.slice(0, index), sentence.slice(last.index + last[0].length)];
    if (!NAMING.test(ahead) && !(PARTY.test(ahead) && PARTY_END.test(behind))) return false;
    return isSame(analyse(sentence.slice(index, last.index + last[0].length)), wanted);
  });
  return isNamed || introduced !== null ? NAMED : 0;
}
