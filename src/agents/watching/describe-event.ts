import { describePrice } from "../usage-summary.ts";
import type { RunEvent } from "./watch-run.ts";

/**
 * One line about an event for people; null for messages and their pieces, which speak for themselves, and for questions to
 * a person, which whoever asks them shows.
 */
export function describeEvent(event: RunEvent): string | null {
  switch (event.type) {
    case "delta":
    case "message":
    case "human-asked":
      return null;
    case "retrieval":
      return `searched for ${JSON.stringify(event.query)}: ${String(event.hits.length)} passages`;
    case "context-update":
      return `context update, round ${String(event.round)}: ${JSON.stringify(event.query)}`;
    case "model-call": {
      const { model, usage, costUsd } = event.call;
      return `${model}: ${String(usage.promptTokens)} + ${String(usage.completionTokens)} tokens, ${describePrice(costUsd)}, ${event.milliseconds.toFixed(0)} ms`;
    }
    case "tool-call":
      return `calls ${event.tool} (${event.id}) with ${event.arguments}`;
    case "tool-result":
      return `${event.tool} (${event.id}) ${event.outcome}: ${event.content}`;
    case "speaker":
      return `next speaker: ${event.speaker} (${event.by})`;
    case "nested-chat":
      return `nested chat with ${event.recipient}: ${event.event}`;
    default:
      return event satisfies never;
  }
}
