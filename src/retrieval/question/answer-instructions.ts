import { analyse } from "../../lexical/analyse.ts";
import { sentenceTexts } from "../../lexical/sentences.ts";
import { asks } from "./question-in-message.ts";

/** Terms of sentences that say how to answer, from what, and who does: "Answer in one sentence", "You are an expert". */
const ABOUT_THE_ANSWER: ReadonlySet<string> = new Set(
  analyse(`
    please kindly answer respond response reply explain write written summarize summarise describe keep give provide cite
    citation reference source quote include use format limit return output make made invent hallucinate guess speculate
    assume say tell state know known act think reason find found contain based according retrieve
    only solely just strictly never always brief briefly short concise concisely succinct succinctly detail thorough
    thoroughly clear clearly precise precisely exact exactly accurate accurately correct correctly complete completely
    full fully direct directly careful carefully simple simply plain possible needed necessary enough sufficient unable
    cannot relevant sure helpful honest friendly
    terms word sentence paragraph line bullet point list markdown json table text language english german french spanish
    italian dutch portuguese step one two three four five ten least maximum max fewer less longer basis
    following below above question query context document documentation docs passage excerpt file information given
    knowledge outside prior external anything nothing something everything assistant expert chatbot bot ai user don doesn isn aren
  `),
);
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
  const sentences = sentenceTexts(text);
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
  return analyse(sentence.toLowerCase()).every((term) => ABOUT_THE_ANSWER.has(term) || /^\d+$/.test(term));
}
