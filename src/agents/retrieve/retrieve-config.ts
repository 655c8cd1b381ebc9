import type { SearchFilter } from "../../domain/hit.ts";
import { checkSearchFilter } from "../../domain/search-filter.ts";
import { checkOptions, oneOf, orNull } from "../../domain/check-options.ts";
import type { OptionKind } from "../../domain/check-options.ts";
import { warnOnce } from "../warn-once.ts";
import { hasPlace } from "./prompts.ts";
import type { RetrieveTask } from "./prompts.ts";

type Vectors = readonly (readonly number[] | Float32Array)[];

/** What a retrieve user proxy stands on, under AutoGen's names in camelCase. */
export interface RetrieveConfig {
  /** What is asked for, in any case: picks the prompt, and for `code` the search. @default "default" */
  readonly task?: RetrieveTask | Uppercase<RetrieveTask> | Capitalize<RetrieveTask> | undefined;
  /** Files, folders, globs or URLs, indexed on the first question; null or absent for a collection that exists. */
  readonly docsPath?: string | readonly string[] | null | undefined;
  /** Largest chunk in tokens of the embedding model. Default: 150, or what an existing collection has. */
  readonly chunkTokenSize?: number | undefined;
  /** How AutoGen's chunker cuts. Default: the chunker `sentences`, or that of an existing collection. */
  readonly chunkMode?: "multi_lines" | "one_line" | undefined;
  /**
   * Whether the chunk mode `multi_lines` cuts at empty lines only, where it can. Without effect where no mode is given.
   * @default true
   */
  readonly mustBreakAtEmptyLine?: boolean | undefined;
  /** Name of the language model, for the size of its window. Default: the window of the assistant's model. */
  readonly model?: string | undefined;
  /** `"embedded"`, `"qdrant"`, a Qdrant client, or a `VectorStore` of your own. @default "embedded" */
  readonly vectorDb?: "embedded" | "qdrant" | (string & Record<never, never>) | object | null | undefined;
  /**
   * Of the embedded store: `dataFolder`. Of Qdrant: `client`, or `url` and `apiKey`. Other keys are refused. Default: the
   * folder `.citewell` in the working directory; `http://localhost:6333` without a key.
   */
  readonly dbConfig?: Readonly<Record<string, unknown>> | undefined;
  /** Whether an existing collection is used; `docsPath` is brought up to date in it. @default false */
  readonly getOrCreate?: boolean | undefined;
  /** Whether an existing collection is dropped first. @default false */
  readonly overwrite?: boolean | undefined;
  /** Whether chunks that are stored already are left as they are. @default true */
  readonly newDocs?: boolean | undefined;
  /**
   * Turns texts into vectors: a list of numbers for each, or a promise of them. A collection knows a function by its name and
   * the length of its vectors. Default: the bundled model.
   */
  readonly embeddingFunction?: ((texts: string[]) => Vectors | Promise<Vectors>) | undefined;
  /** The collection that is searched. @default "autogen-docs" */
  readonly collectionName?: string | undefined;
  /**
   * Template in place of the built-in wording of a first prompt and its updates, with the places `{inputQuestion}`,
   * `{inputContext}` and `{inputSources}` (or `{input_question}` and so on). Other braces are left as they are. A warning
   * tells of a missing question or context. Default: the wording of `task`.
   */
  readonly customizedPrompt?: string | null | undefined;
  /** Words that an answer must hold, in any case; an answer that lacks them gets the next context. @default none */
  readonly customizedAnswerPrefix?: string | undefined;
  /** Whether the assistant may ask for other passages. @default true */
  readonly updateContext?: boolean | undefined;
  /** Spans of a context at most. @default 5 */
  readonly nResults?: number | undefined;
  /**
   * Tokens of question, prompt, history and passages together.
   * @default four fifths of the model's window, or of 8,000 where that is unknown
   */
  readonly contextMaxTokens?: number | undefined;
  /** Counts the tokens of a text for `model`. Default: as the GPT models count. */
  readonly customTokenCountFunction?: ((text: string, model: string) => number) | undefined;
  /**
   * Cuts a text into chunks: parts of the text unchanged and in its order, or a promise of them, as LangChain's splitters
   * give it. Default: the chunker.
   */
  readonly customTextSplitFunction?: ((text: string) => readonly string[] | Promise<readonly string[]>) | undefined;
  /** File name endings to take from folders, such as `["md", "txt"]`. Default: every file that can be read. */
  readonly customTextTypes?: readonly string[] | undefined;
  /** Whether folders within folders are read. @default true */
  readonly recursive?: boolean | undefined;
  /** Whether web addresses of `docsPath` may be those of private networks and of this machine. @default false */
  readonly allowPrivateAddresses?: boolean | undefined;
  /** Largest cosine distance (1 − similarity) of a hit, on every store; 0 or less for no limit. @default -1 */
  readonly distanceThreshold?: number | undefined;
  /** Narrows every search. Default: the whole collection. */
  readonly filter?: SearchFilter | undefined;
}

