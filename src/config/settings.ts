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
  /** Address under which others reach the server, where a proxy stands in front of it; absent for the one it is asked at. */
  readonly publicUrl?: string;
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
