import { passOn } from "../../domain/pass-on.ts";
import type { ReplyEvent } from "../agent.ts";

/**
 * What of a chat within a reply may be followed from outside: its model calls, tool calls and the rest, but nothing of
 * what is said, which is no part of the outer conversation.
 */
export async function* innerEvents<Result>(
  events: AsyncGenerator<ReplyEvent, Result>,
): AsyncGenerator<ReplyEvent, Result> {
  return yield* passOn(events, (event) => (event.type === "message" || event.type === "delta" ? [] : [event]));
}
