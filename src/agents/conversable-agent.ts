import type { ChatMessage } from "../domain/message.ts";
import { runToEnd } from "../domain/run-to-end.ts";
import type { Agent } from "./agent.ts";
import { toChatResult } from "./chat-result.ts";
import { checkAgent } from "./check-agent.ts";
import { checkChatOptions } from "./check-chat-options.ts";
import type { ChatResult } from "./chat-result.ts";
import type { ConversableAgentOptions } from "./conversable-agent-options.ts";
import { createConversation, messagesFor } from "./conversation.ts";
import type { Conversation } from "./conversation.ts";
import { createDialogues } from "./dialogues.ts";
import type { Dialogues } from "./dialogues.ts";
import { askThrough } from "./human-turn.ts";
import { checkNestedChats, replyWithNestedChats } from "./conversation/nested-chats.ts";
import type { NestedChat } from "./conversation/nested-chats.ts";
import { initiateChats } from "./conversation/sequential-chats.ts";
import { checkConversation } from "./conversation/resume-chat.ts";
import type { SeriesChat } from "./conversation/sequential-chats.ts";
import type { ChatEvent } from "./conversation/two-agent-chat.ts";
import type { InitiateChatOptions, MessageInput } from "./initiate-chat.ts";
import { toMessage } from "./initiate-chat.ts";
import { outgoingMessage } from "./outgoing-message.ts";
import { restartAutoReplies } from "./replies/human-reply.ts";
import type { ReplyContext, ReplyFunction, ReplyTrigger } from "./reply-function.ts";
import { runChat } from "./run-chat.ts";
import { checkSummary } from "./summarise-chat.ts";
import { withoutTerminationWord } from "./termination-word.ts";
import { ToolUsingAgent } from "./tool-using-agent.ts";

/** An agent that can talk to another: by a model, by tools and code, by asking a person, or by functions of your own. */
export class ConversableAgent extends ToolUsingAgent {
  /** Its conversations: for whoever runs them. */
  readonly dialogues: Dialogues;
  #nested = 0;

  constructor(options: ConversableAgentOptions) {
    super(options);
    this.dialogues = createDialogues(options.name, options.chatMessages);
  }

  /** The messages of the latest conversation with each partner, as this agent sees them: its own are `assistant`. */
  override get chatMessages(): ReadonlyMap<string, readonly ChatMessage[]> {
    return new Map(this.dialogues.all().map(([partner, { messages }]) => [partner, messagesFor(this.name, messages)]));
  }

  /**
   * The last message of the conversation with an agent, or of the latest one; null before the first. Throws a `TypeError` for
   * an agent with whom there is no conversation.
   */
  override lastMessage(partner?: Agent | string): ChatMessage | null {
    const name = nameOf(partner);
    const conversation = this.dialogues.latest(name);
    if (conversation === null && name !== undefined) {
      throw new TypeError(`${this.name} has no conversation with "${name}".`);
    }
    return messagesFor(this.name, conversation?.messages.slice(-1) ?? [])[0] ?? null;
  }

  /** Forgets the conversation with one agent, or all of them. Chats that are still running are not disturbed. */
  clearHistory(partner?: Agent | string): void {
    this.dialogues.forget(nameOf(partner));
  }

  /** Forgets all conversations with everything that was counted in them. */
  reset(): void {
    this.clearHistory();
    this.forgetNotes();
    this.dialogues.replyToAll();
  }

  /** Makes the agent leave an agent's messages, or everybody's, without a reply, until the next chat with it begins. */
  stopReplyAtReceive(partner?: Agent | string): void {
    this.dialogues.stopReplying(nameOf(partner));
  }

  repliesTo(sender: Agent): boolean {
    return this.dialogues.replying(sender.name) !== false;
  }

  /** Replies by chats with other agents: the last one's summary is the reply. */
  registerNestedChats(
    chats: readonly NestedChat[],
    options: {
      /** Whose messages are answered so; null is refused, since a nested chat needs an outer one. */
      readonly trigger: ReplyTrigger;
      /** @default 1, behind the check for termination and human replies */
      readonly position?: number | undefined;
      /** Makes the reply from the chats, in place of the last summary. */
      readonly replyFuncFromNestedChats?: (
        chats: readonly NestedChat[],
        context: ReplyContext,
      ) => ReturnType<ReplyFunction>;
    },
  ): void {
    checkNestedChats(chats, options);
    const { trigger, position = 1, replyFuncFromNestedChats } = options;
    if (chats.length === 0) throw new TypeError("registerNestedChats needs one chat or more; the list is empty.");
    const key = `nested:${String(this.#nested)}`;
    this.#nested += 1;
    this.registerReply(
      trigger,
      (context) =>
        replyFuncFromNestedChats?.(chats, context) ?? replyWithNestedChats(context, { chats, opener: this, key }),
      { position },
    );
  }

