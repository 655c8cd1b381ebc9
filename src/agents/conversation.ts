import { randomUUID } from "node:crypto";
import type { ChatMessage } from "../domain/message.ts";
import type { Usage } from "../domain/usage.ts";

/** A message with the name of the agent that sent it. Its role is the one that the other side sees. */
export interface ConversationMessage extends ChatMessage {
  readonly name: string;
}

/** Why a conversation ended. */
export type ConversationEnd =
  | "termination-message"
  | "max-consecutive-auto-reply"
  | "max-turns"
  | "human-exit"
  | "no-reply"
  | "answered"
  | "no-evidence"
  | "exhausted"
  | "max-rounds"
  | "aborted"
  | "failed";

/** How a conversation ended. */
export interface ConversationOutcome {
  /** `completed`: an agent or a person saw it as done; `stopped`: a limit was met; `aborted` and `failed`: it broke off. */
  readonly status: "completed" | "stopped" | "aborted" | "failed";
  readonly reason: ConversationEnd;
  /** One sentence for people. */
  readonly detail: string;
}

/** One call of a language model within a conversation. */
export interface ModelCallRecord {
  readonly agent: string;
  readonly model: string;
  readonly usage: Usage;
  /** Null where the price is unknown. */
  readonly costUsd: number | null;
}

/** What one agent keeps for one conversation; plain JSON data. */
export type AgentState = Record<string, unknown>;

/** A conversation as data: it can be stored as JSON, loaded and gone on with by agents of the same names. */
export interface Conversation {
  readonly id: string;
  /** Names of the agents; the first one opened it. */
  readonly participants: readonly string[];
  /** Every message of every round, oldest first. */
  readonly messages: ConversationMessage[];
  readonly modelCalls: ModelCallRecord[];
  /** What people typed. */
  readonly humanInput: string[];
  /** By agent name. */
  readonly states: Record<string, AgentState>;
  /** Null while it runs, or while it has not begun. */
  outcome: ConversationOutcome | null;
}

/** An empty conversation. Throws a `TypeError` when two participants share a name. */
export function createConversation(participants: readonly string[]): Conversation {
  const twice = participants.find((name, index) => participants.indexOf(name) !== index);
  if (twice !== undefined) {
    throw new TypeError(
      `Two participants are named "${twice}"; messages are routed by name, so give one another name.`,
    );
  }
  return {
    id: randomUUID(),
    participants: [...participants],
    messages: [],
    modelCalls: [],
    humanInput: [],
    states: {},
    outcome: null,
  };
}

/** What an agent keeps for a conversation; made when absent. */
export function stateOf(conversation: Conversation, agent: string): AgentState {
  return (conversation.states[agent] ??= {});
}

/** How the messages look to one agent: its own have the role `assistant`, those of the others `user`. */
export function messagesFor(agent: string, messages: readonly ConversationMessage[]): ChatMessage[] {
  return messages.map((message) => messageFor(agent, message));
}

/** How one message looks to an agent. */
export function messageFor(agent: string, message: ConversationMessage): ChatMessage {
  if (message.role === "tool" || message.role === "system") return message;
  const role = message.name === agent ? "assistant" : "user";
  return message.role === role ? message : { ...message, role };
}
