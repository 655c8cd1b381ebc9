import { showValue } from "../../domain/check-options.ts";
import type { ChatMessage } from "../../domain/message.ts";
import { passOn } from "../../domain/pass-on.ts";
import type { LanguageModel } from "../../language-model/language-model.ts";
import type { Agent, ReplyEvent, SpeakerChoice } from "../agent.ts";
import type { Conversation, ModelCallRecord } from "../conversation.ts";
import { callModel } from "../replies/model-reply.ts";
import { isSelectionMethod, type GroupChat, type SpeakerSelectionMethod } from "./group-chat.ts";
import { mentionedAgents } from "./mentioned-agents.ts";

/** Where a group is when it looks for its next speaker. */
export interface Selection {
  readonly group: GroupChat;
  /** Who spoke last; null for somebody outside of the group. */
  readonly last: Agent | null;
  readonly conversation: Conversation;
  /** Name of the manager. */
  readonly manager: string;
  /** Opens the model that selects; null where there is none. */
  readonly openModel: () => Promise<LanguageModel | null>;
  /** Asks a person; every prompt within a turn is of its own. */
  readonly ask: (prompt: string) => Promise<string>;
  /** Hears of every model call. */
  readonly onModelCall: (call: ModelCallRecord) => void;
  readonly signal?: AbortSignal | undefined;
}

/** Who speaks next, and how that was found. */
export interface SelectedSpeaker {
  readonly speaker: Agent;
  readonly by: SpeakerChoice;
}

/** Finds the next speaker; null when nobody may follow. */
export async function* selectSpeaker(selection: Selection): AsyncGenerator<ReplyEvent, SelectedSpeaker | null> {
  const { group, last, conversation } = selection;
  let method: SpeakerSelectionMethod;
  if (typeof group.speakerSelectionMethod === "function") {
    const chosen = await group.speakerSelectionMethod(last, {
      messages: conversation.messages,
      agents: group.agents,
      group,
    });
    if (chosen === null) return null;
    if (typeof chosen !== "string") return { speaker: member(chosen, group), by: "function" };
    method = checkMethod(chosen);
  } else method = group.speakerSelectionMethod;

  const able = ableAgents(selection);
  const [only] = able.agents;
  if (able.byToolCall && only !== undefined && able.agents.length === 1) return { speaker: only, by: "tool-call" };
  const candidates = eligible(able.agents, { group, last });
  const [single] = candidates;
  if (single === undefined) return null;
  if (candidates.length === 1) return { speaker: single, by: "only-candidate" };
  return yield* byMethod(method, { selection, candidates });
}

async function* byMethod(
  method: SpeakerSelectionMethod,
  { selection, candidates }: { selection: Selection; candidates: readonly Agent[] },
): AsyncGenerator<ReplyEvent, SelectedSpeaker> {
  const { group, last } = selection;
  const fallback: SelectedSpeaker = { speaker: group.nextAgent(last, candidates), by: "fallback" };
  switch (method) {
    case "round_robin":
      return { ...fallback, by: "round_robin" };
    case "random": {
      const { random = Math.random } = group.options;
      return { speaker: candidates[Math.floor(random() * candidates.length)] ?? fallback.speaker, by: "random" };
    }
    case "manual": {
      const speaker = await askPersonForSpeaker(candidates, selection);
      if (speaker !== null) return { speaker, by: "manual" };
      // A person who leaves the choice open leaves it to the model, where there is one.
      return (await selection.openModel()) === null ? fallback : yield* byMethod("auto", { selection, candidates });
    }
    case "auto": {
      const model = await selection.openModel();
      if (model === null) {
        throw new TypeError(
          `${selection.manager} has no model to choose speakers with; give it llmConfig or model, or set speakerSelectionMethod to "round_robin".`,
        );
      }
      const speaker = yield* askForSpeaker({ ...selection, candidates, model });
      return speaker === null ? fallback : { speaker, by: "auto" };
    }
    default:
      return method satisfies never;
  }
}

/** The agents that could do what the last message asks for. */
function ableAgents({ group, conversation }: Selection): {
  readonly agents: readonly Agent[];
  readonly byToolCall: boolean;
} {
  const calls = conversation.messages.at(-1)?.toolCalls ?? [];
  if (group.options.funcCallFilter === false || calls.length === 0) return { agents: group.agents, byToolCall: false };
  const names = calls.map(({ name }) => name);
  const all = group.agents.filter((agent) => agent.canExecute?.(names) === true);
  if (all.length > 0) return { agents: all, byToolCall: true };
  const some = group.agents.filter((agent) => agent.canExecute?.([]) === true);
  if (some.length > 0) return { agents: some, byToolCall: true };
  throw new TypeError(
    `No agent of the group can execute the function ${names.join(", ")}; register it with registerForExecution, or set funcCallFilter to false.`,
  );
}

