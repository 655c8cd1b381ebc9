import { checkValue } from "../../domain/check-options.ts";
import type { SearchResult } from "../../domain/hit.ts";
import type { ChatMessage } from "../../domain/message.ts";
import { runToEnd } from "../../domain/run-to-end.ts";
import { contextWindowOf } from "../../language-model/model-prices.ts";
import type { Retrieve } from "../../retrieval/retrieve.ts";
import { ended } from "../agent.ts";
import type { Agent, AgentReply, ReplyEvent } from "../agent.ts";
import type { ChatResult, RetrievalOutcome } from "../chat-result.ts";
import { isContextRequestText, readContextRequest } from "./context-request.ts";
import { ConversableAgent } from "../conversable-agent.ts";
import { createConversation, stateOf } from "../conversation.ts";
import type { Conversation } from "../conversation.ts";
import { extractCodeBlocks } from "../../code-execution/extract-code-blocks.ts";
import type { ChatOpening, MessageFunction } from "../initiate-chat.ts";
import type { ReplyContext } from "../reply-function.ts";
import { withoutMarkers } from "./without-markers.ts";
import { concludeRetrieval, notFound } from "./retrieval-outcome.ts";
import { checkProxyOptions } from "./retrieve-proxy-options.ts";
import type {
  OpenRetrievalOptions,
  QuestionOptions,
  RetrieveDocsOptions,
  RetrieveUserProxyAgentOptions,
} from "./retrieve-proxy-options.ts";
import { createRetrievalSource, type RetrievalSource } from "./retrieval-source.ts";
import { checkRetrieveConfig, readTask } from "./retrieve-config.ts";
import type { RetrieveConfig } from "./retrieve-config.ts";
import type { RetrieveTask } from "./prompts.ts";
import { checkSearchResult } from "./search-result.ts";
import { nextPrompt } from "./retrieve-rounds.ts";
import type { Rounds } from "./retrieve-rounds.ts";
import { createRetrieveState, keepRetrieveState, retrieveStateOf } from "./retrieve-state.ts";
import type { RetrieveState } from "./retrieve-state.ts";
import { UserProxyAgent } from "../user-proxy-agent.ts";

type Asking = Pick<RetrieveUserProxyAgentOptions, "tokenCounter" | "maxRounds" | "askWithoutEvidence" | "createMarker">;

const DEFAULT_WINDOW = 8_000;
const WINDOW_SHARE = 0.8;
const DEFAULT_LIMIT = 5;

/**
 * Asks an assistant a question over passages of a collection, and finds further passages when the assistant asks for
 * them. What it knows of a question is kept in the conversation, so that one proxy can ask many at a time.
 */
export class RetrieveUserProxyAgent extends UserProxyAgent {
  readonly retrieveConfig: RetrieveConfig;
  /** Makes the first message of a chat from the option `problem`; pass it as `message`. */
  readonly messageGenerator: MessageFunction;
  readonly #source: RetrievalSource;
  readonly #asking: Asking;

