import { checkOptions } from "../../domain/check-options.ts";
import type { OptionKind } from "../../domain/check-options.ts";
import { runToEnd } from "../../domain/run-to-end.ts";
import type { LanguageModel, ModelRequest } from "../../language-model/language-model.ts";
import { checkAgent } from "../check-agent.ts";
import { ConversableAgent } from "../conversable-agent.ts";
import { GroupChatManager } from "../group/group-chat-manager.ts";
import type { Agent } from "../agent.ts";
import { stateOf } from "../conversation.ts";
import type { Conversation } from "../conversation.ts";
import { callModel } from "../replies/model-reply.ts";
import { endsWithTermination } from "../termination-word.ts";
import { warnOnce } from "../warn-once.ts";
import { createMemoStore } from "./memo-store.ts";
import type { Memo, MemoText, RecalledMemo } from "./memo.ts";
import type { MemoStore, MemoStoreOptions } from "./memo-store.ts";
import { readLesson, recalledText, teachingMessage, TEACHING_PROMPT } from "./teaching-prompt.ts";

/** What happens with memos. */
export type TeachabilityEvent =
  | { readonly type: "recalled"; readonly memos: readonly RecalledMemo[] }
  | { readonly type: "learned"; readonly memo: Memo }
  | { readonly type: "corrected"; readonly memo: Memo }
  | { readonly type: "forgotten"; readonly id: string }
  /** The model's reply was not as asked for; nothing was learned of the message. */
  | { readonly type: "not-understood"; readonly reply: string };

/** Options of {@link Teachability}. */
export interface TeachabilityOptions extends MemoStoreOptions {
  /** Memos that are recalled for a message at most. @default 10 */
  readonly maxNumRetrievals?: number | undefined;
  /**
   * Memos at this distance or further from a message are not recalled: 0 takes none, 2 unrelated ones too, see
   * `RecalledMemo.distance`.
   * @default 1.5
   */
  readonly recallThreshold?: number | undefined;
  /** Whether the user's memos are deleted first. @default false */
  readonly resetDb?: boolean | undefined;
  /** Decides what a message teaches, one call a message. Default: the model of the agent. */
  readonly model?: LanguageModel | undefined;
  /**
   * Whose messages teach; in a group the member that spoke is asked about. Default: agents without a model, which stand
   * for people.
   */
  readonly learnFrom?: ((sender: Agent | null) => boolean) | undefined;
  /** Is told what is recalled and learned. @default nobody */
  readonly onEvent?: ((event: TeachabilityEvent) => void) | undefined;
}

const KNOWN: Readonly<Record<keyof TeachabilityOptions, OptionKind>> = {
  store: "object",
  embedder: "object",
  user: "name",
  collection: "name",
  maxNumRetrievals: "whole",
  recallThreshold: ["a number from 0 to 4", (value) => typeof value === "number" && value >= 0 && value <= 4],
  resetDb: "flag",
  model: "object",
  learnFrom: "function",
  onEvent: "function",
};

const INSTEAD: Readonly<Record<string, string>> = {
  verbosity: "leave it out; onEvent tells what is recalled and learned",
  pathToDbDir: "give the opened store, such as await openEmbeddedStore({ file })",
  llmConfig: "give a model; without one the agent's own decides",
};

/**
 * Lets an agent learn from its conversations: facts, preferences and skills that a person tells it are kept as memos and
 * recalled, in later conversations too, behind the messages that they fit.
 */
export class Teachability {
  readonly #options: TeachabilityOptions;
  readonly #memos: MemoStore;
  #reset: Promise<unknown> | null = null;

  constructor(options: TeachabilityOptions) {
    checkOptions(options, { owner: "Teachability", known: KNOWN, instead: INSTEAD });
    this.#options = options;
    this.#memos = createMemoStore(options);
  }

  /** Recalls before every later reply of the agent, and learns from what it is told. */
  addToAgent(agent: ConversableAgent): void {
    checkAgent(agent, "The argument of addToAgent");
    if (!agent.hasModel && this.#options.model === undefined) {
      warnOnce(`${agent.name} has no model, so it learns nothing from messages: give it one, or Teachability a model.`);
    }
    agent.registerHook("processLastReceivedMessage", async (content, { messages, sender, conversation, signal }) => {
      if (endsWithTermination(content)) return content;
      const recalled = await this.recall(content, { signal });
      const state = stateOf(conversation, agent.name);
      // A turn that had to wait for a person begins anew; it must not teach the same twice.
      if (state["taughtUntil"] !== messages.length) {
        const speaker = speakerOf(sender, messages.at(-1)?.name);
        await this.#learn(content, { agent, sender: speaker, conversation, known: recalled, signal });
        state["taughtUntil"] = messages.length;
      }
      return recalled.length === 0 ? content : content + recalledText(recalled);
    });
  }

