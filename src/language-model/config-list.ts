import { readFile } from "node:fs/promises";
import { inspect } from "node:util";
import { z } from "zod";
import { checkNeeded } from "../domain/check-options.ts";
import { isJsonObject } from "../domain/json-object.ts";
import { markedText } from "../domain/marked-text.ts";
import { CitewellError, systemErrorCode } from "../errors.ts";
import type { InputProblem } from "../errors.ts";
import { findJsonFault } from "./json-position.ts";
import type { ModelSettings, ReplySchema } from "./language-model.ts";

/** One entry of a model list, as `OAI_CONFIG_LIST` has them. Its settings go before those of a request. */
export interface ModelConfig extends ModelSettings {
  /** The model's name at the endpoint. */
  readonly model: string;
  /** Key of the endpoint. Default: none is sent. */
  readonly apiKey?: string | undefined;
  /** Address in front of `/chat/completions`. Default: OpenAI's own. */
  readonly baseUrl?: string | undefined;
  /** `openai` or absent; every other kind of endpoint is refused. */
  readonly apiType?: string | undefined;
  /** Seconds for a whole reply. Default: `timeout` of the `llmConfig`, else 120. */
  readonly timeout?: number | undefined;
  /** US dollars for 1,000 tokens of prompt and of reply. Default: the list price, where it is known. */
  readonly price?: readonly [prompt: number, completion: number] | undefined;
  /** Tokens of prompt and reply together. Default: what is known of the model. */
  readonly contextWindow?: number | undefined;
  /** Words that `filterConfigList` may choose by. @default none */
  readonly tags?: readonly string[] | undefined;
}

/** An entry as people write it: in camelCase, or in the snake_case of AutoGen. */
export interface ModelConfigInput extends Omit<ModelConfig, "price" | "stop"> {
  /** The same as `apiKey`. */
  readonly api_key?: string | undefined;
  /** The same as `baseUrl`. */
  readonly base_url?: string | undefined;
  /** US dollars for 1,000 tokens of prompt and of reply, two numbers. Default: the list price, where it is known. */
  readonly price?: readonly number[] | undefined;
  /** The same as `apiType`. */
  readonly api_type?: string | undefined;
  /** The same as `contextWindow`. */
  readonly context_window?: number | undefined;
  /** The same as `topP`. */
  readonly top_p?: number | undefined;
  /** The same as `maxTokens`. */
  readonly max_tokens?: number | undefined;
  /** The same as `presencePenalty`. */
  readonly presence_penalty?: number | undefined;
  /** The same as `frequencyPenalty`. */
  readonly frequency_penalty?: number | undefined;
  /** Text at which the reply ends, or a list of such texts. @default none */
  readonly stop?: string | readonly string[] | undefined;
  /** The same as `responseFormat`, as endpoints have it. */
  readonly response_format?:
    | "text"
    | "json"
    | { readonly type: "text" | "json_object" }
    | { readonly type: "json_schema"; readonly json_schema: ReplySchema }
    | undefined;
}

/** A parsed model list. */
export interface ConfigList {
  /** The models, in the order of the list. */
  readonly entries: readonly ModelConfig[];
  /** One sentence for each key that has no effect here. */
  readonly warnings: readonly string[];
}

/** Values that an entry must have: all keys must match; a list holds alternatives, a single value means equality. */
export type ConfigFilter = Readonly<Record<string, string | readonly string[]>>;

/** Options of {@link parseConfigList}. */
export interface ParseConfigListOptions {
  /** What the text is called in messages. @default "OAI_CONFIG_LIST" */
  readonly name?: string | undefined;
}

/**
 * Reads a model list from JSON text, or from the file that the value names. Rejects with `config_invalid` or
 * `path_not_found`.
 */