const KNOWN: Readonly<Record<keyof RetrieveConfig, OptionKind>> = {
  task: true,
  docsPath: [
    "a path, glob or URL, a list of one or more of these, or null",
    (value) => value === null || isTexts(typeof value === "string" ? [value] : value),
  ],
  chunkTokenSize: "count",
  chunkMode: oneOf("multi_lines", "one_line"),
  mustBreakAtEmptyLine: "flag",
  model: "text",
  vectorDb: [
    '"embedded", "qdrant", a Qdrant client or a VectorStore',
    (value) => typeof value === "string" || typeof value === "object",
  ],
  dbConfig: "object",
  getOrCreate: "flag",
  overwrite: "flag",
  newDocs: "flag",
  embeddingFunction: "function",
  collectionName: "name",
  customizedPrompt: orNull("text"),
  customizedAnswerPrefix: "text",
  updateContext: "flag",
  nResults: "count",
  contextMaxTokens: "least",
  customTokenCountFunction: "function",
  customTextSplitFunction: "function",
  customTextTypes: ['a list of file name endings such as ["md", "txt"]', isTexts],
  recursive: "flag",
  allowPrivateAddresses: "flag",
  distanceThreshold: "number",
  filter: "object",
};

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
  checkOptions(config, { owner: "retrieveConfig", known: KNOWN, instead: REPLACED });
  readTask(config.task);
  if (config.filter !== undefined) checkSearchFilter(config.filter, "retrieveConfig.filter");
  const { customizedPrompt } = config;
  if (config.mustBreakAtEmptyLine !== undefined && config.chunkMode === undefined) {
    warnOnce('retrieveConfig.mustBreakAtEmptyLine has no effect without chunkMode: "multi_lines".');
  }
  if (customizedPrompt === undefined || customizedPrompt === null) return;
  const missing = ["inputQuestion", "inputContext"].filter((place) => !hasPlace(customizedPrompt, place));
  if (missing.length === 0) return;
  warnOnce(
    `retrieveConfig.customizedPrompt has no place {${missing.join("} and no place {")}}: the assistant is not told ${missing.includes("inputContext") ? "what was found" : "the question"}.`,
  );
}

/** The store that a config names, in any case. Throws a `TypeError` for a name that the library has no store for. */
export function readStoreName({ vectorDb }: RetrieveConfig): "embedded" | "qdrant" | null {
  if (typeof vectorDb !== "string") return null;
  const name = vectorDb.toLowerCase();
  if (name === "embedded") return name;
  if (name === "qdrant" || name === "qdrantdb") return "qdrant";
  throw new TypeError(
    `retrieveConfig.vectorDb: there is no store ${JSON.stringify(vectorDb)}; it is "embedded" (the default), "qdrant", a Qdrant client, or a VectorStore of your own.`,
  );
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === "string" && one.trim() !== "");
}

/** The task of a config, in any case. Throws a `TypeError` for another. */
export function readTask(task: string = "default"): RetrieveTask {
  const name = typeof task === "string" ? task.toLowerCase() : null;
  if (name === "qa" || name === "code" || name === "default") return name;
  throw new TypeError(`retrieveConfig.task must be "qa", "code" or "default", not ${JSON.stringify(task)}.`);
}
