import { setTimeout as sleep } from "node:timers/promises";
import type { QdrantClient, Schemas } from "@qdrant/js-client-rest";
import pRetry from "p-retry";
import { untilAborted } from "../../domain/until-aborted.ts";
import { CitewellError, isCitewellError } from "../../errors.ts";
import { collectionMissing, silent, translateQdrantError } from "./errors.ts";
import { aliasOf } from "./names.ts";
import type { Payload } from "./payload.ts";
import { noteRetryAfter, retryAfterMs } from "./retry-after.ts";
import type { CallOptions } from "../vector-store.ts";

/** One server of a Qdrant cluster. */
export interface QdrantNode {
  readonly client: QdrantClient;
  /** Address without secrets. */
  readonly location: string;
}

/** Options of {@link createQdrantRequests}. */
export interface QdrantRequestsOptions {
  /** Nodes of one cluster, the preferred one first. */
  readonly nodes: readonly [QdrantNode, ...QdrantNode[]];
  /**
   * How often a request is repeated that failed for the server's or the network's sake.
   * @default 6
   */
  readonly retries?: number;
  /**
   * Wait before the first repetition in milliseconds; it doubles up to 8 seconds, with jitter.
   * @default 250
   */
  readonly retryDelayMs?: number;
  /**
   * Wait after the first 429 in milliseconds, where the server does not say how long; it doubles up to twelve times
   * that, also where the server asks for less.
   * @default 5000
   */
  readonly rateLimitDelayMs?: number;
}

/** Sends requests: repeats them, changes nodes, translates errors, heeds signals. */
export interface QdrantRequests {
  /** Address of the preferred node. */
  readonly location: string;
  /** `call` may run several times, and so must be harmless when repeated. */
  readonly run: <T>(call: (client: QdrantClient) => Promise<T>, options?: RunOptions) => Promise<T>;
  /** Like `run`, for a collection by its own name; rejects with `collection_missing` when it has no alias. */
  readonly onCollection: <T>(
    name: string,
    call: (client: QdrantClient, alias: string) => Promise<T>,
    options?: RunOptions,
  ) => Promise<T>;
  /** Sends changes in one request; they are applied when it resolves. It is no transaction, and may stop half-way. */
  readonly write: (name: string, operations: Operations, options?: CallOptions) => Promise<void>;
  /** What points hold; those that are not there are left out. Without `fields` it is everything. */
  readonly retrieve: (name: string, ids: readonly string[], options?: FieldOptions) => Promise<Payload[]>;
  /** What all points of a filter hold, page by page. */
  readonly scroll: (name: string, selection: ScrollSelection, options?: FieldOptions) => AsyncGenerator<Payload[]>;
  /** Rejects with `collection_missing` when there is no such collection. */
  readonly requireCollection: (name: string, options?: CallOptions) => Promise<void>;
}

/** Changes that are sent together. */
export type Operations = readonly Schemas["UpdateOperations"]["operations"][number][];

/** Options of a request for what points hold. */
export interface FieldOptions extends CallOptions {
  /** Payload fields to give back. Default: all. */
  readonly fields?: readonly string[];
}

/** Which points to list. */
export interface ScrollSelection {
  readonly filter: Schemas["Filter"];
  /** Points of a page. */
  readonly limit: number;
}

/** Options of one request. */
export interface RunOptions extends CallOptions {
  /** Plain name of the collection, for messages. */
  readonly collection?: string;
  /** Overrides the number of repetitions. */
  readonly retries?: number;
  /** How long each try may take in milliseconds, where that is less than the client's own limit. */
  readonly tryMs?: number;
}

const MAX_DELAY_MS = 8000;
const RATE_LIMIT_GROWTH = 12;
// The longest wait; if a server asks for more, the caller gets an error instead.
const LONGEST_WAIT_MS = 120_000;
// If an alias moves while a request is on its way, the request may reach the collection that was just dropped: so it is
// repeated.
const MOVED_RETRIES = 5;

