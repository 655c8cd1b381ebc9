import type { ChatMessage } from "../domain/message.ts";
import type { Agent, SendContext } from "./agent.ts";
import type { ConversationMessage } from "./conversation.ts";

/** Who sends a message, and as whom the conversation keeps it. */
export interface Outgoing extends SendContext {
  readonly sender: Agent;
  readonly role: "user" | "assistant";
}

/** A message as its sender's hooks leave it, with its name and role; results of tools keep theirs. */
export async function outgoingMessage(
  message: ChatMessage,
  { sender, role, ...context }: Outgoing,
): Promise<ConversationMessage> {
  const prepared = (await sender.prepareMessage?.(message, context)) ?? message;
  return { ...prepared, role: prepared.role === "tool" ? "tool" : role, name: sender.name };
}
