import type { ChatMessage } from "../domain/message.ts";
import { runToEnd } from "../domain/run-to-end.ts";
import { checkValue } from "../domain/check-options.ts";
import type { HumanInput } from "../human-input/human-input.ts";
import { createNoHumanInput } from "../human-input/no-human-input.ts";
import { settingsOf, toConfigList } from "../language-model/config-list.ts";
import type { LanguageModel } from "../language-model/language-model.ts";
import { ended } from "./agent.ts";
import type { Agent, AgentReply, AgentWithHistory, ReplyEvent, ReplyRequest, SendContext } from "./agent.ts";
import { openAgentModel } from "./agent-model.ts";
import { createAgentTools } from "./agent-tools.ts";
import type { AgentTools } from "./agent-tools.ts";
import type { ChatCost } from "./chat-result.ts";
import { checkAgentOption, checkAgentOptions } from "./conversable-agent-options.ts";
import type { ConversableAgentOptions, HumanInputMode, LlmConfig } from "./conversable-agent-options.ts";
import type { Conversation, ModelCallRecord } from "./conversation.ts";
import { createHooks } from "./hooks.ts";
import type { HookFunctions, HookPoint } from "./hooks.ts";
import { askPerson, askThrough } from "./human-turn.ts";
import { replyWithCode } from "./replies/code-reply.ts";
import type { CodeExecution } from "./replies/code-reply.ts";
import { takeHumanTurn, toHumanMessage } from "./replies/human-reply.ts";
import { toModelMessages } from "./replies/model-messages.ts";
import { callModel } from "./replies/model-reply.ts";
import { replyWithTools } from "./replies/tool-reply.ts";
import { readCodeExecution } from "./read-code-execution.ts";
import { matchesTrigger, runReplyFunction, toRegisteredReply } from "./reply-function.ts";
import type {
  RegisteredReply,
  RegisterReplyOptions,
  ReplyContext,
  ReplyFunction,
  ReplyTrigger,
} from "./reply-function.ts";
import { endsWithTermination } from "./termination-word.ts";
import { createUsageCounter, describeUsage } from "./usage-summary.ts";
import type { UsageMode } from "./usage-summary.ts";
import { warnOnce } from "./warn-once.ts";

/** A reply that a model made. */
type ModelAnswer = Required<Extract<AgentReply, { type: "message" }>>;

const DEFAULT_SYSTEM_MESSAGE = "You are a helpful AI assistant.";
const ANYONE: ReplyTrigger = () => true;

/** What every agent can do on its own: reply by a model, tools, code, a person or functions, and count what that took. */
export abstract class ReplyingAgent implements AgentWithHistory {
  readonly name: string;
  /** What the agent is for, as those read it who choose the next speaker. */
  description: string;
  readonly silent: boolean;
  protected readonly options: ConversableAgentOptions;
  protected readonly humanInput: HumanInput;
  protected readonly tools: AgentTools;
  protected readonly codeExecution: CodeExecution | null;
  #systemMessage: string;
  #maxConsecutiveAutoReply: number;
  #humanInputMode: HumanInputMode;
  #model: Promise<LanguageModel | null> | null = null;
  readonly #replies: RegisteredReply[] = [];
  readonly #hooks = createHooks();
  readonly #usage = createUsageCounter();
  // Asked about messages as they came: what hooks add must not hide the word that ends a chat.
  readonly #check: ReplyFunction = (context) => this.#checkTerminationAndHumanReply(context);

