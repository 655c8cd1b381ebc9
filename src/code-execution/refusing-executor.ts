import type { CodeExecutor } from "./code-executor.ts";

/** Runs nothing; the result says so, so that a model that proposed code learns that it did not run. */
export function createRefusingExecutor(): CodeExecutor {
  return {
    async execute(_blocks, { signal } = {}) {
      signal?.throwIfAborted();
      return {
        exitCode: 1,
        output:
          "code_execution_refused: running code is turned off here; nothing was run. Answer without running code.",
      };
    },
  };
}
