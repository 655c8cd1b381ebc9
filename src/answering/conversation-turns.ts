import { EXTRACTIVE_MODEL, readExtractiveAnswer } from "../agents/extractive/extractive-assistant.ts";
import type { QuestionReading } from "../agents/retrieve/retrieve-state.ts";
import { withoutMarkers } from "../agents/retrieve/without-markers.ts";
import type { Answer } from "../domain/answer.ts";
import type { ConversationTurn, StoredConversation } from "../domain/conversation.ts";
import type { ChatMessage } from "../domain/message.ts";
import type { LanguageModel } from "../language-model/language-model.ts";
import { splitSentences } from "../lexical/sentences.ts";
import { rewriteQuestion, type RewrittenQuestion } from "./rewrite-question.ts";
import type { AnsweredQuestion, AnswerRequest } from "./use-cases.ts";

/** How many earlier questions and answers a model gets to see. */
const REMEMBERED_ANSWERS = 6;

/** How many earlier questions the search for a follow-up question may use. */
const READ_TURNS = 3;

/** How many characters of an earlier question or answer are read: one of them may be a pasted document. */
const READ_LENGTH = 1_000;

/** A question with what went before it. */
export interface Turn {
  readonly request: AnswerRequest;
  readonly earlier: StoredConversation;
  /** When its answering began, by the clock of `performance.now`. */
  readonly started: number;
}

/** Decides how the question is read: as a part of its conversation, unless the request wants it as it is. */
export async function readTurn(
  { request, earlier }: Turn,
  model: LanguageModel | null,
): Promise<{ readonly reading: QuestionReading; readonly rewritten: RewrittenQuestion | null }> {
  const { question, interpret = true, signal } = request;
  const history = request.history ?? earlier.answers;
  if (!interpret || history.length === 0) return { reading: { interpret }, rewritten: null };
  const conversation =
    request.history === undefined
      ? turnsOfAnswers(earlier.answers.slice(-READ_TURNS))
      : turnsOfHistory(request.history.slice(-READ_TURNS));
  const rewritten = model === null ? null : await rewriteQuestion(question, { model, history, signal });
  const rewriting = rewritten === null ? {} : { rewriting: rewritten.rewriting };
  return { reading: { interpret, conversation, ...rewriting }, rewritten };
}

/** Earlier questions and answers, as messages for the model. */
export function historyOf({ request, earlier }: Turn): ChatMessage[] {
  const history: readonly AnsweredQuestion[] = request.history ?? earlier.answers;
  return history.slice(-REMEMBERED_ANSWERS).flatMap(({ question, answer }): ChatMessage[] => [
    { role: "user", content: question },
    { role: "assistant", content: answer },
  ]);
}

/** What the search for the next question needs of stored answers. */
function turnsOfAnswers(answers: readonly Answer[]): ConversationTurn[] {
  return answers.map(({ question, answer, status, model, citations }) => {
    // The built-in assistant's first quote is what it found best; its own wording says nothing about the subject.
    const lead = model === EXTRACTIVE_MODEL ? citations[0]?.quote : firstSentence(answer);
    return { question: beginningOf(question), answer: status === "insufficient" ? null : (lead ?? null) };
  });
}

/** The same for a conversation that came with the request: who wrote its answers is not known. */
function turnsOfHistory(history: readonly AnsweredQuestion[]): ConversationTurn[] {
  return history.map(({ question, answer }) => ({
    question: beginningOf(question),
    answer: firstSentence(readExtractiveAnswer(answer)),
  }));
}

function beginningOf(text: string): string {
  return text.slice(0, READ_LENGTH);
}

function firstSentence(answer: string): string | null {
  const text = beginningOf(withoutMarkers(answer).trim());
  const [first] = splitSentences(text);
  return first === undefined ? null : text.slice(first.start, first.end);
}
