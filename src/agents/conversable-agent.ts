import type { CodeExecutor } from "../code-execution/code-executor.ts";
import { extractCodeBlocks } from "../code-execution/extract-code-blocks.ts";
import { createRefusingExecutor } from "../code-execution/refusing-executor.ts";
import type { ChatMessage } from "../domain/message.ts";
import type { HumanInput } from "../human-input/human-input.ts";
import { createNoHumanInput } from "../human-input/no-human-input.ts";
import { toConfigList } from "../language-model/config-list.ts";
import type { LanguageModel } from "../language-model/language-model.ts";
import { openLanguageModel } from "../language-model/open-language-model.ts";
import type { Agent, AgentReply, ReplyEvent, ReplyRequest } from "./agent.ts";
import { toChatResult } from "./chat-result.ts";
import type { ChatResult } from "./chat-result.ts";
import { checkAgentOptions } from "./conversable-agent-options.ts";
import type { CodeExecutionConfig, ConversableAgentOptions, HumanInputMode } from "./conversable-agent-options.ts";
import { createConversation, messagesFor, stateOf } from "./conversation.ts";
import type { Conversation, ConversationMessage, ConversationOutcome } from "./conversation.ts";
import { runTwoAgentChat } from "./conversation/two-agent-chat.ts";
import type { ChatEvent } from "./conversation/two-agent-chat.ts";
import { foldContexts } from "./fold-contexts.ts";
import { applyHooks, createHookLists } from "./hooks.ts";
import type { AgentHooks, HookLists, HookName } from "./hooks.ts";
import { openChat, summarise } from "./initiate-chat.ts";
import type { InitiateChatOptions } from "./initiate-chat.ts";
import { checkTrigger, matchesTrigger, runReplyFunction } from "./reply-function.ts";
import type { ReplyContext, ReplyFunction, ReplyTrigger } from "./reply-function.ts";

interface RegisteredReply {
  readonly trigger: ReplyTrigger;
  readonly reply: ReplyFunction;
}

const DEFAULT_SYSTEM_MESSAGE = "You are a helpful AI assistant.";

/** An agent that can talk to another: by a model, by code, by asking a person, or by functions of your own. */
export class ConversableAgent implements Agent {
  readonly name: string;
  readonly description: string;
  readonly maxConsecutiveAutoReply: number;
  readonly humanInputMode: HumanInputMode;
  readonly silent: boolean;
  protected readonly options: ConversableAgentOptions;
  protected readonly humanInput: HumanInput;
  protected readonly codeExecution: CodeExecution | null;
  #systemMessage: string;
  #model: Promise<LanguageModel | null> | null = null;
  readonly #replies: RegisteredReply[] = [];
  readonly #hooks: HookLists = createHookLists();
  // Asked about messages as they came: what hooks add must not hide the word that ends a chat.
  readonly #check: ReplyFunction = (context) => this.checkTerminationAndHumanReply(context);
  readonly #conversations = new Map<string, Conversation>();
  #lastPartner: string | null = null;

