import { resolve } from "node:path";
import { createIngestCorpus } from "../ingest/ingest-corpus.ts";
import { OPEN_OPTIONS } from "./agents/retrieve/retrieve-proxy-options.ts";
import type { OpenedRetrieval, OpenRetrievalOptions } from "./agents/retrieve/retrieve-proxy-options.ts";
import { readStoreName } from "./agents/retrieve/retrieve-config.ts";
import type { RetrieveConfig } from "./agents/retrieve/retrieve-config.ts";
import { createCollectionOpener } from "./answering/open-collection.ts";
import { checkOptions } from "./domain/check-options.ts";
import type { IngestOptions, IngestReport } from "./domain/ingest.ts";
import { runToEnd } from "./domain/run-to-end.ts";
import { createFunctionEmbedder } from "./embedding/function-embedder.ts";
import type { Embedder } from "./embedding/embedder.ts";
import { openEmbedder } from "./embedding/open-embedder.ts";
import { CitewellError, isCitewellError } from "./errors.ts";
import { isQdrantClient } from "./store/qdrant/is-qdrant-client.ts";
import { openVectorStore } from "./store/open-vector-store.ts";
import type { VectorStore } from "./store/vector-store.ts";
import { createGptTokenCounter } from "./tokens/gpt-token-counter.ts";

/** The collection if `retrieveConfig` names none, as in AutoGen. */
const DEFAULT_AGENT_COLLECTION = "autogen-docs";

const DEFAULT_DATA_FOLDER = ".citewell";

/**
 * Opens what a `retrieveConfig` describes: the store, the embedder and the collection, into which `docsPath` is
 * indexed. Rejects as AutoGen's rules for `getOrCreate` and `overwrite` say: `collection_missing` without `docsPath`,
 * `collection_exists` if neither of them allows to use an existing collection.
 */
export async function openRetrieval(
  config: RetrieveConfig,
  options: OpenRetrievalOptions = {},
): Promise<OpenedRetrieval> {
  checkOptions(options, { owner: "openRetrieval", known: OPEN_OPTIONS });
  const { signal, onIngest } = options;
  signal?.throwIfAborted();
  const { store, owned } = await openStore(config);
  let embedder: Embedder | undefined;
  const close = async (): Promise<void> => {
    await Promise.all([owned ? store.close() : undefined, embedder?.close()]);
  };
  try {
    embedder = await openConfiguredEmbedder(config);
    const collection = config.collectionName ?? DEFAULT_AGENT_COLLECTION;
    await prepare(config, { store, embedder, collection, signal, onIngest });
    signal?.throwIfAborted();
    const { retrieve, retrieveCode } = await createCollectionOpener({ store, embedder })(collection);
    return { retrieve, retrieveCode, close };
  } catch (error) {
    await close();
    throw isCitewellError(error) ? forAgents(error, config) : error;
  }
}

/** Errors advise commands, which do not help an agent: it has options instead. */
function forAgents(error: CitewellError, { customTextTypes }: RetrieveConfig): CitewellError {
  if (error.code === "corpus_empty" && customTextTypes !== undefined) {
    const types = customTextTypes.join(", ");
    return new CitewellError(
      error.code,
      `${error.message} Of folders, retrieveConfig.customTextTypes lets in only files that end in: ${types}.`,
      { cause: error },
    );
  }
  if (error.code !== "collection_mismatch") return error;
  const [finding = error.message] = error.message.split(/(?<=\.) (?=Set |Re-index |Use |To )/);
  return new CitewellError(
    error.code,
    `${finding} Give retrieveConfig the options that it was made with (embeddingFunction, chunkTokenSize, chunkMode), set overwrite: true with docsPath, or name another collectionName.`,
    { cause: error },
  );
}

async function prepare(
  config: RetrieveConfig,
  {
    store,
    embedder,
    collection,
    signal,
    onIngest,
  }: OpenRetrievalOptions & {
    readonly store: VectorStore;
    readonly embedder: Embedder;
    readonly collection: string;
  },
): Promise<void> {
  const roots = rootsOf(config);
  const exists = (await store.describeCollection(collection)) !== null;
  if (roots.length === 0) {
    if (exists) return;
    throw new CitewellError(
      "collection_missing",
      `There is no collection "${collection}": give retrieveConfig.docsPath, or the name of one that exists as collectionName.`,
    );
  }
  if (exists && config.overwrite !== true && config.getOrCreate !== true) {
    throw new CitewellError(
      "collection_exists",
      `The collection "${collection}" exists already: set getOrCreate to use it, or overwrite to make it anew.`,
    );
  }
  if (exists && config.overwrite !== true && config.newDocs === false) return;
  const { customTextSplitFunction, chunkMode, mustBreakAtEmptyLine } = config;
  const chunking = { customTextSplitFunction, chunkMode, mustBreakAtEmptyLine };
  const web = { allowPrivateAddresses: config.allowPrivateAddresses ?? false };
  const ingest = createIngestCorpus({ store, embedder, chunking, web, dataFolder: resolve(DEFAULT_DATA_FOLDER) });
  tellFailures(await runToEnd(ingest({ ...ingestOptions(config, { collection, roots }), signal }), onIngest));
}

