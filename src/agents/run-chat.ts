import type { HumanInput } from "../human-input/human-input.ts";
import type { Agent } from "./agent.ts";
import { appendMessage } from "./conversation.ts";
import type { Conversation, ConversationMessage, ConversationOutcome } from "./conversation.ts";
import { beginLimitAt, checkLimits, deadlineOutcome, eitherSignal } from "./conversation/chat-limits.ts";
import { resumeChat } from "./conversation/resume-chat.ts";
import { runTwoAgentChat } from "./conversation/two-agent-chat.ts";
import type { ChatEvent } from "./conversation/two-agent-chat.ts";
import { openChat } from "./initiate-chat.ts";
import type { ChatOpening, InitiateChatOptions } from "./initiate-chat.ts";
import { WaitingForHuman } from "./human-turn.ts";
import { summariseChat } from "./summarise-chat.ts";
import type { ChatSummary } from "./summarise-chat.ts";

/** A chat from its first message to its summary. */
export interface RunChatOptions {
  readonly sender: Agent;
  readonly recipient: Agent;
  readonly conversation: Conversation;
  readonly options: InitiateChatOptions;
  /** Whom to ask for a first message. */
  readonly humanInput: HumanInput;
  /** Goes on with the chat that the conversation holds, with what an outstanding person said. */
  readonly resume?: { readonly reply?: string };
  /** The summary where no method is asked for. */
  readonly summaryOf: () => string;
}

/** Opens or resumes a chat, runs it to its end and sums it up. */
export async function* runChat(
  parts: RunChatOptions,
): AsyncGenerator<ChatEvent, ChatSummary & { readonly outcome: ConversationOutcome }> {
  const { sender, recipient, conversation, options, summaryOf } = parts;
  const outcome = yield* run(parts);
  const fallback = summaryOf();
  const summary = yield* summariseChat(options, { conversation, sender, recipient, fallback });
  return { ...summary, outcome };
}

async function* run(parts: RunChatOptions): AsyncGenerator<ChatEvent, ConversationOutcome> {
  const { sender, recipient, conversation, options, humanInput, resume } = parts;
  const { signal } = options;
  if (resume !== undefined && conversation.progress !== null) {
    const { maxTurns, deadline, maxTokens, maxCostUsd } = options;
    const limits = { maxTurns, deadline, maxTokens, maxCostUsd };
    return yield* resumeChat(conversation, { ...resume, ...limits, agents: [sender, recipient], signal });
  }
  if (resume?.reply !== undefined && conversation.pending !== null) {
    conversation.answers.push({ ...conversation.pending, reply: resume.reply });
    conversation.humanInput.push(resume.reply);
    conversation.pending = null;
  }
  checkLimits(options);
  const due = options.deadline === undefined ? null : beginLimitAt(options.deadline);
  const limited = eitherSignal(signal, due);
  let opening: ChatOpening | null;
  try {
    opening = yield* waitable(
      openChat({ sender, recipient, conversation, options: { ...options, signal: limited }, humanInput }),
      conversation,
    );
  } catch (error) {
    // Before the first message there may be much to do, such as indexing the documents that it stands on.
    if (due?.signal.aborted !== true || signal?.aborted === true || options.deadline === undefined) throw error;
    conversation.outcome = deadlineOutcome(options.deadline.toISOString());
    return conversation.outcome;
  } finally {
    due?.clear();
  }
  if (opening === null) return conversation.outcome ?? UNKNOWN;
  if (opening.outcome === null) {
    const { maxTurns, deadline, maxTokens, maxCostUsd } = options;
    return yield* runTwoAgentChat({
      initiator: sender,
      recipient,
      conversation,
      message: opening.message,
      maxTurns,
      deadline,
      maxTokens,
      maxCostUsd,
      signal,
    });
  }
  const message: ConversationMessage = { ...opening.message, role: "user", name: sender.name };
  appendMessage(conversation, message);
  conversation.outcome = opening.outcome;
  yield { type: "message", sender: sender.name, message };
  return opening.outcome;
}

const UNKNOWN: ConversationOutcome = { status: "failed", reason: "failed", detail: "The chat did not begin." };

/** A person who is asked for the first message may reply later, too. */
async function* waitable<Result>(
  events: AsyncGenerator<ChatEvent, Result>,
  conversation: Conversation,
): AsyncGenerator<ChatEvent, Result | null> {
  try {
    return yield* events;
  } catch (error) {
    if (!(error instanceof WaitingForHuman)) throw error;
    conversation.pending = error.pending;
    conversation.outcome = { status: "waiting", reason: "waiting-for-human", detail: error.message };
    return null;
  }
}
