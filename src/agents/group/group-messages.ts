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
    const [issue] = error instanceof z.ZodError ? error.issues : [];
    const finding = issue === undefined ? errorMessage(error) : [issue.path.join("."), issue.message].join(" ").trim();
    throw new TypeError(
      `These are no messages of a group, which are a JSON list of objects with name and content: ${finding}. Take those of messagesToString.`,
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
