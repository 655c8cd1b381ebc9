import type { Agent } from "../agent.ts";
import type { Conversation, ConversationOutcome } from "../conversation.ts";
import { keepAnswer } from "../human-turn.ts";
import { checkLimits, changeLimits } from "./chat-limits.ts";
import type { ChatLimits } from "./chat-limits.ts";
import { runTwoAgentChat } from "./two-agent-chat.ts";
import type { ChatEvent } from "./two-agent-chat.ts";

/** Options of {@link resumeChat}. */
export interface ResumeChatOptions extends ChatLimits {
  /** The agents of the chat, in any order; those of the stored names are taken. */
  readonly agents: readonly Agent[];
  /** What the person says whom the chat waits for: required then, and only then. Without it a chat that broke off goes on. */
  readonly reply?: string | undefined;
  /** Aborts the chat; the signal's reason is thrown as it is. */
  readonly signal?: AbortSignal | undefined;
}

/** Throws a `TypeError` for what is no conversation, such as the text that one was stored as. */
export function checkConversation(conversation: Conversation): void {
  if (Array.isArray(conversation?.messages)) return;
  throw new TypeError(
    "resumeChat needs the conversation to go on with: that of a result, or of a stored text deserializeConversation(text).",
  );
}

/**
 * Goes on with a chat that was put aside, was broken off or was stored after any message: in this process or another.
 * Turns, counters and limits go on where they were; a limit that is given takes the place of the one before. Throws a
 * `TypeError` when an agent or the person's reply is missing.
 */
export async function* resumeChat(
  conversation: Conversation,
  { agents, reply, signal, ...limits }: ResumeChatOptions,
): AsyncGenerator<ChatEvent, ConversationOutcome> {
  checkConversation(conversation);
  if (!Array.isArray(agents))
    throw new TypeError("resumeChat needs the agents of the chat: { agents: [user, assistant] }.");
  const [initiator, recipient] = conversation.participants.map((name) => {
    const agent = agents.find((one) => one.name === name);
    if (agent !== undefined) return agent;
    throw new TypeError(`The chat goes on with agent "${name}", which is not among those given.`);
  });
  if (initiator === undefined || recipient === undefined) {
    throw new TypeError("A chat needs two participants to go on.");
  }
  checkLimits(limits);
  const { pending, progress } = conversation;
  if (pending !== null && reply === undefined) {
    throw new TypeError(`The chat waits for the person at ${pending.agent}; pass their reply to: ${pending.prompt}`);
  }
  if (pending === null && reply !== undefined) {
    throw new TypeError("The chat waits for nobody; leave the reply out, or send it as a message.");
  }
  if (pending !== null && reply !== undefined) keepAnswer(conversation, { pending, reply });
  if (progress !== null) conversation.progress = changeLimits(progress, limits);
  return yield* runTwoAgentChat({ initiator, recipient, conversation, message: null, resume: true, signal });
}
