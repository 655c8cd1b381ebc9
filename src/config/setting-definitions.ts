import type { SettingName } from "./config-schema.ts";

/** How a setting is given beside the configuration file. */
export interface SettingDefinition {
  /** Environment variables, the first one set wins. */
  readonly variables: readonly string[];
  /** The command-line flag. */
  readonly flag?: string;
  /** How the text of a flag or variable becomes a value. */
  readonly kind: "text" | "lower-case" | "number" | "boolean" | "list";
  /** Completes "… is not". */
  readonly expects: string;
  /** Whether the value must not be shown. */
  readonly secret?: boolean;
}

const HTTP_URL = "a URL that starts with http:// or https://";
const KEY = "a key without white space";
const wholeNumber = (from: number, to: number) => `a whole number from ${from} to ${to}`;

/** Every setting with its variables and flag. */
export const SETTINGS: Readonly<Record<SettingName, SettingDefinition>> = {
  dataFolder: { variables: ["CITEWELL_DATA"], flag: "--data", kind: "text", expects: "the path of a folder" },
  cacheFolder: { variables: ["CITEWELL_CACHE"], kind: "text", expects: "the path of a folder" },
  vectorCacheBytes: {
    variables: ["CITEWELL_VECTOR_CACHE_BYTES"],
    flag: "--no-cache",
    kind: "number",
    expects: wholeNumber(0, 2 ** 40),
  },
  store: {
    variables: ["CITEWELL_STORE", "QDRANT_URL"],
    flag: "--store",
    kind: "text",
    expects: "`embedded` or the URL of a Qdrant server, such as http://localhost:6333",
  },
  qdrantApiKey: { variables: ["QDRANT_API_KEY"], kind: "text", expects: KEY, secret: true },
  qdrantShards: { variables: ["CITEWELL_QDRANT_SHARDS"], kind: "number", expects: wholeNumber(1, 256) },
  qdrantReplicas: { variables: ["CITEWELL_QDRANT_REPLICAS"], kind: "number", expects: wholeNumber(1, 64) },
  qdrantWriteConsistency: {
    variables: ["CITEWELL_QDRANT_WRITE_CONSISTENCY"],
    kind: "number",
    expects: wholeNumber(1, 64),
  },
  embeddingModel: { variables: ["CITEWELL_EMBEDDING_MODEL"], kind: "text", expects: "the name of a model" },
  embeddingBaseUrl: { variables: ["CITEWELL_EMBEDDING_BASE_URL"], kind: "text", expects: HTTP_URL },
  embeddingApiKey: { variables: ["CITEWELL_EMBEDDING_API_KEY"], kind: "text", expects: KEY, secret: true },
  apiKeys: {
    variables: ["CITEWELL_API_KEYS"],
    kind: "list",
    expects: "a list of keys without white space, separated by commas",
    secret: true,
  },
  host: { variables: ["HOST"], flag: "--host", kind: "text", expects: "an address to listen on" },
  port: { variables: ["PORT"], flag: "--port", kind: "number", expects: wholeNumber(0, 65_535) },
  logLevel: {
    variables: ["LOG_LEVEL"],
    kind: "lower-case",
    expects: "one of trace, debug, info, warn, error, fatal, silent",
  },
  // It may be JSON with keys in it.
  oaiConfigList: {
    variables: ["OAI_CONFIG_LIST"],
    kind: "text",
    expects: "a list of models as JSON, or the path of a file with one",
    secret: true,
  },
  openaiApiKey: { variables: ["OPENAI_API_KEY"], kind: "text", expects: KEY, secret: true },
  openaiBaseUrl: { variables: ["OPENAI_BASE_URL"], kind: "text", expects: HTTP_URL },
  openaiModel: { variables: ["OPENAI_MODEL"], kind: "text", expects: "the name of a model" },
  otelEndpoint: { variables: ["OTEL_EXPORTER_OTLP_ENDPOINT"], kind: "text", expects: HTTP_URL },
  collection: {
    variables: ["CITEWELL_COLLECTION"],
    flag: "--collection",
    kind: "text",
    expects: "the name of a collection: a letter or digit, then up to 99 letters, digits, dots, dashes or underscores",
  },
  chunker: {
    variables: ["CITEWELL_CHUNKER"],
    flag: "--chunker",
    kind: "lower-case",
    expects: "one of sentences, recursive, token, markdown, autogen",
  },
  chunkTokens: {
    variables: ["CITEWELL_CHUNK_TOKENS"],
    flag: "--chunk-tokens",
    kind: "number",
    expects: wholeNumber(16, 8_192),
  },
  chunkOverlap: {
    variables: ["CITEWELL_CHUNK_OVERLAP"],
    flag: "--chunk-overlap",
    kind: "number",
    expects: wholeNumber(0, 4_096),
  },
  include: { variables: [], flag: "--include", kind: "list", expects: "a list of globs" },
  exclude: { variables: [], flag: "--exclude", kind: "list", expects: "a list of globs" },
  maxFileBytes: { variables: ["CITEWELL_MAX_FILE_BYTES"], kind: "number", expects: wholeNumber(1, 2 ** 31) },
  allowSecrets: {
    variables: ["CITEWELL_ALLOW_SECRETS"],
    flag: "--allow-secrets",
    kind: "boolean",
    expects: "true or false",
  },
  allowPrivateAddresses: {
    variables: ["CITEWELL_ALLOW_PRIVATE_ADDRESSES"],
    flag: "--allow-private-addresses",
    kind: "boolean",
    expects: "true or false",
  },
  crawlMaxPages: { variables: ["CITEWELL_CRAWL_MAX_PAGES"], kind: "number", expects: wholeNumber(1, 100_000) },
  crawlDelayMs: { variables: ["CITEWELL_CRAWL_DELAY_MS"], kind: "number", expects: wholeNumber(0, 600_000) },
  fetchTimeoutSeconds: {
    variables: ["CITEWELL_FETCH_TIMEOUT_SECONDS"],
    kind: "number",
    expects: wholeNumber(1, 3_600),
  },
  conversationDays: { variables: ["CITEWELL_CONVERSATION_DAYS"], kind: "number", expects: wholeNumber(0, 36_500) },
};

/** The names of all settings, in the order in which they are shown. */
export const SETTING_NAMES: readonly SettingName[] = Object.keys(SETTINGS).filter(
  (name): name is SettingName => name in SETTINGS,
);
