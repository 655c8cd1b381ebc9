import type { ConversationTurn } from "../../domain/conversation.ts";
import type { StandaloneQuestion } from "../../domain/hit.ts";
import { analyse } from "../../lexical/analyse.ts";
import { oneLine } from "../../domain/one-line.ts";
import { asksForIntroduction, isSmallTalk } from "./courtesy.ts";

/** A follow-up question in the form in which it is understood, and in that in which it is searched for. */
export interface StandaloneReading extends StandaloneQuestion {
  /** The text with the beginning of the last answer in front, whose words name the subject of the conversation. */
  readonly search: string;
  /** Whether it is a sentence that does not point back, and only so short that it may lean on what was said before. */
  readonly mayStandAlone: boolean;
}

/**
 * Up to so many terms, a question is too short to say by itself what it is about. With 2, half a percent more of the
 * passages of real follow-ups is found, but short questions on a new subject are mixed with the old one.
 */
const SHORTEST = 1;
/** The same for a question with "the …", or one that is no sentence. */
const SHORT = 3;
/** "other", "the first" and the like need an antecedent in short questions only. */
const MEDIUM = 5;
/** How many characters of the last answer are searched for. */
const LEAD_LENGTH = 300;

/**
 * Words that continue what was said before. As part of a longer word, or in capitals ("And-inverter", "yes/no", "OR"),
 * they do not.
 */
const CONTINUES =
  /^[^\p{L}\p{N}-]*(?:(?:and|but|or|so|then|also|what about|how about|what else|anything else|any other|thanks?|thank you|sorry|i meant?)(?![\w/-])(?! sprach\b)|(?:ok(?:ay)?|yes|no)(?=\W*$|[,.;:!?]| (?:and|but|i|so|then|problem|thanks?|worries|what|how|that|this|the|it)\b))/iu;
/** Operators and abbreviations. */
const WRITTEN_LARGE = /^\W*(?:AND|BUT|NO|OR|SO)\b(?=.*\p{Ll})/u;
/** "It" that refers to what follows: "is it possible to …", "how long does it take to …". */
const EMPTY_IT =
  /\b(?:is|was|be|would|makes?|does|can|could|will|should) it (?:(?:ever|still|really|even|also) )?(?:(?:advisable|allowed|bad|better|best|common|dangerous|difficult|easy|enough|faster|forbidden|good|hard|important|impossible|legal|likely|necessary|normal|ok(?:ay)?|possible|required|safe|sensible|true|useful|usual|wise|worth(?:while)?) (?=(?:for [\w ]+ )?to\b|that\b|if\b|when\b|\w+ing\b)|(?:take|cost|mean|matter|help|happen|make sense|decided|determined|known|chosen) (?=(?:to|when|that|if|whether|which|how|what|who|where|why)\b)|(?:rain|snow)\b)/gi;
