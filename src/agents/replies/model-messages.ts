import type { ChatMessage, ToolCall } from "../../domain/message.ts";
import { foldContexts } from "../retrieve/fold-contexts.ts";

/** How messages are made ready for a model. */
export interface ModelMessagesOptions {
  /** @default none */
  readonly systemMessage?: string;
  /** Values for the places `{name}`; null leaves braces as they are. @default null */
  readonly templateContext?: Readonly<Record<string, unknown>> | null;
}

/**
 * The messages as a model takes them: the system message in front, one message a tool's result, no call without a result
 * and no result without its call, since endpoints refuse both.
 */
export function toModelMessages(
  messages: readonly ChatMessage[],
  { systemMessage = "", templateContext = null }: ModelMessagesOptions = {},
): readonly ChatMessage[] {
  const system: ChatMessage[] = systemMessage === "" ? [] : [{ role: "system", content: systemMessage }];
  const all = [...system, ...pairToolCalls(foldContexts(messages))];
  const context = { ...templateContext, ...messages.at(-1)?.context };
  return all.map(({ context: _context, ...message }) =>
    templateContext === null ? message : { ...message, content: fillPlaces(message.content, context) },
  );
}

/** A call may have done its work in a chat that was broken off before the result was there. */
const NO_RESULT = "There is no result: this call was not run, or was broken off.";

function pairToolCalls(messages: readonly ChatMessage[]): ChatMessage[] {
  const paired: ChatMessage[] = [];
  let open: readonly ToolCall[] = [];
  const close = (): void => {
    for (const { id } of open) paired.push({ role: "tool", toolCallId: id, content: NO_RESULT });
    open = [];
  };
  for (const message of messages) {
    const { toolResponses, ...rest } = message;
    const responses =
      toolResponses ??
      (message.role === "tool" ? [{ toolCallId: message.toolCallId ?? "", content: message.content }] : []);
    for (const { toolCallId, content } of responses) {
      const known = open.some(({ id }) => id === toolCallId);
      // A result whose call was left out is still worth reading.
      paired.push(known ? { role: "tool", toolCallId, content } : { role: "user", content });
      open = open.filter(({ id }) => id !== toolCallId);
    }
    if (message.role === "tool") continue;
    close();
    // Only an assistant may call: a call of another agent is shown as one, too.
    paired.push(rest.toolCalls === undefined ? rest : { ...rest, role: "assistant" });
    open = rest.toolCalls ?? [];
  }
  close();
  return paired;
}

/** Fills `{name}` where there is a value of that name; other braces, as in code, stay. */
export function fillPlaces(text: string, context: Readonly<Record<string, unknown>>): string {
  return text.replaceAll(/\{([A-Za-z_]\w*)\}/g, (place, name: string) => {
    return Object.hasOwn(context, name) ? String(context[name]) : place;
  });
}
