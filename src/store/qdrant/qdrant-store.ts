import type { QdrantClient } from "@qdrant/js-client-rest";
import { checkOptions, type OptionKind } from "../../domain/check-options.ts";
import { SIGNAL_RULE } from "../../domain/part-rules.ts";
import { CitewellError } from "../../errors.ts";
import { createChunkMetadata } from "./chunk-metadata.ts";
import { createQdrantChunks, POINTS_PER_REQUEST } from "./chunks.ts";
import { createKnownFacts } from "./collection-facts.ts";
import { createQdrantCollections } from "./collections.ts";
import { adoptQdrantClient, connectQdrant } from "./connection.ts";
import { createQdrantDocuments } from "./documents.ts";
import { createDocumentsVersion } from "./documents-version.ts";
import { createQdrantLeases } from "./leases.ts";
import { createQdrantRequests, type QdrantNode, type QdrantRequests } from "./requests.ts";
import { createQdrantSearch } from "./search.ts";
import type { CallOptions, VectorStore } from "../vector-store.ts";

/** Options of {@link openQdrantStore}. */
export interface QdrantStoreOptions {
  /**
   * Address of the server. Without a port, http means 6333 and https means 443. A path is kept, for servers behind a
   * proxy. Not needed when `client` is given.
   */
  readonly url?: string | undefined;
  /** Further nodes of the same cluster, tried in turn when one does not answer. @default none */
  readonly urls?: readonly string[] | undefined;
  /** Key for all nodes. Default: none is sent. */
  readonly apiKey?: string | undefined;
  /**
   * A client of your own, instead of `url`, `urls`, `apiKey`, `timeoutMs` and `compress`. Give it the header
   * `accept-encoding: identity`: without it replies take some 44 ms longer.
   */
  readonly client?: QdrantClient | undefined;
  /**
   * How long one request may take, in milliseconds. Opening and `ping` wait for no more than ten seconds for each node.
   * @default 60000
   */
  readonly timeoutMs?: number | undefined;
  /**
   * Whether replies are compressed: worth it on slow lines only.
   * @default false
   */
  readonly compress?: boolean | undefined;
  /**
   * Shards of a new collection. Several spread it over the nodes of a cluster; one is enough for a few million chunks.
   * @default 1
   */
  readonly shardNumber?: number | undefined;
  /**
   * Copies of each shard of a new collection, on as many nodes.
   * @default 1
   */
  readonly replicationFactor?: number | undefined;
  /**
   * Copies that have to confirm a write. With more than one, writes fail while a node is down.
   * @default 1
   */
  readonly writeConsistencyFactor?: number | undefined;
  /**
   * How often a request is repeated that failed for the server's or the network's sake.
   * @default 6
   */
  readonly retries?: number | undefined;
  /**
   * Wait before the first repetition in milliseconds; it doubles up to 8 seconds, with jitter.
   * @default 250
   */
  readonly retryDelayMs?: number | undefined;
  /**
   * Wait after the first refusal for too many requests (429) in milliseconds; it doubles up to a minute.
   * @default 5000
   */
  readonly rateLimitDelayMs?: number | undefined;
  /** Cancels the opening. */
  readonly signal?: AbortSignal | undefined;
}

const KNOWN: Readonly<Record<keyof QdrantStoreOptions, OptionKind>> = {
  url: "text",
  urls: "list",
  apiKey: "text",
  client: "object",
  timeoutMs: "positive",
  compress: "flag",
  shardNumber: true,
  replicationFactor: true,
  writeConsistencyFactor: true,
  retries: "whole",
  retryDelayMs: "amount",
  rateLimitDelayMs: "amount",
  signal: SIGNAL_RULE,
};

const INSTEAD: Readonly<Record<string, string>> = {
  host: 'write url: "http://host:6333"',
  port: 'write url: "http://host:6333"',
  timeout: "write timeoutMs",
};

// The first with metadata of collections, which hold the settings; everything else we use is older.
const OLDEST_VERSION = [1, 16] as const;

