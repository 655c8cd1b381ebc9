import { z } from "zod";
import { type Chat, withFiles, writtenTime } from "./chat.ts";

const chatSchema = z.object({
  name: z.string().nullish(),
  type: z.string(),
  messages: z.array(
    z.object({
      type: z.string(),
      date: z.string(),
      from: z.string().nullish(),
      text: z.union([z.string(), z.array(z.union([z.string(), z.object({ text: z.string() })]))]).default(""),
      file_name: z.string().nullish(),
    }),
  ),
});
const allSchema = z.object({ chats: z.object({ list: z.array(chatSchema) }) });

/** A chat of Telegram, or all of an account; null for other data. Who joined or left is passed over. */
export function readTelegramChats(data: unknown): readonly Chat[] | null {
  const one = chatSchema.safeParse(data).data;
  const chats = one === undefined ? allSchema.safeParse(data).data?.chats.list : [one];
  return (
    chats?.map(({ name, messages }) => ({
      name: name ?? null,
      messages: messages.map(({ date, from, text, file_name: file }) => {
        const said = [text].flat().map((part) => (typeof part === "string" ? part : part.text));
        const files = file == null ? [] : [file];
        return { time: writtenTime(date), author: from ?? "somebody", text: withFiles(said.join(""), files) };
      }),
      isUtc: false,
    })) ?? null
  );
}
