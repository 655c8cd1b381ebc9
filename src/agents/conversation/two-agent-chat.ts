import type { ChatMessage } from "../../domain/message.ts";
import { passOn } from "../../domain/pass-on.ts";
import { errorMessage } from "../../errors.ts";
import type { Agent, AgentReply, ReplyEvent } from "../agent.ts";
import { appendMessage, createViews } from "../conversation.ts";
import type { Conversation, ConversationMessage, ConversationOutcome } from "../conversation.ts";
import { waitForHuman, WaitingForHuman } from "../human-turn.ts";
import { outgoingMessage } from "../outgoing-message.ts";
import { beginDeadline, beginProgress, checkLimits, deadlineOutcome, metLimit, eitherSignal } from "./chat-limits.ts";
import type { ChatLimits } from "./chat-limits.ts";

/** What happens in a chat: everything that happens while an agent replies, and each message once it is whole. */
export type ChatEvent = ReplyEvent & { readonly sender: string };

/** Options of {@link runTwoAgentChat}. */
export interface TwoAgentChatOptions extends ChatLimits {
  /** Opens the chat. */
  readonly initiator: Agent;
  /** Replies first. */
  readonly recipient: Agent;
  /** Where the chat is kept; one with messages is gone on with. */
  readonly conversation: Conversation;
  /** The first message; null when the conversation already ends in a message of the initiator. */
  readonly message: ChatMessage | null;
  /**
   * Whether the chat that the conversation holds goes on, under the limits it began with; `message` must be null.
   * @default false
   */
  readonly resume?: boolean | undefined;
  /** Ends the chat; it then rejects with the signal's reason and the conversation says `aborted`. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Lets two agents talk until one of them ends it or a limit is met. It is a loop: its depth does not grow with the
 * number of turns. The conversation always has an outcome afterwards.
 */
export async function* runTwoAgentChat(options: TwoAgentChatOptions): AsyncGenerator<ChatEvent, ConversationOutcome> {
  const { conversation, signal, recipient, resume = false } = options;
  checkLimits(options);
  conversation.outcome = null;
  conversation.pending = null;
  if (!resume || conversation.progress === null) {
    conversation.progress = beginProgress(conversation, { next: recipient.name, limits: options });
  }
  const deadline = beginDeadline(conversation);
  try {
    conversation.outcome = yield* converse({ ...options, signal: eitherSignal(signal, deadline) });
    return conversation.outcome;
  } catch (error) {
    if (error instanceof WaitingForHuman) return waitForHuman(conversation, error);
    if (deadline?.signal.aborted === true && signal?.aborted !== true) {
      conversation.outcome = deadlineOutcome(conversation.progress.deadline ?? "");
      return conversation.outcome;
    }
    conversation.outcome =
      signal?.aborted === true ? ABORTED : { status: "failed", reason: "failed", detail: errorMessage(error) };
    throw error;
  } finally {
    deadline?.clear();
    // The reader may leave in the middle without an error.
    conversation.outcome ??= ABORTED;
  }
}

const ABORTED: ConversationOutcome = { status: "aborted", reason: "aborted", detail: "The chat was broken off." };

async function* converse(options: TwoAgentChatOptions): AsyncGenerator<ChatEvent, ConversationOutcome> {
  const { initiator, recipient, conversation, message, signal } = options;
  const { progress } = conversation;
  if (progress === null) throw new Error("A chat runs without progress.");
  const viewOf = createViews(conversation);
  if (message !== null) {
    const kept = await send(message, { sender: initiator, recipient, options });
    yield { type: "message", sender: initiator.name, message: kept };
  }
  for (;;) {
    const [speaker, listener] = progress.next === recipient.name ? [recipient, initiator] : [initiator, recipient];
    signal?.throwIfAborted();
    const limit = metLimit(conversation);
    if (limit !== null) return limit;
    if (speaker.repliesTo?.(listener) === false) {
      return { status: "completed", reason: "no-reply", detail: `${speaker.name} does not reply to ${listener.name}.` };
    }
    const reply = yield* withSender(
      speaker.streamReply({ messages: viewOf(speaker.name), sender: listener, conversation, signal }),
      speaker.name,
    );
    // Whatever a reply was made of, an aborted chat has no further message.
    signal?.throwIfAborted();
    if (reply.type === "end") return reply.outcome;
    if (reply.modelCall !== undefined) conversation.modelCalls.push(reply.modelCall);
    const kept = await send(reply.message, { sender: speaker, recipient: listener, options });
    if (speaker === recipient) progress.turns += 1;
    progress.next = listener.name;
    yield { type: "message", sender: speaker.name, message: kept };
  }
}

interface Sending {
  readonly sender: Agent;
  readonly recipient: Agent;
  readonly options: TwoAgentChatOptions;
}

async function send(
  message: ChatMessage,
  { sender, recipient, options: { conversation, initiator, signal } }: Sending,
): Promise<ConversationMessage> {
  const role = sender === initiator ? "user" : "assistant";
  const kept = await outgoingMessage(message, { sender, role, recipient, conversation, signal });
  appendMessage(conversation, kept);
  return kept;
}

/** Names who speaks in events that do not say so themselves; closes what is not read to its end. */
export async function* withSender(
  events: AsyncGenerator<ReplyEvent, AgentReply>,
  sender: string,
): AsyncGenerator<ReplyEvent & { readonly sender: string }, AgentReply> {
  return yield* passOn(events, (event) => [{ sender, ...event }]);
}
