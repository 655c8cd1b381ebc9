import { z } from "zod";
import { type Chat, withFiles, writtenTime } from "./chat.ts";

const chatSchema = z.object({
  guild: z.object({ name: z.string() }),
  channel: z.object({ name: z.string() }),
  messages: z.array(
    z.object({
      timestamp: z.string(),
      content: z.string().default(""),
      author: z.object({ name: z.string(), nickname: z.string().nullish() }),
      attachments: z.array(z.object({ fileName: z.string() })).default([]),
      embeds: z.array(z.object({ title: z.string().nullish(), description: z.string().nullish() })).default([]),
    }),
  ),
});

/** A channel of Discord as DiscordChatExporter writes it; null for other data. */
export function readDiscordChat(data: unknown): readonly Chat[] | null {
  const { data: chat } = chatSchema.safeParse(data);
  if (chat === undefined) return null;
  const messages = chat.messages.map(({ timestamp, content, author, attachments, embeds }) => {
    const shown = embeds.flatMap(({ title, description }) => [title ?? "", description ?? ""]);
    const said = [content, ...shown].filter((part) => part !== "").join("\n");
    const text = withFiles(
      said,
      attachments.map(({ fileName }) => fileName),
    );
    return { time: writtenTime(timestamp), author: author.nickname || author.name, text };
  });
  const name = `${chat.guild.name}: ${chat.channel.name}`;
  return [{ name, messages, isUtc: false }];
}
