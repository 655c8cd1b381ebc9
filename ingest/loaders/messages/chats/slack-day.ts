import { z } from "zod";
import { type Chat, type ChatMessage, utcTime, withFiles } from "./chat.ts";

const profileSchema = z.object({ real_name: z.string().optional(), display_name: z.string().optional() });
const messageSchema = z.object({
  type: z.literal("message"),
  ts: z.string(),
  thread_ts: z.string().optional(),
  text: z.string().default(""),
  user: z.string().optional(),
  username: z.string().optional(),
  user_profile: profileSchema.nullish(),
  bot_profile: z.object({ name: z.string().optional() }).nullish(),
  files: z.array(z.object({ name: z.string().nullish(), title: z.string().nullish() })).nullish(),
  attachments: z.array(z.object({ fallback: z.string().nullish(), text: z.string().nullish() })).nullish(),
});
type SlackMessage = z.infer<typeof messageSchema>;
const daySchema = z.array(messageSchema).min(1);

/** The messages of a day in a channel of Slack; null for other data. People are named where the file itself names them. */
export function readSlackDay(data: unknown): readonly Chat[] | null {
  const { data: day } = daySchema.safeParse(data);
  if (day === undefined) return null;
  const names = new Map(day.map((message) => [message.user ?? "", profileName(message)]).filter(hasName));
  const messages = day.map((message) => readMessage(message, names));
  return [{ name: null, messages, isUtc: true }];
}

function hasName(entry: readonly (string | null)[]): entry is [string, string] {
  return entry[1] !== null && entry[0] !== "";
}

function profileName({ user_profile: profile }: SlackMessage): string | null {
  return profile?.real_name || profile?.display_name || null;
}

function readMessage(message: SlackMessage, names: ReadonlyMap<string, string>): ChatMessage {
  const { ts, thread_ts: thread, user = "", username, bot_profile: bot, files, attachments } = message;
  const author = profileName(message) ?? names.get(user) ?? username ?? bot?.name ?? (user || "somebody");
  const shared = (attachments ?? []).map((one) => one.text || one.fallback || "").filter((one) => one !== "");
  const said = [message.text, ...shared].filter((part) => part !== "").join("\n");
  const isReply = thread !== undefined && thread !== ts;
  const fileNames = (files ?? []).flatMap(({ name, title }) => name ?? title ?? []);
  const text = withFiles(plainText(said, names), fileNames);
  return { time: utcTime(Number(ts)), author: isReply ? `${author} (reply)` : author, text };
}

/** Slack's marks for people, channels and links as a reader sees them. */
function plainText(marked: string, names: ReadonlyMap<string, string>): string {
  return marked
    .replaceAll(
      /<@([A-Z0-9]+)(?:\|([^<>]*))?>/g,
      (_, id: string, label: string = "") => `@${names.get(id) ?? (label || id)}`,
    )
    .replaceAll(/<[#!]([^|<>]+)(?:\|([^<>]*))?>/g, (_, id: string, label: string = "") => `#${label || id}`)
    .replaceAll(/<([^|<>\s]+)\|([^<>]*)>/g, "[$2]($1)")
    .replaceAll(/<((?:https?|mailto):[^<>\s]+)>/g, "$1")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&");
}
