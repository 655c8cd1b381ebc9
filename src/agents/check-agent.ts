import { showValue } from "../domain/check-options.ts";

/** Throws a `TypeError` for a name that endpoints refuse. */
export function checkAgentName(name: unknown): void {
  if (typeof name === "string" && /^[\w-]{1,64}$/.test(name)) return;
  throw new TypeError(`An agent's name must be 1 to 64 letters, digits, "_" or "-", not ${showValue(name)}.`);
}

/** Whether a value can take part in a conversation. */
export function isAgent(value: unknown): boolean {
  return typeof value === "object" && value !== null && "name" in value && "streamReply" in value;
}

/** Throws a `TypeError` for what cannot take part in a conversation; `what` is what the argument is called. */
export function checkAgent(value: unknown, what: string): void {
  if (isAgent(value)) return;
  throw new TypeError(
    `${what} must be an agent, such as new AssistantAgent({ name: "assistant" }), not ${showValue(value)}.`,
  );
}
