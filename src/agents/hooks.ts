import type { ChatMessage } from "../domain/message.ts";
import type { ReplyContext } from "./reply-function.ts";

/**
 * Functions that agents let others put in between. They get the messages as they are and return what takes their place
 * for this one reply: the conversation keeps the originals.
 */
export interface AgentHooks {
  /** Changes the text of the message that is replied to. */
  processLastReceivedMessage: (content: string, context: ReplyContext) => string | Promise<string>;
  /** Changes the messages that the reply is made of. */
  processAllMessagesBeforeReply: (
    messages: readonly ChatMessage[],
    context: ReplyContext,
  ) => readonly ChatMessage[] | Promise<readonly ChatMessage[]>;
}

/** Where a hook may be put in. */
export type HookName = keyof AgentHooks;

/** Hooks by name, each list in the order in which they run. */
export type HookLists = { readonly [Name in HookName]: AgentHooks[Name][] };

/** No hooks yet. */
export function createHookLists(): HookLists {
  return { processLastReceivedMessage: [], processAllMessagesBeforeReply: [] };
}

/** The messages as the hooks want them for one reply; those of the last message run first. */
export async function applyHooks(hooks: HookLists, context: ReplyContext): Promise<readonly ChatMessage[]> {
  let { messages } = context;
  const last = messages.at(-1);
  if (last !== undefined && hooks.processLastReceivedMessage.length > 0) {
    let { content } = last;
    for (const hook of hooks.processLastReceivedMessage) content = await hook(content, { ...context, messages });
    if (content !== last.content) messages = [...messages.slice(0, -1), { ...last, content }];
  }
  for (const hook of hooks.processAllMessagesBeforeReply) messages = await hook(messages, { ...context, messages });
  return messages;
}
