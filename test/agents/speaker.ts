import { ConversableAgent } from "../../src/agents/conversable-agent.ts";
import type { ConversableAgentOptions } from "../../src/agents/conversable-agent-options.ts";

/** An agent that says one thing, unless told otherwise. */
export function speaker(name: string, options: Partial<ConversableAgentOptions> = {}): ConversableAgent {
  return new ConversableAgent({ name, humanInputMode: "NEVER", defaultAutoReply: `${name} speaks`, ...options });
}
