import { z } from "zod";
import { BUNDLED_MODEL } from "../domain/bundled-model.ts";
import { COLLECTION_NAME_PATTERN, COLLECTION_NAME_RULE, DEFAULT_COLLECTION } from "../domain/collection.ts";
import { httpUrl, oneOf, onOrOff, secretKey, type SettingDefinition, wholeNumber } from "./setting-kinds.ts";
import type { SettingName, Settings } from "./settings.ts";

/** One http(s) address, or several separated by commas. */
const ADDRESSES = /^https?:\/\/[^\s,/]+[^\s,]*(?:\s*,\s*https?:\/\/[^\s,/]+[^\s,]*)*$/;

const text = (description: string): z.ZodString => z.string().min(1).describe(description);
const globs = (description: string, flag: string) => ({
  schema: z.array(z.string().min(1)).describe(description).default([]),
  variables: [],
  flag,
  kind: "list" as const,
  expects: "a list of globs",
});

// The object has no explicit type so that zod can infer one; only what is annotated below is exported.
const definitions = {
  dataFolder: {
    schema: text(
      "Folder of the embedded store, conversations, waiting uploads and downloaded models, relative to the working folder.",
    ).default(".citewell"),
    variables: ["CITEWELL_DATA"],
    flag: "--data",
    expects: "the path of a folder",
  },
  cacheFolder: {
    schema: text("Folder of the cache of vectors; by default in the user's own cache folder.").optional(),
    variables: ["CITEWELL_CACHE"],
    expects: "the path of a folder",
  },
  vectorCacheBytes: wholeNumber("Largest size of the cache of vectors, in bytes; 0 switches it off.", {
    from: 0,
    to: 2 ** 40,
    default: 2 ** 30,
    variables: ["CITEWELL_VECTOR_CACHE_BYTES"],
    flag: "--no-cache",
  }),
  store: {
    schema: z
      .union([z.literal("embedded"), z.string().regex(ADDRESSES)])
      .describe("`embedded`, or the URL of a Qdrant server; the nodes of a cluster separated by commas.")
      .default("embedded"),
    variables: ["CITEWELL_STORE", "QDRANT_URL"],
    flag: "--store",
    expects: "`embedded` or the URL of a Qdrant server, such as http://localhost:6333",
  },
  qdrantApiKey: secretKey("Key for the Qdrant server.", { variables: ["QDRANT_API_KEY"] }),
  qdrantShards: wholeNumber("Shards of a newly made collection on a Qdrant cluster.", {
    to: 256,
    default: 1,
    variables: ["CITEWELL_QDRANT_SHARDS"],
  }),
  qdrantReplicas: wholeNumber("Copies of each shard on a Qdrant cluster.", {
    to: 64,
    default: 1,
    variables: ["CITEWELL_QDRANT_REPLICAS"],
  }),
  qdrantWriteConsistency: wholeNumber("Copies that must confirm a write on a Qdrant cluster.", {
    to: 64,
    default: 1,
    variables: ["CITEWELL_QDRANT_WRITE_CONSISTENCY"],
  }),
  embeddingModel: {
    schema: text(
      "Embedding model: the bundled one, a name on the Hugging Face hub, the path of a folder, or `endpoint:NAME` for one behind an OpenAI-compatible endpoint.",
    ).default(BUNDLED_MODEL),
    variables: ["CITEWELL_EMBEDDING_MODEL"],
    expects: "the name of a model",
  },
  embeddingBaseUrl: httpUrl("Endpoint of `endpoint:NAME` embedding models; by default that of openaiBaseUrl.", {
    variables: ["CITEWELL_EMBEDDING_BASE_URL"],
  }),
  embeddingApiKey: secretKey("Key for the embedding endpoint.", { variables: ["CITEWELL_EMBEDDING_API_KEY"] }),
  apiKeys: {
    schema: z
      .array(z.string().regex(/^\S+$/))
      .describe("Keys that callers of the HTTP interface must present. Better kept in an environment variable.")
      .default([]),
    variables: ["CITEWELL_API_KEYS"],
    kind: "list",
    expects: "a list of keys without white space, separated by commas",
    secret: true,
  },
  host: {
    schema: text("Address the server listens on.").default("127.0.0.1"),
    variables: ["HOST"],
    flag: "--host",
    expects: "an address to listen on",
  },
  port: wholeNumber("Port the server listens on; 0 picks a free one.", {
    from: 0,
    to: 65_535,
    default: 8080,
    variables: ["PORT"],
    flag: "--port",
  }),
  publicUrl: httpUrl(
    "Address under which others reach the server, such as https://docs.example.com/citewell, where a proxy stands in front of it.",
    { variables: ["CITEWELL_PUBLIC_URL"] },
  ),
  logLevel: oneOf(["trace", "debug", "info", "warn", "error", "fatal", "silent"], {
    description: "How much the log says.",
    default: "info",
    variables: ["LOG_LEVEL"],
  }),
  oaiConfigList: {
    schema: z
      .union([z.string().min(1), z.array(z.record(z.string(), z.unknown())).min(1)])
      .transform((list) => (typeof list === "string" ? list : JSON.stringify(list)))
      .describe("The list of language models in AutoGen's form, or the path of a file with it.")
      .optional(),
    variables: ["OAI_CONFIG_LIST"],
    expects: "a list of models as JSON, or the path of a file with one",
    // It may be JSON with keys in it.
    secret: true,
  },
  openaiApiKey: secretKey("Key for the language model's endpoint.", { variables: ["OPENAI_API_KEY"] }),
  openaiBaseUrl: httpUrl("OpenAI-compatible endpoint of the language model.", { variables: ["OPENAI_BASE_URL"] }),
  openaiModel: {
    schema: text("Name of the language model.").optional(),
    variables: ["OPENAI_MODEL"],
    expects: "the name of a model",
  },
  otelEndpoint: httpUrl("Base address of the OpenTelemetry collector that traces go to; without it none are sent.", {
    variables: ["OTEL_EXPORTER_OTLP_ENDPOINT"],
  }),
  collection: {
    schema: z
      .string()
      .regex(COLLECTION_NAME_PATTERN)
      .describe("Collection that commands and requests mean when they name none.")
      .default(DEFAULT_COLLECTION),
    variables: ["CITEWELL_COLLECTION"],
    flag: "--collection",
    expects: `the name of a collection: ${COLLECTION_NAME_RULE}`,
  },
  chunker: oneOf(["sentences", "recursive", "token", "markdown", "autogen"], {
    description: "How prose is cut into chunks; code has its own way.",
    default: "sentences",
    variables: ["CITEWELL_CHUNKER"],
    flag: "--chunker",
  }),
  chunkTokens: wholeNumber("Largest chunk, in tokens of the embedding model.", {
    from: 16,
    to: 8_192,
    default: 150,
    variables: ["CITEWELL_CHUNK_TOKENS"],
    flag: "--chunk-tokens",
  }),
  chunkOverlap: wholeNumber("Tokens that neighbouring chunks share.", {
    from: 0,
    to: 4_096,
    default: 0,
    variables: ["CITEWELL_CHUNK_OVERLAP"],
    flag: "--chunk-overlap",
  }),
  include: globs("Globs of sources to take; empty: every file that can be read.", "--include"),
  exclude: globs("Globs of sources to leave out.", "--exclude"),
  maxFileBytes: wholeNumber("Largest file in bytes that is read.", {
    to: 2 ** 31,
    default: 20 * 2 ** 20,
    variables: ["CITEWELL_MAX_FILE_BYTES"],
  }),
  allowSecrets: onOrOff(
    "Whether passwords, keys and tokens stay in the texts that are stored; otherwise they are redacted.",
    { variables: ["CITEWELL_ALLOW_SECRETS"], flag: "--allow-secrets" },
  ),
  allowPrivateAddresses: onOrOff(
    "Whether web pages may be fetched from this machine, private networks and other addresses that are not public.",
    { variables: ["CITEWELL_ALLOW_PRIVATE_ADDRESSES"], flag: "--allow-private-addresses" },
  ),
  crawlMaxPages: wholeNumber("Pages that one ingestion fetches from a web address at most.", {
    to: 100_000,
    default: 500,
    variables: ["CITEWELL_CRAWL_MAX_PAGES"],
  }),
  crawlDelayMs: wholeNumber("Milliseconds between two requests to a host; robots.txt may ask for more.", {
    from: 0,
    to: 600_000,
    default: 500,
    variables: ["CITEWELL_CRAWL_DELAY_MS"],
  }),
  fetchTimeoutSeconds: wholeNumber("Seconds in which a web page must be there.", {
    to: 3_600,
    default: 30,
    variables: ["CITEWELL_FETCH_TIMEOUT_SECONDS"],
  }),
  conversationDays: wholeNumber("Days that a conversation is kept after its last message; 0 keeps all of them.", {
    from: 0,
    to: 36_500,
    default: 0,
    variables: ["CITEWELL_CONVERSATION_DAYS"],
  }),
} satisfies Readonly<Record<SettingName, SettingDefinition>>;

