import type { ChatMessage } from "../../domain/message.ts";
import { ended } from "../agent.ts";
import type { EndReply, ReplyEvent } from "../agent.ts";
import type { HumanInputMode } from "../conversable-agent-options.ts";
import { stateOf } from "../conversation.ts";
import type { Conversation } from "../conversation.ts";
import type { ReplyContext } from "../reply-function.ts";

/** What decides whether a person is asked. */
export interface HumanReplyOptions {
  readonly mode: HumanInputMode;
  /** Automatic replies to one sender in a row at most. */
  readonly limit: number;
  readonly isTermination: (message: ChatMessage) => boolean;
  readonly ask: (prompt: string) => Promise<string>;
}

/** The end of the chat, what a person said, or null where the agent goes on by itself. */
export type HumanTurn = { readonly type: "said"; readonly content: string } | EndReply;

/** Ends the chat, takes a person's reply, or leaves the turn to the agent. A person is asked once a turn at most. */
export async function* takeHumanTurn(
  context: ReplyContext,
  options: HumanReplyOptions,
): AsyncGenerator<ReplyEvent, HumanTurn | null> {
  const { messages, sender, conversation, recipient } = context;
  const { mode, limit } = options;
  const message = messages.at(-1) ?? { role: "user", content: "" };
  const counters = autoReplies(conversation, recipient.name);
  const partner = sender?.name ?? "";
  const count = counters[partner] ?? 0;
  const terminating = options.isTermination(message);
  if (mode !== "ALWAYS" && count < limit && !terminating) {
    counters[partner] = count + 1;
    return null;
  }
  if (mode === "NEVER") {
    counters[partner] = 0;
    const { name } = recipient;
    if (terminating) return ended("completed", "termination-message", `${name} took the last message as the end.`);
    const detail = `${name} met its limit of ${String(limit)} automatic replies in a row.`;
    return ended("stopped", "max-consecutive-auto-reply", detail);
  }
  const prompt =
    `Reply as ${recipient.name}${sender === null ? "" : ` to ${sender.name}`}. ` +
    `Press Enter for the automatic reply, or type "exit" to end the conversation: `;
  yield { type: "human-asked", prompt };
  const typed = await options.ask(prompt);
  const reply = typed === "" && terminating ? "exit" : typed;
  // Only a limit of 0 sends an empty human reply on: there is no automatic one to take its place.
  if (reply === "" && limit !== 0) {
    counters[partner] = count + 1;
    return null;
  }
  counters[partner] = 0;
  if (reply === "exit") return ended("completed", "human-exit", `The person at ${recipient.name} ended the chat.`);
  return { type: "said", content: reply };
}

/** A person's text as a message; calls that wait for a result learn that they were interrupted. */
export function toHumanMessage(content: string, { messages }: ReplyContext): ChatMessage {
  const calls = messages.at(-1)?.toolCalls ?? [];
  if (calls.length === 0) return { role: "assistant", content };
  const toolResponses = calls.map(({ id }) => ({ toolCallId: id, content: "USER INTERRUPTED" }));
  return { role: "assistant", content, toolResponses };
}

/** Begins the counting of automatic replies anew, for everybody in a conversation. */
export function restartAutoReplies({ states }: Conversation): void {
  for (const state of Object.values(states)) delete state["autoReplies"];
}

/** Automatic replies in a row, by partner. */
function autoReplies(conversation: Conversation, agent: string): Record<string, number> {
  const state = stateOf(conversation, agent);
  const counters = isCounters(state["autoReplies"]) ? state["autoReplies"] : {};
  state["autoReplies"] = counters;
  return counters;
}

function isCounters(value: unknown): value is Record<string, number> {
  return typeof value === "object" && value !== null;
}