  /**
   * The reply to messages, outside of a running chat or within one; null when the agent ends the conversation. Without
   * messages it is the latest conversation with the sender that is replied to.
   */
  async generateReply({
    messages,
    sender = null,
    exclude = [],
    signal,
  }: {
    readonly messages?: readonly ChatMessage[] | undefined;
    readonly sender?: Agent | null | undefined;
    /** Reply functions that are not asked. */
    readonly exclude?: readonly ReplyFunction[] | undefined;
    readonly signal?: AbortSignal | undefined;
  } = {}): Promise<ChatMessage | null> {
    if (messages === undefined && sender === null) {
      throw new TypeError("generateReply needs messages, or a sender whose messages are replied to.");
    }
    const partner = sender?.name ?? "";
    const conversation = this.dialogues.latest(partner) ?? createConversation([this.name, partner]);
    const said = messages ?? messagesFor(this.name, conversation.messages);
    const reply = await runToEnd(this.replyTo({ messages: said, sender, conversation, signal }, exclude));
    return reply.type === "message" ? reply.message : null;
  }

  /**
   * Adds a message to the conversation with an agent. The agent replies where a chat was opened between the two before, or
   * `requestReply` says so. The chat goes on where this agent replies to the other one: not where no chat was opened, or
   * behind `stopReplyAtReceive`.
   */
  async send(
    message: MessageInput,
    recipient: Agent,
    { requestReply, ...limits }: InitiateChatOptions & { readonly requestReply?: boolean | undefined } = {},
  ): Promise<ChatResult | null> {
    checkAgent(recipient, "The recipient of a message");
    const known = this.dialogues.latest(recipient.name);
    const conversation = known ?? createConversation([this.name, recipient.name]);
    const first = toMessage(message);
    if (requestReply ?? (recipient instanceof ConversableAgent && recipient.dialogues.replying(this.name) === true)) {
      return this.#sendForReply(recipient, { ...limits, message: first, conversation });
    }
    const role = conversation.participants[0] === this.name ? "user" : "assistant";
    conversation.messages.push(await outgoingMessage(first, { sender: this, role, recipient, conversation }));
    this.dialogues.keep(recipient.name, conversation);
    if (recipient instanceof ConversableAgent) recipient.dialogues.keep(this.name, conversation);
    return null;
  }

