/** Characters from which a chat is told, and what stands in them. */
const HEAD_LENGTH = 16_384;
const MARKS: readonly (readonly RegExp[])[] = [
  // Slack: a list of messages of a day in a channel.
  [/^\s*\[\s*\{/, /"type"\s*:\s*"message"/, /"ts"\s*:\s*"\d+\.\d+"/, /"(?:user|bot_id|subtype|username)"\s*:/],
  // Discord, as DiscordChatExporter writes it.
  [/"guild"\s*:\s*\{/, /"channel"\s*:\s*\{/, /"messages"\s*:\s*\[/],
  // Telegram: one chat, or all.
  [/"messages"\s*:\s*\[/, /"type"\s*:\s*"(?:\w+_(?:chat|group|supergroup|channel)|saved_messages)"/],
  // ChatGPT.
  [/^\s*\[\s*\{/, /"mapping"\s*:\s*\{/, /"(?:message|children)"\s*:/],
  // Claude.
  [/^\s*\[\s*\{/, /"chat_messages"\s*:\s*\[/],
];

/** Whether a JSON text seems to be the export of a chat program. */
export function looksLikeChat(text: string): boolean {
  const head = text.slice(0, HEAD_LENGTH);
  return MARKS.some((marks) => marks.every((mark) => mark.test(head)));
}
