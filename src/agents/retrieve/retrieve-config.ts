import type { SearchFilter } from "../../domain/hit.ts";
import type { RetrieveTask } from "./prompts.ts";

/** What a retrieve user proxy stands on, under AutoGen's names in camelCase. */
export interface RetrieveConfig {
  /** @default "default" */
  readonly task?: RetrieveTask | Uppercase<RetrieveTask> | Capitalize<RetrieveTask>;
  /** Files, folders, globs or URLs, indexed on the first question; null or absent for a collection that exists. */
  readonly docsPath?: string | readonly string[] | null;
  /** Largest chunk in tokens. */
  readonly chunkTokenSize?: number;
  /** @default "multi_lines" */
  readonly chunkMode?: "multi_lines" | "one_line";
  /** @default true */
  readonly mustBreakAtEmptyLine?: boolean;
  /** Name of the language model: for the size of its window. */
  readonly model?: string;
  /** Name of a store, or a store. */
  readonly vectorDb?: string | object | null;
  /** Options of the store. */
  readonly dbConfig?: Readonly<Record<string, unknown>>;
  /** Whether an existing collection is used. */
  readonly getOrCreate?: boolean;
  /** Whether an existing collection is dropped first. */
  readonly overwrite?: boolean;
  /** Whether chunks that are stored already are left as they are. @default true */
  readonly newDocs?: boolean;
  /** Turns texts into vectors. Default: the bundled model. */
  readonly embeddingFunction?: (texts: readonly string[]) => unknown;
  readonly collectionName?: string;
  /** See `PromptParts.customizedPrompt`. */
  readonly customizedPrompt?: string | null;
  /** Words that an answer must hold, in any case; without them the next context is tried. */
  readonly customizedAnswerPrefix?: string;
  /** Whether the assistant may ask for other passages. @default true */
  readonly updateContext?: boolean;
  /** Spans of a context at most. @default 5 */
  readonly nResults?: number;
  /**
   * Tokens of question, prompt, history and passages together.
   * @default four fifths of the model's window, or of 8,000 where that is unknown
   */
  readonly contextMaxTokens?: number;
  /** Counts the tokens of a text for a model. */
  readonly customTokenCountFunction?: (text: string, model: string) => number;
  /** Cuts a text into chunks. */
  readonly customTextSplitFunction?: (text: string) => readonly string[];
  /** File name endings to take from folders. */
  readonly customTextTypes?: readonly string[];
  /** Whether folders within folders are read. @default true */
  readonly recursive?: boolean;
  /** Largest cosine distance (1 − similarity) of a hit, on every store; 0 or less for no limit. @default -1 */
  readonly distanceThreshold?: number;
  /** Narrows every search. */
  readonly filter?: SearchFilter;
}

const KEYS: ReadonlySet<string> = new Set([
  "task",
  "docsPath",
  "chunkTokenSize",
  "chunkMode",
  "mustBreakAtEmptyLine",
  "model",
  "vectorDb",
  "dbConfig",
  "getOrCreate",
  "overwrite",
  "newDocs",
  "embeddingFunction",
  "collectionName",
  "customizedPrompt",
  "customizedAnswerPrefix",
  "updateContext",
  "nResults",
  "contextMaxTokens",
  "customTokenCountFunction",
  "customTextSplitFunction",
  "customTextTypes",
  "recursive",
  "distanceThreshold",
  "filter",
] satisfies (keyof RetrieveConfig)[]);

const REPLACED: Readonly<Record<string, string>> = {
  client: "give the store as vectorDb, or its client as dbConfig: { client }",
  embeddingModel: "give embeddingFunction, or leave it out for the bundled model",
  extraDocs: "documents are added to a collection by default; leave it out",
  parallel: "leave it out; embedding uses every core that it may",
  onDisk: "leave it out, or pass it in the client's own settings of the collection",
  quantizationConfig: "make the collection with your own client before, with that setting",
  hnswConfig: "make the collection with your own client before, with that setting",
  payloadIndexing: "leave it out; the fields that filters use are always indexed",
};

/** Throws a `TypeError` for a key or value that is not right; the message says what to write instead. */
export function checkRetrieveConfig(config: RetrieveConfig): void {
  for (const key of Object.keys(config)) {
    if (KEYS.has(key)) continue;
    const camel = key.replaceAll(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase());
    const advice = REPLACED[camel] ?? (KEYS.has(camel) ? `write ${camel}` : `known are ${[...KEYS].join(", ")}`);
    throw new TypeError(`retrieveConfig.${key} is not supported: ${advice}.`);
  }
  readTask(config.task);
  const { chunkMode, dbConfig } = config;
  if (chunkMode !== undefined && !["multi_lines", "one_line"].includes(chunkMode)) {
    throw new TypeError(
      `retrieveConfig.chunkMode must be "multi_lines" or "one_line", not ${JSON.stringify(chunkMode)}.`,
    );
  }
  if (dbConfig !== undefined && (typeof dbConfig !== "object" || dbConfig === null)) {
    throw new TypeError("retrieveConfig.dbConfig must be an object.");
  }
  for (const key of ["chunkTokenSize", "nResults", "contextMaxTokens"] as const) {
    const value = config[key];
    if (value !== undefined && !(value >= 1)) {
      throw new TypeError(`retrieveConfig.${key} must be a number from 1, not ${String(value)}.`);
    }
  }
}

/** The task of a config, in any case. Throws a `TypeError` for another. */
export function readTask(task: string = "default"): RetrieveTask {
  const name = task.toLowerCase();
  if (name === "qa" || name === "code" || name === "default") return name;
  throw new TypeError(`retrieveConfig.task must be "qa", "code" or "default", not ${JSON.stringify(task)}.`);
}