  constructor(options: RetrieveUserProxyAgentOptions) {
    checkProxyOptions(options, new.target.name);
    const {
      retrieveConfig = {},
      retrieve,
      retrieveCode,
      openRetrieval,
      onIngest,
      tokenCounter,
      maxRounds,
      askWithoutEvidence,
      createMarker,
      ...agentOptions
    } = options;
    checkRetrieveConfig(retrieveConfig);
    super({ description: "Asks questions over passages that it finds in a collection of documents.", ...agentOptions });
    this.#source = createRetrievalSource(this.name, {
      retrieve,
      retrieveCode,
      openRetrieval,
      onIngest,
      config: retrieveConfig,
    });
    this.#asking = { tokenCounter, maxRounds, askWithoutEvidence, createMarker };
    this.retrieveConfig = retrieveConfig;
    this.messageGenerator = (sender, recipient, context) => {
      const opens = sender === this && typeof recipient === "object" && recipient !== null;
      if (opens && typeof context === "object") return this.#generateMessage(recipient, context);
      throw new TypeError(
        `messageGenerator makes the first message of a chat that ${this.name} opens: pass it as it is, ${this.name}.initiateChat(assistant, { message: ${this.name}.messageGenerator, problem: "…?" }). For a search that other agents call, use createRetrieveTool({ retrieve: await ${this.name}.openRetrieval() }).`,
      );
    };
    // Behind the check for termination and human replies, before code execution.
    this.registerReply(
      () => true,
      (context) => this.#retrieveReply(context),
      { position: 1 },
    );
  }

  /** Opens the collection if that has not happened yet; indexes `docsPath`. Resolves to the search for a task. */
  async openRetrieval(task?: RetrieveTask, { signal }: OpenRetrievalOptions = {}): Promise<Retrieve> {
    return this.#source.open(task, signal);
  }

  /** Finds passages for a prompt. A subclass may replace it, to search whatever it likes. */
  protected async retrieveDocs(query: string, { task, ...options }: RetrieveDocsOptions = {}): Promise<SearchResult> {
    const { signal } = options;
    const retrieve = await this.openRetrieval(task, { signal });
    return retrieve(query, options);
  }

  /** Closes what {@link openRetrieval} opened; what is still being opened is broken off. */
  async close(): Promise<void> {
    await this.#source.close();
  }

  /**
   * Begins a question in a conversation: searches, and makes the first prompt. Its `outcome` is set where the chat ends
   * there, because nothing fitting was found.
   */
  async *askQuestion(
    conversation: Conversation,
    { recipient, options }: { recipient: Agent; options: QuestionOptions },
  ): AsyncGenerator<ReplyEvent, ChatOpening> {
    const { question, limit = this.retrieveConfig.nResults ?? DEFAULT_LIMIT, signal } = options;
    if (question.trim() === "") throw new TypeError("The question (problem) must not be empty.");
    const state = createRetrieveState({
      question,
      task: readTask(options.task ?? this.retrieveConfig.task),
      limit,
      maxRounds: this.#maxRounds(options.maxRounds),
      filter: options.filter ?? this.retrieveConfig.filter ?? null,
      mode: options.mode ?? null,
      searchString: options.searchString ?? "",
      reading: options.reading ?? {},
      firstMessage: conversation.messages.length,
    });
    keepRetrieveState(stateOf(conversation, this.name), state);
    const rounds = await this.#rounds(state, { recipient, signal });
    const message = yield* nextPrompt(rounds, { earlier: conversation.messages });
    const asks = message !== null && (state.evidence !== "none" || this.#asking.askWithoutEvidence === true);
    if (asks) return { message, outcome: null };
    // Nobody was shown what was found.
    state.rounds = 0;
    state.passages = [];
    const { outcome } = ended("completed", "no-evidence", notFound(state, "no-evidence"));
    return { message: message ?? { role: "user", content: question }, outcome };
  }

  /** How the question of a conversation ended; null for a conversation without one. */
  outcomeOf(conversation: Conversation): RetrievalOutcome | null {
    const state = this.stateOf(conversation);
    return state === null
      ? null
      : concludeRetrieval(state, { conversation, proxy: this.name, answerPrefix: this.#answerPrefix });
  }

  /** What is kept of the question of a conversation; null for a conversation without one. */
  stateOf(conversation: Conversation): RetrieveState | null {
    return retrieveStateOf(stateOf(conversation, this.name));
  }

  /** Tokens that question, prompt, history and passages may take together in a prompt for an agent. */
  async tokenBudgetFor(recipient: Agent | null): Promise<number> {
    const { contextMaxTokens, model = "" } = this.retrieveConfig;
    if (typeof contextMaxTokens === "number") return Math.floor(contextMaxTokens);
    const asked = recipient instanceof ConversableAgent ? recipient : null;
    const window = (await asked?.contextWindow()) ?? contextWindowOf(model) ?? DEFAULT_WINDOW;
    return Math.floor(window * WINDOW_SHARE - (asked === null ? 0 : this.#count(asked.systemMessage)));
  }

  /** Whether a reply would be answered with other passages rather than taken as the answer. */
  wantsUpdate(message: ChatMessage): boolean {
    if (this.retrieveConfig.updateContext === false) return false;
    if (readContextRequest(message) !== null) return true;
    return this.#answerPrefix !== "" && !message.content.toUpperCase().includes(this.#answerPrefix);
  }

  protected override isTermination(message: ChatMessage): boolean {
    if (this.options.isTerminationMsg !== undefined) return super.isTermination(message);
    if (this.wantsUpdate(message)) return false;
    // Code that will be run is not the end; with execution off it is the answer.
    return this.codeExecution === null || extractCodeBlocks(message.content).length === 0;
  }

  protected override summaryOf(conversation: Conversation): string {
    return this.outcomeOf(conversation)?.answer ?? super.summaryOf(conversation);
  }

  protected override resultOf(conversation: Conversation): Partial<ChatResult> {
    const retrieval = this.outcomeOf(conversation);
    return retrieval === null ? {} : { retrieval };
  }

  /** A person who types the words of the request gets the next passages sent. */
  protected override async *humanReply(content: string, context: ReplyContext): AsyncGenerator<ReplyEvent, AgentReply> {
    const state = this.stateOf(context.conversation);
    if (state !== null && isContextRequestText(content)) return yield* this.#update(state, context, undefined);
    return yield* super.humanReply(content, context);
  }

  async #generateMessage(recipient: Agent, context: Parameters<MessageFunction>[2]): Promise<ChatOpening> {
    const { problem, nResults, searchString, task, signal, emit } = context;
    if (typeof problem !== "string") {
      throw new TypeError('messageGenerator needs the question: initiateChat(assistant, { message, problem: "…?" }).');
    }
    const conversation = context.conversation ?? createConversation([this.name, recipient.name]);
    const events = this.askQuestion(conversation, {
      recipient,
      options: {
        question: problem,
        limit: typeof nResults === "number" ? nResults : undefined,
        maxRounds: leastOf(context["maxRounds"], context["maxTurns"]),
        task: typeof task === "string" ? task : undefined,
        searchString: typeof searchString === "string" ? searchString : undefined,
        signal,
      },
    });
    return runToEnd(events, emit);
  }

  async *#retrieveReply(context: ReplyContext): AsyncGenerator<ReplyEvent, AgentReply | null> {
    const message = context.messages.at(-1);
    const state = this.stateOf(context.conversation);
    if (message === undefined || state === null || !this.wantsUpdate(message)) return null;
    const request = readContextRequest(message);
    // An answer without the wanted words is the best description of what is still missing.
    const query = request === null ? firstSentence(withoutMarkers(message.content)) : request.query;
    return yield* this.#update(state, context, query);
  }

  async *#update(
    state: RetrieveState,
    { sender, messages, signal }: ReplyContext,
    query: string | undefined,
  ): AsyncGenerator<ReplyEvent, AgentReply> {
    if (state.maxRounds !== null && state.rounds >= state.maxRounds) {
      return ended("stopped", "max-rounds", `The limit of ${String(state.maxRounds)} rounds was met.`);
    }
    const round = state.rounds + 1;
    yield { type: "context-update", round, query: query ?? state.question };
    const rounds = await this.#rounds(state, { recipient: sender, signal });
    const message = yield* nextPrompt(rounds, { earlier: messages, query });
    if (message === null) return ended("completed", "exhausted", "Every passage that was found was read.");
    return { type: "message", message };
  }

  async #rounds(
    state: RetrieveState,
    { recipient, signal }: { readonly recipient: Agent | null; readonly signal: AbortSignal | undefined },
  ): Promise<Rounds> {
    const { distanceThreshold = -1 } = this.retrieveConfig;
    return {
      state,
      retrieve: async (query, options) =>
        checkSearchResult(await this.retrieveDocs(query, { ...options, task: state.task }), this.name),
      count: (text) => this.#count(text),
      tokenBudget: await this.tokenBudgetFor(recipient),
      distanceThreshold: distanceThreshold > 0 ? distanceThreshold : null,
      customizedPrompt: this.retrieveConfig.customizedPrompt ?? undefined,
      invitesRequests: this.retrieveConfig.updateContext !== false,
      createMarker: this.#asking.createMarker,
      signal,
    };
  }

  #count(text: string): number {
    const { customTokenCountFunction, model = "" } = this.retrieveConfig;
    if (customTokenCountFunction !== undefined) return counted(customTokenCountFunction(text, model));
    return this.#asking.tokenCounter?.count(text) ?? Math.ceil(text.length / 3);
  }

  #maxRounds(asked: number | undefined): number {
    checkValue("maxRounds", asked, "count");
    return Math.min(asked ?? this.#asking.maxRounds ?? Number.MAX_SAFE_INTEGER, this.maxConsecutiveAutoReply + 1);
  }

  get #answerPrefix(): string {
    return (this.retrieveConfig.customizedAnswerPrefix ?? "").toUpperCase();
  }
}

/** A budget that is counted in something else would never be met. */
function counted(tokens: number): number {
  checkValue("The result of retrieveConfig.customTokenCountFunction", tokens ?? null, "amount");
  return tokens;
}

/** A round is a turn, too: behind the last one there are no further passages either. */
function leastOf(...limits: readonly unknown[]): number | undefined {
  const given = limits.filter((limit) => typeof limit === "number");
  return given.length === 0 ? undefined : Math.min(...given);
}

function firstSentence(text: string): string | undefined {
  const sentence = /^[^\n]*?[.!?](?=\s|$)|^[^\n]+/.exec(text.trim())?.[0];
  return sentence === undefined || sentence.trim() === "" ? undefined : sentence.trim();
}
