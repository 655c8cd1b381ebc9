import { anySignal } from "../../domain/any-signal.ts";
import type { ChatMessage } from "../../domain/message.ts";
import { passOn } from "../../domain/pass-on.ts";
import { ended } from "../agent.ts";
import type { Agent, AgentReply, EndReply, ReplyEvent, ReplyRequest } from "../agent.ts";
import { appendMessage, createViews, stateOf } from "../conversation.ts";
import type { Conversation } from "../conversation.ts";
import { metLimit } from "../conversation/chat-limits.ts";
import { withSender } from "../conversation/two-agent-chat.ts";
import { outgoingMessage } from "../outgoing-message.ts";
import { clearHistoryFor } from "./clear-history.ts";
import type { GroupChat } from "./group-chat.ts";
import { selectSpeaker } from "./select-speaker.ts";
import type { Selection, SelectedSpeaker } from "./select-speaker.ts";

/** What a group chat needs of its manager. */
export interface GroupManager extends Pick<Selection, "openModel" | "ask" | "onModelCall"> {
  readonly agent: Agent;
  readonly group: GroupChat;
  readonly isTermination: (message: ChatMessage) => boolean;
  /** Hears of each turn's controller, so that somebody may interrupt the speaker; null when the turn is over. */
  readonly onTurn: (controller: AbortController | null) => void;
  /** Called with each member before it speaks for the first time. */
  readonly introduce: (member: Agent) => void;
}

/** How far a group chat has come; plain JSON data within the conversation. */
interface GroupState {
  /** Messages of this chat so far, the first one counted. */
  rounds: number;
  /** Number of messages in the conversation when this was noted: a longer one has gone on without the group. */
  at: number;
  /** Who was chosen and has not spoken yet. */
  next: { readonly speaker: string; readonly by: SelectedSpeaker["by"] } | null;
  /** Who had the last turn, also when it had nothing to say. */
  last: string;
  /** By member: the first message that it still sees. */
  hidden: Record<string, number>;
}

/** The reason with which {@link GroupManager.onTurn}'s controller is aborted to give the admin the turn. */
export const INTERRUPTED: Error = new Error("The speaker was interrupted.");

/**
 * Lets the members of a group talk until one of them, the manager or a limit ends it. All messages are in the one
 * conversation that the group was addressed in, and each member sees it with its own messages as `assistant`.
 */
export async function* runGroupChat(
  request: ReplyRequest,
  manager: GroupManager,
): AsyncGenerator<ReplyEvent, AgentReply> {
  const { conversation, signal } = request;
  const { group, agent } = manager;
  const state = groupState(conversation, { agent, group });
  const viewOf = createViews(conversation);
  const run: GroupRun = { request, manager, state, silence: null };
  for (const one of group.agents) manager.introduce(one);
  for (;;) {
    signal?.throwIfAborted();
    // A speaker who was chosen already is still to speak.
    if (state.next === null) {
      const end = yield* chooseNext(run);
      if (end !== null) return end;
    }
    const { speaker, by } = chosenOf(state, group);
    yield { type: "speaker", speaker: speaker.name, by };
    const view = visible(viewOf(speaker.name), speaker, run);
    const reply = yield* takeTurn(speaker, view, run);
    state.next = reply === null ? { speaker: adminOf(group).name, by: "admin" } : null;
    if (reply === null) continue;
    state.last = speaker.name;
    state.rounds += 1;
    if (reply.type === "end") {
      if (!goesOnBehind(reply, speaker)) return reply;
      if (run.silence !== "") run.silence = reply.outcome.detail;
      // The turn is over without a message: its member is asked again when it has another.
      conversation.answers.length = 0;
      continue;
    }
    if (reply.modelCall !== undefined) conversation.modelCalls.push(reply.modelCall);
    const sending = { sender: speaker, role: "assistant", recipient: agent, conversation, signal } as const;
    const message = await outgoingMessage(reply.message, sending);
    const kept =
      group.options.enableClearHistory === true ? clearHistoryFor(message, { state, group, conversation }) : message;
    appendMessage(conversation, kept);
    state.at = conversation.messages.length;
    run.silence = "";
    yield { type: "message", sender: speaker.name, message: kept };
  }
}

/** A group chat that is under way. */
interface GroupRun {
  readonly request: ReplyRequest;
  readonly manager: GroupManager;
  readonly state: GroupState;
  /** Why the last member said nothing, where nobody has said anything yet; empty once somebody has. */
  silence: string | null;
}

