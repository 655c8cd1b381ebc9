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
  if (isCall(messages[start])) while (isResult(messages[end])) end += 1;
  return { start, end };
}

/**
 * The unit that a message belongs to. Long conversations are limited at every turn, so that it must not be necessary to
 * look at all of their messages.
 */
export function unitOf(messages: readonly ChatMessage[], index: number): MessageUnit {
  let start = index;
  while (isResult(messages[start])) start -= 1;
  // Results without a call stand alone.
  return isCall(messages[start]) ? unitAt(messages, start) : { start: index, end: index + 1 };
}

/** The units that no limit may drop, by their place in the list of units: the newest one, and the newest user message. */
export function neededUnits(messages: readonly ChatMessage[], units: readonly MessageUnit[]): ReadonlySet<number> {
  const newestUser = messages.findLastIndex(({ role }) => role === "user");
  const holding = units.findIndex(({ start, end }) => start <= newestUser && newestUser < end);
  return new Set([units.length - 1, holding].filter((index) => index >= 0));
}

function isCall(message: ChatMessage | undefined): boolean {
  return (message?.toolCalls?.length ?? 0) > 0;
}

/** Also what a person said in place of results: it carries them. */
function isResult(message: ChatMessage | undefined): boolean {
  return message?.role === "tool" || (message?.toolResponses?.length ?? 0) > 0;
}
