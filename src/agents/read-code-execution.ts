import { createRefusingExecutor } from "../code-execution/refusing-executor.ts";
import { checkOptions, having } from "../domain/check-options.ts";
import type { OptionKind } from "../domain/check-options.ts";
import type { CodeExecutionConfig, ConversableAgentOptions } from "./conversable-agent-options.ts";
import type { CodeExecution } from "./replies/code-reply.ts";
import { warnOnce } from "./warn-once.ts";

const KNOWN: Readonly<Record<keyof CodeExecutionConfig, OptionKind>> = {
  executor: having("execute", 'an object with a function execute, such as createLocalExecutor({ workDir: "code" })'),
  createExecutor: "function",
  workDir: "name",
  useDocker: true,
  lastNMessages: ['"auto" or from 1', (value) => value === "auto" || (Number.isInteger(value) && Number(value) >= 1)],
  timeoutSeconds: "positive",
  timeout: "positive",
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
  checkOptions(options, { owner: "codeExecutionConfig", known: KNOWN });
  const { executor, createExecutor, lastNMessages = "auto", timeout, timeoutSeconds = timeout } = options;
  const unread = unreadSettings(options);
  return {
    executor: executor ?? createExecutor?.(options) ?? createRefusingExecutor(unread),
    lastNMessages,
    timeoutSeconds,
  };
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
