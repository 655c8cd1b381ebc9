import type { HumanInput } from "./human-input.ts";

/** A person who follows a script. */
export interface ScriptedHumanInput extends HumanInput {
  /** Every prompt so far, in order. */
  readonly prompts: readonly string[];
  /** Throws when replies are left over. */
  assertDone(): void;
}

/** Replies in order, for tests and examples; a question without a reply left is an error. */
export function createScriptedHumanInput(replies: readonly string[]): ScriptedHumanInput {
  const prompts: string[] = [];
  return {
    prompts,
    async ask(prompt, { signal } = {}) {
      signal?.throwIfAborted();
      const reply = replies[prompts.length];
      prompts.push(prompt);
      if (reply === undefined) {
        throw new Error(`The script has ${String(replies.length)} human replies and one more was asked for: ${prompt}`);
      }
      return reply;
    },
    assertDone() {
      if (prompts.length === replies.length) return;
      throw new Error(`The person was asked ${String(prompts.length)} times, not ${String(replies.length)} times.`);
    },
  };
}
