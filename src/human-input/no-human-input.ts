import { CitewellError } from "../errors.ts";
import type { HumanInput } from "./human-input.ts";

/** For places where nobody can be asked: every question is refused with `not_supported`. */
export function createNoHumanInput(): HumanInput {
  return {
    async ask(prompt) {
      throw new CitewellError(
        "not_supported",
        `Nobody can be asked here: "${prompt.trim()}". Give the agent humanInput, such as createTerminalHumanInput(), or where only a reply is wanted set humanInputMode to "NEVER".`,
      );
    },
  };
}
