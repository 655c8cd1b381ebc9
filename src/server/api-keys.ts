import { createHash, timingSafeEqual } from "node:crypto";
import type { MiddlewareHandler } from "hono";
import { refuse } from "./error-response.ts";
import type { ServerEnv } from "./server-env.ts";

/** Asks for `Authorization: Bearer KEY` with one of the keys. */
export function createKeyGuard(apiKeys: readonly string[]): MiddlewareHandler<ServerEnv> {
  const known = apiKeys.map(digest);
  return async (c, next) => {
    const given = /^Bearer +(\S+) *$/i.exec(c.req.header("authorization") ?? "")?.[1];
    if (given !== undefined && isKnown(digest(given), known)) return next();
    const detail =
      given === undefined
        ? "This server asks for an API key: send it as `Authorization: Bearer KEY`."
        : "The API key is not one of this server's keys; check CITEWELL_API_KEYS where the server runs.";
    const challenge =
      given === undefined ? 'Bearer realm="citewell"' : 'Bearer realm="citewell", error="invalid_token"';
    return refuse(c, "unauthorized", detail, { headers: { "WWW-Authenticate": challenge } });
  };
}

// Digests have one length, so that the comparison takes the same time for every key; all keys are compared.
function isKnown(given: Buffer, known: readonly Buffer[]): boolean {
  return known.map((key) => timingSafeEqual(key, given)).includes(true);
}

function digest(key: string): Buffer {
  return createHash("sha256").update(key).digest();
}
