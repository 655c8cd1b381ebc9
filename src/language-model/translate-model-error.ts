import { APIConnectionTimeoutError, APIError } from "openai";
import { parseRetryAfter } from "../domain/retry-after.ts";
import { shownAddress } from "../domain/shown-address.ts";
import { CitewellError, errorMessage, isCitewellError } from "../errors.ts";

/** Where a failed call went. */
export interface ModelCall {
  readonly model: string;
  readonly baseUrl: string;
  readonly apiKey: string | undefined;
  readonly timeoutMs: number;
  /** Whether some of the reply had come already. @default false */
  readonly begun?: boolean;
}

/** The model and its address, as messages name them. */
export function whereOf({ model, baseUrl }: Pick<ModelCall, "model" | "baseUrl">): string {
  return `${model} at ${shownAddress(baseUrl)}`;
}

/** The text without the key, whole or in the shortened form in which endpoints repeat it. */
function withoutKey(text: string, apiKey: string | undefined): string {
  const hidden = apiKey === undefined || apiKey.length < 4 ? text : text.replaceAll(apiKey, "[key]");
  return hidden
    .replaceAll(/(?<=:\/\/)[^/\s@]+@/g, "")
    .replaceAll(/\bsk-[\w*-]{3,}/g, "[key]")
    .replaceAll(/\bBearer\s+[\w.~+/*-]{8,}=*/gi, "Bearer [key]");
}

/** What a call to an OpenAI-compatible endpoint failed of, in our words; the endpoint's own words follow, without keys. */
export function translateModelError(error: unknown, call: ModelCall): unknown {
  if (isCitewellError(error)) return error;
  const cause = safeCause(error, call);
  const where = whereOf(call);
  if (error instanceof APIConnectionTimeoutError || isTimeout(error)) return timedOut(call, cause);
  if (error instanceof APIError && typeof error.status === "number") return fromStatus(error, { call, cause });
  if (error instanceof SyntaxError) {
    return new CitewellError(
      "model_call_failed",
      `The reply of ${where} is not the JSON of an OpenAI-compatible chat completion; check that the base URL ends where "/chat/completions" can follow.`,
      { cause },
    );
  }
  if (error instanceof APIError && error.error !== undefined) {
    return new CitewellError(
      "model_call_failed",
      `${where} broke its reply off with an error (${cause.message}); ask again.`,
      { cause, retryable: true },
    );
  }
  const reason = reasonOf(error, call);
  return new CitewellError(
    "model_unavailable",
    call.begun === true
      ? `${where} broke its reply off (${reason}); ask again.`
      : `${where} cannot be reached (${reason}); check the base URL and that the server is running.`,
    { cause, retryable: true },
  );
}

/** The time limit passed. */
export function timedOut(call: ModelCall, cause?: unknown): CitewellError {
  return new CitewellError(
    "model_unavailable",
    `${whereOf(call)} did not answer within ${String(call.timeoutMs / 1_000)} s; raise "timeout" of its entry if it needs longer.`,
    { cause, retryable: true },
  );
}

/** The reply did not come to an end. */
export function tooLong(call: ModelCall, most: string): CitewellError {
  return new CitewellError(
    "model_call_failed",
    `${whereOf(call)} sent more than ${most} and was cut off; ask again, or set "max_tokens" of its entry.`,
  );
}

function fromStatus(
  error: InstanceType<typeof APIError>,
  { call, cause }: { call: ModelCall; cause: Error },
): CitewellError {
  const status = error.status ?? 0;
  const where = whereOf(call);
  const words = cause.message;
  if (status === 401 && (call.apiKey ?? "") === "") {
    return new CitewellError(
      "model_call_failed",
      `${where} wants an API key, and none was given (${words}); set "api_key" of its entry, or OPENAI_API_KEY for the commands.`,
      { cause },
    );
  }
  if (status === 401 || status === 403) {
    return new CitewellError(
      "model_call_failed",
      `${where} refuses the API key (${words}); check "api_key" of its entry or OPENAI_API_KEY.`,
      { cause },
    );
  }
  if (status === 404 || error.code === "model_not_found") {
    return new CitewellError(
      "model_unknown",
      `${where} is not known there (${words}); check the model's name and the base URL.`,
      { cause },
    );
  }
  if (status === 408 || status === 429 || status >= 500) {
    const wait = parseRetryAfter(error.headers?.get("retry-after"));
    const retryAfterSeconds = wait === null ? undefined : Math.ceil(wait / 1_000);
    const advice =
      retryAfterSeconds === undefined ? "try again later" : `it asks to wait ${String(retryAfterSeconds)} s`;
    return new CitewellError("model_unavailable", `${where} cannot answer now (${words}); ${advice}.`, {
      cause,
      retryable: true,
      retryAfterSeconds,
    });
  }
  const advice = TOO_LONG.test(`${error.code ?? ""} ${words}`)
    ? "; the messages are too long for it: ask with fewer passages or a shorter question, or give an agent a MessageTokenLimiter (TransformMessages), which leaves old messages out"
    : "";
  return new CitewellError("model_call_failed", `${where} refuses the request (${words})${advice}.`, { cause });
}

/** What endpoints say of a prompt beyond their window; none of them agrees with another on a code. */
const TOO_LONG = /context[ _]?(?:length|size|window)|(?:prompt|input|request) is too long/i;

/** A copy with the status and the words only: the client's own error holds headers and bodies that may repeat a key. */
function safeCause(error: unknown, { apiKey }: ModelCall): Error {
  const cause = new Error(withoutKey(errorMessage(error), apiKey).slice(0, 600));
  if (!(error instanceof APIError) || typeof error.status !== "number") return cause;
  return Object.assign(cause, { status: error.status });
}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && error.name === "TimeoutError";
}

function reasonOf(error: unknown, { apiKey }: ModelCall): string {
  let inner: unknown = error;
  while (inner instanceof Error && inner.cause !== undefined) inner = inner.cause;
  if (inner instanceof AggregateError && inner.errors.length > 0) inner = inner.errors[0];
  return withoutKey(errorMessage(inner), apiKey);
}
