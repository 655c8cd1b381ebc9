import { z } from "zod";
import { BUNDLED_MODEL } from "../domain/bundled-model.ts";
import type { ChunkerName } from "../domain/collection.ts";

/** How much the log says, from everything to nothing. */
export type LogLevel = "trace" | "debug" | "info" | "warn" | "error" | "fatal" | "silent";

/** The effective settings of a process. */
export interface Settings {
  /** Folder of the embedded store, caches and conversations; an absolute path. */
  readonly dataFolder: string;
  /** Folder of what may be made again, shared by all data folders of a user; an absolute path. */
  readonly cacheFolder?: string;
  /** Largest size of the cache of vectors, in bytes; 0 for none. */
  readonly vectorCacheBytes: number;
  /** `embedded`, or the URL of a Qdrant server; the nodes of a cluster separated by commas. */
  readonly store: string;
  /** Key for the Qdrant server. */
  readonly qdrantApiKey?: string;
  /** Shards of a newly made collection on a Qdrant cluster. */
  readonly qdrantShards: number;
  /** Copies of each shard on a Qdrant cluster. */
  readonly qdrantReplicas: number;
  /** Copies that must confirm a write on a Qdrant cluster. */
  readonly qdrantWriteConsistency: number;
  /** Name of the embedding model or path of its folder; `endpoint:NAME` for one behind an OpenAI-compatible endpoint. */
  readonly embeddingModel: string;
  /** Endpoint of `endpoint:NAME` embedding models. */
  readonly embeddingBaseUrl?: string;
  /** Key for that endpoint. */
  readonly embeddingApiKey?: string;
  /** Keys that callers of the HTTP interface must present; empty means that none is needed. */
  readonly apiKeys: readonly string[];
  /** Address the server listens on. */
  readonly host: string;
  /** Port the server listens on; 0 picks a free one. */
  readonly port: number;
  /** Which messages are logged. */
  readonly logLevel: LogLevel;
  /** The list of language models as it was given: JSON text, or the path of a file with it. */
  readonly oaiConfigList?: string;
  /** Key of the language model where no list is given. */
  readonly openaiApiKey?: string;
  /** Its endpoint; absent for OpenAI's own. */
  readonly openaiBaseUrl?: string;
  /** Its name; absent for answers without a model. */
  readonly openaiModel?: string;
  /** Base address of the OpenTelemetry collector that traces go to; without it none are sent. */
  readonly otelEndpoint?: string;
  /** Collection that commands and requests mean when they name none. */
  readonly collection: string;
  /** How prose is cut where a collection is made. */
  readonly chunker: ChunkerName;
  /** Largest chunk, in tokens of the embedding model. */
  readonly chunkTokens: number;
  /** Tokens that neighbouring chunks share. */
  readonly chunkOverlap: number;
  /** Globs of sources to take; empty means every file that can be read. */
  readonly include: readonly string[];
  /** Globs of sources to leave out. */
  readonly exclude: readonly string[];
  /** Largest file in bytes that is read. */
  readonly maxFileBytes: number;
  /** Whether passwords, keys and tokens stay in the texts that are stored. */
  readonly allowSecrets: boolean;
  /** Whether pages may be fetched from addresses that are not of the public Internet. */
  readonly allowPrivateAddresses: boolean;
  /** Pages that one ingestion fetches from a web address at most. */
  readonly crawlMaxPages: number;
  /** Milliseconds between two requests to a host. */
  readonly crawlDelayMs: number;
  /** Seconds in which a page must be there. */
  readonly fetchTimeoutSeconds: number;
  /** Days that a conversation is kept after its last message; 0 keeps all of them. */
  readonly conversationDays: number;
}

/** Name of one setting. */
export type SettingName = keyof Settings;

/** One http(s) address, or several separated by commas. */
const ADDRESSES = /^https?:\/\/[^\s,/]+[^\s,]*(?:\s*,\s*https?:\/\/[^\s,/]+[^\s,]*)*$/;

const text = (description: string) => z.string().min(1).describe(description);
const count = (description: string, { from = 1, to }: { from?: number; to: number }) =>
  z.int().min(from).max(to).describe(description);
const httpUrl = (description: string) => z.url({ protocol: /^https?$/ }).describe(description);
const keyText = (description: string) =>
  z.string().regex(/^\S+$/).describe(`${description} Better kept in an environment variable than in a file.`);

