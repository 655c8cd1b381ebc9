import type { ChatMessage } from "../../domain/message.ts";
import { passOn } from "../../domain/pass-on.ts";
import type { LanguageModel } from "../../language-model/language-model.ts";
import type { Agent, ReplyEvent } from "../agent.ts";
import type { Conversation, ModelCallRecord } from "../conversation.ts";
import { callModel } from "../replies/model-reply.ts";
import type { GroupChat } from "./group-chat.ts";
import { mentionedAgents } from "./mentioned-agents.ts";

/** Who is asked for a speaker, and about whom. */
export interface SpeakerQuestion {
  readonly group: GroupChat;
  readonly candidates: readonly Agent[];
  readonly model: LanguageModel;
  /** Name of the agent that asks. */
  readonly agent: string;
  readonly conversation: Conversation;
  readonly onModelCall: (call: ModelCallRecord) => void;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Lets a model choose the next speaker, and asks it again when it names nobody or several; null when it never names one
 * alone. Every call is counted in the conversation.
 */
export async function* askForSpeaker(question: SpeakerQuestion): AsyncGenerator<ReplyEvent, Agent | null> {
  const { group, candidates, model, agent, conversation, signal } = question;
  const names = candidates.map(({ name }) => name);
  const messages = await promptsFor(question);
  for (let attempt = 0; attempt <= group.maxRetriesForSelectingSpeaker; attempt += 1) {
    signal?.throwIfAborted();
    const calling = callModel({ messages, signal }, { model, agent, purpose: "speaker-selection" });
    const { message, modelCall } = yield* withoutText(calling);
    conversation.modelCalls.push(modelCall);
    question.onModelCall(modelCall);
    const named = [...mentionedAgents(message.content, names).keys()];
    const [first] = named;
    if (first !== undefined && named.length === 1) return candidates.find(({ name }) => name === first) ?? null;
    const again = named.length === 0 ? group.templates.none : group.templates.multiple;
    messages.push({ role: "assistant", content: message.content }, { role: "user", content: fill(again, question) });
  }
  return null;
}

/** What a selecting model says is no part of the conversation. */
async function* withoutText<Result>(events: AsyncGenerator<ReplyEvent, Result>): AsyncGenerator<ReplyEvent, Result> {
  return yield* passOn(events, (event) => (event.type === "delta" ? [] : [event]));
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
  const { group, model, agent } = question;
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