/** The project, which needs no antecedent. */
const HERE = /\bthis (?:project|repository|repo|codebase|software|handbook|documentation|collection|web ?site)\b/gi;
/** "What does this error mean: …" and "do this: …" name what they point to. */
const POINTS_AHEAD = /\b(?:this|these|those|that)\b[^.?!:]*:\s+\S/i;
/** Names of settings, flags and code mean the same anywhere. */
const CODE_NAME = /(?:^|\s)--?[a-z]|[A-Za-z0-9]_[A-Za-z0-9]|[a-z][A-Z]|`[^`]+`/;
/** "What is a chunk?" */
const ASKS_MEANING = /^\W*(?:what(?:'s| is) an?|define|who is (?=\p{Lu}))\b/u;
const PRONOUN = /\b(?:it|its|it's|they|them|their|theirs|he|him|his|she|her|hers)\b/gi;
const THIS = /\b(?:this|these|those)\b(?!\s+(?:year|week|month|morning|time)\b)/i;
const THAT =
  /\b(?:about|of|for|with|from|to|in|on|by|does|do|did|is|was|are|like|than|how|why|what's|explain|describe|clarify|undo|after|before|besides|except|if|whether|may|can|could|will|would|should|must) that\b|\bthat\W*$/i;
const SELECTS =
  /\b(?:else|instead|another|others|neither)\b|\bthe (?:other|same|former|latter|previous|above)\b|\bthe (?:first|second|third|last|next)(?= (?:is|was|do|does|did)\b|\W*$)|\b(?:which|that|this|other|new|old|first|second|last|(?:an?|the) [\w-]+) ones?\b|\b(?:fewer|more|less|then)\W*$|\b(?:an(?:other)?|more|some) examples?\W*$|\b(?:which|any|all|some|both|each|none) of (?:them|these|those)\b/i;
const OTHER = /\bother\b/i;
/** "The size of an upload" says itself which one; "the size" does not. */
const DEFINITE = /\b(?:the(?! [\p{L}\p{N}-]+ of\b)|my|your|our)\b/iu;
/** "The Bergen trip", "the church in Oslo" and "the 2019 budget" name themselves, "the API" does not. */
const NAMED =
  /\b(?:[Tt]he|[Mm]y|[Yy]our|[Oo]ur) (?:[\p{Ll}-]+ (?:(?:at|by|from|in|near|to|with) )?)?(?:\p{Lu}\p{Ll}|\d{4}(?!\d))/gu;
const SENTENCE =
  /^\W*(?:what|how|why|when|where|who|whose|which|is|are|do|does|did|can|could|should|would|will|has|have|was|were|if|tell|show|explain|give|list|describe)\b/i;

/**
 * The word by which a question depends on the conversation; null if it can be understood alone. The rules are for
 * English and were chosen on 338 follow-up questions of people (MTRAG-UN): they recognise 46 % of them, and wrongly one
 * in twelve of SQuAD's questions, which lose nothing by it.
 */
export function leaningOf(question: string): string | null {
  const back = backReferenceOf(question);
  if (back !== null) return back;
  const size = countTerms(question);
  const isKnown = CODE_NAME.test(question) || question.search(HERE) !== -1;
  if (isKnown || (size > 0 && ASKS_MEANING.test(decapitalised(question)))) return null;
  if (size <= SHORTEST) return "it is very short";
  const isOpen = size <= SHORT && (DEFINITE.test(question.replaceAll(NAMED, " ")) || !SENTENCE.test(question));
  return isOpen ? "it is short and leaves its subject open" : null;
}

/** The words of a question that refer to something said before it; null if there are none. */
export function backReferenceOf(question: string): string | null {
  if (CONTINUES.test(question) && !WRITTEN_LARGE.test(question)) return "it begins as a continuation";
  const word = openPronoun(question);
  return word === null ? null : `"${word.trim()}" stands for something named before`;
}

/** A pronoun for something that the question itself has not named. */
function openPronoun(asked: string): string | null {
  const question = asked.replaceAll(EMPTY_IT, " ").replaceAll(HERE, " ");
  for (const match of question.matchAll(PRONOUN)) {
    // Behind two terms, it can refer to what they name: "If the server stops, does it …".
    if (countTerms(question.slice(0, match.index)) < 2) return match[0];
  }
  const shown = POINTS_AHEAD.test(question) ? null : (THIS.exec(question) ?? THAT.exec(question));
  // It can refer to a sentence or clause before it: "It says EADDRINUSE on start, is that bad?".
  if (shown !== null && countTerms(/^.*[.,;:?!]/s.exec(question.slice(0, shown.index))?.[0] ?? "") < 2) return shown[0];
  const size = countTerms(question);
  const selected = size > MEDIUM ? null : (SELECTS.exec(question) ?? (size < MEDIUM ? OTHER.exec(question) : null));
  return selected !== null && countTerms(question.slice(0, selected.index)) < 2 ? selected[0] : null;
}

/** With a small first letter, so that any further capital belongs to a name. */
function decapitalised(text: string): string {
  return text.replace(/\p{L}/u, (letter) => letter.toLowerCase());
}

function countTerms(text: string): number {
  return new Set(analyse(text)).size;
}

/**
 * Completes a follow-up question: puts the question before it in front, and the one before that if it is a follow-up
 * too; for the search also the beginning of the last answer. Null for a question that stands alone, which must not be
 * mixed with earlier ones.
 */
export function makeStandalone(question: string, turns: readonly ConversationTurn[]): StandaloneReading | null {
  const why = isSmallTalk(question) ? null : leaningOf(question);
  // A question that is repeated does not say what it is about.
  const asked = new Set([bareText(question)]);
  const others = turns
    .toReversed()
    .filter(
      (turn) =>
        !asksForIntroduction(turn.question, { isFirst: true }) &&
        !asked.has(bareText(turn.question)) &&
        asked.add(bareText(turn.question)),
    );
  const [last, before] = others;
  if (why === null || last === undefined) return null;
  const carried = [
    ...(before !== undefined && leaningOf(last.question) !== null ? [before.question] : []),
    last.question,
  ];
  const text = [...carried, question].map(oneLine).join(" ");
  const lead = oneLine(last.answer ?? "").slice(0, LEAD_LENGTH);
  const mayStandAlone = SENTENCE.test(question) && backReferenceOf(question) === null;
  return { text, search: lead === "" ? text : `${lead} ${text}`, by: "rules", why, mayStandAlone };
}

/** A text without case and punctuation, to tell whether two texts say the same. */
export function bareText(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}
