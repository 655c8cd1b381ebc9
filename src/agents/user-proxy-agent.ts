import { ConversableAgent } from "./conversable-agent.ts";
import { withDefaults } from "./conversable-agent-options.ts";
import type { ConversableAgentOptions } from "./conversable-agent-options.ts";

/** Stands for a person: asks them before each reply, or runs code and replies in their place. It has no model. */
export class UserProxyAgent extends ConversableAgent {
  constructor(options: ConversableAgentOptions) {
    super(
      withDefaults(options, {
        systemMessage: "",
        description: "Stands for the person who asks.",
        humanInputMode: "ALWAYS",
        llmConfig: false,
      }),
    );
  }
}
