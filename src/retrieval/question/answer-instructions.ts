import { analyse } from "../../lexical/analyse.ts";
import { splitSentences } from "../../lexical/sentences.ts";
import { asks } from "./question-in-message.ts";

/** Words that say how to answer, from what, and who answers: "Answer in one sentence", "You are a helpful assistant". */
const ABOUT_THE_ANSWER =
  /\b(?:please|kindly|answer(?:s|ed|ing)?|respon(?:d|se|ses)|reply|replies|explain(?:ed|ing)?|write|written|summari[sz]e|describe|keep|give|provide[ds]?|cit(?:e|es|ed|ing|ations?)|references?|sources?|quot(?:e|es|ed|ing)|include|including|us(?:e|es|ed|ing)|format(?:ted)?|limit(?:ed)?|return|output|only|solely|just|strictly|briefly|brief|short(?:ly)?|concise(?:ly)?|succinct(?:ly)?|detail(?:s|ed)?|in-depth|thorough(?:ly)?|clear(?:ly)?|precise(?:ly)?|exact(?:ly)?|accurate(?:ly)?|correct(?:ly)?|complete(?:ly)?|full(?:y)?|direct(?:ly)?|careful(?:ly)?|simple|simply|plain|terms|words?|sentences?|paragraphs?|lines?|bullets?|bullet-?points?|points?|list|markdown|json|table|text|english|german|french|spanish|italian|dutch|portuguese|language|step-by-step|steps?|one|two|three|four|five|ten|\d+|most|least|maximum|max|fewer|less|more|longer|than|following|question|query|questions|contexts?|documents?|documentation|docs|passages?|excerpts?|texts?|files?|information|given|above|below|retrieved|based|basis|according|know|known|say|tell|state|sure|make|made|anything|nothing|something|everything|invent|hallucinate|guess|speculate|assume|own|outside|prior|external|knowledge|helpful|honest|friendly|assistant|expert|chatbot|bot|ai|act|think|reason|find|found|contain(?:s|ed)?|enough|sufficient|unable|cannot|relevant|necessary|possible|needed|users?|(?:do|does|did|is|are|can|should)n?['’]?t|never|always|['’](?:s|t|re|m|ll|d|ve))\b/giu;
/** What such a sentence has, and a statement of somebody's does not. */
const INSTRUCTS =
  /^\W*(?:please|kindly|you are|you['’]re|act as|if (?:you|the|it|there|no)|do not|don['’]?t|never|always|only|answer|respond|reply|explain|be|keep|use|using|based on|cite|say|think|limit|format|return|output|write|give|provide|include|summari[sz]e|in (?:one|two|three|a|at most|no more)|make sure)\b/i;
/** Beside a statement this may be what is asked for: "We have a wiki. Explain the format." */
const REQUESTS =
  /^\W*(?:please )?(?:explain|describe|write|give|provide|include|return|output|format|summari[sz]e)\b(?!.*\b(?:steps?|only|json|markdown|brief(?:ly)?|short|concise(?:ly)?|detail(?:s|ed)?|simple|simply|sentences?|words?|bullet\S*|citations?|references)\b)/i;
const LONGEST = 1_000;
/** "Please answer the following question: …", "Question: …". */
const OPENING = /^[^:?]{1,150}:\s+(?=\S)/;
const NAMES_A_QUESTION = /\b(?:question|query|q)\b[^:]*:\s*$/i;

/**
 * A question without sentences that only say how to answer, as programs put them around it: "Answer in one sentence and
 * cite your sources.", "Using the provided context, answer the question.". As it is where no question would be left.
 */
export function withoutInstructions(question: string): string {
  if (question.length > LONGEST) return question;
  const text = question.trim();
  const sentences = splitSentences(text).map(({ start, end }) => text.slice(start, end));
  const opened = sentences.map(withoutOpening);
  const isNamed = opened.some((sentence, index) => sentence !== sentences[index]);
  const kept = opened.filter((sentence, index) => sentence !== sentences[index] || !isInstruction(sentence));
  if (kept.length === sentences.length && !isNamed) return question;
  const isRequest = opened.some((sentence) => REQUESTS.test(sentence) && !kept.includes(sentence));
  const isQuestion = isNamed || kept.some((sentence) => asks(sentence)) || (kept.length === 1 && !isRequest);
  return isQuestion ? kept.join(" ") : question;
}

function isInstruction(sentence: string): boolean {
  if (/^\W*(?:answer|a)\s*:\s*$/i.test(sentence)) return true;
  return INSTRUCTS.test(sentence) && !sentence.trimEnd().endsWith("?") && saysNothingElse(sentence);
}

function withoutOpening(sentence: string): string {
  const opening = OPENING.exec(sentence)?.[0];
  const isOpening =
    opening !== undefined && NAMES_A_QUESTION.test(opening) && saysNothingElse(opening.replace(/\bq\b/i, ""));
  return isOpening ? sentence.slice(opening.length) : sentence;
}

function saysNothingElse(sentence: string): boolean {
  return analyse(sentence.replaceAll(ABOUT_THE_ANSWER, " ")).length === 0;
}
