import type { ChatMessage } from "../../domain/message.ts";
import { errorMessage } from "../../errors.ts";
import type { Agent, ReplyEvent } from "../agent.ts";
import { messageFor, messagesFor } from "../conversation.ts";
import type { Conversation, ConversationMessage, ConversationOutcome } from "../conversation.ts";

/** What happens in a chat: everything that happens while an agent replies, and each message once it is whole. */
export type ChatEvent =
  | (ReplyEvent & { readonly sender: string })
  | { readonly type: "message"; readonly sender: string; readonly message: ConversationMessage };

/** Options of {@link runTwoAgentChat}. */
export interface TwoAgentChatOptions {
  /** Opens the chat. */
  readonly initiator: Agent;
  /** Replies first. */
  readonly recipient: Agent;
  /** Where the chat is kept; one with messages is gone on with. */
  readonly conversation: Conversation;
  /** The first message; null when the conversation already ends in a message of the initiator. */
  readonly message: ChatMessage | null;
  /**
   * Messages of the initiator with their replies at most.
   * @default no limit
   */
  readonly maxTurns?: number;
  /** Ends the chat; it then rejects with the signal's reason and the conversation says `aborted`. */
  readonly signal?: AbortSignal;
}

/**
 * Lets two agents talk until one of them ends it or a limit is met. It is a loop: its depth does not grow with the
 * number of turns. The conversation always has an outcome afterwards.
 */
export async function* runTwoAgentChat(options: TwoAgentChatOptions): AsyncGenerator<ChatEvent, ConversationOutcome> {
  const { conversation, signal } = options;
  checkMaxTurns(options.maxTurns);
  conversation.outcome = null;
  let finished = false;
  try {
    conversation.outcome = yield* converse(options);
    finished = true;
    return conversation.outcome;
  } catch (error) {
    finished = true;
    conversation.outcome =
      signal?.aborted === true ? ABORTED : { status: "failed", reason: "failed", detail: errorMessage(error) };
    throw error;
  } finally {
    // The reader may leave in the middle without an error.
    if (!finished) conversation.outcome = ABORTED;
  }
}

const ABORTED: ConversationOutcome = { status: "aborted", reason: "aborted", detail: "The chat was broken off." };

async function* converse(options: TwoAgentChatOptions): AsyncGenerator<ChatEvent, ConversationOutcome> {
  const { initiator, recipient, conversation, message, maxTurns = Number.POSITIVE_INFINITY, signal } = options;
  const log = createLog(options);
  if (message !== null) yield log.append(initiator, message);
  let [speaker, listener] = [recipient, initiator];
  let turns = 0;
  for (;;) {
    signal?.throwIfAborted();
    const replies = speaker.streamReply({
      messages: log.viewOf(speaker),
      sender: listener,
      conversation,
      signal,
    });
    const reply = yield* withSender(replies, speaker.name);
    // Whatever a reply was made of, an aborted chat has no further message.
    signal?.throwIfAborted();
    if (reply.type === "end") return reply.outcome;
    if (reply.modelCall !== undefined) conversation.modelCalls.push(reply.modelCall);
    yield log.append(speaker, reply.message);
    if (speaker === recipient) turns += 1;
    if (turns >= maxTurns) {
      return { status: "stopped", reason: "max-turns", detail: `The limit of ${String(maxTurns)} turns was met.` };
    }
    [speaker, listener] = [listener, speaker];
  }
}

async function* withSender<Result>(
  events: AsyncGenerator<ReplyEvent, Result>,
  sender: string,
): AsyncGenerator<ChatEvent, Result> {
  const iterator = events[Symbol.asyncIterator]();
  let done = false;
  try {
    for (;;) {
      const next = await iterator.next();
      if (next.done === true) {
        done = true;
        return next.value;
      }
      yield { ...next.value, sender };
    }
  } catch (error) {
    done = true;
    throw error;
  } finally {
    if (!done) await closeEarly(events);
  }
}

/** Lets a generator that is not read to its end release what it holds. */
async function closeEarly(events: AsyncGenerator<unknown, unknown>): Promise<void> {
  await events.return(undefined);
}

interface Log {
  append(sender: Agent, message: ChatMessage): ChatEvent;
  viewOf(agent: Agent): readonly ChatMessage[];
}

/** Keeps each side's view beside the conversation: made anew for each turn, long chats would take quadratic time. */
function createLog({ initiator, recipient, conversation }: TwoAgentChatOptions): Log {
  const views = new Map(
    [initiator, recipient].map((agent) => [agent, messagesFor(agent.name, conversation.messages)] as const),
  );
  return {
    append(sender, message) {
      const role = message.role === "tool" ? "tool" : sender === initiator ? "user" : "assistant";
      const kept: ConversationMessage = { ...message, role, name: sender.name };
      conversation.messages.push(kept);
      for (const [agent, view] of views) view.push(messageFor(agent.name, kept));
      return { type: "message", sender: sender.name, message: kept };
    },
    viewOf: (agent) => views.get(agent) ?? [],
  };
}

function checkMaxTurns(maxTurns: number | undefined): void {
  if (maxTurns === undefined || (Number.isInteger(maxTurns) && maxTurns >= 1)) return;
  throw new TypeError(`maxTurns must be a whole number from 1, not ${String(maxTurns)}.`);
}
