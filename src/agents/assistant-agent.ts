import { ConversableAgent } from "./conversable-agent.ts";
import { describedBy, withDefaults } from "./conversable-agent-options.ts";
import type { ConversableAgentOptions } from "./conversable-agent-options.ts";

/** What an assistant is told when nothing else is. */
const ASSISTANT_SYSTEM_MESSAGE = `You are a helpful assistant.
Work on the task step by step and say which step you are at.
When code is needed, write it in a fenced block that names its language, complete, so that it can be run as it is.
When the result of code comes back, check it; when it failed, mend the code rather than the wording.
When everything asked for is done, end your message with the word TERMINATE.`;

/** Solves tasks with a language model; never asks a person and runs no code. */
export class AssistantAgent extends ConversableAgent {
  /** The system message of assistants that are given none, for those that add to it. */
  static readonly DEFAULT_SYSTEM_MESSAGE: string = ASSISTANT_SYSTEM_MESSAGE;

  constructor(options: ConversableAgentOptions) {
    super(
      withDefaults(options, {
        systemMessage: ASSISTANT_SYSTEM_MESSAGE,
        // Whoever chooses speakers goes by it: a system message of its own says more of the agent.
        ...describedBy(options, "Solves tasks with a language model."),
        humanInputMode: "NEVER",
      }),
    );
  }
}
