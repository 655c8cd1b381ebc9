import { constants } from "node:fs";
import { access, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { createSettings } from "../ingest/collection-target.ts";
import { checkFreshness } from "../ingest/check-freshness.ts";
import { createIngestCorpus } from "../ingest/ingest-corpus.ts";
import type { IngestParts } from "../ingest/run-ingestion.ts";
import { createSubmitDocuments } from "../ingest/submit-documents.ts";
import { watchRoots } from "../ingest/watch-roots.ts";
import { checkWebAddress, createSubmitPage } from "../ingest/web/submit-page.ts";
import type { WebOptions } from "../ingest/web/web-fetcher.ts";
import { EXTRACTIVE_MODEL } from "./agents/extractive/extractive-assistant.ts";
import { createAnswerQuestion } from "./answering/answer-question.ts";
import { createCheckParts, type PartCheck } from "./answering/check-parts.ts";
import { createFindCode } from "./answering/find-code.ts";
import { createManageCollections } from "./answering/manage-collections.ts";
import { createManageDocuments } from "./answering/manage-documents.ts";
import { createCollectionOpener, type OpenCollection } from "./answering/open-collection.ts";
import { createSearchCorpus } from "./answering/search-corpus.ts";
import { traceUseCases } from "./answering/trace-use-cases.ts";
import type { UseCases } from "./answering/use-cases.ts";
import type { Config } from "./config.ts";
import { createFileConversationStore } from "./conversations/file-conversation-store.ts";
import type { IngestCorpus } from "./domain/ingest.ts";
import type { Cache } from "./cache/cache.ts";
import { createDiskCache } from "./cache/disk-cache.ts";
import { createCachedEmbedder } from "./embedding/cached-embedder.ts";
import type { Embedder } from "./embedding/embedder.ts";
import { openEmbedder } from "./embedding/open-embedder.ts";
import { CitewellError } from "./errors.ts";
import { readConfiguredModels, type ConfiguredModels } from "./language-model/configured-models.ts";
import { createTracedModel } from "./language-model/traced-model.ts";
import { openVectorStore } from "./store/open-vector-store.ts";
import type { VectorStore } from "./store/vector-store.ts";
import { createGptTokenCounter } from "./tokens/gpt-token-counter.ts";
import { openTracing, type Tracing } from "./tracing/open-tracing.ts";

/** Parts that are opened when something first needs them. */
interface Parts {
  readonly store: Lazy<VectorStore>;
  readonly embedder: Lazy<Embedder>;
  readonly openCollection: Lazy<OpenCollection>;
  readonly models: ConfiguredModels;
  readonly config: Config;
}

/** Options of {@link compose}. */
export interface ComposeOptions {
  /** Version that web servers are told. Default: none. */
  readonly version?: string;
}

/** Chooses the adapters that the settings name, and connects them to what entries may call. */
export async function compose(config: Config, options: ComposeOptions = {}): Promise<UseCases> {
  const { otelEndpoint: endpoint } = config;
  if (endpoint === undefined) return connect(config, { ...options, tracing: null });
  const { version } = options;
  const tracing = await openTracing({ endpoint, ...(version === undefined ? {} : { version }) });
  return traceUseCases(await connect(config, { ...options, tracing }));
}

async function connect(
  config: Config,
  { version, tracing }: ComposeOptions & { readonly tracing: Tracing | null },
): Promise<UseCases> {
  const web = webOptions(config, version);
  const store = lazy(() => openVectorStore(storeOptions(config)));
  const embedder = lazy(() => openEmbedder(embedderOptions(config)));
  const openCollection = lazy(async () =>
    createCollectionOpener({ store: await store.get(), embedder: await embedder.get() }),
  );
  const parts: Parts = { store, embedder, openCollection, models: await readConfiguredModels(config), config };
  const modelNames = [...parts.models.names, EXTRACTIVE_MODEL];
  const conversations = createFileConversationStore({ folder: join(config.dataFolder, "conversations") });
  const tokenCounter = createGptTokenCounter();
  const cache = config.vectorCacheBytes === 0 ? null : createVectorCache(config);
  const ingestParts = async () => ({
    store: await store.get(),
    ...rememberVectors(await embedder.get(), cache),
    dataFolder: config.dataFolder,
    maxFileBytes: config.maxFileBytes,
    allowSecrets: config.allowSecrets,
    web,
  });
  const answerQuestion = lazy(async () =>
    createAnswerQuestion({
      store: await store.get(),
      embedder: await embedder.get(),
      openCollection: await openCollection.get(),
      conversations,
      tokenCounter,
      modelNames,
      openModel: async (name) => {
        const model = await parts.models.open(name);
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
    async *ingestRoots(options) {
      return yield* createIngestCorpus(await ingestParts())(options);
    },
    async *watchRoots(options) {
      // The parts are asked for at each pass: a store that is down at the start may come up.
      const ingest: IngestCorpus = async function* () {
        return yield* createIngestCorpus(await ingestParts())(options);
      };
      return yield* watchRoots({ ...options, dataFolder: config.dataFolder, ingest: () => ingest(options) });
    },
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
    ...manage(parts),
    conversations,
    checkParts: createCheckParts(partChecks(parts)),
    modelNames,
    countTokens: (text) => tokenCounter.count(text),
    async close() {
      await Promise.all([store.close(), embedder.close(), cache?.close()]);
      await tracing?.close();
    },
  };
}

function createVectorCache({ cacheFolder, dataFolder, vectorCacheBytes }: Config): Cache {
  const folder = cacheFolder ?? join(dataFolder, "cache");
  return createDiskCache({ file: join(folder, "vectors.sqlite"), maxBytes: vectorCacheBytes });
}

function rememberVectors(embedder: Embedder, cache: Cache | null): Pick<IngestParts, "embedder" | "takeNotes"> {
  if (cache === null) return { embedder };
  return { embedder: createCachedEmbedder(embedder, cache), takeNotes: () => cache.takeNotes() };
}

function storeOptions(config: Config): Parameters<typeof openVectorStore>[0] {
  return {
    store: config.store,
    dataFolder: config.dataFolder,
    shardNumber: config.qdrantShards,
    replicationFactor: config.qdrantReplicas,
    writeConsistencyFactor: config.qdrantWriteConsistency,
    ...(config.qdrantApiKey === undefined ? {} : { apiKey: config.qdrantApiKey }),
  };
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

function embedderOptions(config: Config): Parameters<typeof openEmbedder>[0] {
  const { embeddingModel: model, embeddingBaseUrl: baseUrl, embeddingApiKey: apiKey } = config;
  return {
    model,
    cacheFolder: join(config.dataFolder, "models"),
    ...(baseUrl === undefined ? {} : { baseUrl }),
    ...(apiKey === undefined ? {} : { apiKey }),
  };
}

function manage({ store, embedder, config }: Parts): Pick<UseCases, "documents" | "collections"> {
  const documents = async () => createManageDocuments({ store: await store.get() });
  const collections = async () =>
    createManageCollections({
      store: await store.get(),
      currentSettings: async () =>
        createSettings(await embedder.get(), {
          chunker: config.chunker,
          chunkTokens: config.chunkTokens,
          chunkOverlap: config.chunkOverlap,
        }),
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
      remove: async (name) => (await collections()).remove(name),
    },
  };
}

function partChecks({ store, embedder, openCollection, models, config }: Parts): readonly PartCheck[] {
  return [
    { part: "runtime", quick: false, check: async () => `Node.js ${process.versions.node}` },
    { part: "data folder", quick: true, check: () => checkFolder(config.dataFolder) },
    {
      part: "store",
      quick: true,
      check: async () => {
        const opened = await store.get();
        await opened.ping();
        return `${opened.kind} at ${opened.location}`;
      },
    },
    {
      part: "embedding model",
      quick: true,
      check: async () => {
        const { model, dimensions, maxTokens, pooling } = await embedder.get();
        return `${model}: ${String(dimensions)} numbers a vector, ${pooling} pooling, reads ${String(maxTokens)} tokens`;
      },
    },
    {
      part: "collection",
      quick: false,
      check: async () => {
        const { collection } = config;
        if ((await (await store.get()).describeCollection(collection)) === null) {
          return `"${collection}" is not there yet: make it with citewell ingest <folder>`;
        }
        const { info } = await (await openCollection.get())(collection);
        return `"${info.name}": ${String(info.documents)} documents, ${String(info.chunks)} chunks`;
      },
    },
    { part: "language model", quick: false, check: async () => models.description },
  ];
}

async function checkFolder(folder: string): Promise<string> {
  try {
    await mkdir(folder, { recursive: true });
    await access(folder, constants.W_OK);
    return folder;
  } catch (error) {
    throw new CitewellError(
      "config_invalid",
      `The data folder ${folder} can't be written to; give another with --data or CITEWELL_DATA.`,
      { cause: error },
    );
  }
}

interface Lazy<Part> {
  get(): Promise<Part>;
  /** Closes the part if it was opened. */
  close(): Promise<void>;
}

/** Opens a part once; a failed opening is tried again by the next caller. */
function lazy<Part extends object>(open: () => Promise<Part>): Lazy<Part> {
  let opening: Promise<Part> | undefined;
  return {
    get() {
      opening ??= open().catch((error: unknown) => {
        opening = undefined;
        throw error;
      });
      return opening;
    },
    async close() {
      const part: { close?: () => Promise<void> } | undefined = await opening?.catch(() => undefined);
      await part?.close?.();
    },
  };
}
