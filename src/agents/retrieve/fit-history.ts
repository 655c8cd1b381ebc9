import type { ChatMessage } from "../../domain/message.ts";
import { shortenWithNote } from "../transforms/shorten-with-note.ts";
import { tokensOf } from "./fold-contexts.ts";

/** The share of a token budget that earlier questions and answers may take: the passages have to fit beside them. */
const HISTORY_SHARE = 0.5;

/**
 * The newest messages of a history that keep within their share of a token budget. Of the last question and its answer
 * the beginning stays at least; the first message is none of the assistant's, which some models refuse.
 */
export function fitHistory<Message extends ChatMessage>(history: readonly Message[], tokenBudget: number): Message[] {
  const room = Math.floor(Math.max(0, tokenBudget) * HISTORY_SHARE);
  const each = Math.floor(room / 2);
  if (each === 0) return [];
  let left = room;
  const kept: Message[] = [];
  for (const message of history.toReversed()) {
    const content = shortenWithNote(message.content, { tokens: each, count: (text) => tokensOf({ content: text }) });
    left -= tokensOf({ content });
    if (left < 0) break;
    kept.unshift({ ...message, content });
  }
  const first = kept.findIndex(({ role }) => role !== "assistant");
  return first === -1 ? [] : kept.slice(first);
}
