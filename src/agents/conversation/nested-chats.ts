import { checkOptions } from "../../domain/check-options.ts";
import type { ChatMessage } from "../../domain/message.ts";
import { ended } from "../agent.ts";
import type { Agent, AgentReply, AgentWithHistory, ReplyEvent } from "../agent.ts";
import { checkAgent } from "../check-agent.ts";
import { checkChatOptions } from "../check-chat-options.ts";
import { stateOf } from "../conversation.ts";
import type { Conversation } from "../conversation.ts";
import { WaitingForHuman } from "../human-turn.ts";
import type { ChatSettings, InitiateChatOptions } from "../initiate-chat.ts";
import type { ChatResult } from "../chat-result.ts";
import type { ReplyContext } from "../reply-function.ts";
import { innerEvents, takeOver } from "./inner-chat.ts";
import { carryoverList, checkExcluded, type ChatOpener } from "./sequential-chats.ts";

/**
 * Makes the first message of a nested chat from the outer one; an empty text or null leaves the chat out. As in AutoGen,
 * `recipient` is the agent that replies in the outer chat, and `sender` the one that is replied to.
 */
export type NestedMessageFunction = (
  recipient: AgentWithHistory,
  messages: readonly ChatMessage[],
  sender: Agent,
  context: ReplyContext,
) => string | ChatMessage | null | Promise<string | ChatMessage | null>;

/** One chat that runs within a reply. */
export interface NestedChat extends ChatSettings {
  /** The agent that is talked to. */
  readonly recipient: Agent;
  /** Opens the chat; default: the agent that replies. */
  readonly sender?: NestedOpener | undefined;
  /**
   * Default: for the first chat the last message of the outer one. A chat without any is left out; where all are, the agent
   * has no reply and the outer chat ends.
   */
  readonly message?: string | ChatMessage | NestedMessageFunction | null | undefined;
  /** Places of earlier chats of the list whose summaries are not carried over to this one. @default none */
  readonly finishedChatIndexesToExcludeFromCarryover?: readonly number[] | undefined;
}

/** An agent that can open a chat, and go on with one that was put aside. */
export interface NestedOpener extends ChatOpener {
  /** Opens a chat and yields what happens in it, so that it can be followed from outside. Default: `initiateChat` alone. */
  streamChat?(recipient: Agent, options?: InitiateChatOptions): AsyncGenerator<ReplyEvent, ChatResult>;
  resumeChat(
    recipient: Agent,
    options: InitiateChatOptions & { readonly conversation: Conversation; readonly reply?: string },
  ): Promise<ChatResult>;
}

/** Kept in the outer conversation, so that a chat within it can wait for a person. */
interface NestedState {
  /** Of the chats that were held, with their places in the list: those without a message have none. */
  readonly summaries: { readonly place: number; readonly text: string }[];
  place: number;
  waiting: Conversation | null;
  /** What people said in the waiting chat and is noted in the outer one already. */
  relayed: string[];
}

/** Throws a `TypeError` for nested chats that could not be held. */
export function checkNestedChats(chats: readonly NestedChat[], options: { readonly trigger: unknown }): void {
  if (!Array.isArray(chats)) throw new TypeError("registerNestedChats takes a list of chats: [{ recipient }].");
  if (options?.trigger === null || options?.trigger === undefined) {
    throw new TypeError(
      "registerNestedChats needs a trigger that names senders: registerNestedChats(chats, { trigger: assistant }); a nested chat needs an outer one.",
    );
  }
  const known = { trigger: true, position: "number", replyFuncFromNestedChats: "function" } as const;
  const instead = { useAsync: "leave it out; every chat is asynchronous", chatQueue: "pass the list first" };
  checkOptions(options, { owner: "registerNestedChats", known, instead });
  for (const [place, chat] of chats.entries()) {
    checkAgent(chat?.recipient, `The recipient of nested chat ${String(place)}`);
    const { recipient: _recipient, sender: _sender, message: _message, ...others } = chat;
    const { finishedChatIndexesToExcludeFromCarryover: excluded = [], ...rest } = others;
    checkExcluded(excluded, `nested chat ${String(place)}`);
    checkChatOptions(rest, ["finishedChatIndexesToExcludeFromCarryover"]);
  }
}

/**
 * Runs chats one after the other and takes the last one's summary as the reply. Every model call in them counts in the
 * outer chat. When none of them has a message, the agent has nothing to say: programs end the outer chat so.
 */
