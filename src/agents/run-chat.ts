import type { AgentWithHistory } from "./agent.ts";
import { appendMessage } from "./conversation.ts";
import type { ConversationMessage, ConversationOutcome } from "./conversation.ts";
import { beginLimitAt, deadlineOutcome, eitherSignal } from "./conversation/chat-limits.ts";
import { resumeChat } from "./conversation/resume-chat.ts";
import { runTwoAgentChat } from "./conversation/two-agent-chat.ts";
import type { ChatEvent } from "./conversation/two-agent-chat.ts";
import { openChat } from "./initiate-chat.ts";
import type { ChatOpening, Opening } from "./initiate-chat.ts";
import { keepAnswer, waitForHuman, WaitingForHuman } from "./human-turn.ts";
import { summariseChat } from "./summarise-chat.ts";
import type { ChatSummary } from "./summarise-chat.ts";

/** A chat from its first message to its summary. */
export interface RunChatOptions extends Opening {
  readonly sender: AgentWithHistory;
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
  const { sender, recipient, conversation, options, resume } = parts;
  const { signal, maxTurns, deadline, maxTokens, maxCostUsd } = options;
  const limits = { maxTurns, deadline, maxTokens, maxCostUsd };
  if (resume !== undefined && conversation.progress !== null) {
    return yield* resumeChat(conversation, { ...resume, ...limits, agents: [sender, recipient], signal });
  }
  const { pending } = conversation;
  if (resume?.reply !== undefined && pending !== null) keepAnswer(conversation, { pending, reply: resume.reply });
  const due = deadline === undefined ? null : beginLimitAt(deadline);
  const limited = eitherSignal(signal, due);
  let opening: ChatOpening;
  try {
    opening = yield* openChat({ ...parts, options: { ...options, signal: limited } });
  } catch (error) {
    // A person who is asked for the first message may reply later, too.
    if (error instanceof WaitingForHuman) return waitForHuman(conversation, error);
    // Before the first message there may be much to do, such as indexing the documents that it stands on.
    if (due?.signal.aborted !== true || signal?.aborted === true || deadline === undefined) throw error;
    conversation.outcome = deadlineOutcome(deadline.toISOString());
    return conversation.outcome;
  } finally {
    due?.clear();
  }
  if (opening.outcome === null) {
    const { message } = opening;
    return yield* runTwoAgentChat({ initiator: sender, recipient, conversation, message, ...limits, signal });
  }
  const message: ConversationMessage = { ...opening.message, role: "user", name: sender.name };
  appendMessage(conversation, message);
  conversation.outcome = opening.outcome;
  yield { type: "message", sender: sender.name, message };
  return opening.outcome;
}
