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
  for (let start = 0; start < messages.length; start = units.at(-1)?.end ?? messages.length) {
    units.push(unitAt(messages, start));
  }
  return units;
}

/** The unit that begins at a place. */
export function unitAt(messages: readonly ChatMessage[], start: number): MessageUnit {
  let end = start + 1;
  if ((messages[start]?.toolCalls?.length ?? 0) > 0) while (messages[end]?.role === "tool") end += 1;
  return { start, end };
}

/**
 * The unit that ends in front of a place. Long conversations are limited at every turn, so that it must not be necessary
 * to look at all of their messages.
 */
export function unitBefore(messages: readonly ChatMessage[], end: number): MessageUnit {
  let start = end - 1;
  while (messages[start]?.role === "tool") start -= 1;
  // Results without a call stand alone.
  if (start < end - 1 && (messages[start]?.toolCalls?.length ?? 0) === 0) start = end - 1;
  return { start: Math.max(0, start), end };
}

/** The units that no limit may drop, by their place in the list of units: the newest one, and the newest user message. */
export function neededUnits(messages: readonly ChatMessage[], units: readonly MessageUnit[]): ReadonlySet<number> {
  const newestUser = units.findLastIndex(({ start }) => messages[start]?.role === "user");
  return new Set([units.length - 1, newestUser].filter((index) => index >= 0));
}
