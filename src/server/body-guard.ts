import { isUtf8 } from "node:buffer";
import type { MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import { refuse } from "./error-response.ts";
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
      return refuse(c, "media_type_unsupported", detail, { headers: { "Accept-Encoding": "identity" } });
    }
    return c.req.path === "/v1/documents" ? large(c, next) : small(c, next);
  };
}

/** Routes that read their bodies themselves. */
const OWN_READERS: ReadonlySet<string> = new Set(["/v1/documents", "/mcp"]);

/** Refuses JSON that is not UTF-8: each wrong character would become a replacement character, and be searched for so. */
export function createEncodingGuard(): MiddlewareHandler<ServerEnv> {
  return async (c, next) => {
    const isJson = /^[^;]*\bjson\b/i.test(c.req.header("content-type") ?? "");
    if (c.req.method !== "POST" || !isJson || OWN_READERS.has(c.req.path)) return next();
    // Hono keeps the bytes for the route.
    if (isUtf8(new Uint8Array(await c.req.arrayBuffer()))) return next();
    return refuse(c, "usage_invalid", "The body is not in UTF-8, as JSON has to be; send it so.");
  };
}

/** Routes whose fields stand in the body; OpenAI's clients may add parameters of their own, and uploads know one. */
const BODY_ROUTES = /^\/v1\/(?:answers|search|collections|conversations\/[^/]+\/messages)$/;

/** Refuses fields in the address of requests that take them in their body, where nobody would read them. */
export function createQueryGuard(): MiddlewareHandler<ServerEnv> {
  return async (c, next) => {
    const keys = c.req.method === "POST" && BODY_ROUTES.test(c.req.path) ? Object.keys(c.req.query()) : [];
    const [first] = keys;
    if (first === undefined) return next();
    const detail = `${c.req.path} takes its fields from the body, and \`${first}\` stands in the address; send it in the JSON.`;
    const errors = keys.map((path) => ({ path, message: "Stands in the address; send it in the body" }));
    return refuse(c, "usage_invalid", detail, { errors });
  };
}

function limited(maxSize: number): MiddlewareHandler<ServerEnv> {
  return bodyLimit({
    maxSize,
    onError: (c) => {
      const detail = `The body is larger than ${maxSize} bytes; send less at once.`;
      // The rest of the body is not read, so nothing can follow it on the connection.
      return refuse(c, "payload_too_large", detail, { headers: { Connection: "close" } });
    },
  });
}