/** Warns of failed files if there is something to search; throws if all failed. */
function tellFailures({ files, documents }: IngestReport): void {
  const failed = files.filter(({ status }) => status === "failed");
  const [first] = failed;
  if (first === undefined) return;
  if (documents.added + documents.changed + documents.unchanged === 0) {
    throw new CitewellError(
      "file_unreadable",
      `None of the ${String(failed.length)} files of retrieveConfig.docsPath could be indexed; ${first.source}: ${first.reason}`,
    );
  }
  for (const { source, reason } of failed) process.emitWarning(`${source} could not be indexed: ${reason}`);
}

function rootsOf({ docsPath }: RetrieveConfig): readonly string[] {
  if (docsPath === undefined || docsPath === null) return [];
  return typeof docsPath === "string" ? [docsPath] : docsPath;
}

function ingestOptions(
  config: RetrieveConfig,
  { collection, roots }: { readonly collection: string; readonly roots: readonly string[] },
): IngestOptions {
  const { chunkTokenSize, chunkMode, customTextTypes, recursive, overwrite } = config;
  return {
    collection,
    roots,
    ...(overwrite === true ? { overwrite } : {}),
    ...(chunkTokenSize === undefined ? {} : { chunkTokens: chunkTokenSize }),
    ...(chunkMode === undefined ? {} : { chunker: "autogen" }),
    ...(customTextTypes === undefined
      ? {}
      : { include: customTextTypes.map((type) => `**/*.${type.replace(/^\./, "")}`) }),
    ...(recursive === false ? { exclude: ["*/**"] } : {}),
  };
}

async function openStore(config: RetrieveConfig): Promise<{ readonly store: VectorStore; readonly owned: boolean }> {
  const { vectorDb, dbConfig = {} } = config;
  if (isVectorStore(vectorDb)) {
    if (Object.keys(dbConfig).length === 0) return { store: vectorDb, owned: false };
    throw new TypeError(`${OWNER} has no effect beside a store of your own as vectorDb; leave it out.`);
  }
  if (readStoreName(config) === "qdrant" || isQdrantClient(vectorDb)) {
    return {
      store: await openQdrant(isQdrantClient(vectorDb) ? { client: vectorDb, ...dbConfig } : dbConfig),
      owned: true,
    };
  }
  if (typeof vectorDb === "object" && vectorDb !== null) {
    throw new TypeError(
      "retrieveConfig.vectorDb is neither a VectorStore nor a Qdrant client. To search a system of your own, give the agent retrieve, or override retrieveDocs in a subclass.",
    );
  }
  checkOptions(dbConfig, { owner: OWNER, known: { dataFolder: true }, instead: FOR_QDRANT });
  const dataFolder = resolve(textOf(dbConfig, "dataFolder") ?? DEFAULT_DATA_FOLDER);
  return { store: await openVectorStore({ store: "embedded", dataFolder }), owned: true };
}

const OWNER = "retrieveConfig.dbConfig";
const WITH_QDRANT = 'set vectorDb: "qdrant" with it';
const FOR_QDRANT: Readonly<Record<string, string>> = {
  client: WITH_QDRANT,
  url: WITH_QDRANT,
  apiKey: WITH_QDRANT,
  path: "write dataFolder",
};
const FOR_EMBEDDED: Readonly<Record<string, string>> = {
  dataFolder: "it is for the embedded store; leave vectorDb out for that",
  location: "write url",
  host: "write url",
  embeddingFunction: "write retrieveConfig.embeddingFunction",
};

async function openQdrant(dbConfig: Readonly<Record<string, unknown>>): Promise<VectorStore> {
  const known = { client: true, url: true, apiKey: true } as const;
  checkOptions(dbConfig, { owner: OWNER, known, instead: FOR_EMBEDDED });
  const client = dbConfig["client"];
  if (client !== undefined && !isQdrantClient(client)) {
    throw new TypeError(`${OWNER}.client must be a QdrantClient of @qdrant/js-client-rest.`);
  }
  const { openQdrantStore } = await import("./store/qdrant/qdrant-store.ts");
  if (client !== undefined) return openQdrantStore({ client });
  const apiKey = textOf(dbConfig, "apiKey");
  const url = textOf(dbConfig, "url") ?? "http://localhost:6333";
  return openQdrantStore({ url, apiKey });
}

function textOf(dbConfig: Readonly<Record<string, unknown>>, key: string): string | undefined {
  const value = dbConfig[key];
  if (value === undefined || typeof value === "string") return value;
  throw new TypeError(`${OWNER}.${key} must be a text, not ${typeof value}.`);
}

function isVectorStore(value: unknown): value is VectorStore {
  return typeof value === "object" && value !== null && "upsertChunks" in value && "search" in value;
}

async function openConfiguredEmbedder({ embeddingFunction }: RetrieveConfig): Promise<Embedder> {
  if (embeddingFunction !== undefined) {
    const counter = createGptTokenCounter();
    return createFunctionEmbedder(embeddingFunction, { countTokens: (text) => counter.count(text) });
  }
  return openEmbedder({ cacheFolder: resolve(DEFAULT_DATA_FOLDER, "models") });
}
