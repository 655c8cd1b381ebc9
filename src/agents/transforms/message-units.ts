import type { ChatMessage } from "../../domain/message.ts";

/** Messages that stay or go together, by their place in the list: one message, or tool calls with all their results. */
export interface MessageUnit {
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
}

/** The units of a list in order. Models refuse a result without its call, and a call without its result. */
export function messageUnits(messages: readonly ChatMessage[]): readonly MessageUnit[] {
  const units: MessageUnit[] = [];
  for (let start = 0; start < messages.length;) {
    let end = start + 1;
    if ((messages[start]?.toolCalls?.length ?? 0) > 0) {
      while (messages[end]?.role === "tool") end += 1;
    }
    units.push({ start, end });
    start = end;
  }
  return units;
}

/** The units that no limit may drop, by their place in the list of units: the newest one, and the newest user message. */
export function neededUnits(messages: readonly ChatMessage[], units: readonly MessageUnit[]): ReadonlySet<number> {
  const newestUser = units.findLastIndex(({ start }) => messages[start]?.role === "user");
  return new Set([units.length - 1, newestUser].filter((index) => index >= 0));
}
