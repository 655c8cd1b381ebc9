import { randomUUID } from "node:crypto";
import type { ReplyCut } from "../domain/answer.ts";
import type { ChatMessage } from "../domain/message.ts";
import type { ModelReply } from "../language-model/language-model.ts";

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
  | "max-round"
  | "no-eligible-speaker"
  | "deadline"
  | "max-tokens"
  | "max-cost"
  | "waiting-for-human"
  | "aborted"
  | "failed";

/** How a conversation ended. */
export interface ConversationOutcome {
  /**
   * `completed`: an agent or a person saw it as done; `stopped`: a limit was met; `waiting`: a person's reply is
   * outstanding; `aborted` and `failed`: it broke off.
   */
  readonly status: "completed" | "stopped" | "waiting" | "aborted" | "failed";
  readonly reason: ConversationEnd;
  /** One sentence for people. */
  readonly detail: string;
}

/** One call of a language model within a conversation. */
export interface ModelCallRecord extends Pick<ModelReply, "model" | "usage" | "costUsd" | "cached" | "attempts"> {
  readonly agent: string;
  /** What the call was for. @default "reply" */
  readonly purpose?: "reply" | "speaker-selection" | "summary" | "memory";
  /** What broke the reply off before its end; absent for a whole one. */
  readonly cutBy?: ReplyCut;
}

/** One call of a tool within a conversation. */
export interface ToolCallRecord {
  readonly id: string;
  readonly tool: string;
  /** The agent that ran it, or refused to. */
  readonly agent: string;
  /** The agent that wished for it; null outside of a chat. */
  readonly caller: string | null;
  /** JSON text as the model wrote it. */
  readonly arguments: string;
  /**
   * `invalid`: unknown tool or wrong arguments; `denied`: by the tool's setting or by a person; `aborted`: the chat was
   * broken off while the tool ran, or just before.
   */
  readonly outcome: "ok" | "failed" | "invalid" | "denied" | "timed-out" | "aborted";
  /** ISO 8601. */
  readonly startedAt: string;
  readonly milliseconds: number;
}

/** A question to a person that has no reply yet. */
export interface PendingHumanInput {
  /** The agent that asks. */
  readonly agent: string;
  readonly prompt: string;
}

/** A person's reply that the running turn stands on. */
export interface HumanAnswer extends PendingHumanInput {
  readonly reply: string;
}

/** How far a chat has come, and the limits it keeps; plain JSON data, so that a stored chat goes on under the same ones. */
export interface ChatProgress {
  /** Name of the agent that speaks next. */
  next: string;
  /** Messages of the initiator that were replied to. */
  turns: number;
  /** Null for no limit, as with the others. */
  readonly maxTurns: number | null;
  /** ISO 8601. */
  readonly deadline: string | null;
  readonly maxTokens: number | null;
  readonly maxCostUsd: number | null;
  /** Number of model calls before the chat began: only later ones count against its limits. */
  readonly firstCall: number;
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
  /** Every tool call with what came of it. */
  readonly toolCalls: ToolCallRecord[];
  /** What people typed. */
  readonly humanInput: string[];
  /** By agent name. */
  readonly states: Record<string, AgentState>;
  /** Null while it runs, or while it has not begun. */
  outcome: ConversationOutcome | null;
  /** The question that a person has not answered yet; null when there is none. */
  pending: PendingHumanInput | null;
  /** Replies of people that the running turn stands on; empty between turns. */
  readonly answers: HumanAnswer[];
  /** Null before the first chat. */
  progress: ChatProgress | null;
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
    toolCalls: [],
    humanInput: [],
    states: {},
    outcome: null,
    pending: null,
    answers: [],
    progress: null,
  };
}

/** Adds a message; the turn that made it is over, so what people said in it is no longer needed. */
export function appendMessage(conversation: Conversation, message: ConversationMessage): void {
  conversation.messages.push(message);
  conversation.answers.length = 0;
}

/**
 * How a growing conversation looks to each agent. The views grow with it: made anew for each turn, long chats would
 * take quadratic time.
 */
export function createViews(conversation: Conversation): (agent: string) => readonly ChatMessage[] {
  const views = new Map<string, ChatMessage[]>();
  return (agent) => {
    const view = views.get(agent) ?? [];
    views.set(agent, view);
    for (const message of conversation.messages.slice(view.length)) view.push(messageFor(agent, message));
    return view;
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
function messageFor(agent: string, message: ConversationMessage): ChatMessage {
  if (message.role === "tool" || message.role === "system") return message;
  const role = message.name === agent ? "assistant" : "user";
  return message.role === role ? message : { ...message, role };
}
