import type { AnswerStatus, Passage, ReplyCut, SearchSummary } from "../domain/answer.ts";
import type { LineRange } from "../domain/document.ts";
import type { ChatMessage } from "../domain/message.ts";
import { addCosts, addUsage, NO_USAGE } from "../domain/usage.ts";
import type { Usage } from "../domain/usage.ts";
import { messagesFor } from "./conversation.ts";
import type { Conversation, ConversationOutcome, ModelCallRecord } from "./conversation.ts";
import { describeCutReplies } from "./describe-cut-replies.ts";

/** What the calls of one model took. */
export interface ModelCost {
  /** US dollars; null where the price is unknown. */
  readonly cost: number | null;
  readonly promptTokens: number;
  readonly completionTokens: number;
  readonly totalTokens: number;
}

/** What the model calls of a chat took: the total, and each model's part. */
export interface ChatCost {
  /** US dollars; null where the price of one of the models is unknown. */
  readonly totalCost: number | null;
  readonly models: Readonly<Record<string, ModelCost>>;
}

/** What a chat came to. */
export interface ChatResult {
  readonly chatId: string;
  /** Every message of every round, as the agent that opened the chat sees it: its own have the role `assistant`. */
  readonly chatHistory: readonly ChatMessage[];
  /** The last message's text without `TERMINATE`, or what `summaryMethod` made. */
  readonly summary: string;
  /**
   * Every model call of the conversation counts, whoever made it: also those of its earlier chats, where it was gone on
   * with, but not those of chats that a tool opened, see `ToolContext`.
   */
  readonly cost: {
    readonly usageIncludingCachedInference: ChatCost;
    readonly usageExcludingCachedInference: ChatCost;
  };
  /** Tokens of all model calls together. */
  readonly usage: Usage;
  /** What people typed. */
  readonly humanInput: readonly string[];
  readonly outcome: ConversationOutcome;
  /** The chat as data: it can be stored, and gone on with. */
  readonly conversation: Conversation;
  /** What went wrong without ending the chat, such as a reply that was cut off, or a summary that could not be made. */
  readonly warnings: readonly string[];
  /** How far the question of a retrieval chat was answered; absent in other chats. */
  readonly retrieval?: RetrievalOutcome;
}

/** How a question ended that was asked over retrieved passages. */
export interface RetrievalOutcome {
  readonly status: AnswerStatus;
  /** The answer, or a sentence that says what was searched for. */
  readonly answer: string;
  /** What broke the answer off before its end; absent for a whole one. */
  readonly cutBy?: ReplyCut;
  /** Every search made, in order. */
  readonly searches: readonly SearchSummary[];
  /** Every numbered passage, in the order of the numbers. */
  readonly passages: readonly Passage[];
  /** Prompts sent to the assistant; 0 when it was not asked. */
  readonly rounds: number;
  /** Spans that were found and left out, with the reason. */
  readonly skipped: readonly SkippedPassage[];
}

/** A span that did not get into a prompt. */
export interface SkippedPassage {
  readonly source: string;
  readonly lines: LineRange;
  readonly reason: string;
}

/** What a chat's result needs beside its conversation. */
export interface ChatResultParts {
  /** Name of the agent that sees the history. */
  readonly owner: string;
  readonly summary: string;
  readonly outcome: ConversationOutcome;
  readonly warnings?: readonly string[];
}

/** The result of a conversation as one of its agents sees it. */
export function toChatResult(
  conversation: Conversation,
  { owner, summary, outcome, warnings = [] }: ChatResultParts,
): ChatResult {
  const { modelCalls, progress } = conversation;
  return {
    chatId: conversation.id,
    chatHistory: messagesFor(owner, conversation.messages),
    summary,
    cost: {
      usageIncludingCachedInference: sumCosts(modelCalls),
      usageExcludingCachedInference: sumCosts(modelCalls.filter(({ cached }) => cached !== true)),
    },
    usage: sumUsage(modelCalls),
    humanInput: [...conversation.humanInput],
    outcome,
    conversation,
    warnings: [...describeCutReplies(modelCalls.slice(progress?.firstCall ?? 0)), ...warnings],
  };
}

/** Tokens of all calls together. */
export function sumUsage(calls: readonly ModelCallRecord[]): Usage {
  return calls.reduce((sum, { usage }) => addUsage(sum, usage), NO_USAGE);
}

/** The price of all calls together; null where one of them has none. */
export function sumCostUsd(calls: readonly ModelCallRecord[]): number | null {
  return calls.reduce<number | null>((sum, { costUsd }) => addCosts(sum, costUsd), 0);
}

/** What calls took: together, and by model. */
export function sumCosts(calls: readonly ModelCallRecord[]): ChatCost {
  const models = [...Map.groupBy(calls, ({ model }) => model)].map(([name, own]) => {
    const { promptTokens, completionTokens } = sumUsage(own);
    const cost = {
      cost: sumCostUsd(own),
      promptTokens,
      completionTokens,
      totalTokens: promptTokens + completionTokens,
    };
    return [name, cost] as const;
  });
  return { totalCost: sumCostUsd(calls), models: Object.fromEntries(models) };
}
