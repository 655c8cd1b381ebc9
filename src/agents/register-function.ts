import type { ToolLike, ToolNaming } from "./agent-tools.ts";
import type { ConversableAgent } from "./conversable-agent.ts";
import type { Tool } from "./tools/tool.ts";

/** Options of {@link registerFunction}. */
export interface RegisterFunctionOptions extends ToolNaming {
  /** The agent whose model may wish for the tool. */
  readonly caller: ConversableAgent;
  /** The agent that runs it. */
  readonly executor: ConversableAgent;
}

/** Gives a tool to the agent that may wish for it and to the one that runs it. */
export function registerFunction(tool: ToolLike, { caller, executor, ...naming }: RegisterFunctionOptions): Tool {
  return executor.registerForExecution()(caller.registerForLlm(naming)(tool));
}
