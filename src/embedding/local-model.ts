import { createHash } from "node:crypto";
import { createReadStream, existsSync } from "node:fs";
import { readFile, readdir, stat } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { CitewellError, systemErrorCode } from "../errors.ts";
import { isJsonObject, parseJsonObject, type JsonObject } from "../domain/json-object.ts";
import { conventionsOf, type ModelConventions, type Pooling } from "./model-conventions.ts";
import { createModelTokenizer, type ModelTokenizer } from "./model-tokenizer.ts";

/** Precision of a model's weights, by the names that transformers.js gives to the files. */
export type ModelPrecision = "fp32" | "fp16" | "int8" | "uint8" | "q8" | "q4" | "q4f16" | "bnb4";

/** What a model's folder says about it. */
export interface LocalModel {
  readonly name: string;
  readonly folder: string;
  readonly dtype: ModelPrecision;
  /** Folder of the model file inside {@link folder}: `onnx`, or empty. */
  readonly subfolder: string;
  readonly dimensions: number;
  readonly maxTokens: number;
  readonly conventions: ModelConventions;
  readonly fingerprint: string;
  readonly tokenizer: ModelTokenizer;
}

/** Options of {@link readLocalModel}. */
export interface ReadLocalModelOptions {
  /**
   * Name that the model goes by; decides pooling and prefixes where the folder does not.
   * @default the folder's name
   */
  readonly name?: string;
  /**
   * Precision to use.
   * @default the first of int8, q8, fp32, fp16, uint8, q4, q4f16, bnb4 that is there
   */
  readonly dtype?: ModelPrecision;
}

/** File name of the model in each precision. */
export const MODEL_FILES: Readonly<Record<ModelPrecision, string>> = {
  int8: "model_int8.onnx",
  q8: "model_quantized.onnx",
  fp32: "model.onnx",
  fp16: "model_fp16.onnx",
  uint8: "model_uint8.onnx",
  q4: "model_q4.onnx",
  q4f16: "model_q4f16.onnx",
  bnb4: "model_bnb4.onnx",
};

const PREFERRED_PRECISIONS: readonly ModelPrecision[] = ["int8", "q8", "fp32", "fp16", "uint8", "q4", "q4f16", "bnb4"];
const DEFAULT_MAX_TOKENS = 512;

/**
 * Reads what decides the vectors from a folder in the layout of the model hub: `config.json`, `tokenizer.json`,
 * `tokenizer_config.json`, `onnx/model….onnx`; and, where there, sentence-transformers' own settings.
 * @throws CitewellError `embedding_model_unavailable` when something is missing or broken.
 */
export async function readLocalModel(path: string, options: ReadLocalModelOptions = {}): Promise<LocalModel> {
  const folder = resolve(path);
  const name = options.name ?? basename(folder);
  await checkFolder(folder);
  // One after the other: of several missing files it is always the first that is named.
  const config = await readJson(folder, "config.json");
  const tokenizerData = await readJson(folder, "tokenizer.json");
  const tokenizerConfig = await readJson(folder, "tokenizer_config.json");
  const file = await findModelFile(folder, options.dtype);
  const conventions = await readConventions(folder, name);
  const maxTokens = await readMaxTokens(folder, config, tokenizerConfig);
  return {
    name,
    folder,
    dtype: file.dtype,
    subfolder: file.subfolder,
    dimensions: readDimensions(folder, config),
    maxTokens,
    conventions,
    fingerprint: await fingerprintOf(folder, file, JSON.stringify({ dtype: file.dtype, maxTokens, ...conventions })),
    tokenizer: makeTokenizer(folder, tokenizerData, tokenizerConfig),
  };
}

async function checkFolder(folder: string): Promise<void> {
  const found = await stat(folder).catch((cause: unknown) => {
    throw unavailable(folder, systemErrorCode(cause) === "ENOENT" ? "does not exist" : "cannot be read", cause);
  });
  if (!found.isDirectory()) throw unavailable(folder, "is a file, not a folder");
}

async function readJson(folder: string, file: string): Promise<JsonObject> {
  const text = await readFile(join(folder, file), "utf8").catch((cause: unknown) => {
    throw unavailable(folder, `has no readable ${file}`, cause);
  });
  try {
    return parseJsonObject(text);
  } catch (cause) {
    throw unavailable(folder, `has a broken ${file}`, cause);
  }
}

