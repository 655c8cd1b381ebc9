import type { OpenAPIHono } from "@hono/zod-openapi";

type OpenApiDocument = ReturnType<OpenAPIHono["getOpenAPI31Document"]>;

const REQUEST_ID = {
  description: "The request's id in the log: that of the request's own `X-Request-Id`, or a new one.",
  schema: { type: "string" },
} as const;
const RETRY_AFTER = {
  description: "Seconds to wait before the request is sent again; with 429, and with 503 where they are known.",
  schema: { type: "integer", minimum: 0 },
} as const;

/** Writes the headers that every reply has, or every error may have, into the replies of an OpenAPI document. */
export function withReplyHeaders(document: OpenApiDocument): OpenApiDocument {
  for (const { get, post, delete: remove } of Object.values(document.paths ?? {})) {
    for (const operation of [get, post, remove]) {
      for (const [status, reply] of Object.entries(operation?.responses ?? {})) {
        const ofErrors = status === "default" ? { "Retry-After": RETRY_AFTER } : {};
        reply.headers = { ...reply.headers, "X-Request-Id": REQUEST_ID, ...ofErrors };
      }
    }
  }
  return document;
}
