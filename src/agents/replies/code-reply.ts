import type { CodeExecutor } from "../../code-execution/code-executor.ts";
import { extractCodeBlocks } from "../../code-execution/extract-code-blocks.ts";
import type { ChatMessage } from "../../domain/message.ts";

/** How an agent runs code. */
export interface CodeExecution {
  readonly executor: CodeExecutor;
  readonly lastNMessages: number | "auto";
  /** Default: the executor's own. */
  readonly timeoutSeconds?: number | undefined;
}

/** Runs the newest code of the other side and tells what came of it; null where there is none. */
export async function replyWithCode(
  messages: readonly ChatMessage[],
  { executor, lastNMessages, timeoutSeconds, signal }: CodeExecution & { readonly signal?: AbortSignal | undefined },
): Promise<ChatMessage | null> {
  const spoken = messages.findLastIndex(({ role }) => role === "assistant");
  const recent = lastNMessages === "auto" ? messages.slice(spoken + 1) : messages.slice(-lastNMessages);
  const withCode = recent.findLast((message) => extractCodeBlocks(message.content).length > 0);
  if (withCode === undefined) return null;
  const { exitCode, output } = await executor.execute(extractCodeBlocks(withCode.content), {
    timeoutSeconds,
    signal,
  });
  const state = exitCode === 0 ? "execution succeeded" : "execution failed";
  return { role: "assistant", content: `exitcode: ${String(exitCode)} (${state})\nCode output: ${output}` };
}
