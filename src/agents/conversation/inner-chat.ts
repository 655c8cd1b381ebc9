import { passOn } from "../../domain/pass-on.ts";
import type { ReplyEvent } from "../agent.ts";
import type { Conversation } from "../conversation.ts";

/**
 * What of a chat within a reply may be followed from outside: its model calls, tool calls and the rest, but nothing of
 * what is said, which is no part of the outer conversation.
 */
export async function* innerEvents<Result>(
  events: AsyncGenerator<ReplyEvent, Result>,
): AsyncGenerator<ReplyEvent, Result> {
  return yield* passOn(events, (event) => (event.type === "message" || event.type === "delta" ? [] : [event]));
}

/**
 * Counts a chat within a reply in the outer conversation. `relayed` is what people said to the outer one, which passed it
 * on.
 */
export function takeOver(
  inner: Conversation,
  { outer, relayed }: { readonly outer: Conversation; readonly relayed: readonly string[] },
): void {
  outer.modelCalls.push(...inner.modelCalls);
  outer.toolCalls.push(...inner.toolCalls);
  const known = [...relayed];
  for (const said of inner.humanInput) {
    const place = known.indexOf(said);
    if (place === -1) outer.humanInput.push(said);
    else known.splice(place, 1);
  }
}
