import { showValue } from "../domain/check-options.ts";

/** Throws a `TypeError` for what cannot take part in a conversation; `what` is what the argument is called. */
export function checkAgent(value: unknown, what: string): void {
  if (typeof value === "object" && value !== null && "name" in value && "streamReply" in value) return;
  throw new TypeError(
    `${what} must be an agent, such as new AssistantAgent({ name: "assistant" }), not ${showValue(value)}.`,
  );
}
