import type { Context } from "hono";
import { HTTPException } from "hono/http-exception";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { isCitewellError, type CitewellErrorCode, type InputProblem } from "../errors.ts";
import { isOpenAiPath } from "./missing-route.ts";
import type { ServerEnv } from "./server-env.ts";

/** What a problem is called: the codes of the errors, and those that only HTTP knows. */
export type ProblemCode =
  | CitewellErrorCode
  | "route_missing"
  | "method_not_allowed"
  | "media_type_unsupported"
  | "headers_too_large"
  | "request_timeout"
  | "origin_refused"
  | "not_ready"
  | "shutting_down";

/** The HTTP status of every code; a new code does not compile until it has one. */
export const HTTP_STATUS: Readonly<Record<ProblemCode, ContentfulStatusCode>> = {
  usage_invalid: 400,
  config_invalid: 500,
  path_not_found: 404,
  file_unreadable: 422,
  address_refused: 403,
  page_unavailable: 502,
  corpus_empty: 409,
  deletion_refused: 409,
  document_missing: 404,
  conversation_missing: 404,
  job_missing: 404,
  job_cancelled: 409,
  collection_missing: 404,
  collection_exists: 409,
  collection_busy: 409,
  collection_mismatch: 409,
  embedding_size_mismatch: 409,
  embedding_model_unavailable: 503,
  embedding_failed: 500,
  store_unavailable: 503,
  store_too_old: 503,
  store_refused: 502,
  store_full: 507,
  store_failed: 500,
  model_unavailable: 503,
  model_unknown: 400,
  model_call_failed: 502,
  question_too_long: 400,
  payload_too_large: 413,
  code_execution_refused: 403,
  unauthorized: 401,
  rate_limited: 429,
  not_supported: 501,
  internal: 500,
  route_missing: 404,
  method_not_allowed: 405,
  media_type_unsupported: 415,
  headers_too_large: 431,
  request_timeout: 408,
  origin_refused: 403,
  not_ready: 503,
  shutting_down: 503,
};

/** The reason of the signal that stops running work when the server closes. */
export const SHUTDOWN_REASON: DOMException = new DOMException("The server is shutting down.", "AbortError");

/** A problem object after RFC 9457. */
export interface Problem {
  /** Where the code is explained: an anchor of the reference page. */
  readonly type: string;
  readonly title: string;
  readonly status: number;
  /** What is wrong, with the values, and what to do. */
  readonly detail: string;
  readonly code: ProblemCode;
  /** The request that went wrong, as in `X-Request-Id`. */
  readonly instance?: string;
  readonly errors?: readonly InputProblem[];
}

/** Whether a text is one of the codes of a problem. */
export function isProblemCode(text: string): text is ProblemCode {
  return Object.hasOwn(HTTP_STATUS, text);
}

/** Options of {@link createProblem}. */
export interface CreateProblemOptions {
  readonly detail: string;
  /** Id of the request. */
  readonly requestId?: string | undefined;
  /** Single problems of the input. Default: none; for bad input (400) one that says what `detail` says, of the whole. */
  readonly errors?: readonly InputProblem[] | undefined;
}

/** Makes the problem object of a code. */
export function createProblem(code: ProblemCode, { detail, requestId, errors = [] }: CreateProblemOptions): Problem {
  const words = code.replaceAll("_", " ");
  const status = HTTP_STATUS[code];
  const listed = errors.length === 0 && status === 400 ? [{ path: WHOLE, message: detail }] : errors;
  return {
    type: `/docs#${code}`,
    title: words.charAt(0).toUpperCase() + words.slice(1),
    status,
    detail,
    code,
    ...(requestId === undefined ? {} : { instance: `urn:request:${requestId}` }),
    ...(listed.length === 0 ? {} : { errors: listed }),
  };
}

/** The path of a problem that belongs to no single field. */
const WHOLE = "";

/** The problem object of whatever was thrown. What is not ours to show is told by request id only. */
export function problemOf(error: unknown, requestId?: string): Problem {
  if (isCitewellError(error)) {
    return createProblem(error.code, { detail: error.message, requestId, errors: error.problems });
  }
  if (error === SHUTDOWN_REASON) {
    return createProblem("shutting_down", {
      detail: "The server is shutting down; send this again in a moment.",
      requestId,
    });
  }
  if (error instanceof HTTPException && error.status < 500) return problemOfUnreadable(error, requestId);
  const where = requestId === undefined ? "its log" : `its log under the request id ${requestId}`;
  return createProblem("internal", {
    detail: `Something failed inside the server; the cause is in ${where}.`,
    requestId,
  });
}

function problemOfUnreadable(error: HTTPException, requestId: string | undefined): Problem {
  if (error.status === 415) {
    return createProblem("media_type_unsupported", {
      detail: "The body has a media type that this route does not read; send it with `Content-Type: application/json`.",
      requestId,
    });
  }
  if (/malformed json/i.test(error.message)) {
    return createProblem("usage_invalid", {
      detail: "The body is not well-formed JSON; check quotes, commas and braces.",
      requestId,
    });
  }
  return createProblem("usage_invalid", {
    detail: `The request could not be read: ${error.message.replace(/\.$/, "")}. Check that the body is well-formed.`,
    requestId,
  });
}

/** OpenAI's error object. */
export interface OpenAiError {
  readonly error: {
    readonly message: string;
    readonly type: string;
    readonly param: string | null;
    readonly code: string | null;
  };
}

/** A problem in OpenAI's own error shape. */
export function openAiErrorOf(problem: Problem): OpenAiError {
  const first = problem.errors?.[0];
  return {
    error: {
      message: problem.detail,
      type: openAiErrorType(problem.status),
      param: first === undefined || first.path === WHOLE ? null : first.path,
      code: problem.code === "unauthorized" ? "invalid_api_key" : problem.code,
    },
  };
}

function openAiErrorType(status: number): string {
  if (status === 429) return "rate_limit_error";
  return status < 500 ? "invalid_request_error" : "server_error";
}

/** Answers a request with a problem, in the shape of its route. */
export function problemReply(c: Context, problem: Problem, headers: Readonly<Record<string, string>> = {}): Response {
  const status = HTTP_STATUS[problem.code];
  if (isOpenAiPath(c.req.path)) return c.json(openAiErrorOf(problem), status, headers);
  return c.body(JSON.stringify(problem), status, { ...headers, "Content-Type": "application/problem+json" });
}

/** Options of {@link refuse}. */
export interface RefuseOptions {
  /** Single problems of the input; see {@link CreateProblemOptions}. */
  readonly errors?: readonly InputProblem[];
  readonly headers?: Readonly<Record<string, string>>;
}

/** Answers a request with the problem of a code. */
export function refuse(
  c: Context<ServerEnv>,
  code: ProblemCode,
  detail: string,
  { errors, headers }: RefuseOptions = {},
): Response {
  return problemReply(c, createProblem(code, { detail, requestId: c.get("requestId"), errors }), headers);
}
