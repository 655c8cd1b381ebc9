import { randomUUID } from "node:crypto";
import { STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { RequestError } from "@hono/node-server";
import { systemErrorCode } from "../errors.ts";
import { createProblem, problemOf, type Problem } from "./error-response.ts";

/** How long a client may keep a connection open that it was told is closed. */
const LINGER_MS = 1_000;

/** Answers a request that Node's parser gave up on, on its bare connection, and closes that. */
export function replyUnparsed(error: unknown, connection: Duplex): void {
  // A client that is gone, or a reply that has begun, takes no other.
  if (systemErrorCode(error) === "ECONNRESET" || !connection.writable) {
    connection.destroy();
    return;
  }
  const requestId = randomUUID();
  const problem = problemOfParser(systemErrorCode(error), requestId);
  const body = JSON.stringify(problem);
  connection.end(
    [
      `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status] ?? problem.title}`,
      "Content-Type: application/problem+json",
      `Content-Length: ${Buffer.byteLength(body)}`,
      `X-Request-Id: ${requestId}`,
      "Connection: close",
      "",
      body,
    ].join("\r\n"),
  );
  // Its end closes our side alone; who never closes the other one would hold the connection for ever.
  setTimeout(() => connection.destroy(), LINGER_MS).unref();
}

function problemOfParser(code: string | undefined, requestId: string): Problem {
  if (code === "HPE_HEADER_OVERFLOW") {
    const detail = "The address and the headers of the request are larger than 16 KiB; send less in them.";
    return createProblem("headers_too_large", { detail, requestId });
  }
  if (code === "ERR_HTTP_REQUEST_TIMEOUT") {
    const detail = "The request did not arrive in time; send it again.";
    return createProblem("request_timeout", { detail, requestId });
  }
  return createProblem("usage_invalid", { detail: "This is not an HTTP request that can be read.", requestId });
}

/** The reply to a request that is HTTP but has no address that can be read, such as one with a malformed `Host`. */
export function unaddressedReply(error: unknown): Response {
  const requestId = randomUUID();
  const problem =
    error instanceof RequestError
      ? createProblem("usage_invalid", {
          detail: `The request could not be read: ${error.message}. Check its address and its Host header.`,
          requestId,
        })
      : problemOf(error, requestId);
  return Response.json(problem, {
    status: problem.status,
    headers: { "Content-Type": "application/problem+json", "X-Request-Id": requestId },
  });
}
