import { availableParallelism } from "node:os";
import { basename } from "node:path";
import { BUNDLED_MODEL } from "../domain/bundled-model.ts";
import type { Embedder } from "./embedder.ts";
import { fetchHubModel } from "./fetch-hub-model.ts";
import { readLocalModel, type LocalModel, type ModelPrecision } from "./local-model.ts";
import { silenceRuntime } from "./silence-runtime.ts";
import { withSimilarityScale } from "./with-similarity-scale.ts";
import { createWorkerPool } from "./worker-pool.ts";
import type { WorkerSettings } from "./worker-messages.ts";

/** Options of {@link openLocalEmbedder}; exactly one of `modelPath` and `modelName` is given. */
export interface LocalEmbedderOptions {
  /** Folder of a model in the hub's layout (`config.json`, `tokenizer.json`, `onnx/model….onnx`). The network is not used. */
  readonly modelPath?: string;
  /** Name on the model hub, such as `Xenova/bge-small-en-v1.5`; downloaded once into `cacheFolder`. */
  readonly modelName?: string;
  /** Where downloaded models are kept. Needed with `modelName`. */
  readonly cacheFolder?: string;
  /**
   * Address of the model hub or of a mirror.
   * @default undefined (transformers.js' own)
   */
  readonly hubUrl?: string;
  /**
   * Precision of the weights.
   * @default the smallest good one in a folder (int8, q8, fp32, …); q8 from the hub
   */
  readonly dtype?: ModelPrecision;
  /**
   * Worker threads at most, one core each. The first starts with the first text, the others when there is enough to do.
   * @default one a core, 4 at most
   */
  readonly workers?: number;
  /**
   * Whether to start the first worker now and wait for it, so that a model that does not run is found out here and the
   * first question need not wait for loading (some 0.2 s).
   * @default false
   */
  readonly warmUp?: boolean;
  /** Cancels a download. */
  readonly signal?: AbortSignal;
}

const MOST_DEFAULT_WORKERS = 4;
const TEXTS_A_WORKER = 32;

/**
 * Opens a model that runs in this process's worker threads by transformers.js. Sets `ORT_DISABLE_TELEMETRY` in the
 * environment of the process where it is not set: ONNX Runtime reports to its maker otherwise.
 * @throws CitewellError `embedding_model_unavailable` when the model is missing, broken, or cannot be downloaded.
 * @throws TypeError when the options do not fit together.
 */
export async function openLocalEmbedder(options: LocalEmbedderOptions): Promise<Embedder> {
  const { workers = Math.min(availableParallelism(), MOST_DEFAULT_WORKERS), warmUp = false } = options;
  if (!Number.isInteger(workers) || workers < 1)
    throw new TypeError(`workers must be a whole number from 1, not ${workers}`);
  const model = await findModel(options);
  silenceRuntime();
  const pool = createWorkerPool({
    script: new URL(
      import.meta.url.endsWith(".ts") ? "./embedding-worker.ts" : "./embedding-worker.js",
      import.meta.url,
    ),
    settings: workerSettingsOf(model),
    size: workers,
    encode: (text) => model.tokenizer.encode(text, model.maxTokens),
    dimensions: model.dimensions,
    model: model.name,
  });
  if (warmUp) {
    try {
      await pool.start();
    } catch (error) {
      await pool.close();
      throw error;
    }
  }
  const embedder = toEmbedder(model, { pool, workers });
  return basename(model.name) === BUNDLED_MODEL ? embedder : withSimilarityScale(embedder);
}

async function findModel({
  modelPath,
  modelName,
  cacheFolder,
  hubUrl,
  dtype,
  signal,
}: LocalEmbedderOptions): Promise<LocalModel> {
  if ((modelPath === undefined) === (modelName === undefined)) {
    throw new TypeError("exactly one of modelPath and modelName must be given");
  }
  if (modelPath !== undefined) return readLocalModel(modelPath, { name: basename(modelPath), dtype });
  if (modelName === undefined || cacheFolder === undefined) throw new TypeError("modelName needs a cacheFolder");
  const wanted = dtype ?? "q8";
  const folder = await fetchHubModel(modelName, { cacheFolder, dtype: wanted, hubUrl, signal });
  return readLocalModel(folder, { name: modelName, dtype: wanted });
}

function workerSettingsOf({ folder, subfolder, dtype, dimensions, conventions }: LocalModel): WorkerSettings {
  return { folder, subfolder, dtype, dimensions, pooling: conventions.pooling };
}

function toEmbedder(
  model: LocalModel,
  { pool, workers }: { pool: ReturnType<typeof createWorkerPool>; workers: number },
): Embedder {
  const { tokenizer, conventions } = model;
  const { queryPrefix, passagePrefix } = conventions;
  const prefixTokens = Math.max(tokenizer.count(queryPrefix), tokenizer.count(passagePrefix));
  return {
    model: model.name,
    fingerprint: model.fingerprint,
    dimensions: model.dimensions,
    pooling: conventions.pooling,
    maxTokens: model.maxTokens,
    reservedTokens: tokenizer.specialTokens + prefixTokens,
    batchSize: workers * TEXTS_A_WORKER,
    countTokens: tokenizer.count,
    async embed(texts, { purpose = "passage", urgent = purpose === "query", signal } = {}) {
      const prefix = purpose === "query" ? queryPrefix : passagePrefix;
      const prefixed = prefix === "" ? texts : texts.map((text) => prefix + text);
      return pool.embed(prefixed, { urgent, signal });
    },
    close: () => pool.close(),
  };
}