  /** A chat that goes on only where this agent replies to the other; elsewhere it ends with the other's reply. */
  async #sendForReply(
    recipient: Agent,
    options: InitiateChatOptions & { conversation: Conversation },
  ): Promise<ChatResult> {
    checkChatOptions(options);
    if (this.dialogues.replying(recipient.name) !== true) this.dialogues.stopReplying(recipient.name);
    return runToEnd(this.#chat(recipient, { options, conversation: options.conversation, begins: false }));
  }

  /** Takes a message as if `sender` had sent it. */
  async receive(
    message: MessageInput,
    sender: ConversableAgent,
    options: InitiateChatOptions & { readonly requestReply?: boolean | undefined } = {},
  ): Promise<ChatResult | null> {
    return sender.send(message, this, options);
  }

  /**
   * Opens a chat with another agent and resolves when it has ended. Throws a `TypeError` where it would go on with a
   * conversation whose chat still runs.
   */
  async initiateChat(recipient: Agent, options: InitiateChatOptions = {}): Promise<ChatResult> {
    return runToEnd(this.streamChat(recipient, options));
  }

  /** Opens a chat with another agent and yields what happens in it. */
  async *streamChat(recipient: Agent, options: InitiateChatOptions = {}): AsyncGenerator<ChatEvent, ChatResult> {
    checkAgent(recipient, "The recipient of a chat");
    checkChatOptions(options);
    const kept = options.clearHistory === false ? this.#earlierWith(recipient) : null;
    const conversation = options.conversation ?? kept ?? createConversation([this.name, recipient.name]);
    return yield* this.#chatAlone(recipient, { options, conversation });
  }

  /** Opens chats one after the other, or as the graph of their prerequisites; see {@link SeriesChat}. */
  async initiateChats(chats: readonly SeriesChat[]): Promise<readonly ChatResult[]> {
    return initiateChats(
      Array.isArray(chats) ? chats.map((chat) => ({ ...chat, sender: chat?.sender ?? this })) : chats,
    );
  }

  /**
   * Goes on with a chat that this agent opened, was put aside or stored; `reply` is what an outstanding person says. The chat
   * keeps the limits that it began with, but for those given here.
   */
  async resumeChat(
    recipient: Agent,
    {
      reply,
      conversation,
      ...options
    }: InitiateChatOptions & { readonly conversation: Conversation; readonly reply?: string | undefined },
  ): Promise<ChatResult> {
    checkAgent(recipient, "The recipient of a chat");
    checkChatOptions(options);
    checkConversation(conversation);
    if (conversation.progress !== null && (options.message !== undefined || options.problem !== undefined)) {
      throw new TypeError(
        "resumeChat goes on where the chat was: leave message out, or say it by initiateChat with this conversation.",
      );
    }
    return runToEnd(this.#chatAlone(recipient, { options, conversation, resume: { reply } }));
  }

  /** A chat whose conversation is in no other one at the same time: their turns and messages would get mixed up. */
  async *#chatAlone(recipient: Agent, parts: ChatParts): AsyncGenerator<ChatEvent, ChatResult> {
    const { conversation } = parts;
    if (RUNNING.has(conversation)) {
      throw new TypeError(
        `The conversation of ${conversation.participants.join(" and ")} is in a chat that has not ended: wait for its end, or leave conversation and clearHistory out to begin a new one.`,
      );
    }
    RUNNING.add(conversation);
    try {
      return yield* this.#chat(recipient, parts);
    } finally {
      RUNNING.delete(conversation);
    }
  }

  async *#chat(recipient: Agent, { begins = true, ...parts }: ChatParts): AsyncGenerator<ChatEvent, ChatResult> {
    const { conversation } = parts;
    checkSummary(parts.options, { sender: this, recipient });
    // A chat that goes on with earlier messages has its whole number of automatic replies.
    if (begins && parts.resume === undefined) restartAutoReplies(conversation);
    if (begins) this.dialogues.begin(recipient.name, conversation);
    else this.dialogues.keep(recipient.name, conversation);
    if (recipient instanceof ConversableAgent) {
      // One that was told to stop and is asked for a reply all the same gives it.
      const opens = begins || recipient.dialogues.replying(this.name) === false;
      recipient.dialogues[opens ? "begin" : "keep"](this.name, conversation);
    }
    const { outcome, summary, warnings } = yield* runChat({
      ...parts,
      sender: this,
      recipient,
      ask: (prompt, signal) => askThrough(this, prompt, { conversation, signal }),
      summaryOf: () => this.summaryOf(conversation),
    });
    const result = toChatResult(conversation, { owner: this.name, summary, outcome, warnings });
    return { ...result, ...this.resultOf(conversation) };
  }

  /** What was said before: as this agent knows it, or else as the partner was given it. */
  #earlierWith(partner: Agent): Conversation | null {
    const own = this.dialogues.latest(partner.name);
    if (own !== null || !(partner instanceof ConversableAgent)) return own;
    return partner.dialogues.latest(this.name);
  }

  /** What `result.summary` says when no `summaryMethod` is given: the last message without `TERMINATE`. */
  protected summaryOf(conversation: Conversation): string {
    return withoutTerminationWord(conversation.messages.at(-1)?.content ?? "");
  }

  /** What subclasses add to a chat's result. */
  protected resultOf(_conversation: Conversation): Partial<ChatResult> {
    return {};
  }
}

/** The conversations of all chats that run now. */
const RUNNING = new WeakSet<Conversation>();

interface ChatParts {
  readonly options: InitiateChatOptions;
  readonly conversation: Conversation;
  readonly resume?: { readonly reply?: string | undefined };
  /** Whether the agent that opens the chat replies in it, whatever it was told before. @default true */
  readonly begins?: boolean;
}

function nameOf(partner: Agent | string | undefined): string | undefined {
  return typeof partner === "object" ? partner.name : partner;
}
