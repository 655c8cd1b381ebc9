import type { AnswerProgress } from "../domain/answer.ts";
import type { ChatMessage } from "../domain/message.ts";
import type { LanguageModel } from "../language-model/language-model.ts";
import type {
  Conversation,
  ConversationMessage,
  ConversationOutcome,
  ModelCallRecord,
  ToolCallRecord,
} from "./conversation.ts";

/** What an agent is asked to reply to. */
export interface ReplyRequest {
  /** The conversation as the agent sees it, oldest first; without its system message. */
  readonly messages: readonly ChatMessage[];
  /** Who wrote the last message; null outside a conversation. */
  readonly sender: Agent | null;
  readonly conversation: Conversation;
  /** Aborted when the chat is. */
  readonly signal?: AbortSignal | undefined;
}

/** What happens while an agent makes its reply. */
export type ReplyEvent = (
  | AnswerProgress
  | { readonly type: "tool-call"; readonly id: string; readonly tool: string; readonly arguments: string }
  | {
      readonly type: "tool-result";
      readonly id: string;
      readonly tool: string;
      readonly outcome: ToolCallRecord["outcome"];
      readonly content: string;
    }
  | { readonly type: "speaker"; readonly speaker: string; readonly by: SpeakerChoice }
  | { readonly type: "nested-chat"; readonly recipient: string; readonly event: "begin" | "end" }
  /** A model has been called; `milliseconds` is the time to its reply's end. */
  | { readonly type: "model-call"; readonly call: ModelCallRecord; readonly milliseconds: number }
  /** A person is about to be asked. */
  | { readonly type: "human-asked"; readonly prompt: string }
  /** A message is whole and part of the conversation; within the reply to another one a member of a group spoke. */
  | { readonly type: "message"; readonly message: ConversationMessage }
) & { readonly sender?: string };

/** How a group's next speaker was found. */
export type SpeakerChoice =
  | "auto"
  | "manual"
  | "random"
  | "round_robin"
  | "function"
  | "tool-call"
  | "only-candidate"
  | "fallback"
  | "admin";

/** An agent's reply: a message, or the end of the conversation. */
export type AgentReply =
  | { readonly type: "message"; readonly message: ChatMessage; readonly modelCall?: ModelCallRecord }
  | { readonly type: "end"; readonly outcome: ConversationOutcome };

/** Where a message is about to go. */
export interface SendContext {
  readonly recipient: Agent;
  readonly conversation: Conversation;
  /** Aborted when the chat is. */
  readonly signal?: AbortSignal | undefined;
}

/** Takes part in conversations. What it knows of one is kept in the conversation, so that many may run at a time. */
export interface Agent {
  /** Routes messages: unique within a conversation. */
  readonly name: string;
  /** What it is for, in a sentence that helps to choose the next speaker. */
  readonly description: string;
  /** Makes the next message; yields its text as it comes. */
  streamReply(request: ReplyRequest): AsyncGenerator<ReplyEvent, AgentReply>;
  /** Looks over a message before it is sent. @default it goes as it is */
  prepareMessage?(message: ChatMessage, context: SendContext): Promise<ChatMessage>;
  /** Whether it replies to a sender at all. @default true */
  repliesTo?(sender: Agent): boolean;
  /** Its language model; null for an agent without one. */
  openModel?(): Promise<LanguageModel | null>;
  /** Notes a call of its model that was not made for a reply. */
  countModelCall?(call: ModelCallRecord): void;
  /** Whether it can run all the tools of these names. @default false */
  canExecute?(tools: readonly string[]): boolean;
}

/** An agent as functions see it that make its replies or sum its chats up. */
export interface AgentWithHistory extends Agent {
  readonly systemMessage: string;
  /** The messages of the latest conversation with each partner, by name. Its own are `assistant`. */
  readonly chatMessages: ReadonlyMap<string, readonly ChatMessage[]>;
  /** The last message of the conversation with an agent, or of the latest one; null when there is none yet. */
  lastMessage(partner?: Agent | string): ChatMessage | null;
}

/** The end of a conversation as a reply. */
export type EndReply = Extract<AgentReply, { type: "end" }>;

/** Makes the reply that ends a conversation. */
export function ended(
  status: ConversationOutcome["status"],
  reason: ConversationOutcome["reason"],
  detail: string,
): EndReply {
  return { type: "end", outcome: { status, reason, detail } };
}