/** Notes who speaks next in the state; gives back the end of the chat where nobody does. */
async function* chooseNext({
  state,
  request: { conversation, signal },
  manager,
  silence,
}: GroupRun): AsyncGenerator<ReplyEvent, AgentReply | null> {
  const { group, agent } = manager;
  const last = conversation.messages.at(-1);
  if (last === undefined) return ended("completed", "no-reply", "There is no message to begin with.");
  if (manager.isTermination(last)) {
    return ended("completed", "termination-message", `${agent.name} took the message of ${last.name} as the end.`);
  }
  if (state.rounds >= group.maxRound) {
    const why = (silence ?? "") === "" ? "" : ` Nobody in it said anything: ${silence ?? ""}`;
    const detail = `The group's limit of ${String(group.maxRound)} turns (maxRound) was met.${why}`;
    return ended("stopped", "max-round", detail);
  }
  const limit = metLimit(conversation);
  if (limit !== null) return { type: "end", outcome: limit };
  const selected = yield* selectSpeaker({
    ...manager,
    manager: agent.name,
    last: group.agentByName(state.last),
    conversation,
    signal,
  });
  if (selected === null) {
    const isChosen = typeof manager.group.speakerSelectionMethod === "function";
    const detail = `${isChosen ? "The selection chose nobody to" : "Nobody may"} speak after ${state.last}.`;
    return ended("completed", "no-eligible-speaker", detail);
  }
  state.next = { speaker: selected.speaker.name, by: selected.by };
  return null;
}

function chosenOf({ next }: GroupState, group: GroupChat): SelectedSpeaker {
  const speaker = next === null ? null : group.agentByName(next.speaker);
  if (next === null || speaker === null) {
    throw new TypeError(`${next?.speaker ?? "Nobody"} was chosen and is not in the group.`);
  }
  return { speaker, by: next.by };
}

/** The state of this chat: the stored one where the conversation stands where it was left, else a new one. */
function groupState(conversation: Conversation, { agent, group }: { agent: Agent; group: GroupChat }): GroupState {
  const states = stateOf(conversation, agent.name);
  const kept = states["group"];
  const length = conversation.messages.length;
  if (isGroupState(kept) && kept.at === length) return kept;
  const state: GroupState = {
    rounds: 1,
    at: length,
    next: null,
    last: conversation.messages.at(-1)?.name ?? "",
    hidden: isGroupState(kept) ? kept.hidden : {},
  };
  if (group.messages.length > 0 && !isGroupState(kept)) {
    // What was said before stands in front of the first message.
    conversation.messages.splice(length - 1, 0, ...group.messages);
    state.at = conversation.messages.length;
  }
  states["group"] = state;
  return state;
}

function isGroupState(value: unknown): value is GroupState {
  return typeof value === "object" && value !== null && "rounds" in value && "hidden" in value;
}

function visible(view: readonly ChatMessage[], speaker: Agent, { state, manager }: GroupRun): readonly ChatMessage[] {
  const hidden = state.hidden[speaker.name] ?? 0;
  const seen = hidden === 0 ? view : view.slice(hidden);
  if (manager.group.options.sendIntroductions !== true) return seen;
  return [{ role: "user", name: manager.agent.name, content: manager.group.introductions() }, ...seen];
}

/**
 * Whether others may speak behind a turn that ended without a message. A member without anything to say is passed over,
 * and a team within has said it all when its discussion is over; every other end is the end of the chat.
 */
function goesOnBehind({ outcome }: EndReply, speaker: Agent): boolean {
  return outcome.reason === "no-reply" || ("groupchat" in speaker && TEAM_ENDS.has(outcome.reason));
}

const TEAM_ENDS: ReadonlySet<string> = new Set(["max-round", "no-eligible-speaker", "termination-message"]);

/** The reply of a member; null when it was interrupted. */
async function* takeTurn(
  speaker: Agent,
  messages: readonly ChatMessage[],
  { request, manager, state }: GroupRun,
): AsyncGenerator<ReplyEvent, AgentReply | null> {
  const { conversation, signal } = request;
  const turn = new AbortController();
  manager.onTurn(turn);
  const both = anySignal(signal, turn.signal);
  try {
    const events = speaker.streamReply({ messages, sender: manager.agent, conversation, signal: both });
    const reply = yield* passOn(withSender(events, speaker.name), (event) => {
      // What the members of a team within say belongs to this turn.
      if (event.type === "message") state.at = conversation.messages.length;
      return [event];
    });
    both.throwIfAborted();
    return reply;
  } catch (error) {
    const interrupted = turn.signal.aborted && turn.signal.reason === INTERRUPTED && signal?.aborted !== true;
    if (interrupted) return null;
    throw error;
  } finally {
    manager.onTurn(null);
  }
}

function adminOf(group: GroupChat): Agent {
  const admin = group.agentByName(group.adminName);
  if (admin !== null) return admin;
  throw new TypeError(
    `The speaker was interrupted, and nobody in the group is named "${group.adminName}" (adminName).`,
  );
}
