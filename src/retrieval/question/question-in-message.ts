import { analyse } from "../../lexical/analyse.ts";
import { sentenceTexts } from "../../lexical/sentences.ts";
import { isSmallTalk } from "./courtesy.ts";

/** A longer text, in characters, is no message with a question in it, but what the search is about. */
const LONGEST_MESSAGE = 1_000;
/** A question with fewer terms says too little by itself. */
const FEWEST_TERMS = 2;

const ASKS =
  /\?["'”’)\]]*$|^(?:(?:and|so|but|now) )?(?:how|what|why|when|where|which|who|whose) (?!(?:i|we|you|they|he|she|it|one) )(?:\S+ )*?(?:is|are|was|were|do|does|did|can|could|should|would|will|may|must|to|has|have)\b/i;

/**
 * Where a question begins behind a clause that tells something: "We are a team of twelve; how do I …?", "I have a folder
 * with mails, can I …?"
 */
const BEHIND_CLAUSE =
  /(?:[,;:]|\s[–—-]|\.{3}|…)\s+(?=(?:(?:so|and|but|now) )?(?:(?:how|what|why|when|where|which|who) (?:is|are|was|were|do|does|did|can|could|should|would|will|may|must|has|have|to|much|many|long)|(?:can|could|may|should|must|do|does|did|is|are|will) (?:I|we|you|it|they|this|that|there|the|a|an|my|our|citewell)) )/i;
/** A condition, a place, a purpose or a question in front belongs to the question: "In Docker, how do I …?" */
const CONDITION =
  /^(?:(?:and|but|so|now|even|only) )?(?:if|when|whenever|while|once|as|since|because|after|before|until|unless|although|though|given|assuming|suppose|with|without|for|from|in|into|on|onto|at|by|to|under|over|behind|between|during|besides?|despite|about|regarding|concerning|instead|can|could|may|might|must|should|would|will|do|does|did|is|are|was|were|am|has|have|what|how|which|who|whose|where|why)\b/i;
const TELLS =
  /\b(?:am|is|are|was|were|have|has|had|use|need|want|keep|run|work|got|get|tried|started|moved|bought|lost|do not|does not|(?:don|doesn|can|won|isn|aren)['’]?t|cannot)\b|\b(?:I|we|they|it)['’](?:m|re|ve|s|d|ll)\b/i;

/**
 * The question in a message that also tells of something: "We are a small club. How do we pay the toll?" asks how to pay
 * the toll. Null for a text in which every sentence asks or none does, and where the question says too little alone.
 */
export function questionInMessage(message: string): string | null {
  const text = message.trim();
  if (text.length > LONGEST_MESSAGE) return null;
  const sentences = sentenceTexts(text).flatMap(clauses);
  const { asking = [], others = [] } = Object.groupBy(sentences, (sentence) => (asks(sentence) ? "asking" : "others"));
  const isTelling = (sentence: string): boolean => !isSmallTalk(sentence) && analyse(sentence).length > 0;
  if (asking.length === 0 || !others.some(isTelling)) return null;
  const question = asking.join(" ");
  return new Set(analyse(question)).size < FEWEST_TERMS ? null : question;
}

/** A sentence in which a question stands behind what is told, in two. */
function clauses(sentence: string): readonly string[] {
  const at = BEHIND_CLAUSE.exec(sentence);
  if (at === null) return [sentence];
  const [told, question] = [sentence.slice(0, at.index), sentence.slice(at.index + at[0].length)];
  return !CONDITION.test(told) && TELLS.test(told) && asks(question) ? [told, question] : [sentence];
}

/** Whether a sentence asks something, with or without a question mark. */
export function asks(sentence: string): boolean {
  return ASKS.test(sentence);
}
