import type { ChatMessage } from "../domain/message.ts";
import type { HumanInput } from "../human-input/human-input.ts";
import type { Agent, ReplyEvent } from "./agent.ts";
import type { Conversation, ConversationOutcome } from "./conversation.ts";
import type { ChatEvent } from "./conversation/two-agent-chat.ts";

/** What a message function reads: the options of `initiateChat`, and where the message will go. */
export interface ChatContext extends Readonly<Record<string, unknown>> {
  readonly conversation: Conversation;
  readonly signal?: AbortSignal;
  /** Tells what happens while the message is made. */
  readonly emit: (event: ReplyEvent) => void;
}

/** A first message that may end the chat by itself. */
export interface ChatOpening {
  readonly message: ChatMessage;
  /** Ends the chat before the other side is asked; null for a message that wants a reply. */
  readonly outcome: ConversationOutcome | null;
}

/** Makes the first message of a chat. */
export type MessageFunction = (
  sender: Agent,
  recipient: Agent,
  context: ChatContext,
) => MessageLike | Promise<MessageLike>;

type MessageLike = string | ChatMessage | { readonly content: string } | ChatOpening;

/** Makes a chat's summary. */
export type SummaryFunction = (
  sender: Agent,
  recipient: Agent,
  options: { readonly conversation: Conversation; readonly summaryArgs: Readonly<Record<string, unknown>> },
) => string | Promise<string>;

/** Options of `initiateChat`; further keys reach the message function. */
export interface InitiateChatOptions {
  /** The first message, or what makes it. Default: a person is asked for it. */
  readonly message?: string | ChatMessage | { readonly content: string } | MessageFunction;
  /**
   * Messages of the initiator with their replies at most.
   * @default no limit
   */
  readonly maxTurns?: number;
  /**
   * Whether earlier messages with the same agent are forgotten.
   * @default true
   */
  readonly clearHistory?: boolean;
  /** Appended to the first message unless a function makes that. */
  readonly carryover?: string | readonly string[];
  /**
   * `lastMsg`: the last message without `TERMINATE`; null: an empty one.
   * @default "lastMsg"
   */
  readonly summaryMethod?: "lastMsg" | "last_msg" | SummaryFunction | null;
  /** Passed to the summary function. */
  readonly summaryArgs?: Readonly<Record<string, unknown>>;
  /** Taken for compatibility: agents print nothing. */
  readonly silent?: boolean;
  readonly signal?: AbortSignal;
  /** The question of a retrieval chat. */
  readonly problem?: string;
  readonly [key: string]: unknown;
}

interface Opening {
  readonly sender: Agent;
  readonly recipient: Agent;
  readonly conversation: Conversation;
  readonly options: InitiateChatOptions;
  readonly humanInput: HumanInput;
}

/** Makes the first message of a chat; yields what happens on the way. */
export async function* openChat(opening: Opening): AsyncGenerator<ChatEvent, ChatOpening> {
  const { sender, options, humanInput } = opening;
  const { message, carryover, signal } = options;
  signal?.throwIfAborted();
  checkCarryover(carryover);
  if (message === undefined) {
    const content = await humanInput.ask(`Message of ${sender.name}: `, { signal });
    opening.conversation.humanInput.push(content);
    return { message: withCarryover({ role: "user", content }, carryover), outcome: null };
  }
  if (typeof message !== "function") return { message: withCarryover(toMessage(message), carryover), outcome: null };
  return yield* openByFunction(message, opening);
}

async function* openByFunction(message: MessageFunction, opening: Opening): AsyncGenerator<ChatEvent, ChatOpening> {
  const { sender, recipient, conversation, options } = opening;
  const events: ReplyEvent[] = [];
  const made = await message(sender, recipient, {
    ...options,
    conversation,
    emit: (event) => void events.push(event),
  });
  options.signal?.throwIfAborted();
  for (const event of events) yield { ...event, sender: sender.name };
  if (typeof made === "object" && "outcome" in made) return made;
  return { message: toMessage(made), outcome: null };
}

/** The summary of a chat, by the method asked for. */
export async function summarise(
  { summaryMethod = "lastMsg", summaryArgs = {} }: InitiateChatOptions,
  {
    conversation,
    sender,
    recipient,
    fallback,
  }: {
    conversation: Conversation;
    sender: Agent;
    recipient: Agent;
    fallback: string;
  },
): Promise<string> {
  if (summaryMethod === null) return "";
  if (typeof summaryMethod === "function") return summaryMethod(sender, recipient, { conversation, summaryArgs });
  if (summaryMethod === "lastMsg" || summaryMethod === "last_msg") return fallback;
  throw new TypeError(`summaryMethod must be "lastMsg", a function or null, not ${JSON.stringify(summaryMethod)}.`);
}

function toMessage(message: string | ChatMessage | { readonly content: string }): ChatMessage {
  if (typeof message === "string") return { role: "user", content: message };
  if (typeof message.content !== "string") throw new TypeError("A message needs a text as its content.");
  return { role: "user", ...message };
}

function withCarryover(message: ChatMessage, carryover: string | readonly string[] | undefined): ChatMessage {
  if (carryover === undefined || carryover.length === 0) return message;
  const text = typeof carryover === "string" ? carryover : carryover.join("\n");
  return { ...message, content: `${message.content}\nContext: \n${text}` };
}

function checkCarryover(carryover: unknown): void {
  if (carryover === undefined || typeof carryover === "string" || Array.isArray(carryover)) return;
  throw new TypeError(`carryover must be a text or a list of texts, not ${typeof carryover}.`);
}
