import { createHash } from "node:crypto";
import OpenAI, { APIConnectionError, APIError } from "openai";
import pLimit from "p-limit";
import { endpointAccess } from "../domain/endpoint-access.ts";
import { parseRetryAfter } from "../domain/retry-after.ts";
import { untilAborted } from "../domain/until-aborted.ts";
import { shownAddress } from "../domain/shown-address.ts";
import { CitewellError, errorMessage } from "../errors.ts";
import { createGptTokenCounter } from "../tokens/gpt-token-counter.ts";
import { cutToTokens } from "./cut-to-tokens.ts";
import type { Embedder } from "./embedder.ts";
import { conventionsOf } from "./model-conventions.ts";
import { withSimilarityScale } from "./with-similarity-scale.ts";
import { toUnitLength } from "./vector-length.ts";

/** Options of {@link openEndpointEmbedder}. */
export interface EndpointEmbedderOptions {
  /** Model name that the service knows, such as `text-embedding-3-small`. */
  readonly model: string;
  /** Base address of an OpenAI-compatible service, `/v1` included; `/embeddings` is added to it. */
  readonly baseUrl: string;
  /**
   * Key for the service; never shown in an error.
   * @default undefined (a service without keys)
   */
  readonly apiKey?: string;
  /**
   * Texts in one request at most.
   * @default 64
   */
  readonly textsPerRequest?: number;
  /**
   * How often a request is tried again after 408, 409, 429, 5xx or a broken connection, waiting as `Retry-After` says.
   * @default 5
   */
  readonly retries?: number;
  /** Length of the vectors, where something is stored that tells it. Default: the service is asked. */
  readonly dimensions?: number | undefined;
  /** Cancels the first request, which finds out the length of the vectors. */
  readonly signal?: AbortSignal;
}

type EmbedBatch = (texts: string[], signal: AbortSignal | undefined) => Promise<Float32Array[]>;

const OPENAI_MODEL = /^text-embedding-(3|ada)/u;
/** Longest time of one try, in milliseconds. */
const LONGEST_TRY_MS = 60_000;
const REQUESTS_AT_ONCE = 4;
// Services limit the sum over a request, OpenAI at 300,000 tokens.
const TOKENS_PER_REQUEST = 200_000;

/**
 * Opens an embedding model behind any OpenAI-compatible `/embeddings` endpoint.
 * @throws CitewellError `embedding_model_unavailable` when the service cannot be reached, refuses the key or does not
 * know the model; `embedding_failed` when it answers with something else.
 */
export async function openEndpointEmbedder(options: EndpointEmbedderOptions): Promise<Embedder> {
  const { model, textsPerRequest = 64, signal } = options;
  // Longer texts are cut before they are sent.
  const maxTokens = OPENAI_MODEL.test(model) ? 8191 : 512;
  const { queryPrefix, passagePrefix } = conventionsOf(model);
  const counter = createGptTokenCounter({ model });
  const count = (text: string): number => counter.count(text);
  const prefixTokens = Math.max(count(queryPrefix), count(passagePrefix));
  const embedBatch = createEmbedBatch(options);
  const dimensions = options.dimensions ?? (await embedBatch(["dimensions"], signal))[0]?.length ?? 0;
  const limit = pLimit(REQUESTS_AT_ONCE);

  return withSimilarityScale({
    model,
    fingerprint: fingerprintOf([model, dimensions, maxTokens, queryPrefix, passagePrefix]),
    dimensions,
    pooling: "endpoint",
    maxTokens,
    reservedTokens: 2 + prefixTokens,
    batchSize: textsPerRequest * REQUESTS_AT_ONCE,
    countTokens: count,
    async embed(texts, { purpose = "passage", signal: embedSignal } = {}) {
      embedSignal?.throwIfAborted();
      const prefix = purpose === "query" ? queryPrefix : passagePrefix;
      const budget = Math.max(1, maxTokens - 2);
      const cut = texts.map((text) => {
        const full = text.trim() === "" ? "" : prefix + text;
        return count(full) <= budget ? full : cutToTokens(full, { budget, countTokens: count });
      });
      const batches = toBatches(cut, { textsPerRequest, count });
      const vectors = await Promise.all(
        batches.map((batch) =>
          limit(async () => embedNonEmpty(batch, { embedBatch, dimensions, signal: embedSignal })),
        ),
      );
      return vectors.flat();
    },
    async close() {},
  });
}

