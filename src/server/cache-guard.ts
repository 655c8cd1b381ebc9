import type { MiddlewareHandler } from "hono";
import type { ServerEnv } from "./server-env.ts";

/**
 * Keeps replies that say nothing of it out of caches. They are documents, or hold for this moment only, such as the state
 * of a job; without a word a cache may keep some of them, a 404 for example.
 */
export function createCacheGuard(): MiddlewareHandler<ServerEnv> {
  return async (c, next) => {
    await next();
    if (!c.res.headers.has("Cache-Control")) c.res.headers.set("Cache-Control", "no-store");
  };
}
