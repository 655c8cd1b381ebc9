import type { Agent } from "../agent.ts";
import { checkAgent } from "../check-agent.ts";
import { checkChatOptions } from "../check-chat-options.ts";
import type { ChatResult } from "../chat-result.ts";
import type { InitiateChatOptions } from "../initiate-chat.ts";
import { checkSummary } from "../summarise-chat.ts";

/** An agent that can open a chat. */
export interface ChatOpener extends Agent {
  initiateChat(recipient: Agent, options?: InitiateChatOptions): Promise<ChatResult>;
}

/** One chat of a series. */
export interface SeriesChat extends InitiateChatOptions {
  /** Opens the chat; default: the agent whose `initiateChats` is called. */
  readonly sender?: ChatOpener | undefined;
  /** The agent that is talked to. */
  readonly recipient: Agent;
  /** For `prerequisites` of other chats. Default: its place in the list. */
  readonly chatId?: string | number | undefined;
  /**
   * Chats that must have ended before this one begins. Where one chat of the list names some, the list is a graph:
   * chats that do not wait for each other run at the same time, and each gets the summaries of its prerequisites only.
   * @default none
   */
  readonly prerequisites?: readonly (string | number)[] | undefined;
  /** Places of chats whose summaries are not carried over to this one. @default none */
  readonly finishedChatIndexesToExcludeFromCarryover?: readonly number[] | undefined;
}

/** A chat that has all it needs to begin. */
interface PlannedChat {
  readonly id: string;
  readonly sender: ChatOpener;
  readonly recipient: Agent;
  readonly options: InitiateChatOptions;
  /** Places of the chats whose summaries it gets. */
  readonly carriedFrom: readonly number[];
  /** Places of the chats that it waits for. */
  readonly waitsFor: readonly number[];
}

/**
 * Runs chats one after the other, or as the graph of their prerequisites, and carries the summaries of earlier ones over.
 * The results are in the order of the list. Throws a `TypeError` before the first chat where the list cannot be run.
 */
export async function initiateChats(chats: readonly SeriesChat[]): Promise<readonly ChatResult[]> {
  const planned = planChats(chats);
  const running: Promise<ChatResult>[] = [];
  const start = async ({ sender, recipient, options, carriedFrom, waitsFor }: PlannedChat): Promise<ChatResult> => {
    const finished = new Map(await Promise.all(waitsFor.map(async (place) => [place, await running[place]] as const)));
    const summaries = carriedFrom.flatMap((place) => finished.get(place)?.summary ?? []).filter((text) => text !== "");
    const carryover = [...carryoverList(options.carryover), ...summaries];
    options.signal?.throwIfAborted();
    return sender.initiateChat(recipient, { ...options, ...(carryover.length === 0 ? {} : { carryover }) });
  };
  // An order in which each chat stands behind those it waits for.
  for (const place of orderOf(planned)) {
    const chat = planned[place];
    if (chat !== undefined) running[place] = start(chat);
  }
  // A chat that fails does not leave the others alone that run at the same time.
  await Promise.allSettled(running);
  return Promise.all(running);
}

function planChats(chats: readonly SeriesChat[]): readonly PlannedChat[] {
  const given: unknown = chats;
  if (!Array.isArray(given))
    throw new TypeError("initiateChats takes a list of chats: [{ sender, recipient, message }].");
  if (chats.length === 0) throw new TypeError("initiateChats needs one chat or more; the list is empty.");
  for (const [place, chat] of chats.entries()) checkAgent(chat?.recipient, `The recipient of chat ${String(place)}`);
  const ids = chats.map(({ chatId }, place) => String(chatId ?? place));
  const twice = ids.find((id, place) => ids.indexOf(id) !== place);
  if (twice !== undefined) throw new TypeError(`Two chats have the chatId ${twice}; give each its own.`);
  const isGraph = chats.some(({ prerequisites }) => prerequisites !== undefined);
  return chats.map((chat, place) => {
    const { sender, recipient, chatId: _id, prerequisites = [], ...rest } = chat;
    const { finishedChatIndexesToExcludeFromCarryover: excluded = [], ...options } = rest;
    const id = ids[place] ?? "";
    if (sender === undefined)
      throw new TypeError(`Chat ${id} has no sender; name one, or use the initiateChats of an agent.`);
    checkAgent(sender, `The sender of chat ${id}`);
    // What is wrong with a later chat must not come out when the earlier ones are paid for.
    checkChatOptions(options, SERIES_OPTIONS);
    checkSummary(options, { sender, recipient });
    checkExcluded(excluded, `chat ${id}`);
    const waitsFor = isGraph ? prerequisites.map((one) => placeOf(ids, { id, wanted: String(one) })) : earlier(place);
    return { id, sender, recipient, options, waitsFor, carriedFrom: waitsFor.filter((one) => !excluded.includes(one)) };
  });
}

/** The options of a series, which a single chat has not. */
const SERIES_OPTIONS = ["chatId", "prerequisites", "finishedChatIndexesToExcludeFromCarryover"];

/** Throws a `TypeError` for what is no list of places. */
export function checkExcluded(excluded: unknown, chat: string): void {
  if (Array.isArray(excluded) && excluded.every((one) => Number.isInteger(one))) return;
  throw new TypeError(`finishedChatIndexesToExcludeFromCarryover of ${chat} must be a list of places, such as [0].`);
}

function earlier(place: number): number[] {
  return Array.from({ length: place }, (_value, index) => index);
}

function placeOf(ids: readonly string[], { id, wanted }: { id: string; wanted: string }): number {
  const place = ids.indexOf(wanted);
  if (place === -1) throw new TypeError(`Chat ${id} waits for chat ${wanted}, which is not in the list.`);
  return place;
}

function orderOf(chats: readonly PlannedChat[]): number[] {
  const order: number[] = [];
  const visit = (place: number, trail: readonly number[]): void => {
    if (order.includes(place)) return;
    if (trail.includes(place)) {
      const cycle = [...trail.slice(trail.indexOf(place)), place].map((one) => chats[one]?.id ?? "");
      throw new TypeError(`The chats wait for each other in a circle: ${cycle.join(" waits for ")}.`);
    }
    for (const next of chats[place]?.waitsFor ?? []) visit(next, [...trail, place]);
    order.push(place);
  };
  for (const place of chats.keys()) visit(place, []);
  return order;
}

/** What is carried over into a chat, one thing a place. */
export function carryoverList(carryover: InitiateChatOptions["carryover"]): readonly unknown[] {
  if (carryover === undefined) return [];
  return typeof carryover === "string" ? [carryover] : carryover;
}