export async function* replyWithNestedChats(
  context: ReplyContext,
  {
    chats,
    opener,
    key,
  }: { readonly chats: readonly NestedChat[]; readonly opener: NestedOpener; readonly key: string },
): AsyncGenerator<ReplyEvent, AgentReply> {
  const { conversation, signal } = context;
  const states = stateOf(conversation, opener.name);
  const state: NestedState = readState(states[key]);
  for (; state.place < chats.length; state.place += 1) {
    const chat = chats[state.place];
    if (chat === undefined) break;
    signal?.throwIfAborted();
    const run = await prepareRun(chat, { context, opener, state });
    if (run === null) continue;
    yield { type: "nested-chat", recipient: chat.recipient.name, event: "begin" };
    const result = yield* innerEvents(run());
    yield { type: "nested-chat", recipient: chat.recipient.name, event: "end" };
    if (result.outcome.reason === "waiting-for-human" && result.conversation.pending !== null) {
      state.waiting = result.conversation;
      states[key] = state;
      throw new WaitingForHuman(result.conversation.pending);
    }
    takeOver(result.conversation, { outer: conversation, relayed: state.relayed });
    state.relayed = [];
    state.summaries.push({ place: state.place, text: result.summary });
  }
  delete states[key];
  const content = state.summaries.at(-1)?.text;
  if (content === undefined) {
    return ended("completed", "no-reply", `${opener.name} has nothing to add: none of its nested chats has a message.`);
  }
  return { type: "message", message: { role: "assistant", content } };
}

async function prepareRun(
  chat: NestedChat,
  { context, opener, state }: { context: ReplyContext; opener: NestedOpener; state: NestedState },
): Promise<(() => AsyncGenerator<ReplyEvent, ChatResult>) | null> {
  const { recipient, sender = opener, message: _message, ...others } = chat;
  const { finishedChatIndexesToExcludeFromCarryover: excluded = [], ...rest } = others;
  const { signal, conversation } = context;
  const options = { ...rest, signal };
  const { waiting } = state;
  if (waiting !== null) {
    const reply = conversation.answers.at(-1)?.reply;
    state.waiting = null;
    if (reply !== undefined) state.relayed.push(reply);
    return () => unseen(sender.resumeChat(recipient, { ...options, conversation: waiting, reply }));
  }
  const message = await makeMessage(chat, { context, isFirst: state.place === 0 });
  if (message === null) return null;
  const carried = state.summaries.filter(({ place, text }) => text !== "" && !excluded.includes(place));
  const carryover = [...carryoverList(rest.carryover), ...carried.map(({ text }) => text)];
  const opening = { ...options, message, ...(carryover.length === 0 ? {} : { carryover }) };
  return () => sender.streamChat?.(recipient, opening) ?? unseen(sender.initiateChat(recipient, opening));
}

/** A chat of which only the end is told. */
// oxlint-disable-next-line require-yield -- there is nothing to tell
async function* unseen(chat: Promise<ChatResult>): AsyncGenerator<ReplyEvent, ChatResult> {
  return chat;
}

async function makeMessage(
  { message }: NestedChat,
  { context, isFirst }: { context: ReplyContext; isFirst: boolean },
): Promise<string | ChatMessage | null> {
  const { messages, sender, recipient } = context;
  const made =
    typeof message === "function"
      ? await message(recipient, messages, sender ?? recipient, context)
      : message === undefined && isFirst
        ? (messages.at(-1)?.content ?? null)
        : (message ?? null);
  const text = typeof made === "object" && made !== null ? made.content : made;
  return text === "" ? null : made;
}

/** What a conversation keeps. Older versions kept summaries as texts, with their places beside them or not at all. */
interface KeptState extends Omit<NestedState, "summaries"> {
  readonly summaries: readonly (NestedState["summaries"][number] | string)[];
  readonly places?: readonly number[];
}

function readState(kept: unknown): NestedState {
  if (!isKeptState(kept)) return { summaries: [], place: 0, waiting: null, relayed: [] };
  const { places, summaries, ...state } = kept;
  const held = summaries.map((summary, index) =>
    typeof summary === "string" ? { place: places?.[index] ?? index, text: summary } : summary,
  );
  return { ...state, summaries: held };
}

function isKeptState(value: unknown): value is KeptState {
  return typeof value === "object" && value !== null && "summaries" in value && "relayed" in value;
}