/** Empty input is an error for most services: it gets a fixed vector here. */
async function embedNonEmpty(
  texts: readonly string[],
  { embedBatch, dimensions, signal }: { embedBatch: EmbedBatch; dimensions: number; signal: AbortSignal | undefined },
): Promise<Float32Array[]> {
  const filled = texts.filter((text) => text !== "");
  const vectors = filled.length > 0 ? await embedBatch(filled, signal) : [];
  const wrong = vectors.find((vector) => vector.length !== dimensions);
  if (wrong) {
    throw new CitewellError(
      "embedding_failed",
      `The embedding service gave a vector of ${wrong.length} numbers where it gave ${dimensions} before; is it switching models? Try again later, or re-index what another one made: citewell ingest --force.`,
    );
  }
  let next = 0;
  return texts.map((text) => {
    const vector = text === "" ? undefined : vectors[next++];
    return vector ?? toUnitLength(new Float32Array(dimensions));
  });
}

function toBatches(
  texts: readonly string[],
  { textsPerRequest, count }: { textsPerRequest: number; count: (text: string) => number },
): string[][] {
  const batches: string[][] = [];
  let tokens = 0;
  for (const text of texts) {
    const own = count(text);
    const last = batches.at(-1);
    if (last && last.length < textsPerRequest && tokens + own <= TOKENS_PER_REQUEST) {
      last.push(text);
      tokens += own;
    } else {
      batches.push([text]);
      tokens = own;
    }
  }
  return batches;
}

function createEmbedBatch({ model, baseUrl, apiKey, retries = 5 }: EndpointEmbedderOptions): EmbedBatch {
  const client = new OpenAI({ ...endpointAccess(baseUrl, { apiKey }), maxRetries: retries, timeout: LONGEST_TRY_MS });
  return async (texts, signal) => {
    signal?.throwIfAborted();
    try {
      const request = client.embeddings.create(
        { model, input: texts, encoding_format: "float" },
        { signal: signal ?? null },
      );
      // The client does not look at the signal while it waits for a retry.
      const { data } = await untilAborted(request, signal);
      if (!Array.isArray(data) || data.length !== texts.length) {
        throw new Error(`it gave ${Array.isArray(data) ? data.length : "no"} vectors for ${texts.length} texts`);
      }
      return data
        .toSorted((a, b) => a.index - b.index)
        .map(({ embedding }) => toUnitLength(Float32Array.from(embedding)));
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof CitewellError) throw error;
      throw toCitewellError(error, { model, baseUrl, apiKey });
    }
  };
}

function toCitewellError(
  error: unknown,
  { model, baseUrl, apiKey }: { model: string; baseUrl: string; apiKey: string | undefined },
): CitewellError {
  const hide = (text: string): string => (apiKey ? text.replaceAll(apiKey, "[key]") : text);
  const at = `The embedding model "${model}" at ${hide(shownAddress(baseUrl))}`;
  // Services quote the key in their answers: the error that is kept as the cause is a cleaned copy.
  const cause = new Error(hide(errorMessage(error)));
  const status = statusOf(error);
  if (error instanceof APIConnectionError) {
    return new CitewellError(
      "embedding_model_unavailable",
      `${at} cannot be reached (${cause.message}). Check the address and that the service runs, or drop the setting to use the bundled model.`,
      { cause, retryable: true },
    );
  }
  if (status === 401 || status === 403 || status === 404) {
    return new CitewellError(
      "embedding_model_unavailable",
      `${at} is refused with status ${status}: ${cause.message}. Check the key, the model's name and the address.`,
      { cause },
    );
  }
  const retryable = status !== undefined && (status >= 500 || [408, 409, 429].includes(status));
  const advice = retryable ? "Try again later." : "Check that the service speaks the OpenAI embeddings format.";
  const wait = parseRetryAfter(error instanceof APIError ? error.headers?.get("retry-after") : null);
  return new CitewellError("embedding_failed", `${at} failed: ${cause.message}. ${advice}`, {
    cause,
    retryable,
    ...(wait !== null && { retryAfterSeconds: Math.ceil(wait / 1_000) }),
  });
}

function statusOf(error: unknown): number | undefined {
  const status: unknown = error instanceof APIError ? error.status : undefined;
  return typeof status === "number" ? status : undefined;
}

function fingerprintOf(parts: readonly unknown[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 16);
}
