import { checkOptions } from "../domain/check-options.ts";
import type { OptionKind } from "../domain/check-options.ts";
import { checkAgent, isAgent } from "./check-agent.ts";
import { NAMING, NAMING_INSTEAD } from "./tool-using-agent.ts";
import type { CheckedArguments, ToolLike, ToolNaming } from "./agent-tools.ts";
import type { ConversableAgent } from "./conversable-agent.ts";
import type { Tool } from "./tools/tool.ts";

/** Options of {@link registerFunction}. */
export interface RegisterFunctionOptions<Output = unknown> extends ToolNaming<Output> {
  /** The agent whose model may wish for the tool. */
  readonly caller: ConversableAgent;
  /** The agent that runs it. */
  readonly executor: ConversableAgent;
}

const KNOWN: Readonly<Record<keyof RegisterFunctionOptions, OptionKind>> = {
  caller: true,
  executor: true,
  ...NAMING,
};

/** Gives a tool to the agent that may wish for it and to the one that runs it. */
export function registerFunction<Output = unknown>(
  tool: ToolLike<CheckedArguments<Output>>,
  options: RegisterFunctionOptions<Output>,
): Tool {
  if (isAgent(options)) {
    throw new TypeError("registerFunction takes the two agents by name: registerFunction(tool, { caller, executor }).");
  }
  checkOptions(options, { owner: "registerFunction", known: KNOWN, instead: NAMING_INSTEAD });
  const { caller, executor, ...naming } = options;
  checkAgent(caller, "registerFunction.caller");
  checkAgent(executor, "registerFunction.executor");
  return executor.registerForExecution()(caller.registerForLlm(naming)(tool));
}
