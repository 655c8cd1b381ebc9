import type { ChatMessage } from "../domain/message.ts";
import { CitewellError, isCitewellError } from "../errors.ts";
import type { Agent, AgentWithHistory, ReplyEvent } from "./agent.ts";
import type { Conversation, ConversationOutcome } from "./conversation.ts";
import type { ChatLimits } from "./conversation/chat-limits.ts";
import type { ChatEvent } from "./conversation/two-agent-chat.ts";

/** What a message function reads: the options of `initiateChat`, and where the message will go. */
export interface ChatContext extends Readonly<Record<string, unknown>> {
  readonly conversation: Conversation;
  /** Aborted when the chat is. */
  readonly signal?: AbortSignal | undefined;
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

/** A message as people write it: a text, a text with what belongs to it, or a text made from its `context`. */
export type MessageInput =
  | string
  | ChatMessage
  | (Omit<ChatMessage, "role" | "content"> & {
      readonly role?: ChatMessage["role"];
      readonly content: string | ((context: Readonly<Record<string, unknown>>) => string);
    });

type MessageLike = MessageInput | ChatOpening;

/** A summary that agents make by themselves; AutoGen's spelling is taken as well. */
export type SummaryMethod = "lastMsg" | "last_msg" | "reflectionWithLlm" | "reflection_with_llm";

/** Makes a chat's summary. */
export type SummaryFunction = (
  sender: AgentWithHistory,
  recipient: Agent,
  options: { readonly conversation: Conversation; readonly summaryArgs: Readonly<Record<string, unknown>> },
) => string | Promise<string>;

/** Options of `initiateChat`; further keys reach the message function. */
export interface InitiateChatOptions extends ChatSettings {
  /** The first message, or what makes it. Default: a person is asked for it. */
  readonly message?: MessageInput | MessageFunction | null | undefined;
}

/** How a chat is held, whatever its first message. */
export interface ChatSettings extends ChatLimits {
  /** Where the chat is kept. Default: a new conversation, or with `clearHistory: false` the latest of the two agents. */
  readonly conversation?: Conversation | undefined;
  /** Whether earlier messages with the same agent are forgotten. @default true */
  readonly clearHistory?: boolean | undefined;
  /** Appended to the first message unless a function makes that; of an object its `content`, if it has one. @default none */
  readonly carryover?: string | readonly unknown[] | undefined;
  /**
   * `lastMsg`: the last message without `TERMINATE`; `reflectionWithLlm`: a model sums the chat up, the recipient's or
   * else the sender's; null: an empty one.
   * @default "lastMsg"
   */
  readonly summaryMethod?: SummaryMethod | SummaryFunction | null | undefined;
  /**
   * Passed to the summary function; `summaryPrompt` and `summaryRole` are for `reflectionWithLlm`. Default: a prompt of
   * our own, as `system`.
   */
  readonly summaryArgs?: Readonly<Record<string, unknown>> | undefined;
  /** Taken for compatibility: agents print nothing. @default false */
  readonly silent?: boolean | undefined;
  /** Aborts the chat at any time; it rejects with the signal's reason, unwrapped. */
  readonly signal?: AbortSignal | undefined;
  /** The question of a retrieval chat: goes with `message: proxy.messageGenerator`, and is refused without. @default none */
  readonly problem?: string | undefined;
  /** Passages in a prompt at most; goes with `problem`. Default: `nResults` of `retrieveConfig`. */
  readonly nResults?: number | undefined;
  /** Text that every passage must hold; goes with `problem`. @default none */
  readonly searchString?: string | undefined;
  /** What the question asks for; goes with `problem`. Default: `task` of `retrieveConfig`. */
  readonly task?: string | undefined;
  /** Prompts with passages at most; goes with `problem`. Default: `maxRounds` of the proxy. */
  readonly maxRounds?: number | undefined;
  readonly [key: string]: unknown;
}

/** Everything that the first message of a chat is made of. */
export interface Opening {
  readonly sender: Agent;
  readonly recipient: Agent;
  readonly conversation: Conversation;
  readonly options: InitiateChatOptions;
  /** Asks the person behind the sender. */
  readonly ask: (prompt: string, signal: AbortSignal | undefined) => Promise<string>;
}

/** Makes the first message of a chat; yields what happens on the way. */
export async function* openChat(opening: Opening): AsyncGenerator<ChatEvent, ChatOpening> {
  const { options } = opening;
  const { message, carryover, signal } = options;
  signal?.throwIfAborted();
  checkCarryover(carryover);
  if (typeof message === "function") return yield* openByFunction(message, opening);
  if (options.problem !== undefined) throw new TypeError(UNREAD_PROBLEM);
  // AutoGen writes null for a message that a person is asked for.
  const said = toMessage(message ?? (await askForMessage(opening)));
  return { message: withCarryover(said, carryover), outcome: null };
}

const UNREAD_PROBLEM =
  "problem is the question of a retrieval chat and is read by its message generator: pass message: proxy.messageGenerator with it.";

/** A person's first message; where nobody can be asked, the error says that a message is missing. */
async function askForMessage({ sender, ask, options: { signal } }: Opening): Promise<string> {
  try {
    return await ask(`Message of ${sender.name}: `, signal);
  } catch (error) {
    if (!isCitewellError(error, "not_supported")) throw error;
    throw new CitewellError(
      "not_supported",
      `initiateChat of ${sender.name} has no message, and nobody can be asked for one: pass message, or give ${sender.name} a humanInput.`,
      { cause: error },
    );
  }
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
  for (const event of events) yield { sender: sender.name, ...event };
  if (typeof made === "object" && made !== null && "outcome" in made) return made;
  return { message: toMessage(made), outcome: null };
}

/** A message with its text made and its role set. */
export function toMessage(message: MessageInput): ChatMessage {
  if (typeof message === "string") return { role: "user", content: message };
  if (typeof message !== "object" || message === null) throw new TypeError(NO_CONTENT);
  const { content, context = {}, toolCalls = [] } = message;
  const text = typeof content === "function" ? content(context) : content;
  if (typeof text === "string") return { role: "user", ...message, content: text };
  if (toolCalls.length > 0) return { role: "user", ...message, content: "" };
  throw new TypeError(NO_CONTENT);
}

const NO_CONTENT = "A message must be a text, or an object with a text as its content, or with tool calls.";

function withCarryover(message: ChatMessage, carryover: InitiateChatOptions["carryover"]): ChatMessage {
  if (carryover === undefined || carryover.length === 0) return message;
  const text = typeof carryover === "string" ? carryover : carryover.map(carriedText).join("\n");
  return { ...message, content: `${message.content}\nContext: \n${text}` };
}

function carriedText(item: unknown): string {
  if (typeof item === "string") return item;
  if (typeof item === "object" && item !== null) return "content" in item ? String(item.content) : JSON.stringify(item);
  return String(item);
}

function checkCarryover(carryover: unknown): void {
  if (carryover === undefined || typeof carryover === "string" || Array.isArray(carryover)) return;
  throw new TypeError(`carryover must be a text or a list of texts, not ${typeof carryover}.`);
}
