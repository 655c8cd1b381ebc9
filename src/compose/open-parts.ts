import { join } from "node:path";
import { createCollectionOpener, type OpenCollection } from "../answering/open-collection.ts";
import type { Cache } from "../cache/cache.ts";
import { createDiskCache } from "../cache/disk-cache.ts";
import type { Config } from "../config.ts";
import { isEndpointModel } from "../domain/endpoint-model.ts";
import type { Embedder } from "../embedding/embedder.ts";
import { openEmbedder } from "../embedding/open-embedder.ts";
import { readConfiguredModels, type ConfiguredModels } from "../language-model/configured-models.ts";
import { openVectorStore } from "../store/open-vector-store.ts";
import type { VectorStore } from "../store/vector-store.ts";
import { lazyPart, type LazyPart } from "./lazy-part.ts";

/** What the settings name, for all use cases together. */
export interface Parts {
  readonly store: LazyPart<VectorStore>;
  readonly embedder: LazyPart<Embedder>;
  /** The same for questions: a service need not be reached before something is embedded, since the collection tells its vectors. */
  readonly queryEmbedder: LazyPart<Embedder>;
  readonly openCollection: LazyPart<OpenCollection>;
  readonly models: LazyPart<ConfiguredModels>;
  /** The cache of vectors; null if the settings leave no room for one. */
  readonly vectorCache: Cache | null;
  close(): Promise<void>;
}

/** Chooses the adapters that the settings name; each is opened when something needs it. */
export function openParts(config: Config): Parts {
  const store = lazyPart(() => openVectorStore(storeOptions(config)));
  const embedder = lazyPart(() => openEmbedder(embedderOptions(config)));
  const queryEmbedder = isEndpointModel(config.embeddingModel)
    ? lazyPart(async () => {
        const known = (await (await store.get()).describeCollection(config.collection))?.settings.embedding;
        if (known === undefined || !isEndpointModel(config.embeddingModel, known.model)) return await embedder.get();
        return await openEmbedder({ ...embedderOptions(config), dimensions: known.dimensions });
      })
    : embedder;
  const vectorCache = config.vectorCacheBytes === 0 ? null : createVectorCache(config);
  return {
    store,
    embedder,
    queryEmbedder,
    openCollection: lazyPart(async () =>
      createCollectionOpener({ store: await store.get(), embedder: await queryEmbedder.get() }),
    ),
    models: lazyPart(() => readConfiguredModels(config)),
    vectorCache,
    async close() {
      await Promise.all([store.close(), embedder.close(), vectorCache?.close()]);
    },
  };
}

function storeOptions(config: Config): Parameters<typeof openVectorStore>[0] {
  return {
    store: config.store,
    dataFolder: config.dataFolder,
    shardNumber: config.qdrantShards,
    replicationFactor: config.qdrantReplicas,
    writeConsistencyFactor: config.qdrantWriteConsistency,
    apiKey: config.qdrantApiKey,
  };
}

function embedderOptions(config: Config): Parameters<typeof openEmbedder>[0] {
  const { embeddingModel: model, embeddingBaseUrl: baseUrl, embeddingApiKey: apiKey } = config;
  return {
    model,
    cacheFolder: join(config.dataFolder, "models"),
    baseUrl,
    apiKey,
  };
}

function createVectorCache({ cacheFolder, dataFolder, vectorCacheBytes }: Config): Cache {
  const folder = cacheFolder ?? join(dataFolder, "cache");
  return createDiskCache({ file: join(folder, "vectors.sqlite"), maxBytes: vectorCacheBytes });
}
