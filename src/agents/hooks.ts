import { showValue } from "../domain/check-options.ts";
import type { ChatMessage } from "../domain/message.ts";
import type { Agent, AgentWithHistory, ReplyRequest, SendContext } from "./agent.ts";

/** What a hook knows besides what it may change. */
export interface ReplyHookContext extends ReplyRequest {
  /** The agent that replies. */
  readonly recipient: AgentWithHistory;
}

/** What a hook of outgoing messages knows. */
export interface SendHookContext extends SendContext {
  /** The agent that sends. */
  readonly sender: Agent;
  readonly silent: boolean;
}

/**
 * The three places where functions may look over messages. What they return is used in place of what they were given;
 * the conversation keeps what was said.
 */
export interface HookFunctions {
  /** The text of the last received message, before a reply is made. */
  processLastReceivedMessage: (content: string, context: ReplyHookContext) => string | Promise<string>;
  /** All messages, before a reply is made. They are frozen: a hook gives others back, such as changed copies. */
  processAllMessagesBeforeReply: (
    messages: readonly ChatMessage[],
    context: ReplyHookContext,
  ) => readonly ChatMessage[] | Promise<readonly ChatMessage[]>;
  /** A message that is about to be sent; what it becomes is what the conversation keeps. */
  processMessageBeforeSend: (
    message: ChatMessage,
    context: SendHookContext,
  ) => string | ChatMessage | Promise<string | ChatMessage>;
}

/** Name of a hook point. */
export type HookPoint = keyof HookFunctions;

/** The hooks of an agent. */
export interface Hooks {
  add<Point extends HookPoint>(point: Point, hook: HookFunctions[Point]): void;
  /** The messages that a reply stands on. */
  beforeReply(context: ReplyHookContext): Promise<readonly ChatMessage[]>;
  beforeSend(message: ChatMessage, context: SendHookContext): Promise<ChatMessage>;
}

/** An agent without hooks. */
export function createHooks(): Hooks {
  const lists: { [Point in HookPoint]: HookFunctions[Point][] } = {
    processLastReceivedMessage: [],
    processAllMessagesBeforeReply: [],
    processMessageBeforeSend: [],
  };
  const copies = new WeakMap<ChatMessage, ChatMessage>();
  /** A hook that writes into a message would change what was said, for everybody: it gets copies that refuse that. */
  const sealed = (message: ChatMessage): ChatMessage => {
    // The same copy at every turn, since hooks remember what they know of a message by the message itself.
    const copy = copies.get(message) ?? Object.freeze({ ...message });
    copies.set(message, copy);
    return copy;
  };
  return {
    add(point, hook) {
      if (!Object.hasOwn(lists, point)) {
        throw new TypeError(`There is no hook point "${point}"; there are ${Object.keys(lists).join(", ")}.`);
      }
      if (typeof hook !== "function")
        throw new TypeError(`The hook of ${point} must be a function, not ${typeof hook}.`);
      if (hook.length > 2) {
        throw new TypeError(
          `The hook of ${point} gets two arguments, what it may change and an object with the rest: write (message, { sender, recipient }) => ….`,
        );
      }
      const list: HookFunctions[typeof point][] = lists[point];
      if (list.includes(hook)) throw new TypeError(`This hook of ${point} is registered already.`);
      list.push(hook);
    },
    async beforeReply(context) {
      let { messages } = context;
      const last = messages.at(-1);
      const isText = last !== undefined && last.content !== "" && last.content !== "exit" && !last.toolCalls?.length;
      if (isText) {
        let { content } = last;
        for (const hook of lists.processLastReceivedMessage) {
          const changed: unknown = await hook(content, context);
          if (typeof changed !== "string")
            throw new TypeError(wrongReturn("processLastReceivedMessage", "a text", changed));
          content = changed;
        }
        if (content !== last.content) messages = [...messages.slice(0, -1), { ...last, content }];
      }
      if (lists.processAllMessagesBeforeReply.length > 0) messages = messages.map(sealed);
      for (const hook of lists.processAllMessagesBeforeReply) {
        messages = await hook(messages, { ...context, messages });
        if (!Array.isArray(messages)) {
          throw new TypeError(wrongReturn("processAllMessagesBeforeReply", "the messages", messages));
        }
      }
      return messages;
    },
    async beforeSend(message, context) {
      let sent = message;
      for (const hook of lists.processMessageBeforeSend) {
        const changed = await hook(sent, context);
        if (typeof changed !== "string" && typeof changed?.content !== "string") {
          throw new TypeError(wrongReturn("processMessageBeforeSend", "a text or a message", changed));
        }
        sent = typeof changed === "string" ? { ...sent, content: changed } : changed;
      }
      return sent;
    },
  };
}

function wrongReturn(point: HookPoint, wanted: string, got: unknown): string {
  return `A hook of ${point} must return ${wanted}, not ${showValue(got)}; return what it was given to change nothing.`;
}
