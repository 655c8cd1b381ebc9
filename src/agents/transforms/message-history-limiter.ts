import { checkOptions, orNull } from "../../domain/check-options.ts";
import type { OptionKind } from "../../domain/check-options.ts";
import type { ChatMessage } from "../../domain/message.ts";
import { unitAt, unitOf } from "./message-units.ts";
import type { MessageUnit } from "./message-units.ts";
import type { MessageTransform, TransformLog } from "./message-transform.ts";

/** Options of {@link MessageHistoryLimiter}. */
export interface MessageHistoryLimiterOptions {
  /**
   * Messages at most. The newest message and the newest message of a user stay even beyond it, and tool calls stay or
   * go together with their results.
   * @default no limit
   */
  readonly maxMessages?: number | null | undefined;
  /** Whether the very first message stays too; it counts. @default false */
  readonly keepFirstMessage?: boolean | undefined;
}

const KNOWN: Readonly<Record<keyof MessageHistoryLimiterOptions, OptionKind>> = {
  maxMessages: orNull("count"),
  keepFirstMessage: "flag",
};

/** Keeps the newest messages. */
export class MessageHistoryLimiter implements MessageTransform {
  readonly #maxMessages: number;
  readonly #keepFirst: boolean;

  constructor(options: MessageHistoryLimiterOptions = {}) {
    checkOptions(options, { owner: "MessageHistoryLimiter", known: KNOWN });
    const { maxMessages = null, keepFirstMessage = false } = options;
    this.#maxMessages = maxMessages ?? Number.POSITIVE_INFINITY;
    this.#keepFirst = keepFirstMessage;
  }

  applyTransform(messages: readonly ChatMessage[]): readonly ChatMessage[] {
    if (messages.length <= this.#maxMessages) return messages;
    const first = this.#keepFirst ? unitAt(messages, 0) : NOTHING;
    const newestUser = messages.findLastIndex(({ role }) => role === "user");
    const question = newestUser < first.end ? NOTHING : unitOf(messages, newestUser);
    let room = this.#maxMessages - sizeOf(first) - sizeOf(question);
    let start = messages.length;
    while (start > first.end) {
      const unit = unitOf(messages, start - 1);
      // The question's room is taken already. A gap would tear question and answer apart, so nothing older is taken instead.
      const size = unit.start === question.start && sizeOf(question) > 0 ? 0 : sizeOf(unit);
      if (size > room && start !== messages.length) break;
      room -= size;
      start = unit.start;
    }
    const rest = messages.slice(start);
    const apart = question.start < start ? messages.slice(question.start, question.end) : [];
    return [...messages.slice(first.start, first.end), ...apart, ...rest];
  }

  getLogs(before: readonly ChatMessage[], after: readonly ChatMessage[]): TransformLog {
    const removed = before.length - after.length;
    if (removed <= 0) return { text: "No messages were removed.", hadEffect: false };
    const text = `Removed ${String(removed)} messages. Number of messages reduced from ${String(before.length)} to ${String(after.length)}.`;
    return { text, hadEffect: true };
  }
}

const NOTHING: MessageUnit = { start: 0, end: 0 };

function sizeOf({ start, end }: MessageUnit): number {
  return end - start;
}
