import { checkOptions } from "../domain/check-options.ts";
import type { OptionKind } from "../domain/check-options.ts";
import type { ChatMessage } from "../domain/message.ts";
import type { AgentReply, ReplyEvent } from "./agent.ts";
import { ConversableAgent } from "./conversable-agent.ts";
import { AGENT_OPTIONS, withDefaults } from "./conversable-agent-options.ts";
import type { ConversableAgentOptions } from "./conversable-agent-options.ts";
import { createConversation, messagesFor, stateOf } from "./conversation.ts";
import type { Conversation } from "./conversation.ts";
import { innerEvents, takeOver } from "./conversation/inner-chat.ts";
import { resumeChat } from "./conversation/resume-chat.ts";
import { runTwoAgentChat } from "./conversation/two-agent-chat.ts";
import { WaitingForHuman } from "./human-turn.ts";
import { GroupChatManager } from "./group/group-chat-manager.ts";
import { toModelMessages } from "./replies/model-messages.ts";
import { callModel } from "./replies/model-reply.ts";
import type { ReplyContext } from "./reply-function.ts";

/** Makes the reply from what the inner team said. */
export type ResponsePreparer = (
  agent: SocietyOfMindAgent,
  messages: readonly ChatMessage[],
) => string | Promise<string>;

/** Options of {@link SocietyOfMindAgent}. */
export interface SocietyOfMindAgentOptions extends ConversableAgentOptions {
  /** Leads the group that discusses each message. */
  readonly chatManager: GroupChatManager;
  /**
   * Makes the reply: a function, or a prompt for the agent's model. Default: the model writes a reply that stands alone;
   * without a model it is the team's last message without `TERMINATE`.
   */
  readonly responsePreparer?: ResponsePreparer | string | undefined;
}

const KNOWN: Readonly<Record<keyof SocietyOfMindAgentOptions, OptionKind>> = {
  ...AGENT_OPTIONS,
  chatManager: ["a GroupChatManager, which leads the team of the agent", (value) => value instanceof GroupChatManager],
  responsePreparer: ["a function or a prompt", (value) => typeof value === "function" || typeof value === "string"],
};

const PREPARE =
  "Above is what your team discussed. Write the reply to the last message that came from outside, so that it can be read alone. Do not mention the team or the discussion.";

/** One agent to the outside, a whole group inside: every message that it gets is discussed by the group first. */
export class SocietyOfMindAgent extends ConversableAgent {
  readonly chatManager: GroupChatManager;
  readonly #prepare: ResponsePreparer | string | undefined;

  constructor(allOptions: SocietyOfMindAgentOptions) {
    checkOptions(allOptions, { owner: new.target.name, known: KNOWN });
    const { chatManager, responsePreparer, ...options } = allOptions;
    super(withDefaults(options, { maxConsecutiveAutoReply: Number.MAX_SAFE_INTEGER, humanInputMode: "NEVER" }));
    if (chatManager === undefined) throw new TypeError("SocietyOfMindAgent needs the GroupChatManager of its team.");
    this.chatManager = chatManager;
    this.#prepare = responsePreparer;
    this.registerReply(
      () => true,
      (context) => this.#discuss(context),
      { position: 1 },
    );
  }

  async *#discuss(context: ReplyContext): AsyncGenerator<ReplyEvent, AgentReply> {
    const { signal, conversation: outer } = context;
    const states = stateOf(outer, this.name);
    const kept = states["discussion"];
    const waiting = isDiscussion(kept) ? kept : null;
    const { inner, before, relayed: earlier = [] } = waiting ?? this.#begin(context);
    const reply = waiting === null ? undefined : outer.answers.at(-1)?.reply;
    const relayed = reply === undefined ? earlier : [...earlier, reply];
    const chat =
      waiting === null
        ? runTwoAgentChat({
            initiator: this,
            recipient: this.chatManager,
            conversation: inner,
            message: { role: "user", content: context.messages.at(-1)?.content ?? "" },
            signal,
          })
        : resumeChat(inner, { agents: [this, this.chatManager], signal, reply });
    delete states["discussion"];
    this.dialogues.keep(this.chatManager.name, inner);
    this.chatManager.dialogues.keep(this.name, inner);
    const outcome = yield* innerEvents(chat);
    if (outcome.reason === "waiting-for-human") {
      states["discussion"] = { inner, before, relayed } satisfies Discussion;
      throw new WaitingForHuman(inner.pending ?? { agent: this.name, prompt: outcome.detail });
    }
    takeOver(inner, { outer, relayed });
    return yield* this.#respond(inner, { context, said: inner.messages.slice(before) });
  }

  #begin({ messages }: ReplyContext): Discussion {
    const inner = createConversation([this.name, this.chatManager.name]);
    // The team reads what was said outside before; what this agent said there is its own.
    for (const { toolCalls: _calls, toolResponses: _responses, ...message } of messages.slice(0, -1)) {
      inner.messages.push({ ...message, role: "user", name: message.role === "assistant" ? this.name : "outside" });
    }
    return { inner, before: inner.messages.length };
  }

  async *#respond(
    inner: Conversation,
    { context, said }: { context: ReplyContext; said: Conversation["messages"] },
  ): AsyncGenerator<ReplyEvent, AgentReply> {
    if (typeof this.#prepare === "function") {
      const content = await this.#prepare(this, messagesFor(this.name, said));
      return { type: "message", message: { role: "assistant", content } };
    }
    const model = await this.openModel();
    if (model === null) return { type: "message", message: { role: "assistant", content: this.summaryOf(inner) } };
    const { signal } = context;
    const messages = [
      ...toModelMessages(messagesFor("", inner.messages)),
      { role: "system" as const, content: this.#prepare ?? PREPARE },
    ];
    const { message, modelCall } = yield* callModel(
      { messages, signal },
      { model, agent: this.name, purpose: "reply" },
    );
    this.countModelCall(modelCall);
    return { type: "message", message, modelCall };
  }
}

/** A discussion within a reply; kept in the outer conversation while it waits for a person. */
interface Discussion {
  readonly inner: Conversation;
  /** Messages in front of the discussion. */
  readonly before: number;
  /** What people said to the outer conversation while it waited; older versions did not keep it. */
  readonly relayed?: readonly string[];
}

function isDiscussion(value: unknown): value is Discussion {
  return typeof value === "object" && value !== null && "inner" in value && "before" in value;
}