/**
 * Opens a Qdrant server or cluster as a store and checks that it answers, that its version is 1.16 or newer and that
 * the key is right.
 *
 * A collection is a Qdrant collection `citewell-<name>-<hash>` behind the alias `citewell.<name>`.
 *
 * @throws CitewellError `config_invalid` for an unusable address or key, `store_unavailable`, `store_too_old`,
 * `store_refused` as {@link VectorStore.ping}.
 */
export async function openQdrantStore(options: QdrantStoreOptions): Promise<VectorStore> {
  checkOptions(options, { owner: "openQdrantStore", known: KNOWN, instead: INSTEAD });
  const { shardNumber = 1, replicationFactor = 1, writeConsistencyFactor = 1 } = options;
  for (const [option, value] of Object.entries({ shardNumber, replicationFactor, writeConsistencyFactor })) {
    if (!Number.isInteger(value) || value < 1) {
      throw new TypeError(`\`${option}\` has to be a whole number from 1, not ${value}.`);
    }
  }
  const { retries, retryDelayMs, rateLimitDelayMs, signal } = options;
  const requests = createQdrantRequests({ nodes: nodesOf(options), retries, retryDelayMs, rateLimitDelayMs });
  await checkServer(requests, { signal });

  const layout = { shardNumber, replicationFactor, writeConsistencyFactor };
  const { factsOf, factsFor, forget } = createKnownFacts(requests);
  const metadata = createChunkMetadata(requests, { factsOf });
  return {
    kind: "qdrant",
    location: requests.location,
    maxBatchSize: POINTS_PER_REQUEST,
    ...createQdrantCollections(requests, { layout, forget }),
    ...createQdrantDocuments(requests, metadata),
    documentsVersion: createDocumentsVersion(requests),
    ...createQdrantChunks(requests, { factsFor, metadata }),
    ...createQdrantLeases(requests, layout),
    search: createQdrantSearch(requests, { factsFor, forget, metadata }),
    ping: async (callOptions = {}) => checkServer(requests, callOptions),
    async close() {
      // The client has nothing to close: its idle connections end by themselves and keep no process alive.
    },
  };
}

function nodesOf(options: QdrantStoreOptions): readonly [QdrantNode, ...QdrantNode[]] {
  const { client, url, urls = [], apiKey, timeoutMs = 60_000, compress = false } = options;
  if (client !== undefined) {
    if (url !== undefined || urls.length > 0 || apiKey !== undefined) {
      throw new TypeError("`client` already has an address and a key: leave out `url`, `urls` and `apiKey`.");
    }
    return [adoptQdrantClient(client)];
  }
  const [first, ...others] = url === undefined ? urls : [url, ...urls];
  if (first === undefined) throw new TypeError("Either `url` or `client` has to be given.");
  const connect = (address: string): QdrantNode => connectQdrant(address, { timeoutMs, compress, apiKey });
  return [connect(first), ...others.map(connect)];
}

// A server that is stopped or hangs takes connections all the same, and says nothing.
const CHECK_MS = 10_000;

/** Tries every node once and no oftener, nor for long: whoever opens a store wants to know at once. */
async function checkServer({ run, location }: QdrantRequests, callOptions: CallOptions): Promise<void> {
  const options = { ...callOptions, retries: 0, tryMs: CHECK_MS };
  const info = await run(async (client) => client.versionInfo(), options);
  const version = typeof info.version === "string" ? info.version : "";
  const [major = 0, minor = 0] = version.split(".").map((part) => Number.parseInt(part, 10));
  if (version === "" || Number.isNaN(major)) {
    throw new CitewellError(
      "store_unavailable",
      `The server at ${location} does not say that it is a Qdrant; check the address in QDRANT_URL.`,
    );
  }
  const [oldestMajor, oldestMinor] = OLDEST_VERSION;
  if (major < oldestMajor || (major === oldestMajor && minor < oldestMinor)) {
    throw new CitewellError(
      "store_too_old",
      `Qdrant at ${location} is version ${version}, but ${OLDEST_VERSION.join(".")} or newer is needed; update the server (docker-compose.yml names a version that fits).`,
    );
  }
  // The version is told without a key; the list of collections is not.
  await run(async (client) => client.getCollections(), options);
}
