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
 * The question in a message that also tells of something: "We are a small club. How do we pay the toll?" asks how to pay
 * the toll. Null for a text in which every sentence asks or none does, and where the question says too little alone.
 */
export function questionInMessage(message: string): string | null {
  const text = message.trim();
  if (text.length > LONGEST_MESSAGE) return null;
  const sentences = sentenceTexts(text);
  const { asking = [], others = [] } = Object.groupBy(sentences, (sentence) => (asks(sentence) ? "asking" : "others"));
  const isTelling = (sentence: string): boolean => !isSmallTalk(sentence) && analyse(sentence).length > 0;
  if (asking.length === 0 || !others.some(isTelling)) return null;
  const question = asking.join(" ");
  return new Set(analyse(question)).size < FEWEST_TERMS ? null : question;
}

/** Whether a sentence asks something, with or without a question mark. */
export function asks(sentence: string): boolean {
  return ASKS.test(sentence);
}
