import { resolve } from "node:path";
import { createIngestCorpus } from "../ingest/ingest-corpus.ts";
import type { OpenedRetrieval } from "./agents/retrieve/retrieve-user-proxy-agent.ts";
import type { RetrieveConfig } from "./agents/retrieve/retrieve-config.ts";
import { createCollectionOpener } from "./answering/open-collection.ts";
import type { IngestOptions } from "./domain/ingest.ts";
import { createFunctionEmbedder } from "./embedding/function-embedder.ts";
import type { Embedder } from "./embedding/embedder.ts";
import { openEmbedder } from "./embedding/open-embedder.ts";
import { CitewellError } from "./errors.ts";
import { isQdrantClient } from "./store/qdrant/is-qdrant-client.ts";
import { openVectorStore } from "./store/open-vector-store.ts";
import type { VectorStore } from "./store/vector-store.ts";
import { createGptTokenCounter } from "./tokens/gpt-token-counter.ts";

/** Collection of a `retrieveConfig` that names none, as in AutoGen. */
export const DEFAULT_AGENT_COLLECTION = "autogen-docs";

const DEFAULT_DATA_FOLDER = ".citewell";

/**
 * Opens what a `retrieveConfig` describes: the store, the embedder, and the collection, which `docsPath` is indexed into.
 * Rejects as AutoGen's table of `getOrCreate` and `overwrite` has it: `collection_missing` without `docsPath`,
 * `collection_exists` where neither of them allows to use what is there.
 */
export async function openRetrieval(config: RetrieveConfig): Promise<OpenedRetrieval> {
  const { store, owned } = await openStore(config);
  const embedder = await openConfiguredEmbedder(config);
  const close = async (): Promise<void> => {
    await Promise.all([owned ? store.close() : undefined, embedder.close()]);
  };
  try {
    const collection = config.collectionName ?? DEFAULT_AGENT_COLLECTION;
    await prepare(config, { store, embedder, collection });
    const { retrieve, retrieveCode } = await createCollectionOpener({ store, embedder })(collection);
    return { retrieve, retrieveCode, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function prepare(
  config: RetrieveConfig,
  {
    store,
    embedder,
    collection,
  }: { readonly store: VectorStore; readonly embedder: Embedder; readonly collection: string },
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
  if (exists && config.overwrite === true) await store.deleteCollection(collection);
  if (exists && config.overwrite !== true && config.getOrCreate !== true) {
    throw new CitewellError(
      "collection_exists",
      `The collection "${collection}" exists already: set getOrCreate to use it, or overwrite to make it anew.`,
    );
  }
  if (exists && config.overwrite !== true && config.newDocs === false) return;
  const { customTextSplitFunction, chunkMode, mustBreakAtEmptyLine } = config;
  const chunking = { customTextSplitFunction, chunkMode, mustBreakAtEmptyLine };
  const ingest = createIngestCorpus({ store, embedder, chunking, dataFolder: resolve(DEFAULT_DATA_FOLDER) });
  for await (const event of ingest(ingestOptions(config, { collection, roots }))) {
    if (event.type !== "ingest-end") continue;
    for (const { source, reason } of event.report.files.filter(({ status }) => status === "failed")) {
      process.emitWarning(`${source} could not be indexed: ${reason}`);
    }
  }
}

function rootsOf({ docsPath }: RetrieveConfig): readonly string[] {
  if (docsPath === undefined || docsPath === null) return [];
  return typeof docsPath === "string" ? [docsPath] : docsPath;
}

function ingestOptions(
  config: RetrieveConfig,
  { collection, roots }: { readonly collection: string; readonly roots: readonly string[] },
): IngestOptions {
  const { chunkTokenSize, chunkMode, customTextTypes, recursive } = config;
  return {
    collection,
    roots,
    ...(chunkTokenSize === undefined ? {} : { chunkTokens: chunkTokenSize }),
    ...(chunkMode === undefined ? {} : { chunker: "autogen" }),
    ...(customTextTypes === undefined
      ? {}
      : { include: customTextTypes.map((type) => `**/*.${type.replace(/^\./, "")}`) }),
    ...(recursive === false ? { exclude: ["*/**"] } : {}),
  };
}

async function openStore({
  vectorDb,
  dbConfig = {},
}: RetrieveConfig): Promise<{ readonly store: VectorStore; readonly owned: boolean }> {
  if (isVectorStore(vectorDb)) return { store: vectorDb, owned: false };
  const name = typeof vectorDb === "string" ? vectorDb.toLowerCase() : "embedded";
  const text = (key: string): string | undefined => {
    const value = dbConfig[key];
    return typeof value === "string" ? value : undefined;
  };
  if (name === "embedded") {
    const dataFolder = resolve(text("dataFolder") ?? DEFAULT_DATA_FOLDER);
    return { store: await openVectorStore({ store: "embedded", dataFolder }), owned: true };
  }
  if (name !== "qdrant" && name !== "qdrantdb") {
    throw new CitewellError(
      "not_supported",
      `There is no store "${name}": vectorDb is "embedded" (the default), "qdrant", or a VectorStore of your own.`,
    );
  }
  const { openQdrantStore } = await import("./store/qdrant/qdrant-store.ts");
  const client = dbConfig["client"];
  const apiKey = text("apiKey");
  const connection = isQdrantClient(client)
    ? { client }
    : { url: text("url") ?? "http://localhost:6333", ...(apiKey === undefined ? {} : { apiKey }) };
  return { store: await openQdrantStore(connection), owned: true };
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
