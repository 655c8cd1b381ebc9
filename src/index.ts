// The library's public surface. Inside the project nothing imports this file.
import { onQdrant } from "./agents/deprecated-agents.ts";
import {
  MessageTokenLimiter as PlainMessageTokenLimiter,
  type MessageTokenLimiterOptions,
} from "./agents/transforms/message-token-limiter.ts";
import { RetrieveUserProxyAgent as PlainRetrieveUserProxyAgent } from "./agents/retrieve/retrieve-user-proxy-agent.ts";
import type {
  OpenedRetrieval,
  OpenRetrievalOptions,
  RetrieveUserProxyAgentOptions,
} from "./agents/retrieve/retrieve-proxy-options.ts";
import type { RetrieveConfig } from "./agents/retrieve/retrieve-config.ts";
import type { UseCases } from "./answering/use-cases.ts";
import type { ComposeOptions } from "./compose.ts";
import type { Config } from "./config.ts";
import type { IngestCorpus } from "./domain/ingest.ts";
import type { QdrantStoreOptions } from "./store/qdrant/qdrant-store.ts";
import type { VectorStore } from "./store/vector-store.ts";
import type { IngestParts } from "../ingest/run-ingestion.ts";
import type { createSubmitDocuments as SubmitDocumentsFactory } from "../ingest/submit-documents.ts";
import { checkIngestParts } from "../ingest/check-ingest-parts.ts";
import { checkRetrieveConfig, readStoreName } from "./agents/retrieve/retrieve-config.ts";
import { createGptTokenCounter } from "./tokens/gpt-token-counter.ts";

/**
 * Asks an assistant questions over passages of a collection; see `RetrieveConfig` for what it stands on. Without options of
 * your own it opens the store, the bundled embedding model and `docsPath` on the first question. Call `close()` at the end.
 */
export class RetrieveUserProxyAgent extends PlainRetrieveUserProxyAgent {
  constructor(options: RetrieveUserProxyAgentOptions) {
    super(withOwnParts(options));
  }
}

/**
 * A retrieval proxy on Qdrant.
 *
 * @deprecated Use `RetrieveUserProxyAgent` with `retrieveConfig: { vectorDb: "qdrant" }`, which this is.
 */
export class QdrantRetrieveUserProxyAgent extends RetrieveUserProxyAgent {
  constructor(options: RetrieveUserProxyAgentOptions) {
    super(onQdrant(options));
  }
}

/** What the library's proxies have where nothing else is given: the way to their collection, and a counter of tokens. */
function withOwnParts(options: RetrieveUserProxyAgentOptions): RetrieveUserProxyAgentOptions {
  if (typeof options !== "object" || options === null) return options;
  const { retrieve, openRetrieval: opener } = options;
  const retrieveConfig = options.retrieveConfig ?? {};
  // Another opener may know other stores.
  if (retrieve === undefined && opener === undefined) readStoreName(retrieveConfig);
  const { model } = retrieveConfig;
  return {
    ...options,
    openRetrieval: opener ?? openRetrieval,
    tokenCounter: options.tokenCounter ?? createGptTokenCounter(typeof model === "string" ? { model } : {}),
  };
}

/** Keeps messages within a number of tokens, counted as the GPT models do unless `tokenCounter` says otherwise. */
export class MessageTokenLimiter extends PlainMessageTokenLimiter {
  constructor(options: MessageTokenLimiterOptions = {}) {
    const { model } = options;
    const tokenCounter = options.tokenCounter ?? createGptTokenCounter({ model });
    super({ ...options, tokenCounter });
  }
}

// Ingestion, the stores and the service bring parsers and clients along that agents do without: they are loaded when they are
// first wanted.

/**
 * Opens what a `retrieveConfig` describes: the store, the embedding model, and the collection, which `docsPath` is indexed
 * into. Its `retrieve` is a search for {@link createRetrieveTool} and for programs of your own; `close()` it at the end.
 *
 * @throws CitewellError `collection_missing` without `docsPath` where there is no such collection, `collection_exists` where
 * neither `getOrCreate` nor `overwrite` allows to use what is there, `file_unreadable` where no file could be indexed.
 */
export async function openRetrieval(
  config: RetrieveConfig,
  options: OpenRetrievalOptions = {},
): Promise<OpenedRetrieval> {
  checkRetrieveConfig(config);
  return (await import("./compose-retrieval.ts")).openRetrieval(config, options);
}

/**
 * Makes the service that the commands run on from settings, see {@link loadConfig}: answers, searches, ingestion. Call its
 * `close()` at the end.
 */
