import { join } from "node:path";
import { createSettings } from "../ingest/collection-settings.ts";
import { checkFreshness } from "../ingest/check-freshness.ts";
import { whileHeld } from "../ingest/hold-collection.ts";
import { createIngestCorpus } from "../ingest/ingest-corpus.ts";
import type { IngestParts } from "../ingest/run-ingestion.ts";
import { createSubmitDocuments } from "../ingest/submit-documents.ts";
import { watchRoots } from "../ingest/watch-roots.ts";
import { checkWebAddress, createSubmitPage } from "../ingest/web/submit-page.ts";
import type { WebOptions } from "../ingest/web/web-fetcher.ts";
import { EXTRACTIVE_MODEL } from "./agents/extractive/extractive-assistant.ts";
import { createAnswerQuestion } from "./answering/answer-question.ts";
import { createCheckParts } from "./answering/check-parts.ts";
import { createFindCode } from "./answering/find-code.ts";
import { createManageCollections } from "./answering/manage-collections.ts";
import { createManageDocuments } from "./answering/manage-documents.ts";
import { createSearchCorpus } from "./answering/search-corpus.ts";
import { traceIngest, traceUseCases } from "./answering/trace-use-cases.ts";
import type { UseCases, WhileNobodyIngests } from "./answering/use-cases.ts";
import { lazyPart } from "./compose/lazy-part.ts";
import { openParts, type Parts } from "./compose/open-parts.ts";
import { createPartChecks } from "./compose/part-checks.ts";
import type { Config } from "./config.ts";
import { createFileConversationStore } from "./conversations/file-conversation-store.ts";
import type { IngestCorpus } from "./domain/ingest.ts";
import { createCachedEmbedder } from "./embedding/cached-embedder.ts";
import { createTracedModel } from "./language-model/traced-model.ts";
import { createGptTokenCounter } from "./tokens/gpt-token-counter.ts";
import { openTracing, type Tracing } from "./tracing/open-tracing.ts";

/** Options of {@link compose}. */
export interface ComposeOptions {
  /** Version that web servers are told. Default: none. */
  readonly version?: string | undefined;
}

/** Chooses the adapters that the settings name, and connects them to what entries may call. */
export async function compose(config: Config, options: ComposeOptions = {}): Promise<UseCases> {
  const { otelEndpoint: endpoint } = config;
  if (endpoint === undefined) return connect(config, { ...options, tracing: null });
  const { version } = options;
  const tracing = await openTracing({ endpoint, version });
  return traceUseCases(connect(config, { ...options, tracing }));
}

function connect(
  config: Config,
  { version, tracing }: ComposeOptions & { readonly tracing: Tracing | null },
): UseCases {
  const parts = openParts(config);
  const { store, queryEmbedder, openCollection, models } = parts;
  const modelNames = async (): Promise<readonly string[]> => [...(await models.get()).names, EXTRACTIVE_MODEL];
  const conversations = createFileConversationStore({
    folder: join(config.dataFolder, "conversations"),
    keepDays: config.conversationDays,
  });
  const tokenCounter = createGptTokenCounter();
  const answerQuestion = lazyPart(async () =>
    createAnswerQuestion({
      store: await store.get(),
      embedder: await queryEmbedder.get(),
      openCollection: await openCollection.get(),
      conversations,
      tokenCounter,
      modelNames,
      openModel: async (name) => {
        const model = await (await models.get()).open(name);
        return tracing === null ? model : createTracedModel(model);
      },
    }),
  );
  return {
    async *answerQuestion(request) {
      return yield* (await answerQuestion.get())(request);
    },
    async searchCorpus(request) {
      return createSearchCorpus({ openCollection: await openCollection.get() })(request);
    },
    async findCode(request) {
      return createFindCode({ openCollection: await openCollection.get() })(request);
    },
    ...ingestion(parts, { config, web: webOptions(config, version), isTraced: tracing !== null }),
    ...management(parts, config),
    conversations,
    checkParts: createCheckParts(createPartChecks(parts, config)),
    modelNames,
    countTokens: (text) => tokenCounter.count(text),
    async close() {
      await parts.close();
      await tracing?.close();
    },
  };
}

function ingestion(
  parts: Parts,
  { config, web, isTraced }: { readonly config: Config; readonly web: WebOptions; readonly isTraced: boolean },
): Pick<UseCases, "ingestRoots" | "watchRoots" | "checkFreshness" | "submitDocuments" | "pages"> {
  const { dataFolder, maxFileBytes, allowSecrets } = config;
  // The parts are opened anew at each ingestion: a store that is down when watching starts may come up later.
  const ingestParts = async (): Promise<IngestParts> => ({
    store: await parts.store.get(),
    ...(await rememberVectors(parts)),
    dataFolder,
    maxFileBytes,
    allowSecrets,
    web,
  });
  const untraced: IngestCorpus = async function* (options) {
    return yield* createIngestCorpus(await ingestParts())(options);
  };
  const ingestRoots = isTraced ? traceIngest(untraced) : untraced;
  return {
    ingestRoots,
    watchRoots: (options) => watchRoots({ ...options, dataFolder, ingest: () => ingestRoots(options) }),
    checkFreshness,
    async *submitDocuments(request) {
      return yield* createSubmitDocuments(await ingestParts())(request);
    },
    pages: {
      check: (url) => checkWebAddress(url, web),
      async *submit(request) {
        return yield* createSubmitPage(await ingestParts())(request);
      },
    },
  };
}

async function rememberVectors({ embedder, vectorCache }: Parts): Promise<Pick<IngestParts, "embedder" | "takeNotes">> {
  const opened = await embedder.get();
  if (vectorCache === null) return { embedder: opened };
  return { embedder: createCachedEmbedder(opened, vectorCache), takeNotes: () => vectorCache.takeNotes() };
}

function webOptions(config: Config, version: string | undefined): WebOptions {
  return {
    ...(version === undefined ? {} : { userAgent: `citewell/${version}` }),
    allowPrivateAddresses: config.allowPrivateAddresses,
    maxPages: config.crawlMaxPages,
    delayMs: config.crawlDelayMs,
    timeoutMs: config.fetchTimeoutSeconds * 1_000,
  };
}

function management(
  { store, embedder }: Parts,
  { chunker, chunkTokens, chunkOverlap }: Config,
): Pick<UseCases, "documents" | "collections"> {
  const whileNobodyIngests: WhileNobodyIngests = async (options, work) => whileHeld(await store.get(), options, work);
  const documents = async () => createManageDocuments({ store: await store.get(), whileNobodyIngests });
  const collections = async () =>
    createManageCollections({
      store: await store.get(),
      whileNobodyIngests,
      currentSettings: async () => createSettings(await embedder.get(), { chunker, chunkTokens, chunkOverlap }),
    });
  return {
    documents: {
      list: async (request) => (await documents()).list(request),
      get: async (request) => (await documents()).get(request),
      remove: async (request) => (await documents()).remove(request),
      removeSources: async (request) => (await documents()).removeSources(request),
    },
    collections: {
      list: async () => (await collections()).list(),
      create: async (name) => (await collections()).create(name),
      remove: async (name, options) => (await collections()).remove(name, options),
    },
  };
}
