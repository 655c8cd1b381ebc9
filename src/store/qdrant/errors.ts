import { QdrantClientResourceExhaustedError, QdrantClientTimeoutError } from "@qdrant/js-client-rest";
import { isJsonObject } from "../../domain/json-object.ts";
import { oneLine } from "../../domain/one-line.ts";
import { CitewellError, errorMessage, isCitewellError } from "../../errors.ts";

/** Where and at what a request failed. */
export interface QdrantFailurePlace {
  /** Address of the server, without secrets. */
  readonly location: string;
  /** Name of the collection that the request was about. */
  readonly collection?: string | undefined;
}

const FULL =
  /no space left|not enough space|out of disk|low (on )?disk|disk (is |almost )?full|disk usage|insufficient storage|out of memory|cannot allocate memory|memory usage|quota exceeded|exceeds? .*quota/i;
const UNAVAILABLE =
  /currently unavailable|connect error|read operations failed|failed to propose|leader is not|timeout|timed out/i;

/**
 * Translates what the Qdrant client threw. Anything that is neither an answer of a server nor a failed connection (a
 * wrong argument, an abort) is returned as it is.
 */
export function translateQdrantError(error: unknown, place: QdrantFailurePlace): unknown {
  if (isCitewellError(error)) return error;
  // The client reads `retry-after: 30` as 3, and cannot read a date at all: see retry-after.ts for the true time.
  if (error instanceof QdrantClientResourceExhaustedError) return rateLimited(error, place);
  if (error instanceof Error && error.message.startsWith("Invalid retryAfter value")) return rateLimited(error, place);
  if (error instanceof QdrantClientTimeoutError) return timedOut(error, place);
  const status = statusOf(error);
  if (status !== null) return fromStatus(error, { ...place, status, reason: reasonOf(error) });
  if (error instanceof TypeError && (error.message === "fetch failed" || error.message === "terminated")) {
    return fromConnection(error, place);
  }
  if (
    error instanceof SyntaxError ||
    (error instanceof Error && /Result came uninitialized|Unexpected Response/.test(error.message))
  ) {
    return notQdrant(error, place);
  }
  return error;
}

/** Whether Qdrant said that a point of a request does not exist, rather than the collection. */
export function isPointMissing(error: unknown): boolean {
  const cause = answerOf(error);
  return statusOf(cause) === 404 && /no point with id/i.test(reasonOf(cause));
}

/** Whether Qdrant said that a collection of that name is there already. */
export function isConflict(error: unknown): boolean {
  return statusOf(answerOf(error)) === 409;
}

/** Whether Qdrant cannot order by a field for want of an index. */
export function isRangeIndexMissing(error: unknown): boolean {
  const cause = answerOf(error);
  return statusOf(cause) === 400 && /no range index/i.test(reasonOf(cause));
}

/** What the client threw, before or after its translation. */
function answerOf(error: unknown): unknown {
  return isCitewellError(error) ? error.cause : error;
}

interface StatusFailure extends QdrantFailurePlace {
  readonly status: number;
  readonly reason: string;
}

function fromStatus(cause: unknown, failure: StatusFailure): CitewellError {
  const { status, reason, location } = failure;
  if (status === 401 || status === 403) return refused(cause, failure);
  // Qdrant's own limit of time, or that of a proxy in front of it.
  if (status === 408) return timedOut(cause, failure);
  const isTooLarge = status === 413 || /larger than (allowed|rate limiter capacity)/i.test(reason);
  if (status === 429 && !isTooLarge) return rateLimited(cause, failure);
  if (status === 507 || FULL.test(reason)) {
    return new CitewellError(
      "store_full",
      `Qdrant at ${location} has no room left (${reason}). Free disk space or memory on the server, or delete collections, then repeat the command; what was stored stays.`,
      { cause },
    );
  }
  if (status === 404) return missing(cause, failure);
  if (isTooLarge) {
    return new CitewellError(
      "payload_too_large",
      `One request was too large for Qdrant at ${location} (${reason}). Cut smaller chunks, or raise the limit of the server (service.max_request_size_mb, the rates of its strict mode) or of a proxy in front of it.`,
      { cause },
    );
  }
  const sizes = /dimension error: expected dim: (\d+), got (\d+)/i.exec(reason);
  if (sizes !== null) {
    const [, expected = "", got = ""] = sizes;
    return sizeMismatch({ collection: failure.collection, expected, got, cause });
  }
  return status >= 500 ? serverFailed(cause, failure) : requestFailed(cause, failure);
}