export async function compose(config: Config, options: ComposeOptions = {}): Promise<UseCases> {
  if (typeof config?.dataFolder !== "string") {
    throw new TypeError("compose takes the settings that loadConfig reads: await compose(loadConfig()).");
  }
  return (await import("./compose.ts")).compose(config, options);
}

/**
 * Opens a Qdrant server or cluster as a store and checks that it answers, that its version is 1.16 or newer and that the
 * key is right.
 *
 * @throws CitewellError `config_invalid` for an unusable address or key, `store_unavailable`, `store_too_old` or
 * `store_refused`.
 */
export async function openQdrantStore(options: QdrantStoreOptions): Promise<VectorStore> {
  return (await import("./store/qdrant/qdrant-store.ts")).openQdrantStore(options);
}

/**
 * Makes the function that brings a collection in step with roots (files, folders, globs, URLs). It yields what happens; the
 * last event, `ingest-end`, has the report. Ingestions of one collection take turns, and an interrupted one leaves a state
 * from which the next goes on.
 *
 * The generator throws CitewellError `usage_invalid`, `path_not_found`, `address_refused`, `corpus_empty`,
 * `deletion_refused` and `collection_mismatch`, and whatever the store or the embedder gives up with. What is wrong with
 * single files is in the report.
 */
export function createIngestCorpus(parts: IngestParts): IngestCorpus {
  checkIngestParts(parts, "createIngestCorpus");
  return async function* ingestCorpus(options) {
    const { createIngestCorpus: create } = await import("../ingest/ingest-corpus.ts");
    return yield* create(parts)(options);
  };
}

/**
 * Makes the function that adds or replaces documents given as data. They are cut as the collection's others; nothing is
 * removed. The generator throws CitewellError `usage_invalid` for a missing or unfit name, and what an ingestion throws.
 */
export function createSubmitDocuments(parts: IngestParts): ReturnType<typeof SubmitDocumentsFactory> {
  checkIngestParts(parts, "createSubmitDocuments");
  return async function* submitDocuments(request) {
    const { createSubmitDocuments: create } = await import("../ingest/submit-documents.ts");
    return yield* create(parts)(request);
  };
}