  constructor(options: ConversableAgentOptions) {
    checkAgentOptions(options, this.constructor.name);
    this.options = options;
    this.name = options.name;
    this.#systemMessage = options.systemMessage ?? DEFAULT_SYSTEM_MESSAGE;
    this.description = options.description ?? this.#systemMessage;
    this.#maxConsecutiveAutoReply = options.maxConsecutiveAutoReply ?? 100;
    this.#humanInputMode = options.humanInputMode ?? "TERMINATE";
    this.silent = options.silent ?? false;
    this.humanInput = options.humanInput ?? createNoHumanInput();
    this.codeExecution = readCodeExecution(options.codeExecutionConfig);
    this.tools = createAgentTools(options.functionMap);
    const llmConfig = this.#llmConfig;
    // A list that is wrong is an error here and not in the middle of the first chat.
    if (llmConfig !== undefined && options.model === undefined) {
      const { warnings } = toConfigList(llmConfig.configList, { name: "llmConfig.configList" });
      for (const warning of warnings) warnOnce(warning);
    }
    for (const tool of llmConfig?.tools ?? []) this.tools.offerSignature(tool);
    this.registerReply(ANYONE, (context) => this.#modelReply(context));
    if (this.codeExecution !== null) this.registerReply(ANYONE, (context) => this.#codeReply(context));
    this.registerReply(ANYONE, (context) => this.#toolReply(context));
    this.registerReply(ANYONE, this.#check);
  }

  abstract get chatMessages(): ReadonlyMap<string, readonly ChatMessage[]>;

  abstract lastMessage(partner?: Agent | string): ChatMessage | null;

  get systemMessage(): string {
    return this.#systemMessage;
  }

  /** Replaces the system message for all later replies. */
  updateSystemMessage(systemMessage: string): void {
    this.#systemMessage = systemMessage;
  }

  /** Automatic replies to one sender in a row at most; may be changed between replies. */
  get maxConsecutiveAutoReply(): number {
    return this.#maxConsecutiveAutoReply;
  }

  set maxConsecutiveAutoReply(limit: number) {
    checkAgentOption("maxConsecutiveAutoReply", limit);
    this.#maxConsecutiveAutoReply = limit;
  }

  /** When a person is asked; may be changed between replies. */
  get humanInputMode(): HumanInputMode {
    return this.#humanInputMode;
  }

  set humanInputMode(mode: HumanInputMode) {
    checkAgentOption("humanInputMode", mode);
    this.#humanInputMode = mode;
  }

  /**
   * Adds a reply function. The functions are asked in order until one has a reply; position 0 is asked first, before the
   * built-in check for termination and human replies.
   */
  registerReply(trigger: ReplyTrigger, reply: ReplyFunction, options: RegisterReplyOptions = {}): void {
    const { position = 0, removeOtherReplyFuncs = false } = options;
    const entry = toRegisteredReply(trigger, reply, options);
    checkValue("position", position, "whole");
    if (removeOtherReplyFuncs) this.#replies.length = 0;
    this.#replies.splice(position, 0, entry);
  }

  /** Puts a reply function in the place of another, wherever that is registered. */
  replaceReplyFunc(oldReply: ReplyFunction, newReply: ReplyFunction): void {
    const entries = this.#replies.filter(({ reply }) => reply === oldReply);
    if (entries.length === 0) throw new TypeError(`${this.name} has no such reply function to replace.`);
    for (const entry of entries) entry.reply = newReply;
  }

  /**
   * Adds a function that looks over messages; see {@link HookFunctions} for the three places. Before a reply they run
   * once; the built-in check for termination and human replies sees messages as they came.
   */
  registerHook<Point extends HookPoint>(point: Point, hook: HookFunctions[Point]): void {
    this.#hooks.add(point, hook);
  }

  /** Asks the person behind the agent; subclasses may replace it. */
  async getHumanInput(
    prompt: string,
    { conversation, signal }: { readonly conversation?: Conversation; readonly signal?: AbortSignal | undefined } = {},
  ): Promise<string> {
    const { humanInput, name } = this;
    if (conversation === undefined) return humanInput.ask(prompt, { signal });
    return askPerson({ conversation, humanInput, agent: name, prompt, signal });
  }

  async *streamReply(request: ReplyRequest): AsyncGenerator<ReplyEvent, AgentReply> {
    return yield* this.replyTo(request, []);
  }

  /** Asks the reply functions in order, but for those left out. */
  protected async *replyTo(
    request: ReplyRequest,
    exclude: readonly ReplyFunction[],
  ): AsyncGenerator<ReplyEvent, AgentReply> {
    const context: ReplyContext = { ...request, recipient: this };
    let hooked: readonly ChatMessage[] | undefined;
    for (const { trigger, reply, config } of this.#replies.slice()) {
      if (exclude.includes(reply) || !matchesTrigger(trigger, request.sender)) continue;
      const messages = reply === this.#check ? request.messages : (hooked ??= await this.#hooks.beforeReply(context));
      const result = yield* runReplyFunction(reply, { ...context, messages, config });
      if (result !== null) return result;
    }
    const { defaultAutoReply } = this.options;
    if (defaultAutoReply === undefined) {
      const why = this.hasModel ? "" : ": it has neither a model (llmConfig or model) nor a defaultAutoReply";
      return ended("completed", "no-reply", `${this.name} has nothing to add${why}.`);
    }
    return { type: "message", message: { role: "assistant", content: defaultAutoReply } };
  }

  async prepareMessage(message: ChatMessage, context: SendContext): Promise<ChatMessage> {
    return this.#hooks.beforeSend(message, { ...context, sender: this, silent: this.silent });
  }

  /** Whether a received message ends the chat. */
  protected isTermination(message: ChatMessage): boolean {
    if (this.options.isTerminationMsg !== undefined) {
      const ends: unknown = this.options.isTerminationMsg(message);
      // A promise counts as true: every first message would end the chat.
      if (!(ends instanceof Promise)) return Boolean(ends);
      throw new TypeError(`isTerminationMsg of ${this.name} must return true or false at once, not a promise.`);
    }
    return endsWithTermination(message.content);
  }

  /** Opens the agent's model on first use; null for an agent without one. */
  async openModel(): Promise<LanguageModel | null> {
    this.#model ??= openAgentModel(this.options);
    return this.#model;
  }

  /**
   * What the agent's model alone replies to messages, as reply functions want it: no person is asked, no tool runs, and no
   * hook looks over them. Null for an agent without a model.
   */
  async generateOaiReply({
    messages,
    conversation,
    signal,
  }: Pick<ReplyRequest, "messages" | "signal"> & {
    /** The chat that pays for the call, which its cost and limits then count. Default: none does. */
    readonly conversation?: Conversation | undefined;
  }): Promise<ChatMessage | null> {
    if (!Array.isArray(messages)) throw new TypeError("generateOaiReply needs messages: { messages, conversation }.");
    const reply = await runToEnd(this.#modelReply({ messages, signal }));
    if (reply === null) return null;
    conversation?.modelCalls.push(reply.modelCall);
    return reply.message;
  }

  /** Tokens that the agent's model reads; null without a model, or where it is unknown. */
  async contextWindow(): Promise<number | null> {
    return (await this.openModel())?.contextWindow ?? null;
  }

  /** Whether a language model makes the agent's replies. */
  get hasModel(): boolean {
    return this.options.model !== undefined || this.#llmConfig !== undefined;
  }

  get #llmConfig(): LlmConfig | undefined {
    return this.options.llmConfig === false ? undefined : this.options.llmConfig;
  }

  /** What the agent's model calls took since the last reset, without stored replies; null before the first. */
  getActualUsage(): ChatCost | null {
    return this.#usage.actual();
  }

  /** What the agent's model calls took since the last reset, stored replies at their old price; null before the first. */
  getTotalUsage(): ChatCost | null {
    return this.#usage.total();
  }

  /** The agent's usage as text; agents print nothing by themselves. */
  printUsageSummary(mode: UsageMode = "both"): string {
    return describeUsage(this.name, { counter: this.#usage, mode });
  }

  /** Counts a model call of this agent that its own replies do not count. */
  countModelCall(call: ModelCallRecord): void {
    this.#usage.add(call);
  }

  /** Sets everything back that was counted or noted outside of conversations. */
  protected forgetNotes(): void {
    this.#usage.clear();
    for (const entry of this.#replies) if (entry.initialConfig !== null) entry.config = entry.initialConfig();
  }

  /** Passes a person's reply on; subclasses may replace it. */
  // oxlint-disable-next-line require-yield -- subclasses yield
  protected async *humanReply(content: string, context: ReplyContext): AsyncGenerator<ReplyEvent, AgentReply> {
    return { type: "message", message: toHumanMessage(content, context) };
  }

  async *#checkTerminationAndHumanReply(context: ReplyContext): AsyncGenerator<ReplyEvent, AgentReply | null> {
    const turn = yield* takeHumanTurn(context, {
      mode: this.humanInputMode,
      limit: this.maxConsecutiveAutoReply,
      isTermination: (message) => this.isTermination(message),
      ask: (prompt) => askThrough(this, prompt, context),
    });
    return turn?.type === "said" ? yield* this.humanReply(turn.content, context) : turn;
  }

  #toolReply(context: ReplyContext): AsyncGenerator<ReplyEvent, AgentReply | null> {
    return replyWithTools(context, { tools: this.tools, ask: (prompt) => askThrough(this, prompt, context) });
  }

  async #codeReply({ messages, signal }: ReplyContext): Promise<ChatMessage | null> {
    return this.codeExecution === null ? null : replyWithCode(messages, { ...this.codeExecution, signal });
  }

  async *#modelReply({
    messages,
    signal,
  }: Pick<ReplyRequest, "messages" | "signal">): AsyncGenerator<ReplyEvent, ModelAnswer | null> {
    const model = await this.openModel();
    if (model === null) return null;
    const { allowFormatStrTemplate = false, context = {} } = this.#llmConfig ?? {};
    const tools = [...this.tools.forLlm.values()];
    const request = {
      messages: toModelMessages(messages, {
        systemMessage: this.#systemMessage,
        templateContext: allowFormatStrTemplate ? context : null,
      }),
      ...(tools.length === 0 ? {} : { tools }),
      ...settingsOf(this.#llmConfig ?? {}),
      signal,
    };
    const { message, modelCall } = yield* callModel(request, { model, agent: this.name, purpose: "reply" });
    this.#usage.add(modelCall);
    return { type: "message", message, modelCall };
  }
}
