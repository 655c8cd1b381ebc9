import { loadJson, parseJson } from "../json.ts";
import type { LoadedText } from "../loader.ts";
import { readAssistantChats } from "./chats/assistant-chats.ts";
import type { Chat } from "./chats/chat.ts";
import { readDiscordChat } from "./chats/discord-chat.ts";
import { readSlackDay } from "./chats/slack-day.ts";
import { readTelegramChats } from "./chats/telegram-chats.ts";
import { oneLine } from "../../../src/domain/one-line.ts";

/**
 * A chat that Slack, Discord, Telegram, ChatGPT or Claude exported as JSON, as Markdown: a heading for each chat that has a
 * name, and a paragraph for each message that begins with its time and author. Other JSON stays JSON.
 */
export function loadChatExport(text: string): LoadedText {
  const data = parseJson(text)?.value;
  const chats = readSlackDay(data) ?? readDiscordChat(data) ?? readTelegramChats(data) ?? readAssistantChats(data);
  if (chats === null) return loadJson(text);
  const filled = chats
    .map((chat) => ({ ...chat, messages: chat.messages.filter((message) => message.text !== "") }))
    .filter(({ messages }) => messages.length > 0);
  return {
    text: filled.map(renderChat).join("\n"),
    title: filled.length === 1 ? (filled[0]?.name ?? null) : null,
    notes: filled.some(({ isUtc }) => isUtc) ? ["times of the chat are in UTC"] : [],
  };
}

function renderChat({ name, messages }: Chat): string {
  const heading = name === null ? "" : `# ${oneLine(name)}\n\n`;
  return (
    heading +
    messages.map(({ time, author, text }) => `${time === "" ? "" : `[${time}] `}${author}: ${text}\n`).join("\n")
  );
}
