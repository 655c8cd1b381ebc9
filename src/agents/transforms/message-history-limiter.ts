import type { ChatMessage } from "../../domain/message.ts";
import { messageUnits, neededUnits } from "./message-units.ts";
import type { MessageTransform, TransformLog } from "./message-transform.ts";

/** Options of {@link MessageHistoryLimiter}. */
export interface MessageHistoryLimiterOptions {
  /**
   * Messages at most. The newest message and the newest message of a user stay even beyond it, and tool calls stay or
   * go together with their results.
   * @default no limit
   */
  readonly maxMessages?: number | null;
  /**
   * Whether the very first message stays too; it counts.
   * @default false
   */
  readonly keepFirstMessage?: boolean;
}

/** Keeps the newest messages. */
export class MessageHistoryLimiter implements MessageTransform {
  readonly #maxMessages: number;
  readonly #keepFirst: boolean;

  constructor({ maxMessages = null, keepFirstMessage = false }: MessageHistoryLimiterOptions = {}) {
    if (maxMessages !== null && !(Number.isInteger(maxMessages) && maxMessages >= 1)) {
      throw new TypeError(`maxMessages must be a whole number from 1, or null, not ${String(maxMessages)}.`);
    }
    this.#maxMessages = maxMessages ?? Number.POSITIVE_INFINITY;
    this.#keepFirst = keepFirstMessage;
  }

  applyTransform(messages: readonly ChatMessage[]): readonly ChatMessage[] {
    if (messages.length <= this.#maxMessages) return messages;
    const units = messageUnits(messages);
    const kept = new Set(neededUnits(messages, units));
    if (this.#keepFirst) kept.add(0);
    const size = (index: number): number => (units[index]?.end ?? 0) - (units[index]?.start ?? 0);
    let room = this.#maxMessages - [...kept].reduce((sum, index) => sum + size(index), 0);
    for (let index = units.length - 1; index >= 0; index -= 1) {
      if (kept.has(index)) continue;
      room -= size(index);
      // A gap would tear question and answer apart, so nothing older is taken instead.
      if (room < 0) break;
      kept.add(index);
    }
    return units.flatMap(({ start, end }, index) => (kept.has(index) ? messages.slice(start, end) : []));
  }

  getLogs(before: readonly ChatMessage[], after: readonly ChatMessage[]): TransformLog {
    const removed = before.length - after.length;
    if (removed <= 0) return { text: "No messages were removed.", hadEffect: false };
    const text = `Removed ${String(removed)} messages. Number of messages reduced from ${String(before.length)} to ${String(after.length)}.`;
    return { text, hadEffect: true };
  }
}