// The object has no explicit type so that zod can infer one; only the annotated schemas below are exported.
const shape = {
  dataFolder: text(
    "Folder of the embedded store, conversations, waiting uploads and downloaded models, relative to the working folder.",
  ).default(".citewell"),
  cacheFolder: text("Folder of the cache of vectors; by default in the user's own cache folder.").optional(),
  vectorCacheBytes: count("Largest size of the cache of vectors, in bytes; 0 switches it off.", {
    from: 0,
    to: 2 ** 40,
  }).default(2 ** 30),
  store: z
    .union([z.literal("embedded"), z.string().regex(ADDRESSES)])
    .describe("`embedded`, or the URL of a Qdrant server; the nodes of a cluster separated by commas.")
    .default("embedded"),
  qdrantApiKey: keyText("Key for the Qdrant server.").optional(),
  qdrantShards: count("Shards of a newly made collection on a Qdrant cluster.", { to: 256 }).default(1),
  qdrantReplicas: count("Copies of each shard on a Qdrant cluster.", { to: 64 }).default(1),
  qdrantWriteConsistency: count("Copies that must confirm a write on a Qdrant cluster.", { to: 64 }).default(1),
  embeddingModel: text(
    "Embedding model: the bundled one, a name on the Hugging Face hub, the path of a folder, or `endpoint:NAME` for one behind an OpenAI-compatible endpoint.",
  ).default(BUNDLED_MODEL),
  embeddingBaseUrl: httpUrl(
    "Endpoint of `endpoint:NAME` embedding models; by default that of openaiBaseUrl.",
  ).optional(),
  embeddingApiKey: keyText("Key for the embedding endpoint.").optional(),
  apiKeys: z
    .array(z.string().regex(/^\S+$/))
    .describe("Keys that callers of the HTTP interface must present. Better kept in an environment variable.")
    .default([]),
  host: text("Address the server listens on.").default("127.0.0.1"),
  port: count("Port the server listens on; 0 picks a free one.", { from: 0, to: 65_535 }).default(8080),
  logLevel: z
    .enum(["trace", "debug", "info", "warn", "error", "fatal", "silent"])
    .describe("How much the log says.")
    .default("info"),
  oaiConfigList: z
    .union([z.string().min(1), z.array(z.record(z.string(), z.unknown())).min(1)])
    .transform((list) => (typeof list === "string" ? list : JSON.stringify(list)))
    .describe("The list of language models in AutoGen's form, or the path of a file with it.")
    .optional(),
  openaiApiKey: keyText("Key for the language model's endpoint.").optional(),
  openaiBaseUrl: httpUrl("OpenAI-compatible endpoint of the language model.").optional(),
  openaiModel: text("Name of the language model.").optional(),
  otelEndpoint: httpUrl(
    "Base address of the OpenTelemetry collector that traces go to; without it none are sent.",
  ).optional(),
  collection: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/)
    .describe("Collection that commands and requests mean when they name none.")
    .default("default"),
  chunker: z
    .enum(["sentences", "recursive", "token", "markdown", "autogen"])
    .describe("How prose is cut into chunks; code has its own way.")
    .default("sentences"),
  chunkTokens: count("Largest chunk, in tokens of the embedding model.", { from: 16, to: 8_192 }).default(150),
  chunkOverlap: count("Tokens that neighbouring chunks share.", { from: 0, to: 4_096 }).default(0),
  include: z
    .array(z.string().min(1))
    .describe("Globs of sources to take; empty: every file that can be read.")
    .default([]),
  exclude: z.array(z.string().min(1)).describe("Globs of sources to leave out.").default([]),
  maxFileBytes: count("Largest file in bytes that is read.", { to: 2 ** 31 }).default(20 * 2 ** 20),
  allowSecrets: z
    .boolean()
    .describe("Whether passwords, keys and tokens stay in the texts that are stored; otherwise they are blotted out.")
    .default(false),
  allowPrivateAddresses: z
    .boolean()
    .describe(
      "Whether web pages may be fetched from this machine, private networks and other addresses that are not public.",
    )
    .default(false),
  crawlMaxPages: count("Pages that one ingestion fetches from a web address at most.", { to: 100_000 }).default(500),
  crawlDelayMs: count("Milliseconds between two requests to a host; robots.txt may ask for more.", {
    from: 0,
    to: 600_000,
  }).default(500),
  fetchTimeoutSeconds: count("Seconds in which a web page must be there.", { to: 3_600 }).default(30),
  conversationDays: count("Days that a conversation is kept after its last message; 0 keeps all of them.", {
    from: 0,
    to: 36_500,
  }).default(0),
};

/** Fills in defaults and checks every setting. */
export const settingsSchema: z.ZodType<Settings> = z.object(shape);

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