function refused(cause: unknown, { reason, location }: StatusFailure): CitewellError {
  // What a good key may not do is refused in Qdrant's own form; a token that is forged or has expired in plain text.
  return new CitewellError(
    "store_refused",
    isQdrantReply(cause)
      ? `Qdrant at ${location} does not let this API key do that (${reason}); set QDRANT_API_KEY to a key that may read and write all collections.`
      : `Qdrant at ${location} refuses the API key (${reason}); set QDRANT_API_KEY to a key of this server.`,
    { cause },
  );
}

function missing(cause: unknown, failure: StatusFailure): CitewellError {
  const { collection, location, reason } = failure;
  if (collection !== undefined && /collection .*(doesn't exist|not found)/i.test(reason)) {
    return collectionMissing(collection, { location, cause });
  }
  return requestFailed(cause, failure);
}

/** The error for a collection that is not there. */
export function collectionMissing(
  collection: string,
  { location, cause }: { readonly location: string; readonly cause?: unknown },
): CitewellError {
  return new CitewellError(
    "collection_missing",
    `There is no collection "${collection}" in Qdrant at ${location}; ingest documents into it first, or name another one.`,
    { cause },
  );
}

/** What {@link sizeMismatch} tells. */
export interface SizeMismatch {
  readonly collection: string | undefined;
  readonly expected: number | string;
  readonly got: number | string;
  readonly cause?: unknown;
}

/** The error for a vector that does not fit into its collection. */
export function sizeMismatch({ collection, expected, got, cause }: SizeMismatch): CitewellError {
  return new CitewellError(
    "embedding_size_mismatch",
    `The collection${ofCollection(collection)} holds vectors of ${expected} numbers, this one has ${got}; was it made with another embedding model? Use that model, or index into a new collection.`,
    { cause },
  );
}

function rateLimited(cause: unknown, { location }: QdrantFailurePlace): CitewellError {
  return new CitewellError(
    "rate_limited",
    `Qdrant at ${location} takes no more requests for now (429); wait a minute, or raise the limits in its strict mode.`,
    { cause, retryable: true },
  );
}

function timedOut(cause: unknown, { location }: QdrantFailurePlace): CitewellError {
  return new CitewellError(
    "store_unavailable",
    `Qdrant at ${location} did not answer in time; look at its load, and try again when it has less to do.`,
    { cause, retryable: true },
  );
}

/** The error for a server that says nothing for as long as was waited. */
export function silent(
  cause: unknown,
  { location, waitedMs }: { readonly location: string; readonly waitedMs: number },
): CitewellError {
  return new CitewellError(
    "store_unavailable",
    `Qdrant at ${location} did not answer within ${waitedMs / 1_000} s; look whether it is stopped or overloaded, and try again when it answers.`,
    { cause, retryable: true },
  );
}

function serverFailed(cause: unknown, { status, reason, location }: StatusFailure): CitewellError {
  const down = status === 502 || status === 503 || status === 504 || UNAVAILABLE.test(reason);
  return new CitewellError(
    "store_unavailable",
    down
      ? `Qdrant at ${location} cannot serve the request (${status}: ${short(reason)}); see that all of its nodes run.`
      : `Qdrant at ${location} failed (${status}: ${short(reason)}); its log says more.`,
    { cause, retryable: true },
  );
}

function requestFailed(cause: unknown, failure: StatusFailure): CitewellError {
  const { status, reason, location } = failure;
  if (!isQdrantReply(cause)) {
    const said = reason === "" ? String(status) : `${status}: ${reason}`;
    return new CitewellError(
      "store_failed",
      `The server at ${location} answered a request as no Qdrant does (${said}); check that the address is a Qdrant server's, with its port and path, and look at what stands between.`,
      { cause },
    );
  }
  return new CitewellError(
    "store_failed",
    `Qdrant at ${location} refused a request${failure.collection === undefined ? "" : ` for${ofCollection(failure.collection)}`} (${status}: ${short(reason)}); check that its version and strict-mode settings allow it.`,
    { cause },
  );
}

function notQdrant(cause: Error, { location }: QdrantFailurePlace): CitewellError {
  return new CitewellError(
    "store_failed",
    `The server at ${location} answered with something that is not Qdrant's (${short(cause.message)}); check the address, and whatever stands between.`,
    { cause },
  );
}

const NO_TLS = "it does not speak TLS; if it is plain HTTP, begin the address with http://";
const OUTDATED = "its certificate is not valid now; renew it, or set the clock of this machine";
const ADVICE: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: OUTDATED,
  CERT_NOT_YET_VALID: OUTDATED,
  ERR_TLS_CERT_ALTNAME_INVALID:
    "its certificate is for another host name; name the server in QDRANT_URL as the certificate does",
  ECONNREFUSED:
    "nothing listens there; start it with `docker compose up -d qdrant`, or name another (QDRANT_URL; in the library dbConfig.url)",
  ENOTFOUND: "the host name is unknown; check QDRANT_URL",
  EAI_AGAIN: "the host name could not be looked up; check the network and QDRANT_URL",
  HTTPParserError:
    "what listens there does not speak HTTP/1.1; if it speaks TLS, begin the address with https://; if the port is Qdrant's for gRPC (6334), name the one for HTTP (6333)",
  EPROTO: NO_TLS,
  ERR_SSL_WRONG_VERSION_NUMBER: NO_TLS,
  ERR_SSL_PACKET_LENGTH_TOO_LONG: NO_TLS,
};