  constructor(options: ConversableAgentOptions) {
    checkAgentOptions(options);
    this.options = options;
    this.name = options.name;
    this.#systemMessage = options.systemMessage ?? DEFAULT_SYSTEM_MESSAGE;
    this.description = options.description ?? this.#systemMessage;
    this.maxConsecutiveAutoReply = options.maxConsecutiveAutoReply ?? 100;
    this.humanInputMode = options.humanInputMode ?? "TERMINATE";
    this.silent = options.silent ?? false;
    this.humanInput = options.humanInput ?? createNoHumanInput();
    this.codeExecution = readCodeExecution(options.codeExecutionConfig);
    const { llmConfig } = options;
    // A list that is wrong is an error here and not in the middle of the first chat.
    if (options.model === undefined && llmConfig !== undefined && llmConfig !== false)
      toConfigList(llmConfig.configList);
    this.registerReply(ANYONE, (context) => this.modelReply(context));
    if (this.codeExecution !== null) this.registerReply(ANYONE, async (context) => this.codeReply(context));
    this.registerReply(ANYONE, this.#check);
  }

  get systemMessage(): string {
    return this.#systemMessage;
  }

  /** Replaces the system message for all later replies. */
  updateSystemMessage(systemMessage: string): void {
    this.#systemMessage = systemMessage;
  }

  /** The messages of the latest conversation with each partner, as this agent sees them: its own are `assistant`. */
  get chatMessages(): ReadonlyMap<string, readonly ChatMessage[]> {
    return new Map(
      [...this.#conversations].map(([partner, { messages }]) => [partner, messagesFor(this.name, messages)]),
    );
  }

  /** The last message of the conversation with an agent, or of the latest one; null when there is none yet. */
  lastMessage(partner?: Agent | string): ChatMessage | null {
    const name = typeof partner === "object" ? partner.name : (partner ?? this.#lastPartner);
    const conversation = name === null ? undefined : this.#conversations.get(name);
    if (conversation === undefined && partner !== undefined) {
      throw new TypeError(`${this.name} has no conversation with "${String(name)}".`);
    }
    return messagesFor(this.name, conversation?.messages.slice(-1) ?? [])[0] ?? null;
  }

  /** Forgets the conversation with one agent, or all of them. Chats that are still running are not disturbed. */
  clearHistory(partner?: Agent | string): void {
    if (partner === undefined) this.#conversations.clear();
    else this.#conversations.delete(typeof partner === "string" ? partner : partner.name);
  }

  /** Forgets all conversations with everything that was counted in them. */
  reset(): void {
    this.clearHistory();
    this.#lastPartner = null;
  }

  /**
   * Adds a reply function. The functions are asked in order until one has a reply; position 0 is asked first, before the
   * built-in check for termination and human replies.
   */
  registerReply(
    trigger: ReplyTrigger,
    reply: ReplyFunction,
    { position = 0 }: { readonly position?: number } = {},
  ): void {
    checkTrigger(trigger);
    if (!Number.isInteger(position) || position < 0) {
      throw new TypeError(`position must be a whole number from 0, not ${String(position)}.`);
    }
    this.#replies.splice(position, 0, { trigger, reply });
  }

  /**
   * Puts a function in between, behind those that are there already; see {@link AgentHooks}. They run once a reply, before
   * the first reply function but the built-in check for termination and human replies, which sees messages as they came.
   */
  registerHook<Name extends HookName>(name: Name, hook: AgentHooks[Name]): void {
    if (!Object.hasOwn(this.#hooks, name)) {
      throw new TypeError(
        `There is no hook ${JSON.stringify(name)}; there are ${Object.keys(this.#hooks).join(", ")}.`,
      );
    }
    if (this.#hooks[name].includes(hook)) throw new TypeError(`This hook ${name} is registered already.`);
    this.#hooks[name].push(hook);
  }

  /** The reply to messages, outside of a running chat or within one; null when the agent ends the conversation. */
  async generateReply({
    messages,
    sender = null,
    signal,
  }: {
    readonly messages: readonly ChatMessage[];
    readonly sender?: Agent | null;
    readonly signal?: AbortSignal;
  }): Promise<ChatMessage | null> {
    const partner = sender?.name ?? "";
    const conversation = this.#conversations.get(partner) ?? createConversation([this.name, partner]);
    const replies = this.streamReply({ messages, sender, conversation, signal });
    for (;;) {
      const next = await replies.next();
      if (next.done === true) return next.value.type === "message" ? next.value.message : null;
    }
  }

  async *streamReply(request: ReplyRequest): AsyncGenerator<ReplyEvent, AgentReply> {
    const received: ReplyContext = { ...request, recipient: this };
    let hooked: ReplyContext | null = null;
    for (const { trigger, reply } of this.#replies) {
      if (!matchesTrigger(trigger, request.sender)) continue;
      if (reply !== this.#check) hooked ??= { ...received, messages: await applyHooks(this.#hooks, received) };
      const result = yield* runReplyFunction(reply, hooked === null || reply === this.#check ? received : hooked);
      if (result !== null) return result;
    }
    const { defaultAutoReply } = this.options;
    if (defaultAutoReply === undefined) {
      return ended("completed", "no-reply", `${this.name} has nothing to add.`);
    }
    return { type: "message", message: { role: "assistant", content: defaultAutoReply } };
  }

  /** Opens a chat with another agent and resolves when it has ended. */
  async initiateChat(recipient: Agent, options: InitiateChatOptions = {}): Promise<ChatResult> {
    const events = this.streamChat(recipient, options);
    for (;;) {
      const next = await events.next();
      if (next.done === true) return next.value;
    }
  }

  /** Opens a chat with another agent and yields what happens in it. */
  async *streamChat(recipient: Agent, options: InitiateChatOptions = {}): AsyncGenerator<ChatEvent, ChatResult> {
    const kept = options.clearHistory === false ? this.#conversations.get(recipient.name) : undefined;
    const conversation = kept ?? createConversation([this.name, recipient.name]);
    this.remember(recipient.name, conversation);
    if (recipient instanceof ConversableAgent) recipient.remember(this.name, conversation);
    const opening = yield* openChat({ sender: this, recipient, conversation, options, humanInput: this.humanInput });
    let outcome: ConversationOutcome;
    if (opening.outcome === null) {
      outcome = yield* runTwoAgentChat({
        initiator: this,
        recipient,
        conversation,
        message: opening.message,
        maxTurns: options.maxTurns,
        signal: options.signal,
      });
    } else {
      outcome = opening.outcome;
      const message: ConversationMessage = { ...opening.message, role: "user", name: this.name };
      conversation.messages.push(message);
      conversation.outcome = outcome;
      yield { type: "message", sender: this.name, message };
    }
    const summary = await summarise(options, {
      conversation,
      sender: this,
      recipient,
      fallback: this.summaryOf(conversation),
    });
    return { ...toChatResult(conversation, { owner: this.name, summary, outcome }), ...this.resultOf(conversation) };
  }

  /** What `result.summary` says when no `summaryMethod` is given: the last message without `TERMINATE`. */
  protected summaryOf(conversation: Conversation): string {
    return (conversation.messages.at(-1)?.content ?? "").replaceAll("TERMINATE", "").trim();
  }

  /** What subclasses add to a chat's result. */
  protected resultOf(_conversation: Conversation): Partial<ChatResult> {
    return {};
  }

  /** Whether a received message ends the chat. */
  protected isTermination(message: ChatMessage): boolean {
    if (this.options.isTerminationMsg !== undefined) return this.options.isTerminationMsg(message);
    return /(?:^|\s)TERMINATE\.?$/.test(message.content.trim());
  }

  /** Opens the agent's model on first use; null for an agent without one. */
  protected async openModel(): Promise<LanguageModel | null> {
    const { model, llmConfig } = this.options;
    if (model !== undefined) return model;
    if (llmConfig === undefined || llmConfig === false) return null;
    this.#model ??= openLanguageModel(toConfigList(llmConfig.configList).entries, { timeout: llmConfig.timeout });
    return this.#model;
  }

  /** Tokens that the agent's model reads; null without a model, or where it is unknown. */
  async contextWindow(): Promise<number | null> {
    return (await this.openModel())?.contextWindow ?? null;
  }

  /** Whether a language model makes the agent's replies. */
  get hasModel(): boolean {
    const { model, llmConfig } = this.options;
    return model !== undefined || (llmConfig !== undefined && llmConfig !== false);
  }

  /** Passes a person's reply on; subclasses may replace it. */
  // oxlint-disable-next-line require-yield -- subclasses yield
  protected async *humanReply(content: string, _context: ReplyContext): AsyncGenerator<ReplyEvent, AgentReply> {
    return { type: "message", message: { role: "assistant", content } };
  }

  private remember(partner: string, conversation: Conversation): void {
    this.#conversations.set(partner, conversation);
    this.#lastPartner = partner;
  }

  /**
   * Ends the chat, passes a person's reply on, or lets the next function reply. A person is asked once a turn at most.
   */
  private async *checkTerminationAndHumanReply(context: ReplyContext): AsyncGenerator<ReplyEvent, AgentReply | null> {
    const { messages, sender, conversation } = context;
    const message = messages.at(-1) ?? { role: "user", content: "" };
    const counters = this.#counters(conversation);
    const partner = sender?.name ?? "";
    const limitReached = (counters[partner] ?? 0) >= this.maxConsecutiveAutoReply;
    const terminating = this.isTermination(message);
    const asks =
      this.humanInputMode === "ALWAYS" || (this.humanInputMode === "TERMINATE" && (limitReached || terminating));

    let reply = "";
    if (asks) {
      const prompt = promptOf(context);
      yield { type: "human-asked", prompt };
      reply = await this.#ask(prompt, context);
      if (reply === "" && terminating) reply = "exit";
    } else if (this.humanInputMode === "NEVER" && (limitReached || terminating)) {
      counters[partner] = 0;
      if (terminating)
        return ended("completed", "termination-message", `${this.name} took the last message as the end.`);
      const limit = `${String(this.maxConsecutiveAutoReply)} automatic replies`;
      return ended("stopped", "max-consecutive-auto-reply", `${this.name} met its limit of ${limit} in a row.`);
    }
    if (reply === "exit") {
      counters[partner] = 0;
      return ended("completed", "human-exit", `The person at ${this.name} ended the chat.`);
    }
    // Only a limit of 0 sends an empty human reply on: there is no automatic one to take its place.
    if (reply !== "" || (asks && this.maxConsecutiveAutoReply === 0)) {
      counters[partner] = 0;
      return yield* this.humanReply(reply, context);
    }
    counters[partner] = (counters[partner] ?? 0) + 1;
    return null;
  }

  async #ask(prompt: string, { conversation, signal }: ReplyContext): Promise<string> {
    const reply = await this.humanInput.ask(prompt, { signal });
    if (reply !== "") conversation.humanInput.push(reply);
    return reply;
  }

  /** Automatic replies in a row, by partner. */
  #counters(conversation: Conversation): Record<string, number> {
    const state = stateOf(conversation, this.name);
    const counters = isCounters(state["autoReplies"]) ? state["autoReplies"] : {};
    state["autoReplies"] = counters;
    return counters;
  }

  private async codeReply({ messages, signal }: ReplyContext): Promise<ChatMessage | null> {
    if (this.codeExecution === null) return null;
    const { executor, lastNMessages, timeoutSeconds } = this.codeExecution;
    const spoken = messages.findLastIndex(({ role }) => role === "assistant");
    const recent = lastNMessages === "auto" ? messages.slice(spoken + 1) : messages.slice(-lastNMessages);
    const withCode = recent.findLast((message) => extractCodeBlocks(message.content).length > 0);
    if (withCode === undefined) return null;
    const { exitCode, output } = await executor.execute(extractCodeBlocks(withCode.content), {
      ...(timeoutSeconds === undefined ? {} : { timeoutSeconds }),
      signal,
    });
    const state = exitCode === 0 ? "execution succeeded" : "execution failed";
    return { role: "assistant", content: `exitcode: ${String(exitCode)} (${state})\nCode output: ${output}` };
  }

  private async *modelReply({ messages, signal }: ReplyContext): AsyncGenerator<ReplyEvent, AgentReply | null> {
    const model = await this.openModel();
    if (model === null) return null;
    const { llmConfig } = this.options;
    const { temperature, maxTokens } = llmConfig === undefined || llmConfig === false ? {} : llmConfig;
    const system: ChatMessage[] = this.#systemMessage === "" ? [] : [{ role: "system", content: this.#systemMessage }];
    const deltas = model.stream({
      messages: [...system, ...foldContexts(messages)],
      temperature,
      maxTokens,
      signal,
    });
    const start = performance.now();
    const reply = yield* asDeltas(deltas);
    const milliseconds = performance.now() - start;
    const { content, usage, costUsd, finishReason, toolCalls } = reply;
    const message: ChatMessage = {
      role: "assistant",
      content,
      usage,
      model: reply.model,
      ...(toolCalls.length === 0 ? {} : { toolCalls }),
      // A reply that was cut off may lack what matters most.
      ...(finishReason === "length" || finishReason === "content_filter" ? { standing: "partial" as const } : {}),
    };
    const modelCall = { agent: this.name, model: reply.model, usage, costUsd };
    yield { type: "model-call", call: modelCall, milliseconds };
    return { type: "message", message, modelCall };
  }
}

const ANYONE: ReplyTrigger = () => true;

function promptOf({ recipient, sender }: ReplyContext): string {
  return (
    `Reply as ${recipient.name}${sender === null ? "" : ` to ${sender.name}`}. ` +
    `Press Enter for the automatic reply, or type "exit" to end the conversation: `
  );
}

/** The end of a conversation as a reply. */
export function ended(
  status: ConversationOutcome["status"],
  reason: ConversationOutcome["reason"],
  detail: string,
): AgentReply {
  return { type: "end", outcome: { status, reason, detail } };
}

async function* asDeltas<Result>(texts: AsyncGenerator<string, Result>): AsyncGenerator<ReplyEvent, Result> {
  let done = false;
  try {
    for (;;) {
      const next = await texts.next();
      if (next.done === true) {
        done = true;
        return next.value;
      }
      yield { type: "delta", text: next.value };
    }
  } catch (error) {
    done = true;
    throw error;
  } finally {
    if (!done) await closeEarly(texts);
  }
}

async function closeEarly(texts: AsyncGenerator<unknown, unknown>): Promise<void> {
  await texts.return(undefined);
}

function isCounters(value: unknown): value is Record<string, number> {
  return typeof value === "object" && value !== null;
}

/** How an agent runs code. */
interface CodeExecution extends CodeExecutionConfig {
  readonly executor: CodeExecutor;
  readonly lastNMessages: number | "auto";
}

function readCodeExecution(config: ConversableAgentOptions["codeExecutionConfig"]): CodeExecution | null {
  if (config === undefined || config === false) return null;
  const {
    executor,
    lastNMessages = "auto",
    timeoutSeconds,
  }: CodeExecutionConfig = "execute" in config ? { executor: config } : config;
  if (lastNMessages !== "auto" && !(Number.isInteger(lastNMessages) && lastNMessages >= 1)) {
    throw new TypeError(`codeExecutionConfig.lastNMessages must be "auto" or from 1, not ${String(lastNMessages)}.`);
  }
  return {
    executor: executor ?? createRefusingExecutor(),
    lastNMessages,
    ...(timeoutSeconds === undefined ? {} : { timeoutSeconds }),
  };
}
