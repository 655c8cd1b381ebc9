import type { MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import { createProblem, problemReply } from "./error-response.ts";
import type { ServerEnv } from "./server-env.ts";

/** Options of {@link createBodyGuard}. */
export interface BodyGuardOptions {
  /** Largest body in bytes. */
  readonly maxBodyBytes: number;
  /** Largest upload in bytes, all files together. */
  readonly maxUploadBytes: number;
}

/** Refuses bodies that are too large, and those that are compressed: unpacked, they could be of any size. */
export function createBodyGuard({ maxBodyBytes, maxUploadBytes }: BodyGuardOptions): MiddlewareHandler<ServerEnv> {
  const small = limited(maxBodyBytes);
  const large = limited(maxUploadBytes);
  return async (c, next) => {
    const encoding = c.req.header("content-encoding") ?? "identity";
    if (encoding !== "identity") {
      const detail = `The body is compressed (${encoding}), which is not read here; send it as it is.`;
      const problem = createProblem("media_type_unsupported", { detail, requestId: c.get("requestId") });
      return problemReply(c, problem, { "Accept-Encoding": "identity" });
    }
    return c.req.path === "/v1/documents" ? large(c, next) : small(c, next);
  };
}

function limited(maxSize: number): MiddlewareHandler<ServerEnv> {
  return bodyLimit({
    maxSize,
    onError: (c) => {
      const detail = `The body is larger than ${maxSize} bytes; send less at once.`;
      const problem = createProblem("payload_too_large", { detail, requestId: c.get("requestId") });
      // The rest of the body is not read, so nothing can follow it on the connection.
      return problemReply(c, problem, { Connection: "close" });
    },
  });
}
