import { hasWords } from "../../lexical/sentences.ts";
import { plainQuestion } from "../../retrieval/question/plain-question.ts";
import { withoutQuestionWords } from "../../retrieval/question/question-words.ts";

/** What only frames a question: words that an answer need not hold. */
const FRAMES: readonly RegExp[] = [
  // The heading over an entry of release notes says which version it is.
  /^\s*(?:and )?(?:(?:in|since|with|as of|from) )?(?:which|what) (?:version|release)s?(?: (?:was|were|is|are|did|does|do|has|have))?\b(?=.*\b(?:introduc|add|remov|drop|deprecat|fix|chang|support|appear|ship)\w*)(?: introduc\w*| brought)?/i,
  /(?<=\b(?:which|what) (?:version|release)\b.*)\b(?:introduced|included|appear(?:ed)?|shipped)\b/i,
  /\bwhat(?: (?:will|would|does|do|did|can|may))? happen(?:s|ed)?(?= (?:when|if|to|with|after|during|once|while|in|as)\b)/i,
  /^\s*what (?:counts?|qualif(?:y|ies)|is (?:considered|regarded|classed|treated)) (?:as |to be )?(?=an? )/i,
  /^\s*(?:give me\b(?: (?:more|something))?(?: about)?|explain\b|describe\b)/i,
  /(?<=\b(?:what|which|how (?:many|much))\b.*\b(?:do|does|did|can|could|should) (?:\S+ ){1,3})(?:get|have|need|use)(?=\s*[?.!]*\s*$)/i,
  /\bdifferences?(?= between\b)/i,
  /(?<=\bhow (?:do|does|did)\b.*)\bwork(?=\s*[?.!]*\s*$)/i,
  /\b(?:is it|would it be) possible to\b/i,
];

/** A question without the words that only frame it, such as "what happens when"; the whole where nothing else is in it. */
export function questionContent(question: string): string {
  const framed = plainQuestion(question);
  const content = withoutQuestionWords(FRAMES.reduce((text, frame) => text.replace(frame, ""), framed));
  return hasWords(content) ? content : question;
}
