import { ConversableAgent } from "./conversable-agent.ts";
import { describedBy, withDefaults } from "./conversable-agent-options.ts";
import type { ConversableAgentOptions } from "./conversable-agent-options.ts";

/** Stands for a person: asks them before each reply, or runs code and replies in their place. It has no model. */
export class UserProxyAgent extends ConversableAgent {
  constructor(options: ConversableAgentOptions) {
    super(
      withDefaults(options, {
        systemMessage: "",
        ...describedBy(options, describe(options)),
        humanInputMode: "ALWAYS",
        llmConfig: false,
      }),
    );
  }
}

/** What a proxy does without a description or system message of its own, as those read it who choose the next speaker. */
function describe({ humanInputMode, codeExecutionConfig = false }: ConversableAgentOptions): string {
  const runs = codeExecutionConfig !== false;
  if (humanInputMode === "NEVER")
    return runs ? "Runs the code that others write and reports the result." : "Stands for the person who asks.";
  return `Stands for the person who asks: can answer questions about the task${runs ? ", and runs the code that others write" : ""}.`;
}