/** Those who may follow the last speaker. After somebody from outside, everybody may speak. */
function eligible(
  agents: readonly Agent[],
  { group, last }: { group: GroupChat; last: Agent | null },
): readonly Agent[] {
  if (last === null || !group.agents.includes(last)) return agents;
  const allowed = group.allowedTransitions.get(last.name) ?? [];
  return agents.filter(({ name }) => allowed.includes(name));
}

const TRIES = 3;

async function askPersonForSpeaker(candidates: readonly Agent[], { ask }: Selection): Promise<Agent | null> {
  const list = candidates.map(({ name }, index) => `${String(index + 1)}: ${name}`).join("\n");
  for (let attempt = 1; attempt <= TRIES; attempt += 1) {
    const note = attempt === 1 ? "" : `That is none of them (try ${String(attempt)} of ${String(TRIES)}). `;
    const reply = (
      await ask(`${note}Who speaks next?\n${list}\nType the number, or press Enter (or type "q") to leave it open: `)
    ).trim();
    if (reply === "" || reply.toLowerCase() === "q") return null;
    const chosen = candidates[Number(reply) - 1] ?? candidates.find(({ name }) => name === reply);
    if (chosen !== undefined) return chosen;
  }
  return null;
}

function member(agent: Agent, group: GroupChat): Agent {
  if (group.agents.includes(agent)) return agent;
  const chosen = agent?.name ?? showValue(agent);
  throw new TypeError(
    `The selection function chose ${chosen}, which is not in the group; it returns a member, a method such as "auto", or null for the end.`,
  );
}

function checkMethod(method: string): SpeakerSelectionMethod {
  if (isSelectionMethod(method)) return method;
  throw new TypeError(
    `The selection function returned ${JSON.stringify(method)}, which is neither an agent nor a method; of a name, group.agentByName makes the agent.`,
  );
}

/** Who is to be chosen by a model, and by which. */
interface SpeakerQuestion extends Selection {
  readonly candidates: readonly Agent[];
  readonly model: LanguageModel;
}

/**
 * Lets a model choose the next speaker, and asks it again when it names nobody or several; null when it never names one
 * alone. Every call is counted in the conversation.
 */
async function* askForSpeaker(question: SpeakerQuestion): AsyncGenerator<ReplyEvent, Agent | null> {
  const { group, candidates, model, manager: agent, conversation, onModelCall, signal } = question;
  const names = candidates.map(({ name }) => name);
  const messages = await promptsFor(question);
  for (let attempt = 0; attempt <= group.maxRetriesForSelectingSpeaker; attempt += 1) {
    signal?.throwIfAborted();
    const calling = callModel({ messages, signal }, { model, agent, purpose: "speaker-selection" });
    // What a selecting model says is no part of the conversation.
    const { message, modelCall } = yield* passOn(calling, (event) => (event.type === "delta" ? [] : [event]));
    conversation.modelCalls.push(modelCall);
    onModelCall(modelCall);
    const named = [...mentionedAgents(message.content, names).keys()];
    const [first] = named;
    if (first !== undefined && named.length === 1) return candidates.find(({ name }) => name === first) ?? null;
    const again = named.length === 0 ? group.templates.none : group.templates.multiple;
    messages.push({ role: "assistant", content: message.content }, { role: "user", content: fill(again, question) });
  }
  return null;
}

async function promptsFor(question: SpeakerQuestion): Promise<ChatMessage[]> {
  const { group, conversation } = question;
  const { roleForSelectSpeakerMessages: role = "system" } = group.options;
  const said: readonly ChatMessage[] = conversation.messages.map(({ name, content, toolCalls = [] }) => ({
    role: "user",
    name,
    // Names are not sent to every endpoint, and who spoke is what matters here.
    content: `${name}: ${[content, ...toolCalls.map((call) => `(calls ${call.name})`)].filter(Boolean).join(" ")}`,
  }));
  const { prompt } = group.templates;
  const task = fill(group.templates.message, question);
  return [
    { role: "system", content: task },
    ...(await transformed(said, { question, standingText: task })),
    ...(prompt === null || prompt === "" ? [] : [{ role, content: fill(prompt, question) }]),
  ];
}

async function transformed(
  said: readonly ChatMessage[],
  { question, standingText }: { readonly question: SpeakerQuestion; readonly standingText: string },
): Promise<readonly ChatMessage[]> {
  const { group, model, manager: agent } = question;
  const { selectSpeakerTransformMessages: transform } = group.options;
  if (transform === undefined) return said;
  if (typeof transform === "function") return transform(said);
  return transform.apply(said, { context: { contextWindow: model.contextWindow, standingText }, agent });
}

function fill(template: string, { group, candidates }: SpeakerQuestion): string {
  return template
    .replaceAll("{roles}", group.roles(candidates))
    .replaceAll("{agentlist}", `[${candidates.map(({ name }) => `'${name}'`).join(", ")}]`);
}
