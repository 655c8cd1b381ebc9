import type { CodeExecutor } from "./code-executor.ts";

/** Options of {@link createRefusingExecutor}. */
export interface RefusingExecutorOptions {
  /** Why nothing runs, in a sentence for the person who reads the chat. @default "running code is turned off here" */
  readonly reason?: string | undefined;
}

/** Runs nothing; the result says so, so that a model that proposed code learns that it did not run. */
export function createRefusingExecutor({
  reason = "running code is turned off here",
}: RefusingExecutorOptions = {}): CodeExecutor {
  return {
    async execute(_blocks, { signal } = {}) {
      signal?.throwIfAborted();
      return {
        exitCode: 1,
        output: `code_execution_refused: ${reason.replace(/\.$/, "")}; nothing was run. Answer without running code.`,
      };
    },
  };
}