export { AssistantAgent } from "./agents/assistant-agent.ts";
export type {
  Agent,
  AgentReply,
  AgentWithHistory,
  ReplyEvent,
  ReplyRequest,
  SendContext,
  SpeakerChoice,
} from "./agents/agent.ts";
export type { CheckedArguments, ToolFunction, ToolLike, ToolNaming, ToolSignature } from "./agents/agent-tools.ts";
export type { Memo, MemoKind, MemoText, RecalledMemo } from "./agents/capabilities/memo.ts";
export type { MemoStore, MemoStoreOptions } from "./agents/capabilities/memo-store.ts";
export { createMemoStore } from "./agents/capabilities/memo-store.ts";
export type { RecallOptions } from "./agents/capabilities/recall-memos.ts";
export type { TeachabilityEvent, TeachabilityOptions } from "./agents/capabilities/teachability.ts";
export { Teachability } from "./agents/capabilities/teachability.ts";
export type { ChatCost, ChatResult, ModelCost, RetrievalOutcome, SkippedPassage } from "./agents/chat-result.ts";
export { ConversableAgent } from "./agents/conversable-agent.ts";
export type {
  CodeExecutionConfig,
  ConversableAgentOptions,
  HumanInputMode,
  LlmConfig,
} from "./agents/conversable-agent-options.ts";
export type {
  AgentState,
  ChatProgress,
  Conversation,
  ConversationEnd,
  ConversationMessage,
  ConversationOutcome,
  HumanAnswer,
  ModelCallRecord,
  PendingHumanInput,
  ToolCallRecord,
} from "./agents/conversation.ts";
export { createConversation } from "./agents/conversation.ts";
export type { ChatLimits } from "./agents/conversation/chat-limits.ts";
export type { NestedChat, NestedMessageFunction, NestedOpener } from "./agents/conversation/nested-chats.ts";
export type { ResumeChatOptions } from "./agents/conversation/resume-chat.ts";
export { resumeChat } from "./agents/conversation/resume-chat.ts";
export type { ChatOpener, SeriesChat } from "./agents/conversation/sequential-chats.ts";
export { initiateChats } from "./agents/conversation/sequential-chats.ts";
export { deserializeConversation, serializeConversation } from "./agents/conversation/store-conversation.ts";
export type { ChatEvent, TwoAgentChatOptions } from "./agents/conversation/two-agent-chat.ts";
export { runTwoAgentChat } from "./agents/conversation/two-agent-chat.ts";
export { RetrieveAssistantAgent } from "./agents/deprecated-agents.ts";
export type { Dialogues, EarlierMessages } from "./agents/dialogues.ts";
export type { ExtractiveAssistantOptions } from "./agents/extractive/extractive-assistant.ts";
export { ExtractiveAssistant } from "./agents/extractive/extractive-assistant.ts";
export type { SentenceSplitter } from "./agents/extractive/passage-sentences.ts";
export type {
  GroupChatOptions,
  SelectionContext,
  SelectionTemplates,
  SelectSpeaker,
  SpeakerGroup,
  SpeakerSelectionMethod,
} from "./agents/group/group-chat.ts";
export { GroupChat } from "./agents/group/group-chat.ts";
export type { GroupChatManagerOptions, ResumedGroup } from "./agents/group/group-chat-manager.ts";
export { GroupChatManager } from "./agents/group/group-chat-manager.ts";
export type { RemoveTermination } from "./agents/group/group-messages.ts";
export type {
  SpeakerTransitions,
  SpeakerTransitionsType,
  AllowedTransitions,
} from "./agents/group/speaker-transitions.ts";
export type { HookFunctions, HookPoint, ReplyHookContext, SendHookContext } from "./agents/hooks.ts";
export type {
  ChatContext,
  ChatSettings,
  InitiateChatOptions,
  MessageFunction,
  MessageInput,
  SummaryFunction,
  SummaryMethod,
} from "./agents/initiate-chat.ts";
export type { RegisterFunctionOptions } from "./agents/register-function.ts";
export { registerFunction } from "./agents/register-function.ts";
export type { ReplyContext, ReplyFunction, ReplyResult, ReplyTrigger } from "./agents/reply-function.ts";
export type { CreateMarker } from "./agents/retrieve/passage-fence.ts";
export type { RetrieveTask } from "./agents/retrieve/prompts.ts";
export type { RetrieveConfig } from "./agents/retrieve/retrieve-config.ts";
export type { QuestionReading } from "./agents/retrieve/retrieve-state.ts";
export type {
  OpenedRetrieval,
  OpenRetrievalOptions,
  QuestionOptions,
  RetrieveDocsOptions,
  RetrieveUserProxyAgentOptions,
} from "./agents/retrieve/retrieve-proxy-options.ts";
export type {
  RetrieveChatEvent,
  RetrieveChatOptions,
  RetrieveChatResult,
} from "./agents/retrieve/run-retrieve-chat.ts";
export { runRetrieveChat } from "./agents/retrieve/run-retrieve-chat.ts";
export type { FoundText } from "./agents/retrieve/search-result.ts";
export { toSearchResult } from "./agents/retrieve/search-result.ts";
export type { ResponsePreparer, SocietyOfMindAgentOptions } from "./agents/society-of-mind-agent.ts";
export { SocietyOfMindAgent } from "./agents/society-of-mind-agent.ts";
export type { RetrieveToolOptions } from "./agents/tools/retrieve-tool.ts";
export { createRetrieveTool } from "./agents/tools/retrieve-tool.ts";
export type { SchemaIssue, SchemaResult, StandardSchema } from "./agents/tools/standard-schema.ts";
export type { JsonSchema, Tool, ToolApproval, ToolContext, ToolOptions } from "./agents/tools/tool.ts";
export { defineTool } from "./agents/tools/tool.ts";
export type { LangChainTool, McpClient, McpTool, ToolAdapterOptions } from "./agents/tools/tool-adapters.ts";
export { fromLangChainTool, fromMcpTool } from "./agents/tools/tool-adapters.ts";
export type { UsageMode } from "./agents/usage-summary.ts";
export { gatherUsageSummary } from "./agents/usage-summary.ts";
export type { MessageHistoryLimiterOptions } from "./agents/transforms/message-history-limiter.ts";
export { MessageHistoryLimiter } from "./agents/transforms/message-history-limiter.ts";
export type { MessageTokenLimiterOptions } from "./agents/transforms/message-token-limiter.ts";
export type {
  MessageFilter,
  MessageFilterOptions,
  MessageTransform,
  TransformContext,
  TransformLog,
} from "./agents/transforms/message-transform.ts";
export type { TextMessageContentNameOptions } from "./agents/transforms/text-message-content-name.ts";
export { TextMessageContentName } from "./agents/transforms/text-message-content-name.ts";
export type { TransformMessagesOptions } from "./agents/transforms/transform-messages.ts";
export { TransformMessages } from "./agents/transforms/transform-messages.ts";
export type { Candidate, SearchSpace, TunePrompt } from "./agents/tuning/search-space.ts";
export type { TuneBudget, TuneOptions, TuneResult, TuneTrial } from "./agents/tuning/tune-options.ts";
export { tune } from "./agents/tuning/tune.ts";
export { UserProxyAgent } from "./agents/user-proxy-agent.ts";
export type { ConsolePrinterOptions } from "./agents/watching/console-printer.ts";
export { createConsolePrinter } from "./agents/watching/console-printer.ts";
export type { JsonlLog, JsonlLogOptions } from "./agents/watching/jsonl-log.ts";
export { createJsonlLog } from "./agents/watching/jsonl-log.ts";
export type { SpanWatcherOptions } from "./agents/watching/span-watcher.ts";
export { createSpanWatcher } from "./agents/watching/span-watcher.ts";
export type {
  RunEnd,
  RunEvent,
  RunInfo,
  RunListener,
  RunWatcher,
  WatchRunOptions,
} from "./agents/watching/watch-run.ts";
export { watchRun } from "./agents/watching/watch-run.ts";
export type {
  AnswerQuestion,
  AnswerRequest,
  AnswerTask,
  AnsweredQuestion,
  CheckFreshness,
  CheckParts,
  DocumentContent,
  FindCode,
  FindCodeRequest,
  IngestRoots,
  ManageCollections,
  ManageConversations,
  ManageDocuments,
  PartState,
  SearchCorpus,
  SearchRequest,
  SubmitDocuments,
  SubmitPages,
  UseCases,
  WaitOptions,
  WatchRoots,
} from "./answering/use-cases.ts";
export type { CodeBlock, CodeExecutor, CodeResult } from "./code-execution/code-executor.ts";
export { extractCodeBlocks } from "./code-execution/extract-code-blocks.ts";
export type { LocalExecutorOptions } from "./code-execution/local-executor.ts";
export { createLocalExecutor } from "./code-execution/local-executor.ts";
export type { RefusingExecutorOptions } from "./code-execution/refusing-executor.ts";
export { createRefusingExecutor } from "./code-execution/refusing-executor.ts";
export type { ComposeOptions } from "./compose.ts";
export type { LogLevel, SettingName, Settings } from "./config/settings.ts";
export type { Config, LoadConfigOptions, SettingFlags } from "./config.ts";
export { loadConfig } from "./config.ts";
export type { SettingOrigin } from "./config/setting-origin.ts";
export type {
  Answer,
  AnswerEvent,
  AnswerProgress,
  AnswerStatus,
  Citation,
  ContextEntry,
  DroppedCitation,
  Passage,
  ReplyCut,
  SearchSummary,
} from "./domain/answer.ts";
export type { Chunk, ChunkPoint, IndexedChunk, SparseVector } from "./domain/chunk.ts";
export type { ConversationTurn, StoredConversation } from "./domain/conversation.ts";
export type { ChunkerName, CollectionInfo, CollectionSettings } from "./domain/collection.ts";
export type { DocumentMetadata, MetadataFilter, MetadataScalar, MetadataValue } from "./domain/document-metadata.ts";
export type {
  DocumentRecord,
  FetchState,
  LineRange,
  LoadedDocument,
  PageSpan,
  PageStart,
  Span,
} from "./domain/document.ts";
export type {
  Correction,
  Evidence,
  ExplainedCandidate,
  Hit,
  HitScores,
  Interpretation,
  QueryReason,
  QuestionFilter,
  SearchExplanation,
  SearchFilter,
  SearchMode,
  SearchResult,
  SearchedQuery,
  StandaloneQuestion,
} from "./domain/hit.ts";
export type {
  FileReport,
  FileStatus,
  IngestCorpus,
  IngestEvent,
  IngestForecast,
  IngestOptions,
  IngestReport,
  SubmitOptions,
  PlannedFile,
  RootFreshness,
  SubmitRequest,
  SubmittedDocument,
  WatchEvent,
} from "./domain/ingest.ts";
export type {
  ChatMessage,
  ContextRequest,
  MessageRole,
  RetrievalContext,
  ToolCall,
  ToolResponse,
} from "./domain/message.ts";
export type { SimilarityScale } from "./domain/similarity-scale.ts";
export { runToEnd } from "./domain/run-to-end.ts";
export type { Usage } from "./domain/usage.ts";
export type { Embedder, EmbedOptions } from "./embedding/embedder.ts";
export type { EmbeddingFunction, FunctionEmbedderOptions } from "./embedding/function-embedder.ts";
export { createFunctionEmbedder } from "./embedding/function-embedder.ts";
export type { HashingEmbedderOptions } from "./embedding/hashing-embedder.ts";
export { createHashingEmbedder } from "./embedding/hashing-embedder.ts";
export type { OpenEmbedderOptions } from "./embedding/open-embedder.ts";
export { openEmbedder } from "./embedding/open-embedder.ts";
export type { CitewellErrorCode, CitewellErrorOptions, InputProblem } from "./errors.ts";
export { CitewellError, isCitewellError } from "./errors.ts";
export type { HumanInput } from "./human-input/human-input.ts";
export { createDeferredHumanInput } from "./human-input/deferred-human-input.ts";
export type { ScriptedHumanInput } from "./human-input/scripted-human-input.ts";
export { createScriptedHumanInput } from "./human-input/scripted-human-input.ts";
export type { TerminalHumanInputOptions } from "./human-input/terminal-human-input.ts";
export { createTerminalHumanInput } from "./human-input/terminal-human-input.ts";
export type {
  LanguageModel,
  ModelAttempt,
  ModelReply,
  ModelRequest,
  ModelSettings,
  ReplySchema,
  ToolDescription,
} from "./language-model/language-model.ts";
export type { ReplyOptions } from "./language-model/openai-reply.ts";
export type { CachingModelOptions, FileReplyCacheOptions, ReplyCache } from "./language-model/reply-cache.ts";
export { createCachingModel, createFileReplyCache, createMemoryReplyCache } from "./language-model/reply-cache.ts";
export type { FailoverModelOptions } from "./language-model/failover-model.ts";
export { createFailoverModel } from "./language-model/failover-model.ts";
export type { OpenAiModelOptions } from "./language-model/openai-call.ts";
export { createOpenAiModel } from "./language-model/openai-model.ts";
export type {
  ConfigFilter,
  ConfigList,
  FilterConfigListOptions,
  ModelConfig,
  ModelConfigInput,
  ParseConfigListOptions,
} from "./language-model/config-list.ts";
export { filterConfigList, parseConfigList, readConfigList } from "./language-model/config-list.ts";
export type { OpenLanguageModelOptions } from "./language-model/open-language-model.ts";
export { openLanguageModel } from "./language-model/open-language-model.ts";
export type { ScriptedModel, ScriptedModelOptions, ScriptedStep } from "./language-model/scripted-model.ts";
export { createScriptedModel } from "./language-model/scripted-model.ts";
export type { CheckCitationsOptions, CheckedAnswer, Claim, KnownClaims, ReadSpans } from "./retrieval/citations.ts";
export { checkCitations } from "./retrieval/citations.ts";
export type { RankingParts } from "./retrieval/ranking-parts.ts";
export type { Retrieve, RetrieveOptions, Rewriting } from "./retrieval/retrieve.ts";
export type { RetrieverOptions } from "./retrieval/create-retriever.ts";
export { createRetriever } from "./retrieval/create-retriever.ts";
export type { ScoreWeights } from "./retrieval/score-candidates.ts";
export type { VectorMemory } from "./store/embedded/protocol.ts";
export type { EmbeddedStoreOptions } from "./store/embedded/embedded-store.ts";
export { openEmbeddedStore } from "./store/embedded/embedded-store.ts";
export type { QdrantStoreOptions } from "./store/qdrant/qdrant-store.ts";
export type {
  CallOptions,
  ChunkState,
  DocumentPage,
  Lease,
  LeaseClaim,
  StoreCandidate,
  StoreFilter,
  StoreQuery,
  StoreSearchResult,
  VectorStore,
} from "./store/vector-store.ts";
export type { AutogenChunkMode } from "../ingest/chunking/autogen.ts";
export type { ChunkingOptions } from "../ingest/chunking/chunking-options.ts";
export type { CustomTextSplit } from "../ingest/chunking/custom.ts";
export type { IngestParts } from "../ingest/run-ingestion.ts";
export type { DocumentToSubmit } from "../ingest/submit-documents.ts";
export type { HostAddress, ResolveHost } from "../ingest/web/public-address.ts";
export type { WebOptions } from "../ingest/web/web-fetcher.ts";
export type { TokenCounter } from "./tokens/token-counter.ts";
