import { createRefusingExecutor } from "../code-execution/refusing-executor.ts";
import { checkOptions } from "../domain/check-options.ts";
import type { OptionKind } from "../domain/check-options.ts";
import type { CodeExecutionConfig, ConversableAgentOptions } from "./conversable-agent-options.ts";
import type { CodeExecution } from "./replies/code-reply.ts";
import { warnOnce } from "./warn-once.ts";

const KNOWN: Readonly<Record<keyof CodeExecutionConfig, OptionKind>> = {
  executor: true,
  createExecutor: "function",
  workDir: "name",
  useDocker: true,
  lastNMessages: true,
  timeoutSeconds: "seconds",
  timeout: "seconds",
};

/**
 * How code is run by a config; null where it is not. Throws a `TypeError` for values that are not right, and warns of
 * `workDir` and `useDocker` where nothing reads them.
 */
export function readCodeExecution(config: ConversableAgentOptions["codeExecutionConfig"]): CodeExecution | null {
  if (config === undefined || config === false) return null;
  if (typeof config !== "object" || config === null) {
    throw new TypeError(
      `codeExecutionConfig must be false, an executor such as createLocalExecutor({ workDir: "code" }), or an object with one as executor, not ${String(config)}.`,
    );
  }
  const options: CodeExecutionConfig = "execute" in config ? { executor: config } : config;
  if (!("execute" in config)) checkOptions(options, { owner: "codeExecutionConfig", known: KNOWN });
  const { executor, createExecutor, lastNMessages = "auto", timeout, timeoutSeconds = timeout } = options;
  checkValues(options);
  const unread = unreadSettings(options);
  return {
    executor: executor ?? createExecutor?.(options) ?? createRefusingExecutor(unread),
    lastNMessages,
    timeoutSeconds,
  };
}

function checkValues({ executor, lastNMessages = "auto" }: CodeExecutionConfig): void {
  if (executor !== undefined && typeof executor.execute !== "function") {
    throw new TypeError(
      'codeExecutionConfig.executor must be an object with a function execute, such as createLocalExecutor({ workDir: "code" }).',
    );
  }
  if (lastNMessages !== "auto" && !(Number.isInteger(lastNMessages) && lastNMessages >= 1)) {
    throw new TypeError(`codeExecutionConfig.lastNMessages must be "auto" or from 1, not ${String(lastNMessages)}.`);
  }
}

/** A sentence about `workDir` and `useDocker` that only `createExecutor` reads; undefined where it does, or without them. */
function unreadSettings({
  executor,
  createExecutor,
  workDir,
  useDocker,
}: CodeExecutionConfig): { readonly reason: string } | undefined {
  const given = Object.entries({ workDir, useDocker }).filter(([, value]) => value !== undefined && value !== false);
  if (given.length === 0 || (executor === undefined && createExecutor !== undefined)) return undefined;
  const names = given.map(([name]) => name).join(" and ");
  const advice =
    executor === undefined
      ? `cannot choose an executor, so code is refused; pass executor: createLocalExecutor({ workDir: ${JSON.stringify(workDir ?? "code")} }), or createExecutor`
      : "cannot change the executor that is given beside it; set that where the executor is made";
  const reason = `codeExecutionConfig.${names} ${advice}.`;
  warnOnce(reason);
  return { reason };
}
