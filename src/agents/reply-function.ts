import { showValue } from "../domain/check-options.ts";
import { untilAborted } from "../domain/until-aborted.ts";
import type { ChatMessage } from "../domain/message.ts";
import type { Agent, AgentReply, AgentWithHistory, ReplyEvent, ReplyRequest } from "./agent.ts";

/** What a reply function is given. */
export interface ReplyContext extends ReplyRequest {
  /** The agent that replies. */
  readonly recipient: AgentWithHistory;
  /** What was given as `config` when the function was registered; the function may change it. */
  readonly config?: unknown;
}

/** A reply: a text, a message, the end of the conversation, or null where another function should reply. */
export type ReplyResult = string | ChatMessage | AgentReply | null;

/** Makes a reply, or leaves it to the next function; as a generator it may yield what happens on the way. */
export type ReplyFunction = (
  context: ReplyContext,
) => ReplyResult | Promise<ReplyResult> | AsyncGenerator<ReplyEvent, ReplyResult>;

/**
 * Whose messages a reply function is for: an agent, an agent's name, an agent class, a test, null for messages without
 * a sender, or a list of these.
 */
export type ReplyTrigger =
  | Agent
  | string
  | null
  | ((sender: Agent | null) => boolean)
  | (abstract new (...args: never[]) => Agent)
  | readonly ReplyTrigger[];

/** Whether a trigger fits a sender. */
export function matchesTrigger(trigger: ReplyTrigger, sender: Agent | null): boolean {
  if (trigger === null) return sender === null;
  if (typeof trigger === "string") return sender?.name === trigger;
  if (isTriggerList(trigger)) return trigger.some((one) => matchesTrigger(one, sender));
  if (isClass(trigger)) return sender instanceof trigger;
  if (typeof trigger === "function") return matchesTest(trigger, sender);
  return sender === trigger;
}

/** Throws a `TypeError` for what cannot be a trigger. */
export function checkTrigger(trigger: unknown): void {
  if (trigger === null || typeof trigger === "string" || typeof trigger === "function") return;
  if (Array.isArray(trigger)) return trigger.forEach(checkTrigger);
  if (typeof trigger === "object" && "streamReply" in trigger) return;
  throw new TypeError(
    `A reply function's trigger must be an agent, a name, a class, a function, null or a list of these, not ${typeof trigger}.`,
  );
}

function matchesTest(test: (sender: Agent | null) => boolean, sender: Agent | null): boolean {
  const fits: unknown = test(sender);
  if (typeof fits === "boolean") return fits;
  throw new TypeError(`A trigger function must return true or false, not ${typeof fits}.`);
}

function isTriggerList(trigger: ReplyTrigger): trigger is readonly ReplyTrigger[] {
  return Array.isArray(trigger);
}

function isClass(trigger: ReplyTrigger): trigger is abstract new (...args: never[]) => Agent {
  return typeof trigger === "function" && /^class\b/.test(Function.prototype.toString.call(trigger));
}

/** Runs a reply function of any of its three forms. */
export async function* runReplyFunction(
  reply: ReplyFunction,
  context: ReplyContext,
): AsyncGenerator<ReplyEvent, AgentReply | null> {
  const started = reply(context);
  const result =
    typeof started === "object" && started !== null && Symbol.asyncIterator in started
      ? yield* started
      : await untilAborted(Promise.resolve(started), context.signal);
  if (result === null) return null;
  if (typeof result === "string") return { type: "message", message: { role: "assistant", content: result } };
  if (typeof result === "object" && "type" in result) return result;
  if (typeof result === "object" && typeof result.content === "string") return { type: "message", message: result };
  throw new TypeError(
    `A reply function of ${context.recipient.name} must return a text, a message, or null to leave the reply to the next function, not ${showValue(result)}.`,
  );
}

/** A reply function with whom it answers. */
export interface RegisteredReply {
  readonly trigger: ReplyTrigger;
  reply: ReplyFunction;
  config: unknown;
  /** Makes the config anew, for `reset`; null keeps it. */
  readonly initialConfig: (() => unknown) | null;
}

/** Options of `registerReply`. */
export interface RegisterReplyOptions {
  /** 0 is asked first, before the built-in check for termination and human replies. @default 0 */
  readonly position?: number | undefined;
  /** Reaches the function as `config`; shared by all conversations of the agent. */
  readonly config?: unknown;
  /** Makes the config anew when the agent is reset. Default: a copy of `config` as it was given. */
  readonly resetConfig?: (config: unknown) => unknown;
  /** Whether all other functions, the built-in ones too, are taken away. @default false */
  readonly removeOtherReplyFuncs?: boolean | undefined;
  /** Taken for compatibility: functions with and without promises work in every chat. */
  readonly ignoreAsyncInSyncChat?: boolean | undefined;
}

/** The entry of a reply function. Throws a `TypeError` for a trigger that is none. */
export function toRegisteredReply(
  trigger: ReplyTrigger,
  reply: ReplyFunction,
  { config, resetConfig }: RegisterReplyOptions,
): RegisteredReply {
  checkTrigger(trigger);
  if (typeof reply !== "function") throw new TypeError(`A reply function must be a function, not ${typeof reply}.`);
  if (reply.length > 1) {
    throw new TypeError(
      `A reply function gets one object: write ({ recipient, messages, sender, config }) => … in place of its ${String(reply.length)} arguments.`,
    );
  }
  if (config === undefined) return { trigger, reply, config, initialConfig: null };
  if (resetConfig !== undefined) return { trigger, reply, config, initialConfig: () => resetConfig(config) };
  const initial: unknown = structuredClone(config);
  return { trigger, reply, config, initialConfig: () => structuredClone(initial) };
}
