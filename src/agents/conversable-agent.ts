import type { ChatMessage } from "../domain/message.ts";
import type { HumanInput } from "../human-input/human-input.ts";
import { createNoHumanInput } from "../human-input/no-human-input.ts";
import { toConfigList } from "../language-model/config-list.ts";
import type { LanguageModel, ToolDescription } from "../language-model/language-model.ts";
import { ended } from "./agent.ts";
import type { Agent, AgentReply, ReplyEvent, ReplyRequest, SendContext } from "./agent.ts";
import { openAgentModel } from "./agent-model.ts";
import { createAgentTools, toTool } from "./agent-tools.ts";
import type { AgentTools, ToolFunction, ToolLike, ToolNaming, ToolSignature } from "./agent-tools.ts";
import { toChatResult } from "./chat-result.ts";
import type { ChatCost, ChatResult } from "./chat-result.ts";
import { checkAgentOptions, readCodeExecution } from "./conversable-agent-options.ts";
import type { ConversableAgentOptions, HumanInputMode } from "./conversable-agent-options.ts";
import { createConversation, messagesFor } from "./conversation.ts";
import type { Conversation, ModelCallRecord } from "./conversation.ts";
import { createDialogues } from "./dialogues.ts";
import type { Dialogues } from "./dialogues.ts";
import { replyWithNestedChats } from "./conversation/nested-chats.ts";
import type { NestedChat } from "./conversation/nested-chats.ts";
import { initiateChats } from "./conversation/sequential-chats.ts";
import type { SeriesChat } from "./conversation/sequential-chats.ts";
import type { ChatEvent } from "./conversation/two-agent-chat.ts";
import { createHooks } from "./hooks.ts";
import type { HookFunctions, HookPoint } from "./hooks.ts";
import { askPerson } from "./human-turn.ts";
import type { InitiateChatOptions, MessageInput } from "./initiate-chat.ts";
import { toMessage } from "./initiate-chat.ts";
import { replyWithCode } from "./replies/code-reply.ts";
import type { CodeExecution } from "./replies/code-reply.ts";
import { takeHumanTurn, toHumanMessage } from "./replies/human-reply.ts";
import { toModelMessages } from "./replies/model-messages.ts";
import { callModel } from "./replies/model-reply.ts";
import { replyWithTools } from "./replies/tool-reply.ts";
import { matchesTrigger, runReplyFunction, toRegisteredReply } from "./reply-function.ts";
import type {
  RegisteredReply,
  RegisterReplyOptions,
  ReplyContext,
  ReplyFunction,
  ReplyTrigger,
} from "./reply-function.ts";
import { runChat } from "./run-chat.ts";
import type { Tool } from "./tools/tool.ts";
import { createUsageCounter, describeUsage } from "./usage-summary.ts";
import type { UsageMode } from "./usage-summary.ts";

const DEFAULT_SYSTEM_MESSAGE = "You are a helpful AI assistant.";
const ANYONE: ReplyTrigger = () => true;

