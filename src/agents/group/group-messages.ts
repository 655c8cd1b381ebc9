import { z } from "zod";
import { errorMessage } from "../../errors.ts";
import type { ConversationMessage } from "../conversation.ts";

/** What is taken out of a last message so that it no longer ends the chat: a text, or a function that does it. */
export type RemoveTermination = string | ((content: string) => string);

const MESSAGES = z.array(
  z.looseObject({
    name: z.string(),
    content: z.string(),
    role: z.enum(["system", "user", "assistant", "tool"]).default("user"),
  }),
);

/** Reads the messages of a group from JSON text. Throws a `TypeError` where they are none. */
export function messagesFromString(text: string): readonly ConversationMessage[] {
  try {
    MESSAGES.min(1).parse(JSON.parse(text));
  } catch (error) {
    throw new TypeError(
      `These are no messages of a group (a JSON list of objects with name and content): ${errorMessage(error)}`,
      { cause: error },
    );
  }
  // Checked above, as far as the group looks.
  const messages: readonly ConversationMessage[] = JSON.parse(text);
  return messages.map((message) => ({ ...message, role: message.role ?? "user" }));
}

/** The text without what ends a chat. */
export function withoutTermination(content: string, remove: RemoveTermination | undefined): string {
  if (remove === undefined) return content;
  return (typeof remove === "function" ? remove(content) : content.replaceAll(remove, "")).trim();
}
