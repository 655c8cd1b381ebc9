import { z } from "zod";
import { type Chat, type ChatMessage, utcTime, writtenTime } from "./chat.ts";

const nodeSchema = z.object({
  parent: z.string().nullish(),
  message: z
    .object({
      author: z.object({ role: z.string() }),
      create_time: z.number().nullish(),
      content: z.object({ parts: z.array(z.unknown()).optional(), text: z.string().optional() }),
    })
    .nullish(),
});
const treeSchema = z.object({
  title: z.string().nullish(),
  mapping: z.record(z.string(), nodeSchema),
  current_node: z.string().nullish(),
});
const listSchema = z.object({
  name: z.string().nullish(),
  chat_messages: z.array(
    z.object({ sender: z.string(), text: z.string().default(""), created_at: z.string().default("") }),
  ),
});
const chatsSchema = z.array(z.union([treeSchema, listSchema])).min(1);

/** Conversations with ChatGPT or Claude; null for other data. */
export function readAssistantChats(data: unknown): readonly Chat[] | null {
  const { data: chats } = chatsSchema.safeParse(data);
  return (
    chats?.map((chat) => {
      if ("mapping" in chat) return { name: chat.title ?? null, messages: lastBranch(chat), isUtc: true };
      const messages = chat.chat_messages.map(({ sender, text, created_at: time }) => ({
        time: writtenTime(time),
        author: sender,
        text: text.trim(),
      }));
      return { name: chat.name ?? null, messages, isUtc: true };
    }) ?? null
  );
}

/** The messages that lead to the last one; a question that was asked anew has other branches. */
function lastBranch({ mapping, current_node: last }: z.infer<typeof treeSchema>): readonly ChatMessage[] {
  const messages: ChatMessage[] = [];
  const seen = new Set<string>();
  for (let id = last ?? Object.keys(mapping).at(-1) ?? null; id != null && !seen.has(id);) {
    seen.add(id);
    const node: z.infer<typeof nodeSchema> | undefined = mapping[id];
    if (node?.message != null) {
      const { author, content, create_time: time } = node.message;
      const parts = content.parts?.filter((part) => typeof part === "string") ?? [content.text ?? ""];
      const text = parts.join("\n").trim();
      if (text !== "" && author.role !== "system") {
        messages.push({ time: time == null ? "" : utcTime(time), author: author.role, text });
      }
    }
    id = node?.parent ?? null;
  }
  return messages.toReversed();
}