/** An agent that can talk to another: by a model, by tools and code, by asking a person, or by functions of your own. */
export class ConversableAgent implements Agent {
  readonly name: string;
  readonly description: string;
  readonly maxConsecutiveAutoReply: number;
  readonly humanInputMode: HumanInputMode;
  readonly silent: boolean;
  /** Its conversations: for whoever runs them. */
  readonly dialogues: Dialogues;
  protected readonly options: ConversableAgentOptions;
  protected readonly humanInput: HumanInput;
  protected readonly codeExecution: CodeExecution | null;
  #systemMessage: string;
  #model: Promise<LanguageModel | null> | null = null;
  readonly #replies: RegisteredReply[] = [];
  readonly #hooks = createHooks();
  readonly #tools: AgentTools;
  readonly #usage = createUsageCounter();
  // Asked about messages as they came: what hooks add must not hide the word that ends a chat.
  readonly #check: ReplyFunction = (context) => this.#checkTerminationAndHumanReply(context);
  #nested = 0;

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
    this.dialogues = createDialogues(options.name, options.chatMessages);
    this.#tools = createAgentTools(options.functionMap);
    const { llmConfig } = options;
    if (llmConfig !== undefined && llmConfig !== false) {
      // A list that is wrong is an error here and not in the middle of the first chat.
      if (options.model === undefined) toConfigList(llmConfig.configList);
      for (const tool of llmConfig.tools ?? []) this.#tools.offerSignature(tool);
    }
    this.registerReply(ANYONE, (context) => this.#modelReply(context));
    if (this.codeExecution !== null) this.registerReply(ANYONE, (context) => this.#codeReply(context));
    this.registerReply(ANYONE, (context) => this.#toolReply(context));
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
    return new Map(this.dialogues.all().map(([partner, { messages }]) => [partner, messagesFor(this.name, messages)]));
  }

  /** The last message of the conversation with an agent, or of the latest one; null when there is none yet. */
  lastMessage(partner?: Agent | string): ChatMessage | null {
    const conversation = this.dialogues.latest(partner === undefined ? undefined : nameOf(partner));
    if (conversation === null && partner !== undefined) {
      throw new TypeError(`${this.name} has no conversation with "${nameOf(partner)}".`);
    }
    return messagesFor(this.name, conversation?.messages.slice(-1) ?? [])[0] ?? null;
  }

  /** Forgets the conversation with one agent, or all of them. Chats that are still running are not disturbed. */
  clearHistory(partner?: Agent | string): void {
    this.dialogues.forget(partner === undefined ? undefined : nameOf(partner));
  }

  /** Forgets all conversations with everything that was counted in them. */
  reset(): void {
    this.clearHistory();
    this.#usage.clear();
    this.dialogues.replyToAll();
    for (const entry of this.#replies) if (entry.initialConfig !== null) entry.config = entry.initialConfig();
  }

  /** Makes the agent leave an agent's messages, or everybody's, without a reply, until the next chat with it begins. */
  stopReplyAtReceive(partner?: Agent | string): void {
    this.dialogues.stopReplying(partner === undefined ? undefined : nameOf(partner));
  }

  repliesTo(sender: Agent): boolean {
    return this.dialogues.replying(sender.name) !== false;
  }

  /**
   * Adds a reply function. The functions are asked in order until one has a reply; position 0 is asked first, before the
   * built-in check for termination and human replies.
   */
  registerReply(trigger: ReplyTrigger, reply: ReplyFunction, options: RegisterReplyOptions = {}): void {
    const { position = 0, removeOtherReplyFuncs = false } = options;
    const entry = toRegisteredReply(trigger, reply, options);
    if (!Number.isInteger(position) || position < 0) {
      throw new TypeError(`position must be a whole number from 0, not ${String(position)}.`);
    }
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

  /** Replies by chats with other agents: the last one's summary is the reply. */
  registerNestedChats(
    chats: readonly NestedChat[],
    {
      trigger,
      position = 1,
      replyFuncFromNestedChats,
    }: {
      /** Whose messages are answered so; null is refused, since a nested chat needs an outer one. */
      readonly trigger: ReplyTrigger;
      /** @default 1, behind the check for termination and human replies */
      readonly position?: number;
      /** Makes the reply from the chats, in place of the last summary. */
      readonly replyFuncFromNestedChats?: (
        chats: readonly NestedChat[],
        context: ReplyContext,
      ) => ReturnType<ReplyFunction>;
    },
  ): void {
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

  /** Lets the agent's model wish for a tool. It gives the tool back under the name and description used here. */
  registerForLlm(naming: ToolNaming = {}): (tool: ToolLike) => Tool {
    return (like) => {
      if (!this.hasModel) {
        throw new TypeError(`${this.name} has no model; to offer it a tool, give it llmConfig or model.`);
      }
      const tool = toTool(like, naming);
      this.#tools.offer(tool);
      return tool;
    };
  }

  /** Lets the agent run a tool that other agents' models wish for. */
  registerForExecution({ name }: Pick<ToolNaming, "name"> = {}): (tool: ToolLike) => Tool {
    return (like) => {
      const tool = toTool(like, { name });
      this.#tools.execute(tool.name, tool);
      // The name is this agent's matter: the next one gets the tool as it was.
      return typeof like === "function" ? tool : like;
    };
  }

  /** Adds functions that the agent runs; null takes one away. */
  registerFunction(functionMap: Readonly<Record<string, ToolFunction | Tool | null>>): void {
    for (const [name, run] of Object.entries(functionMap)) {
      this.#tools.execute(name, run === null ? null : toTool(run, { name }));
    }
  }

  /** Adds a tool to those that the model may wish for, or takes one away by its name. */
  updateToolSignature(
    signature: ToolSignature | Tool | string,
    { isRemove = false }: { readonly isRemove?: boolean } = {},
  ): void {
    if (isRemove || typeof signature === "string") {
      if (!isRemove) throw new TypeError("A name alone takes a tool away: pass { isRemove: true } with it.");
      const name =
        typeof signature === "string" ? signature : "function" in signature ? signature.function.name : signature.name;
      this.#tools.withdraw(name);
    } else if (!this.hasModel) {
      throw new TypeError("To update a tool signature, the agent must have a model (llmConfig or model).");
    } else if ("function" in signature) this.#tools.offerSignature(signature);
    else this.#tools.offer(signature);
  }

  /** The tools that the agent's model is told of. */
  get toolDescriptions(): readonly ToolDescription[] {
    return [...this.#tools.forLlm.values()];
  }

  /** The tools of this agent, by name. */
  get functionMap(): ReadonlyMap<string, Tool> {
    return this.#tools.forExecution;
  }

  canExecute(tools: readonly string[]): boolean {
    return this.#tools.canExecute(tools);
  }

  /** Asks the person behind the agent; subclasses may replace it. */
  async getHumanInput(
    prompt: string,
    { conversation, signal }: { readonly conversation?: Conversation; readonly signal?: AbortSignal | undefined } = {},
  ): Promise<string> {
    const { humanInput, name } = this;
    if (conversation === undefined) return humanInput.ask(prompt, signal === undefined ? {} : { signal });
    return askPerson({ conversation, humanInput, agent: name, prompt, signal });
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
    readonly messages?: readonly ChatMessage[];
    readonly sender?: Agent | null;
    /** Reply functions that are not asked. */
    readonly exclude?: readonly ReplyFunction[];
    readonly signal?: AbortSignal;
  }): Promise<ChatMessage | null> {
    if (messages === undefined && sender === null) {
      throw new TypeError("generateReply needs messages, or a sender whose messages are replied to.");
    }
    const partner = sender?.name ?? "";
    const conversation = this.dialogues.latest(partner) ?? createConversation([this.name, partner]);
    const said = messages ?? messagesFor(this.name, conversation.messages);
    const replies = this.#reply({ messages: said, sender, conversation, signal }, exclude);
    for (;;) {
      const next = await replies.next();
      if (next.done === true) return next.value.type === "message" ? next.value.message : null;
    }
  }

  async *streamReply(request: ReplyRequest): AsyncGenerator<ReplyEvent, AgentReply> {
    return yield* this.#reply(request, []);
  }

  async *#reply(request: ReplyRequest, exclude: readonly ReplyFunction[]): AsyncGenerator<ReplyEvent, AgentReply> {
    const received: ReplyContext = { ...request, recipient: this };
    let hooked: readonly ChatMessage[] | null = null;
    for (const { trigger, reply, config } of this.#replies.slice()) {
      if (exclude.includes(reply) || !matchesTrigger(trigger, request.sender)) continue;
      if (reply !== this.#check) hooked ??= await this.#hooks.beforeReply(received);
      const messages = reply === this.#check ? request.messages : (hooked ?? request.messages);
      const result = yield* runReplyFunction(reply, { ...received, messages, config });
      if (result !== null) return result;
    }
    const { defaultAutoReply } = this.options;
    if (defaultAutoReply === undefined) return ended("completed", "no-reply", `${this.name} has nothing to add.`);
    return { type: "message", message: { role: "assistant", content: defaultAutoReply } };
  }

  async prepareMessage(message: ChatMessage, context: SendContext): Promise<ChatMessage> {
    return this.#hooks.beforeSend(message, { ...context, sender: this, silent: this.silent });
  }

  /**
   * Adds a message to the conversation with an agent. The agent replies, and the chat goes on, where one was opened
   * between the two before, or `requestReply` says so.
   */
  async send(
    message: MessageInput,
    recipient: Agent,
    { requestReply, ...limits }: InitiateChatOptions & { readonly requestReply?: boolean } = {},
  ): Promise<ChatResult | null> {
    const known = this.dialogues.latest(recipient.name);
    const conversation = known ?? createConversation([this.name, recipient.name]);
    const first = toMessage(message);
    if (requestReply ?? (recipient instanceof ConversableAgent && recipient.dialogues.replying(this.name) === true)) {
      return this.initiateChat(recipient, { ...limits, message: first, conversation });
    }
    const prepared = await this.prepareMessage(first, { recipient, conversation });
    const isTool = prepared.role === "tool";
    const role = isTool ? "tool" : conversation.participants[0] === this.name ? "user" : "assistant";
    conversation.messages.push({ ...prepared, role, name: this.name });
    this.dialogues.keep(recipient.name, conversation);
    if (recipient instanceof ConversableAgent) recipient.dialogues.keep(this.name, conversation);
    return null;
  }

  /** Takes a message as if `sender` had sent it. */
  async receive(
    message: MessageInput,
    sender: ConversableAgent,
    options: InitiateChatOptions & { readonly requestReply?: boolean } = {},
  ): Promise<ChatResult | null> {
    return sender.send(message, this, options);
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
    const kept = options.clearHistory === false ? this.dialogues.latest(recipient.name) : null;
    const conversation = options.conversation ?? kept ?? createConversation([this.name, recipient.name]);
    return yield* this.#chat(recipient, { options, conversation });
  }

  /** Opens chats one after the other, or as the graph of their prerequisites; see {@link SeriesChat}. */
  async initiateChats(chats: readonly SeriesChat[]): Promise<readonly ChatResult[]> {
    return initiateChats(chats.map((chat) => ({ sender: this, ...chat })));
  }

  /** Goes on with a chat that this agent opened, was put aside or stored; `reply` is what an outstanding person says. */
  async resumeChat(
    recipient: Agent,
    {
      reply,
      conversation,
      ...options
    }: InitiateChatOptions & { readonly conversation: Conversation; readonly reply?: string },
  ): Promise<ChatResult> {
    const events = this.#chat(recipient, { options, conversation, resume: reply === undefined ? {} : { reply } });
    for (;;) {
      const next = await events.next();
      if (next.done === true) return next.value;
    }
  }

  async *#chat(
    recipient: Agent,
    parts: { options: InitiateChatOptions; conversation: Conversation; resume?: { readonly reply?: string } },
  ): AsyncGenerator<ChatEvent, ChatResult> {
    const { conversation } = parts;
    this.dialogues.begin(recipient.name, conversation);
    if (recipient instanceof ConversableAgent) recipient.dialogues.begin(this.name, conversation);
    const { humanInput } = this;
    const { outcome, summary, warnings } = yield* runChat({
      ...parts,
      sender: this,
      recipient,
      humanInput,
      summaryOf: () => this.summaryOf(conversation),
    });
    const result = toChatResult(conversation, { owner: this.name, summary, outcome, warnings });
    return { ...result, ...this.resultOf(conversation) };
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
  async openModel(): Promise<LanguageModel | null> {
    this.#model ??= openAgentModel(this.options);
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

  /** Passes a person's reply on; subclasses may replace it. */
  // oxlint-disable-next-line require-yield -- subclasses yield
  protected async *humanReply(content: string, context: ReplyContext): AsyncGenerator<ReplyEvent, AgentReply> {
    return { type: "message", message: toHumanMessage(content, context) };
  }

  async *#checkTerminationAndHumanReply(context: ReplyContext): AsyncGenerator<ReplyEvent, AgentReply | null> {
    const { conversation, signal } = context;
    const turn = yield* takeHumanTurn(context, {
      mode: this.humanInputMode,
      limit: this.maxConsecutiveAutoReply,
      isTermination: (message) => this.isTermination(message),
      ask: (prompt) => this.getHumanInput(prompt, { conversation, signal }),
    });
    return turn?.type === "said" ? yield* this.humanReply(turn.content, context) : turn;
  }

  #toolReply(context: ReplyContext): AsyncGenerator<ReplyEvent, AgentReply | null> {
    const { conversation, signal } = context;
    const ask = (prompt: string): Promise<string> => this.getHumanInput(prompt, { conversation, signal });
    return replyWithTools(context, { tools: this.#tools, ask });
  }

  async #codeReply({ messages, signal }: ReplyContext): Promise<ChatMessage | null> {
    return this.codeExecution === null ? null : replyWithCode(messages, { ...this.codeExecution, signal });
  }

  async *#modelReply({ messages, signal }: ReplyContext): AsyncGenerator<ReplyEvent, AgentReply | null> {
    const model = await this.openModel();
    if (model === null) return null;
    const llmConfig = this.options.llmConfig === false ? undefined : this.options.llmConfig;
    const { temperature, maxTokens, allowFormatStrTemplate = false, context = {} } = llmConfig ?? {};
    const tools = [...this.#tools.forLlm.values()];
    const request = {
      messages: toModelMessages(messages, {
        systemMessage: this.#systemMessage,
        templateContext: allowFormatStrTemplate ? context : null,
      }),
      ...(tools.length === 0 ? {} : { tools }),
      ...(temperature === undefined ? {} : { temperature }),
      ...(maxTokens === undefined ? {} : { maxTokens }),
      ...(signal === undefined ? {} : { signal }),
    };
    const { message, modelCall } = yield* callModel(request, { model, agent: this.name, purpose: "reply" });
    this.#usage.add(modelCall);
    return { type: "message", message, modelCall };
  }
}

function nameOf(partner: Agent | string): string {
  return typeof partner === "string" ? partner : partner.name;
}
