import { checkOptions, oneOf, showValue } from "../domain/check-options.ts";
import { passOn } from "../domain/pass-on.ts";
import { errorMessage } from "../errors.ts";
import type { Agent, AgentWithHistory } from "./agent.ts";
import { messagesFor } from "./conversation.ts";
import type { Conversation } from "./conversation.ts";
import type { ChatEvent } from "./conversation/two-agent-chat.ts";
import type { InitiateChatOptions } from "./initiate-chat.ts";
import { toModelMessages } from "./replies/model-messages.ts";
import { callModel } from "./replies/model-reply.ts";

/** What a summary says, and what went wrong while it was made. */
export interface ChatSummary {
  readonly summary: string;
  readonly warnings: readonly string[];
}

interface Summarising {
  readonly conversation: Conversation;
  readonly sender: AgentWithHistory;
  readonly recipient: Agent;
  /** The last message without `TERMINATE`. */
  readonly fallback: string;
}

const SUMMARY_PROMPT =
  "Sum up what this conversation came to, without an introduction. When what was asked for was not reached, say so.";

/** Throws a `TypeError` for a summary that could not be made in the end. */
export function checkSummary(
  { summaryMethod = "lastMsg", summaryArgs = {} }: InitiateChatOptions,
  { sender, recipient }: { sender: Agent; recipient: Agent },
): void {
  if (summaryMethod === null || typeof summaryMethod === "function") return;
  if (summaryMethod === "lastMsg" || summaryMethod === "last_msg") return;
  if (!isReflection(summaryMethod)) {
    throw new TypeError(
      `summaryMethod must be "lastMsg", "reflectionWithLlm", a function or null, not ${JSON.stringify(summaryMethod)}.`,
    );
  }
  if (!hasModel(recipient) && !hasModel(sender)) {
    throw new TypeError(
      `summaryMethod "reflectionWithLlm" needs a model, and neither ${recipient.name} nor ${sender.name} has one.`,
    );
  }
  const summaryRole = oneOf("system", "user", "assistant");
  checkOptions(summaryArgs, { owner: "summaryArgs", known: { summaryPrompt: "name", summaryRole } });
}

/** The summary of a chat, by the method asked for. A model that fails costs the summary, not the chat. */
export async function* summariseChat(
  { summaryMethod = "lastMsg", summaryArgs = {}, signal }: InitiateChatOptions,
  summarising: Summarising,
): AsyncGenerator<ChatEvent, ChatSummary> {
  const { conversation, sender, recipient, fallback } = summarising;
  if (summaryMethod === null) return { summary: "", warnings: [] };
  if (conversation.outcome?.status === "waiting") return { summary: fallback, warnings: [] };
  if (typeof summaryMethod === "function") {
    const summary: unknown = await summaryMethod(sender, recipient, { conversation, summaryArgs });
    if (typeof summary === "string") return { summary, warnings: [] };
    throw new TypeError(`The function summaryMethod must return the summary as a text, not ${showValue(summary)}.`);
  }
  if (!isReflection(summaryMethod)) return { summary: fallback, warnings: [] };
  try {
    return { summary: yield* reflect(summaryArgs, { ...summarising, signal }), warnings: [] };
  } catch (error) {
    signal?.throwIfAborted();
    return { summary: "", warnings: [`The summary could not be made: ${errorMessage(error)}`] };
  }
}

async function* reflect(
  { summaryPrompt = SUMMARY_PROMPT, summaryRole = "system" }: Readonly<Record<string, unknown>>,
  { conversation, sender, recipient, signal }: Summarising & { signal: AbortSignal | undefined },
): AsyncGenerator<ChatEvent, string> {
  const model = (await recipient.openModel?.()) ?? (await sender.openModel?.()) ?? null;
  if (model === null) throw new TypeError("Neither of the agents has a model.");
  const owner = hasModel(recipient) ? recipient : sender;
  const request = {
    messages: [
      ...toModelMessages(messagesFor(recipient.name, conversation.messages)),
      { role: isRole(summaryRole) ? summaryRole : ("system" as const), content: String(summaryPrompt) },
    ],
    signal,
  };
  const calling = callModel(request, { model, agent: owner.name, purpose: "summary" });
  // The text is in the result; it is no message of the chat.
  const { message, modelCall } = yield* passOn(calling, (event) =>
    event.type === "delta" ? [] : [{ sender: owner.name, ...event }],
  );
  conversation.modelCalls.push(modelCall);
  owner.countModelCall?.(modelCall);
  return message.content;
}

function isReflection(method: string): boolean {
  return method === "reflectionWithLlm" || method === "reflection_with_llm";
}

function isRole(value: unknown): value is "system" | "user" | "assistant" {
  return value === "system" || value === "user" || value === "assistant";
}

function hasModel(agent: Agent): boolean {
  return "hasModel" in agent && agent.hasModel === true;
}
