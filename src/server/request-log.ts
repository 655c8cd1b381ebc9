import type { MiddlewareHandler } from "hono";
import { routePath } from "hono/route";
import type { Logger } from "pino";
import type { Metrics } from "./metrics.ts";
import type { ServerEnv } from "./server-env.ts";

/** Options of {@link createRequestLog}. */
export interface RequestLogOptions {
  readonly metrics: Metrics;
  /** Receives one line a request; without it nothing is logged. */
  readonly logger: Logger | undefined;
}

/** Counts and logs every request: id, route, status, milliseconds. Never a body, a query or a key. */
export function createRequestLog({ metrics, logger }: RequestLogOptions): MiddlewareHandler<ServerEnv> {
  return async (c, next) => {
    const start = performance.now();
    await next();
    const ms = performance.now() - start;
    const matched = routePath(c, -1);
    // Unknown paths share one label: anybody can make up as many of them as they like.
    const route = matched === "/*" || matched === "*" ? "unmatched" : matched;
    const { status } = c.res;
    metrics.countRequest({ method: knownMethod(c.req.method), route, status, seconds: ms / 1_000 });
    const line = { requestId: c.get("requestId"), method: c.req.method, route, status, ms: Math.round(ms) };
    if (status >= 500) logger?.error(line, "request");
    else logger?.info(line, "request");
  };
}

function knownMethod(method: string): string {
  return ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"].includes(method) ? method : "OTHER";
}
