import type { AgentReply, ReplyEvent } from "../agent.ts";
import type { AgentTools } from "../agent-tools.ts";
import type { ReplyContext } from "../reply-function.ts";
import { executeToolCalls } from "../tools/execute-tool-calls.ts";

/** Runs the tool calls of the last message; null where it has none. */
export async function* replyWithTools(
  { messages, sender, conversation, recipient, signal }: ReplyContext,
  { tools, ask }: { readonly tools: AgentTools; readonly ask: (prompt: string) => Promise<string> },
): AsyncGenerator<ReplyEvent, AgentReply | null> {
  const calls = messages.at(-1)?.toolCalls ?? [];
  if (calls.length === 0) return null;
  const toolResponses = yield* executeToolCalls(calls, {
    tools: tools.forExecution,
    agent: recipient.name,
    caller: messages.at(-1)?.name ?? sender?.name ?? null,
    conversation,
    signal,
    ask,
  });
  const content = toolResponses.map((response) => response.content).join("\n\n");
  return { type: "message", message: { role: "tool", content, toolResponses } };
}
