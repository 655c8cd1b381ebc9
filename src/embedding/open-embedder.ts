import { existsSync } from "node:fs";
import { dirname, isAbsolute, join } from "node:path";
import { fileURLToPath } from "node:url";
import { checkNeeded, checkOptions, type OptionKind } from "../domain/check-options.ts";
import { BUNDLED_MODEL } from "../domain/bundled-model.ts";
import { ENDPOINT_PREFIX, isEndpointModel } from "../domain/endpoint-model.ts";
import { SIGNAL_RULE } from "../domain/part-rules.ts";
import { CitewellError } from "../errors.ts";
import type { Embedder } from "./embedder.ts";

/** Options of {@link openEmbedder}. */
export interface OpenEmbedderOptions {
  /**
   * Which model: a folder (an existing path, or anything that starts with `.` or `/`), `endpoint:NAME` for a model
   * behind {@link baseUrl}, or else a name on the model hub, such as `Xenova/bge-small-en-v1.5`.
   * @default the bundled all-MiniLM-L6-v2
   */
  readonly model?: string | undefined;
  /** Where models from the hub are kept. */
  readonly cacheFolder: string;
  /**
   * Worker threads at most, for models that run here.
   * @default one a core, 4 at most
   */
  readonly workers?: number | undefined;
  /**
   * Whether a model that runs here is loaded now, not with the first text.
   * @default false
   */
  readonly warmUp?: boolean | undefined;
  /** Base address of an OpenAI-compatible service, for `endpoint:NAME`; required there, without effect elsewhere. */
  readonly baseUrl?: string | undefined;
  /** Key for that service. Default: none is sent. */
  readonly apiKey?: string | undefined;
  /** Length of the vectors of `endpoint:NAME`, where it is known. Default: the service is asked, and has to answer. */
  readonly dimensions?: number | undefined;
  /** Cancels a download or the first request to an endpoint. */
  readonly signal?: AbortSignal | undefined;
}

const KNOWN: Readonly<Record<keyof OpenEmbedderOptions, OptionKind>> = {
  model: "text",
  cacheFolder: "name",
  workers: "count",
  warmUp: "flag",
  baseUrl: "text",
  apiKey: "text",
  dimensions: "count",
  signal: SIGNAL_RULE,
};

/**
 * Opens the embedder that a setting names.
 * @throws CitewellError `embedding_model_unavailable`, or `config_invalid` when an endpoint has no address.
 */
export async function openEmbedder(options: OpenEmbedderOptions): Promise<Embedder> {
  checkOptions(options, { owner: "openEmbedder", known: KNOWN, instead: { modelName: "write model" } });
  const { model = "", cacheFolder, workers, warmUp, signal } = options;
  if (isEndpointModel(model)) return openEndpoint(model.slice(ENDPOINT_PREFIX.length), options);
  const { openLocalEmbedder } = await import("./local-embedder.ts");
  const common = { workers, warmUp, signal };
  if (model === "" || model === BUNDLED_MODEL) return openLocalEmbedder({ modelPath: bundledModelFolder(), ...common });
  if (isPath(model)) return openLocalEmbedder({ modelPath: model, ...common });
  checkNeeded("openEmbedder.cacheFolder", cacheFolder, "name");
  return openLocalEmbedder({ modelName: model, cacheFolder, ...common });
}

async function openEndpoint(
  model: string,
  { baseUrl, apiKey, dimensions, signal }: OpenEmbedderOptions,
): Promise<Embedder> {
  if (baseUrl === undefined || model === "") {
    throw new CitewellError(
      "config_invalid",
      `The embedding model "${ENDPOINT_PREFIX}${model}" needs a model name and the address of the service: set baseUrl (OPENAI_BASE_URL), or drop the setting to use the bundled model.`,
    );
  }
  const { openEndpointEmbedder } = await import("./endpoint-embedder.ts");
  return openEndpointEmbedder({ model, baseUrl, apiKey, dimensions, signal });
}

function isPath(model: string): boolean {
  return model.startsWith(".") || isAbsolute(model) || existsSync(model);
}

/**
 * Folder of the bundled model: `models/` lies two levels above this file in the repository, three in the package.
 * @throws CitewellError `embedding_model_unavailable` when the installation lacks it.
 */
export function bundledModelFolder(): string {
  const start = dirname(fileURLToPath(import.meta.url));
  for (let folder = start; folder !== dirname(folder); folder = dirname(folder)) {
    const candidate = join(folder, "models", BUNDLED_MODEL);
    if (existsSync(join(candidate, "config.json"))) return candidate;
  }
  throw new CitewellError(
    "embedding_model_unavailable",
    `The bundled embedding model is missing: no folder models/${BUNDLED_MODEL} above ${start}. Install the package again, or name another model's folder.`,
  );
}
