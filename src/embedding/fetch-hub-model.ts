import { createWriteStream, existsSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { CitewellError, errorMessage } from "../errors.ts";
import { putInPlace } from "../put-in-place.ts";
import { MODEL_FILES, type ModelPrecision } from "./local-model.ts";

/** Options of {@link fetchHubModel}. */
export interface FetchHubModelOptions {
  /** Where models are kept, one folder each, named as on the hub. */
  readonly cacheFolder: string;
  /** Which of the model's files to fetch. */
  readonly dtype: ModelPrecision;
  /**
   * Address of the hub or of a mirror.
   * @default undefined (transformers.js' own)
   */
  readonly hubUrl?: string;
  /** Cancels the download. */
  readonly signal?: AbortSignal;
}

interface Source {
  readonly name: string;
  readonly url: string;
  readonly folder: string;
  readonly signal: AbortSignal | undefined;
}

const NEEDED = ["config.json", "tokenizer.json", "tokenizer_config.json"];
const OPTIONAL = ["1_Pooling/config.json", "sentence_bert_config.json", "config_sentence_transformers.json"];
const MODEL_NAME = /^[\w.-]+\/[\w.-]+$/u;

/**
 * Brings a model from the hub into the cache folder, unless it is there, and returns its folder. A file that is half
 * downloaded never counts.
 * @throws CitewellError `embedding_model_unavailable` when there is no such model or no way to the hub.
 */
export async function fetchHubModel(name: string, options: FetchHubModelOptions): Promise<string> {
  if (!MODEL_NAME.test(name) || name.includes("..")) {
    throw unavailable(name, "a model on the hub is named owner/model");
  }
  const folder = join(options.cacheFolder, name);
  // Written last: with it, no look at the hub is needed any more.
  const mark = join(folder, `.complete-${options.dtype}`);
  if (existsSync(mark)) return folder;

  const hub = options.hubUrl ?? (await defaultHubUrl());
  const source: Source = {
    name,
    folder,
    url: `${hub.replace(/\/+$/u, "")}/${name}/resolve/main`,
    signal: options.signal,
  };
  const modelFile = `onnx/${MODEL_FILES[options.dtype]}`;
  for (const file of [...NEEDED, modelFile]) {
    if (!(await download(source, file))) throw unavailable(name, `the hub has no ${file} for it`);
  }
  for (const file of [...OPTIONAL, `${modelFile}_data`]) await download(source, file);
  await writeFile(mark, "");
  return folder;
}

/** Whether the file is in the folder now; false means that the hub has none. */
async function download({ name, url, folder, signal }: Source, file: string): Promise<boolean> {
  const target = join(folder, file);
  if (existsSync(target)) return true;
  try {
    const response = await fetch(`${url}/${file}`, { signal: signal ?? null });
    if (!response.ok || !response.body) {
      await response.body?.cancel();
      // The hub answers 401 for a repository that does not exist, so that private ones cannot be guessed.
      if (response.status === 404) return false;
      throw new Error(`the hub answered ${response.status} for ${file}`);
    }
    await mkdir(dirname(target), { recursive: true });
    const partial = `${target}.${process.pid}.partial`;
    try {
      await pipeline(Readable.fromWeb(response.body), createWriteStream(partial), { signal });
      await putInPlace(partial, target);
    } finally {
      await rm(partial, { force: true });
    }
    return true;
  } catch (cause) {
    signal?.throwIfAborted();
    throw unavailable(name, reasonOf(cause), cause);
  }
}

/** `fetch` says only "fetch failed"; what happened is in its cause. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause === undefined ? errorMessage(error) : `${errorMessage(error)} (${errorMessage(cause)})`;
}

async function defaultHubUrl(): Promise<string> {
  const { env } = await import("@huggingface/transformers");
  return env.remoteHost;
}

function unavailable(name: string, reason: string, cause?: unknown): CitewellError {
  return new CitewellError(
    "embedding_model_unavailable",
    `The embedding model "${name}" cannot be fetched from the model hub: ${reason}. Name a local folder that holds the model, write endpoint:${name} for a model behind an endpoint, or drop the setting to use the bundled model.`,
    { cause },
  );
}