  /** The memos of the user, those changed last at the end. */
  async list(): Promise<readonly Memo[]> {
    return (await this.#ready()).list();
  }

  /** Keeps a memo without a conversation. */
  async remember(memo: MemoText): Promise<Memo> {
    return (await this.#ready()).add(memo);
  }

  /** Changes a memo; null when there is none with this id. */
  async correct(id: string, change: Partial<MemoText>): Promise<Memo | null> {
    return (await this.#ready()).correct(id, change);
  }

  /** Deletes a memo; false when there is none with this id. */
  async forget(id: string): Promise<boolean> {
    return (await this.#ready()).forget(id);
  }

  /** Deletes all memos of the user; resolves to their number. */
  async clear(): Promise<number> {
    return (await this.#ready()).clear();
  }

  /** The memos that fit a text, best first. */
  async recall(
    text: string,
    { signal }: { readonly signal?: AbortSignal | undefined } = {},
  ): Promise<readonly RecalledMemo[]> {
    const { maxNumRetrievals = 10, recallThreshold = 1.5, onEvent } = this.#options;
    const memos = await this.#ready();
    const recalled = await memos.recall(text, { limit: maxNumRetrievals, threshold: recallThreshold, signal });
    if (recalled.length > 0) onEvent?.({ type: "recalled", memos: recalled });
    return recalled;
  }

  async #ready(): Promise<MemoStore> {
    if (this.#options.resetDb !== true) return this.#memos;
    const reset = (this.#reset ??= this.#memos.clear());
    try {
      await reset;
    } catch (error) {
      // Whoever asks next tries again: a store that was busy may answer then.
      if (this.#reset === reset) this.#reset = null;
      throw error;
    }
    return this.#memos;
  }

  async #learn(content: string, { agent, sender, conversation, known, signal }: Lecture): Promise<void> {
    const { model: own, learnFrom = isPerson, onEvent } = this.#options;
    if (content.trim() === "" || !learnFrom(sender)) return;
    const model = own ?? (await agent.openModel());
    if (model === null) return;
    const request = lectureRequest({ content, known, signal });
    const calling = callModel(request, { model, agent: agent.name, purpose: "memory" });
    const { message, modelCall } = await runToEnd(calling);
    conversation.modelCalls.push(modelCall);
    agent.countModelCall(modelCall);
    const lesson = readLesson(message.content, known);
    if (lesson === null) {
      onEvent?.({ type: "not-understood", reply: message.content });
      return;
    }
    const isNew = ({ input, output }: MemoText): boolean =>
      !known.some((memo) => memo.input === input && memo.output === output);
    for (const text of lesson.add.filter(isNew)) {
      const memo = await this.#memos.add(text, { signal });
      onEvent?.({ type: "learned", memo });
    }
    for (const { id, output } of lesson.correct) {
      const memo = await this.#memos.correct(id, { output });
      if (memo !== null) onEvent?.({ type: "corrected", memo });
    }
    for (const id of lesson.forget) if (await this.#memos.forget(id)) onEvent?.({ type: "forgotten", id });
  }
}

interface Lecture {
  readonly agent: ConversableAgent;
  readonly sender: Agent | null;
  readonly conversation: Conversation;
  /** What was recalled for the message. */
  readonly known: readonly Memo[];
  readonly signal: AbortSignal | undefined;
}

type LectureText = Pick<Lecture, "known" | "signal"> & { readonly content: string };

/** Who said a message: in a group the manager only passes it on. */
function speakerOf(sender: Agent | null, name: string | undefined): Agent | null {
  if (!(sender instanceof GroupChatManager) || name === undefined) return sender;
  return sender.groupchat.agentByName(name) ?? sender;
}

/** An agent that makes its replies by a model would teach what it made up. */
function isPerson(sender: Agent | null): boolean {
  return !(sender instanceof ConversableAgent && sender.hasModel);
}

function lectureRequest({ content, known, signal }: LectureText): ModelRequest {
  return {
    messages: [
      { role: "system", content: TEACHING_PROMPT },
      { role: "user", content: teachingMessage(content, known) },
    ],
    temperature: 0,
    responseFormat: "json",
    signal,
  };
}
