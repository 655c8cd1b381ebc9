import type { ChatMessage } from "../../domain/message.ts";

/** What a transform may go by. */
export interface TransformContext {
  /** Tokens of prompt and reply together of the model that will read the messages; null where unknown. */
  readonly contextWindow: number | null;
  /** Text that goes to the model beside the messages: the system message and the tools. */
  readonly standingText: string;
}

/** What a transform did, in words. */
export interface TransformLog {
  readonly text: string;
  readonly hadEffect: boolean;
}

/** Changes the messages that a model is about to read; the conversation keeps them all. */
export interface MessageTransform {
  /** Gives other messages; must not change those it gets. */
  applyTransform(messages: readonly ChatMessage[], context?: TransformContext): readonly ChatMessage[];
  /** What was done between the messages before and after. */
  getLogs(before: readonly ChatMessage[], after: readonly ChatMessage[]): TransformLog;
}

/** Values that a message must have: every key must match; a list holds alternatives. */
export type MessageFilter = Readonly<Record<string, unknown>>;

/** Which messages a transform is for. */
export interface MessageFilterOptions {
  /** Values of messages, such as `{ role: ["system"], name: "ada" }`. Default: every message is transformed. */
  readonly filterDict?: MessageFilter | undefined;
  /** Whether messages that match are left alone; otherwise only these are transformed. @default true */
  readonly excludeFilter?: boolean | undefined;
}

/** Whether a transform is for a message. */
export function isTransformed(
  message: ChatMessage,
  { filterDict, excludeFilter = true }: MessageFilterOptions,
): boolean {
  if (filterDict === undefined || Object.keys(filterDict).length === 0) return true;
  const values = new Map<string, unknown>(Object.entries(message));
  const matches = Object.entries(filterDict).every(([key, wanted]) => {
    const accepted: readonly unknown[] = Array.isArray(wanted) ? wanted : [wanted];
    return accepted.includes(values.get(key));
  });
  return matches !== excludeFilter;
}