function fromConnection(error: TypeError, { location }: QdrantFailurePlace): CitewellError {
  const { code, message } = connectionCause(error);
  const certificate = /CERT|SIGNATURE|UNABLE_TO|SELF_SIGNED/.test(code);
  const advice =
    ADVICE[code] ??
    (certificate
      ? "its certificate is not trusted; point NODE_EXTRA_CA_CERTS at the authority's certificate"
      : "see that it runs and that the network lets you through");
  return new CitewellError(
    "store_unavailable",
    `Qdrant at ${location} is out of reach (${code === "" ? message : code}): ${advice}.`,
    { cause: error, retryable: !certificate },
  );
}

function connectionCause(error: TypeError): { readonly code: string; readonly message: string } {
  let cause = error.cause;
  // A name with several addresses fails with one error for each.
  if (cause instanceof AggregateError && cause.errors.length > 0) cause = cause.errors[0];
  const code = cause instanceof Error && "code" in cause && typeof cause.code === "string" ? cause.code : "";
  // undici's error for an answer in another protocol has a code for some of them only.
  if (cause instanceof Error && cause.name === "HTTPParserError") {
    return { code: cause.name, message: cause.message };
  }
  return { code, message: cause === undefined ? error.message : errorMessage(cause) };
}

/** The client's error class is not exported and its name is empty: it is recognised by its status number. */
function statusOf(error: unknown): number | null {
  if (!(error instanceof Error) || !("status" in error)) return null;
  return typeof error.status === "number" ? error.status : null;
}

/** The message holds only the status text. The reason is in the body, or is the body itself if a proxy answered. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error) || !("data" in error)) return "";
  const { data } = error;
  if (typeof data === "string") return short(data);
  if (!isJsonObject(data) || !isJsonObject(data["status"])) return "";
  const reason = data["status"]["error"];
  return typeof reason === "string" ? reason : "";
}

/** Whether the error is Qdrant's own and not plain text or the page of a proxy. */
function isQdrantReply(error: unknown): boolean {
  return error instanceof Error && "data" in error && isJsonObject(error.data);
}

function ofCollection(collection: string | undefined): string {
  return collection === undefined ? "" : ` "${collection}"`;
}

function short(text: string): string {
  const line = oneLine(text);
  return line.length > 300 ? `${line.slice(0, 300)}…` : line;
}
