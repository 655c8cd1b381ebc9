import { CitewellError } from "../errors.ts";
import type { HumanInput } from "./human-input.ts";

/**
 * For people who reply later, perhaps in another process: a chat that has to ask ends as `waiting-for-human` with the
 * prompt, and goes on by `resumeChat` with the reply.
 */
export function createDeferredHumanInput(): HumanInput {
  return {
    deferred: true,
    async ask(prompt) {
      throw new CitewellError(
        "not_supported",
        `A person replies later to "${prompt.trim()}"; only a chat can wait for that. Ask within a chat.`,
      );
    },
  };
}
