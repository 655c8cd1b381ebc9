import { context, propagation, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import type { MiddlewareHandler } from "hono";
import { routePath } from "hono/route";
import type { ServerEnv } from "./server-env.ts";

/** Polled by machines; a span a second of each would bury the rest. */
const UNTRACED: ReadonlySet<string> = new Set(["/healthz", "/readyz", "/metrics"]);

/**
 * Makes one OpenTelemetry span of each request, as part of the caller's trace where it sends `traceparent`. Without a
 * registered provider nothing is recorded. A streamed reply's span ends when its head is sent; what follows is in the
 * span of the answer.
 */
export function createRequestTrace(): MiddlewareHandler<ServerEnv> {
  const tracer = trace.getTracer("citewell");
  return async (c, next) => {
    if (UNTRACED.has(c.req.path)) return next();
    const caller = propagation.extract(ROOT_CONTEXT, c.req.header());
    const attributes = { "http.request.method": c.req.method, "citewell.request_id": c.get("requestId") };
    const span = tracer.startSpan(c.req.method, { kind: SpanKind.SERVER, attributes }, caller);
    try {
      await context.with(trace.setSpan(caller, span), next);
      const route = routePath(c, -1);
      span.updateName(`${c.req.method} ${route}`);
      span.setAttributes({ "http.route": route, "http.response.status_code": c.res.status });
      if (c.res.status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
    } finally {
      span.end();
    }
    return undefined;
  };
}