/** The only place from which requests leave. */
export function createQdrantRequests(options: QdrantRequestsOptions): QdrantRequests {
  const { nodes, retries = 6, retryDelayMs = 250, rateLimitDelayMs = 5000 } = options;
  let current = 0;
  noteRetryAfter();

  async function attempt<T>(
    call: (client: QdrantClient) => Promise<T>,
    { signal, collection, tryMs }: RunOptions,
  ): Promise<T> {
    const tried = current;
    const { client, location } = nodes[tried] ?? nodes[0];
    const limit = tryMs === undefined ? undefined : AbortSignal.timeout(tryMs);
    const signals = [signal, limit].filter((each) => each !== undefined);
    try {
      // The client takes no signal: the call goes on by itself, and its caller is told of the abort at once.
      return await untilAborted(call(client), signals.length > 0 ? AbortSignal.any(signals) : undefined);
    } catch (error) {
      signal?.throwIfAborted();
      const failure =
        tryMs !== undefined && limit?.aborted === true && error === limit.reason
          ? silent(error, { location, waitedMs: tryMs })
          : translateQdrantError(error, { location, collection });
      const elsewhere = isCitewellError(failure) && failure.retryable && failure.code !== "rate_limited";
      if (elsewhere && current === tried) current = (tried + 1) % nodes.length;
      throw isCitewellError(failure) ? withWait(failure, retryAfterMs(location)) : failure;
    }
  }

  async function run<T>(call: (client: QdrantClient) => Promise<T>, runOptions: RunOptions = {}): Promise<T> {
    const { signal } = runOptions;
    let limited = 0;
    const waitFor = ({ code, retryAfterSeconds }: CitewellError): number => {
      const asked = (retryAfterSeconds ?? 0) * 1_000;
      if (code !== "rate_limited") return asked;
      limited += 1;
      // Others may have used up what was free by then, requests of ours among them: so the second wait is longer.
      if (limited === 1 && asked > 0) return asked;
      return Math.max(asked, rateLimitDelayMs * Math.min(2 ** (limited - 1), RATE_LIMIT_GROWTH));
    };
    return pRetry(async () => attempt(call, runOptions), {
      retries: Math.max(runOptions.retries ?? retries, nodes.length - 1),
      minTimeout: retryDelayMs,
      maxTimeout: MAX_DELAY_MS,
      randomize: true,
      signal,
      shouldRetry: ({ error }) =>
        isCitewellError(error) && error.retryable && (error.retryAfterSeconds ?? 0) * 1_000 <= LONGEST_WAIT_MS,
      onFailedAttempt: async ({ error, retriesLeft }) => {
        if (!isCitewellError(error) || retriesLeft === 0) return;
        const delay = waitFor(error);
        if (delay === 0 || delay > LONGEST_WAIT_MS) return;
        await untilAborted(sleep(delay, undefined, { signal }), signal);
      },
    });
  }

  async function hasAlias(alias: string, runOptions: RunOptions): Promise<boolean> {
    const { aliases } = await run(async (client) => client.getAliases(), runOptions);
    return aliases.some(({ alias_name: known }) => known === alias);
  }

  const onCollection: QdrantRequests["onCollection"] = async (name, call, runOptions = {}) => {
    const alias = aliasOf(name);
    const withName = { ...runOptions, collection: name };
    for (let moved = 0; ; moved += 1) {
      try {
        return await run(async (client) => call(client, alias), withName);
      } catch (error) {
        if (!isCitewellError(error, "collection_missing") || moved === MOVED_RETRIES) throw error;
        if (!(await hasAlias(alias, withName))) throw error;
      }
    }
  };

  return {
    location: nodes[0].location,
    run,
    onCollection,
    async write(name, operations, callOptions) {
      await onCollection(
        name,
        async (client, alias) => client.batchUpdate(alias, { wait: true, operations: [...operations] }),
        callOptions,
      );
    },
    async retrieve(name, ids, { fields, ...callOptions } = {}) {
      const request = { ids: [...ids], ...payloadOnly(fields) };
      return payloadsOf(
        await onCollection(name, async (client, alias) => client.retrieve(alias, request), callOptions),
      );
    },
    async *scroll(name, selection, { fields, ...callOptions } = {}) {
      let offset: string | undefined;
      do {
        const request = { ...selection, ...payloadOnly(fields), offset };
        const page = await onCollection(name, async (client, alias) => client.scroll(alias, request), callOptions);
        yield payloadsOf(page.points);
        // All ids of ours are UUIDs.
        offset = typeof page.next_page_offset === "string" ? page.next_page_offset : undefined;
      } while (offset !== undefined);
    },
    async requireCollection(name, runOptions = {}) {
      const alias = aliasOf(name);
      const { exists } = await run(async (client) => client.collectionExists(alias), runOptions);
      if (!exists) throw collectionMissing(name, { location: nodes[0].location });
    },
  };
}

function payloadOnly(fields: readonly string[] | undefined): { with_payload: boolean | string[]; with_vector: false } {
  return { with_payload: fields === undefined ? true : [...fields], with_vector: false };
}

function payloadsOf(points: readonly Pick<Schemas["Record"], "payload">[]): Payload[] {
  return points.map(({ payload }) => payload ?? {});
}

/** The error with the time that the server asked for. */
function withWait(failure: CitewellError, waitMs: number | null): CitewellError {
  if (waitMs === null || !failure.retryable) return failure;
  const retryAfterSeconds = waitMs / 1_000;
  const asked = `It asks to be left alone for ${Math.ceil(retryAfterSeconds)} s.`;
  return new CitewellError(failure.code, `${failure.message} ${asked}`, {
    cause: failure.cause,
    retryable: true,
    retryAfterSeconds,
  });
}
