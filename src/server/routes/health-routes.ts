import { createRoute, z } from "@hono/zod-openapi";
import { HTTPException } from "hono/http-exception";
import { refuse } from "../error-response.ts";
import { jsonReply } from "../schemas/json-content.ts";
import { problemResponses } from "../schemas/problem-schema.ts";
import type { RouteContext, ServerApp } from "../route-context.ts";

const tags = ["Operation"];

const liveRoute = createRoute({
  method: "get",
  path: "/healthz",
  tags,
  operationId: "live",
  summary: "Whether the process answers",
  security: [],
  responses: {
    200: jsonReply("It does.", z.object({ status: z.literal("ok") }).openapi("Live")),
  },
});

const readyRoute = createRoute({
  method: "get",
  path: "/readyz",
  tags,
  operationId: "ready",
  summary: "Whether store and models are ready",
  security: [],
  responses: {
    200: jsonReply(
      "Every part is.",
      z
        .object({
          status: z.literal("ready"),
          parts: z.array(z.object({ part: z.string(), ok: z.boolean(), detail: z.string() })).readonly(),
        })
        .openapi("Ready"),
    ),
    ...problemResponses,
  },
});

const metricsRoute = createRoute({
  method: "get",
  path: "/metrics",
  tags,
  operationId: "metrics",
  summary: "Measurements in Prometheus' text format",
  responses: {
    200: { description: "Counters and durations.", content: { "text/plain": { schema: z.string() } } },
    ...problemResponses,
  },
});

/**
 * Adds `/healthz`, `/readyz` and `/metrics`. Unless `isOpen`, `/readyz` names the parts only, since it takes no key; the
 * log has the rest.
 */
export function addHealthRoutes(
  app: ServerApp,
  { useCases, metrics, logger, isOpen }: RouteContext & { readonly isOpen: boolean },
): void {
  app.openapi(liveRoute, (c) => c.json({ status: "ok" as const }, 200));

  app.openapi(readyRoute, async (c) => {
    const found = await useCases.checkParts({ quick: true });
    if (!isOpen) {
      for (const part of found.filter(({ ok }) => !ok))
        logger?.error({ ...part, requestId: c.get("requestId") }, "not ready");
    }
    const parts = isOpen ? found : found.map(({ part, ok }) => ({ part, ok, detail: ok ? "Ready." : "See the log." }));
    const failing = parts.filter(({ ok }) => !ok);
    if (failing.length === 0) return c.json({ status: "ready" as const, parts }, 200);
    const detail = `Not ready: ${failing.map((part) => `${part.part}: ${part.detail}`).join(" ")}`;
    const errors = failing.map((part) => ({ path: part.part, message: part.detail }));
    throw new HTTPException(503, { res: refuse(c, "not_ready", detail, { errors, headers: { "Retry-After": "5" } }) });
  });

  app.openapi(metricsRoute, async (c) => c.text(await metrics.render(), 200, { "Content-Type": metrics.contentType }));
}
