import type { Conversation, ConversationMessage } from "../conversation.ts";
import type { GroupChat } from "./group-chat.ts";

const COMMAND = /clear history(?:[ \t]+([\w-]+))?(?:[ \t]+(\d+))?/i;

/**
 * Carries out `CLEAR HISTORY [agent] [number]` of a message: what was said before is hidden from one member or all, but
 * for the last messages. The conversation keeps every message. The command itself is taken out of the message.
 */
export function clearHistoryFor(
  message: ConversationMessage,
  {
    state,
    group,
    conversation,
  }: { state: { readonly hidden: Record<string, number> }; group: GroupChat; conversation: Conversation },
): ConversationMessage {
  const match = COMMAND.exec(message.content);
  if (match === null) return message;
  const [command, word = "", number = ""] = match;
  const isMember = group.agentByName(word) !== null;
  // A word that names nobody belongs to the sentence and not to the command.
  const taken = isMember || /^\d*$/.test(word) ? command : command.slice(0, "clear history".length);
  const keep = isMember ? Number(number) : /^\d+$/.test(word) ? Number(word) : 0;
  const first = firstKept(conversation.messages, keep);
  for (const name of isMember ? [word] : group.agentNames) {
    state.hidden[name] = Math.max(state.hidden[name] ?? 0, first);
  }
  const content = message.content.replace(taken, "").replaceAll(/ {2,}/g, " ").trim();
  return { ...message, content: content === "" ? "(The history was cleared.)" : content };
}

/** A tool's result is not kept without the call that it answers. */
function firstKept(messages: readonly ConversationMessage[], keep: number): number {
  let first = Math.max(0, messages.length - keep);
  while (first > 0 && first < messages.length && messages[first]?.role === "tool") first -= 1;
  return first;
}