export async function readConfigList(
  value: string,
  { name = "OAI_CONFIG_LIST" }: ParseConfigListOptions = {},
): Promise<ConfigList> {
  checkNeeded("The list of models for readConfigList", value, "text");
  if (/^\s*[[{]/.test(value)) return parseConfigList(value, { name });
  return parseConfigList(await readListFile(value.trim(), name), { name: `${name} (${value.trim()})` });
}

async function readListFile(path: string, name: string): Promise<string> {
  try {
    return markedText(await readFile(path));
  } catch (error) {
    if (systemErrorCode(error) === undefined) throw error;
    // A value that is neither is not repeated: it may be a key.
    throw new CitewellError(
      "path_not_found",
      `${name} is neither a JSON list nor a file that can be read (${systemErrorCode(error) ?? ""}); it should be like [{"model": "gpt-4o", "api_key": "…"}], or the path of a file with such a list. Of an environment variable pass the value, not the name.`,
    );
  }
}

/** Reads a model list from JSON text. Throws `config_invalid` with every problem; its sentences hold no values. */
export function parseConfigList(text: string, { name = "OAI_CONFIG_LIST" }: ParseConfigListOptions = {}): ConfigList {
  checkNeeded("The list of models for parseConfigList", text, "text");
  const fault = findJsonFault(text);
  if (fault !== null) {
    throw new CitewellError(
      "config_invalid",
      `${name} is not correct JSON: line ${String(fault.line)}, column ${String(fault.column)} should have ${fault.expected}. It should be like [{"model": "gpt-4o", "api_key": "…"}].`,
    );
  }
  return toConfigList(JSON.parse(text), { name });
}

/** Checks a model list that is data already, such as `llmConfig.configList`. Throws `config_invalid`. */
export function toConfigList(value: unknown, { name = "configList" }: ParseConfigListOptions = {}): ConfigList {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  const problems: InputProblem[] = [];
  const warnings: string[] = [];
  const entries = list.flatMap((item, index) => {
    const path = `${name}[${String(index)}]`;
    if (!isJsonObject(item)) {
      problems.push({ path, message: 'must be an object such as {"model": "gpt-4o"}' });
      return [];
    }
    const entry = readEntry(item, { path, problems, warnings });
    return entry === null ? [] : [entry];
  });
  if (problems.length > 0) {
    const sentences = problems.map(({ path, message }) => `${path} ${message}`).join("; ");
    throw new CitewellError("config_invalid", `The list of models has errors: ${sentences}.`, { problems });
  }
  return { entries, warnings };
}

/** Options of {@link filterConfigList}. */
export interface FilterConfigListOptions {
  /** Whether the entries are wanted that match the filter in no key at all. @default false: those that match in every key */
  readonly exclude?: boolean | undefined;
}

/**
 * The entries that match a filter; one that lacks a key of the filter does not. Throws a `TypeError` for a key that no entry
 * can have.
 */
export function filterConfigList(
  entries: readonly ModelConfig[],
  filter: ConfigFilter,
  { exclude = false }: FilterConfigListOptions = {},
): readonly ModelConfig[] {
  if (!Array.isArray(entries)) {
    throw new TypeError("filterConfigList takes a list of entries, such as the entries of await readConfigList(…).");
  }
  const unknown = Object.keys(filter).find((key) => !NAMES.has(key));
  if (unknown !== undefined) {
    const known = ENTRY.keyof().options.join(", ");
    throw new TypeError(`filterConfigList cannot filter by ${unknown}: entries have ${known}.`);
  }
  return entries.filter((entry) =>
    Object.entries(filter).every(([key, wanted]) => {
      const accepted = typeof wanted === "string" ? [wanted] : wanted;
      const name = NAMES.get(key);
      const value: unknown = name === undefined ? undefined : entry[name];
      const values: readonly unknown[] = Array.isArray(value) ? value : [value];
      return values.some((one) => typeof one === "string" && accepted.includes(one)) !== exclude;
    }),
  );
}

interface Findings {
  readonly path: string;
  readonly problems: InputProblem[];
  readonly warnings: string[];
}

function readEntry(
  item: Readonly<Record<string, unknown>>,
  { path, problems, warnings }: Findings,
): ModelConfig | null {
  const renamed: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(item)) {
    const name = NAMES.get(key);
    if (name === undefined) warnings.push(`${path}.${key} has no effect.`);
    else if (value !== null && value !== undefined) renamed[name] = value;
  }
  const entry = ENTRY.safeParse(renamed);
  if (entry.success) return maskKey(entry.data);
  for (const issue of entry.error.issues) {
    const key = String(issue.path[0] ?? "");
    // Our own sentences: a validator's message may repeat the value.
    const message = ENTRY.shape[ENTRY.keyof().parse(key)].description ?? "is not right";
    problems.push({ path: `${path}.${key}`, message });
  }
  return null;
}

const FORMATS = { text: "text", json: "json", json_object: "json" } as const;

const REPLY_SCHEMA = z.strictObject({
  schema: z.record(z.string(), z.unknown()),
  name: z
    .string()
    .regex(/^[\w-]{1,64}$/)
    .optional(),
  description: z.string().optional(),
  strict: z.boolean().optional(),
});

/** Whether a value is a schema for replies. */
export function isReplySchema(value: unknown): value is ReplySchema {
  return REPLY_SCHEMA.safeParse(value).success;
}

const NUMBER = z.number().optional().describe("must be a number");
const SETTINGS = {
  temperature: NUMBER,
  topP: NUMBER,
  maxTokens: z.int().positive().optional().describe("must be a whole number of tokens from 1"),
  presencePenalty: NUMBER,
  frequencyPenalty: NUMBER,
  seed: NUMBER,
  stop: z
    .union([z.string().transform((text) => [text]), z.array(z.string())])
    .optional()
    .describe("must be a text or a list of texts"),
  responseFormat: z
    .union([
      z.enum(["text", "json"]).transform((format) => FORMATS[format]),
      z.object({ type: z.enum(["text", "json_object"]) }).transform(({ type }) => FORMATS[type]),
      z.object({ type: z.literal("json_schema"), json_schema: REPLY_SCHEMA }).transform((format) => format.json_schema),
      REPLY_SCHEMA,
    ])
    .optional()
    .describe('must be "text", "json", {"type": "json_object"} or {"schema": {…}}'),
} satisfies Record<keyof ModelSettings, z.ZodType>;

/** The settings among what an entry or an `llmConfig` holds, as a request takes them. */
export function settingsOf(source: ModelSettings): ModelSettings {
  const given = Object.entries(source).filter(([name, value]) => Object.hasOwn(SETTINGS, name) && value !== undefined);
  return Object.fromEntries(given);
}

const ENTRY = z.object({
  model: z.string().trim().min(1).describe("must be the model's name"),
  apiKey: z.string().optional().describe("must be a text"),
  baseUrl: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe("must be a URL with http:// or https://"),
  apiType: z
    .string()
    .regex(/^open_?ai$/i)
    .optional()
    .describe('must be "openai"; other kinds are reached through an OpenAI-compatible "base_url"'),
  timeout: z.number().positive().optional().describe("must be a number of seconds above 0"),
  price: z
    .tuple([z.number().min(0), z.number().min(0)])
    .optional()
    .describe("must be [prompt, completion] in US dollars for 1,000 tokens"),
  contextWindow: z.number().positive().optional().describe("must be a number of tokens above 0"),
  tags: z.array(z.string()).optional().describe("must be a list of texts"),
  ...SETTINGS,
});

/** The keys of an entry by all that people write for them: camelCase, or AutoGen's snake_case. */
const NAMES: ReadonlyMap<string, keyof ModelConfig> = new Map<string, keyof ModelConfig>([
  ...ENTRY.keyof().options.map((name) => [name, name] as const),
  ...ENTRY.keyof().options.map((name) => [name.replaceAll(/[A-Z]/g, (big) => `_${big.toLowerCase()}`), name] as const),
  ["baseURL", "baseUrl"],
]);

/** Keeps the key out of JSON and logs; it is read by its name only. */
function maskKey(entry: ModelConfig): ModelConfig {
  if (entry.apiKey === undefined) return entry;
  if (entry.apiKey.trim() === "") {
    const { apiKey: _blank, ...rest } = entry;
    return rest;
  }
  const masked = (): object => ({ ...entry, apiKey: "[key]" });
  return Object.defineProperties(entry, {
    toJSON: { value: masked, enumerable: false },
    [inspect.custom]: { value: masked, enumerable: false },
  });
}