async function readOptionalJson(folder: string, file: string): Promise<JsonObject | undefined> {
  return existsSync(join(folder, file)) ? readJson(folder, file) : undefined;
}

interface ModelFile {
  readonly dtype: ModelPrecision;
  readonly subfolder: string;
}

async function findModelFile(folder: string, wanted: ModelPrecision | undefined): Promise<ModelFile> {
  const precisions = wanted ? [wanted] : PREFERRED_PRECISIONS;
  for (const subfolder of ["onnx", ""]) {
    const files = await readdir(join(folder, subfolder)).catch((): string[] => []);
    const dtype = precisions.find((precision) => files.includes(MODEL_FILES[precision]));
    if (dtype) return { dtype, subfolder };
  }
  const names = precisions.map((precision) => MODEL_FILES[precision]).join(", ");
  throw unavailable(folder, `has no model file (looked for ${names} in it and in its folder onnx)`);
}

async function readConventions(folder: string, name: string): Promise<ModelConventions> {
  const known = conventionsOf(name);
  const pooling = await readOptionalJson(folder, join("1_Pooling", "config.json"));
  const prompts = (await readOptionalJson(folder, "config_sentence_transformers.json"))?.["prompts"];
  return {
    pooling: pooling ? poolingOf(folder, pooling) : known.pooling,
    queryPrefix: promptOf(prompts, "query") || known.queryPrefix,
    passagePrefix: promptOf(prompts, "passage") || promptOf(prompts, "document") || known.passagePrefix,
  };
}

function promptOf(prompts: unknown, purpose: string): string {
  const prompt = isJsonObject(prompts) ? prompts[purpose] : undefined;
  return typeof prompt === "string" ? prompt : "";
}

function poolingOf(folder: string, settings: JsonObject): Pooling {
  if (settings["pooling_mode_cls_token"] === true) return "cls";
  if (settings["pooling_mode_mean_tokens"] === true) return "mean";
  if (settings["pooling_mode_lasttoken"] === true) return "last_token";
  throw unavailable(folder, "asks in 1_Pooling/config.json for a pooling other than mean, first or last token");
}

async function readMaxTokens(folder: string, config: JsonObject, tokenizerConfig: JsonObject): Promise<number> {
  const sentence = await readOptionalJson(folder, "sentence_bert_config.json");
  const limits = [
    tokenizerConfig["model_max_length"],
    config["max_position_embeddings"],
    sentence?.["max_seq_length"],
  ].filter((limit): limit is number => typeof limit === "number" && limit > 0 && limit < 1e6);
  return limits.length > 0 ? Math.min(...limits) : DEFAULT_MAX_TOKENS;
}

function readDimensions(folder: string, config: JsonObject): number {
  const size = config["hidden_size"] ?? config["dim"] ?? config["d_model"];
  if (typeof size === "number" && Number.isInteger(size) && size > 0) return size;
  throw unavailable(folder, "does not say the length of its vectors (hidden_size in config.json)");
}

function makeTokenizer(folder: string, data: JsonObject, config: JsonObject): ModelTokenizer {
  try {
    return createModelTokenizer(data, config);
  } catch (cause) {
    throw unavailable(folder, "has a tokenizer.json that cannot be used", cause);
  }
}

async function fingerprintOf(folder: string, { dtype, subfolder }: ModelFile, settings: string): Promise<string> {
  const hash = createHash("sha256").update(settings);
  const modelFile = join(subfolder, MODEL_FILES[dtype]);
  const weights = (await readdir(join(folder, subfolder)))
    .filter((file) => file.startsWith(`${MODEL_FILES[dtype]}_data`))
    .toSorted()
    .map((file) => join(subfolder, file));
  for (const file of ["tokenizer.json", modelFile, ...weights]) {
    hash.update("\0");
    // Large pieces: with the default of 64 KB most of the time goes into the pieces, not the hash.
    const pieces: AsyncIterable<Buffer> = createReadStream(join(folder, file), { highWaterMark: 1 << 20 });
    try {
      for await (const piece of pieces) hash.update(piece);
    } catch (cause) {
      throw unavailable(folder, `has no readable ${file}`, cause);
    }
  }
  return hash.digest("hex").slice(0, 16);
}

function unavailable(folder: string, problem: string, cause?: unknown): CitewellError {
  return new CitewellError(
    "embedding_model_unavailable",
    `The embedding model's folder ${folder} ${problem}. Name a folder with an ONNX model in the hub's layout, or drop the setting to use the bundled model.`,
    { cause },
  );
}
