import { showValue } from "../domain/check-options.ts";
import { untilAborted } from "../domain/until-aborted.ts";
import type { HumanInput } from "../human-input/human-input.ts";
import type { Conversation, ConversationOutcome, PendingHumanInput } from "./conversation.ts";

/** Breaks a turn off because a person has to be asked who is not there now; the chat catches it and waits. */
export class WaitingForHuman extends Error {
  override readonly name: string = "WaitingForHuman";
  readonly pending: PendingHumanInput;

  constructor(pending: PendingHumanInput) {
    super(`${pending.agent} waits for a person: ${pending.prompt}`);
    this.pending = pending;
  }
}

/** A question to a person within a conversation. */
export interface HumanQuestion extends PendingHumanInput {
  readonly conversation: Conversation;
  readonly humanInput: HumanInput;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Asks a person. Where the reply comes later (`humanInput.deferred`) it throws {@link WaitingForHuman}. Replies stay
 * with the turn until its message is there, so that a turn that begins anew asks nothing twice; within one turn every
 * prompt of an agent must therefore be of its own.
 */
export async function askPerson({ conversation, humanInput, agent, prompt, signal }: HumanQuestion): Promise<string> {
  const known = conversation.answers.find((answer) => answer.agent === agent && answer.prompt === prompt);
  if (known !== undefined) return known.reply;
  if (humanInput.deferred === true) throw new WaitingForHuman({ agent, prompt });
  // Whoever asks may not look at the signal; a reply behind the end of the chat must not be kept for another one.
  const reply: unknown = await untilAborted(humanInput.ask(prompt, { signal }), signal);
  if (typeof reply !== "string") {
    throw new TypeError(`humanInput.ask of ${agent} must resolve to the text that was typed, not ${showValue(reply)}.`);
  }
  keepAnswer(conversation, { pending: { agent, prompt }, reply });
  return reply;
}

/** An agent that asks a person in its own way. */
interface AskingAgent {
  getHumanInput(prompt: string, options: AskOptions): Promise<string>;
}

type AskOptions = Pick<HumanQuestion, "conversation" | "signal">;

/** Asks the person behind an agent. A subclass may wait for them whatever happens to the chat: an abort ends the waiting. */
export async function askThrough(
  agent: AskingAgent,
  prompt: string,
  { conversation, signal }: AskOptions,
): Promise<string> {
  return untilAborted(agent.getHumanInput(prompt, { conversation, signal }), signal);
}

/** Puts a conversation aside until the person replies whom it waits for. */
export function waitForHuman(conversation: Conversation, { pending, message }: WaitingForHuman): ConversationOutcome {
  const outcome = { status: "waiting", reason: "waiting-for-human", detail: message } as const;
  conversation.pending = pending;
  conversation.outcome = outcome;
  return outcome;
}

/** Notes a person's reply. */
export function keepAnswer(
  conversation: Conversation,
  { pending, reply }: { pending: PendingHumanInput; reply: string },
): void {
  conversation.answers.push({ ...pending, reply });
  if (reply !== "") conversation.humanInput.push(reply);
  conversation.pending = null;
}
