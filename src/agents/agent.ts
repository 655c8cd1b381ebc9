import type { Hit } from "../domain/hit.ts";
import type { ChatMessage } from "../domain/message.ts";
import type { Conversation, ConversationOutcome, ModelCallRecord } from "./conversation.ts";

/** What an agent is asked to reply to. */
export interface ReplyRequest {
  /** The conversation as the agent sees it, oldest first; without its system message. */
  readonly messages: readonly ChatMessage[];
  /** Who wrote the last message; null outside a conversation. */
  readonly sender: Agent | null;
  readonly conversation: Conversation;
  readonly signal?: AbortSignal;
}

/** What happens while an agent makes its reply. */
export type ReplyEvent =
  | { readonly type: "delta"; readonly text: string }
  | { readonly type: "retrieval"; readonly query: string; readonly hits: readonly Hit[] }
  | { readonly type: "context-update"; readonly round: number; readonly query: string }
  /** A model has been called; `milliseconds` is the time to its reply's end. */
  | { readonly type: "model-call"; readonly call: ModelCallRecord; readonly milliseconds: number }
  /** A person is about to be asked. */
  | { readonly type: "human-asked"; readonly prompt: string };

/** An agent's reply: a message, or the end of the conversation. */
export type AgentReply =
  | { readonly type: "message"; readonly message: ChatMessage; readonly modelCall?: ModelCallRecord }
  | { readonly type: "end"; readonly outcome: ConversationOutcome };

/** Takes part in conversations. What it knows of one is kept in the conversation, so that many may run at a time. */
export interface Agent {
  /** Routes messages: unique within a conversation. */
  readonly name: string;
  /** What it is for, in a sentence that helps to choose the next speaker. */
  readonly description: string;
  /** Makes the next message; yields its text as it comes. */
  streamReply(request: ReplyRequest): AsyncGenerator<ReplyEvent, AgentReply>;
}
