import type { AnswerStatus } from "../../domain/answer.ts";
import { countOf } from "../../domain/count-of.ts";
import type { RetrievalOutcome } from "../chat-result.ts";
import { readContextRequest } from "./context-request.ts";
import type { Conversation, ConversationEnd, ConversationMessage } from "../conversation.ts";
import type { RetrieveState } from "./retrieve-state.ts";

/** What {@link concludeRetrieval} looks at. */
export interface ConcludeOptions {
  readonly conversation: Conversation;
  /** Name of the agent that asked. */
  readonly proxy: string;
  /** Words that an answer must hold, upper-case; empty for none. */
  readonly answerPrefix: string;
}

/** How a question ended, from its conversation alone. */
export function concludeRetrieval(state: RetrieveState, options: ConcludeOptions): RetrievalOutcome {
  const { conversation, answerPrefix } = options;
  const replies = conversation.messages
    .slice(state.firstMessage)
    .filter(({ name, content }) => name !== options.proxy && content.trim() !== "TERMINATE");
  const answer = replies.findLast(isAnswer);
  const answered = answer !== undefined && answer === replies.at(-1);
  const status = statusOf(state, { answer, answered, answerPrefix });
  const shown = !answered && status === "insufficient" ? undefined : answer;
  return {
    status,
    answer: shown === undefined ? notFound(state, conversation.outcome?.reason) : withoutEnd(shown.content),
    ...(shown?.cutBy === undefined ? {} : { cutBy: shown.cutBy }),
    searches: state.searches,
    passages: state.passages,
    rounds: state.rounds,
    skipped: state.skipped,
  };
}

/** The word that ends a chat is none of the answer's. */
function withoutEnd(text: string): string {
  return text.replace(/\s*\bTERMINATE\.?\s*$/, "");
}

function isAnswer(message: ConversationMessage): boolean {
  return message.content.trim() !== "" && readContextRequest(message) === null;
}

function statusOf(
  state: RetrieveState,
  {
    answer,
    answered,
    answerPrefix,
  }: { answer: ConversationMessage | undefined; answered: boolean; answerPrefix: string },
): AnswerStatus {
  if (answer === undefined) return "insufficient";
  if (answer.standing !== undefined) return answer.standing;
  // An answer that was followed by a request for more was not good enough for its author.
  if (!answered) return "partial";
  if (answerPrefix !== "" && !answer.content.toUpperCase().includes(answerPrefix)) return "partial";
  return state.evidence === "good" && !state.exhausted ? "answered" : "partial";
}

/** The sentence that stands for an answer: what was looked for, and how it ended. */
export function notFound(state: RetrieveState, reason: ConversationEnd | undefined): string {
  const searches = [...Map.groupBy(state.searches, ({ query }) => query)].map(([query, made]) => {
    return `“${query}” (${countOf(
      made.reduce((sum, { hits }) => sum + hits, 0),
      "passage",
    )})`;
  });
  const searched = searches.length === 0 ? "Nothing was searched." : `Searched for ${searches.join(", ")}.`;
  return `${REASONS[reason ?? ""] ?? "The documents do not answer this question."} ${searched}`;
}

const REASONS: Readonly<Record<string, string>> = {
  "no-evidence": "Nothing in the documents fits this question well enough to answer it.",
  exhausted: "The documents do not answer this question; every passage that was found for it was read.",
  "max-rounds": "No answer was found within the permitted number of rounds.",
  "max-consecutive-auto-reply": "No answer was found within the permitted number of rounds.",
  "max-turns": "No answer was found within the permitted number of turns.",
  deadline: "The deadline was met before there was an answer.",
  "max-tokens": "The limit of tokens was met before there was an answer.",
  "max-cost": "The limit of cost was met before there was an answer.",
  "human-exit": "The chat was ended before there was an answer.",
  "waiting-for-human": "There is no answer yet: a person's reply is outstanding.",
};