/** Every setting with what it is and how it is given. */
export const SETTINGS: Readonly<Record<SettingName, SettingDefinition>> = definitions;

/** The names of all settings, in the order in which they are shown. */
export const SETTING_NAMES: readonly SettingName[] = Object.keys(SETTINGS).filter(
  (name): name is SettingName => name in SETTINGS,
);

const shape = schemasOf(definitions);

/** Fills in defaults and checks every setting. */
export const settingsSchema: z.ZodType<Settings> = z.object(shape);

/** What every setting is where nobody sets it. */
export const DEFAULT_SETTINGS: Settings = settingsSchema.parse({});

const configFileSchema = z.strictObject({
  $schema: z.string().describe("Address of this schema, for editors.").optional(),
  ...shape,
});

/** Names a configuration file may use, `$schema` among them. */
export const CONFIG_FILE_KEYS: readonly string[] = Object.keys(configFileSchema.shape);

/** The JSON Schema of `citewell.config.json`. */
export function createConfigJsonSchema(): Record<string, unknown> {
  const { $schema, ...rest } = z.toJSONSchema(configFileSchema, { io: "input" });
  return { $schema, title: "citewell.config.json", description: "Settings of citewell.", ...rest };
}

/** The schemas by name, each with its own type; hence the signature beside the implementation. */
function schemasOf<Definitions extends Readonly<Record<string, SettingDefinition>>>(
  each: Definitions,
): { [Name in keyof Definitions]: Definitions[Name]["schema"] };
function schemasOf(each: Readonly<Record<string, SettingDefinition>>): Record<string, z.ZodType> {
  return Object.fromEntries(Object.entries(each).map(([name, { schema }]) => [name, schema]));
}
