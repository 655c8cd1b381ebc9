import { OpenAPIHono } from "@hono/zod-openapi";
import { etag, RETAINED_304_HEADERS } from "hono/etag";
import { HTTPException } from "hono/http-exception";
import { methodNotAllowed } from "hono/method-not-allowed";
import { requestId } from "hono/request-id";
import { secureHeaders } from "hono/secure-headers";
import type { Logger } from "pino";
import type { UseCases } from "../answering/use-cases.ts";
import { DEFAULT_COLLECTION } from "../domain/collection.ts";
import { isCitewellError } from "../errors.ts";
import { type AnswerGate, createAnswerGate } from "./answer-gate.ts";
import { createKeyGuard } from "./api-keys.ts";
import { createCacheGuard } from "./cache-guard.ts";
import { createBodyGuard, createEncodingGuard, createQueryGuard } from "./body-guard.ts";
import { problemOf, problemReply, refuse, SHUTDOWN_REASON } from "./error-response.ts";
import { isEventStream, UNPACKED } from "./event-stream.ts";
import { createHostGuard } from "./exposure.ts";
import { invalidInput } from "./input-problems.ts";
import { createMetrics, type Metrics } from "./metrics.ts";
import { missingRoute } from "./missing-route.ts";
import { plainPage } from "./plain-page.ts";
import { referencePage } from "./reference-page.ts";
import { createRequestLog } from "./request-log.ts";
import type { RouteContext, ServerApp } from "./route-context.ts";
import { addAnswerRoutes } from "./routes/answer-routes.ts";
import { addChatCompletionRoutes } from "./routes/chat-completion-routes.ts";
import { addCollectionRoutes } from "./routes/collection-routes.ts";
import { addConversationRoutes } from "./routes/conversation-routes.ts";
import { addDocumentRoutes } from "./routes/document-routes.ts";
import { addHealthRoutes } from "./routes/health-routes.ts";
import { addSearchRoutes } from "./routes/search-routes.ts";
import { addUploadRoutes } from "./routes/upload-routes.ts";
import { withReplyHeaders } from "./schemas/reply-headers.ts";
import type { ServerEnv } from "./server-env.ts";
import { createRequestTrace } from "./trace-requests.ts";
import { createUploads, type Uploads } from "./uploads.ts";
import { addWebPage, defaultWebFolder } from "./web-page.ts";

/** Options of {@link createApp}. */
export interface CreateAppOptions {
  /** The functions that the routes call. */
  readonly useCases: UseCases;
  /** Keys that clients must send as `Authorization: Bearer KEY`; none means that only this machine is answered. */
  readonly apiKeys: readonly string[];
  /** The collection of requests that name none. @default "default" */
  readonly collection?: string;
  /** Ingests what is uploaded. Default: uploads that a server which stops forgets. */
  readonly uploads?: Uploads;
  /** Receives one line a request and every internal error; without it nothing is logged. */
  readonly logger?: Logger;
  /** Serves `POST /mcp` (and whatever else MCP's transport needs there); without it the route does not exist. */
  readonly mcp?: (request: Request) => Response | Promise<Response>;
  /**
   * Address under which others reach the server, such as `https://docs.example.com/citewell`; links that leave this
   * server begin with it. Default: the address that a request was sent to.
   */
  readonly publicUrl?: string | undefined;
  /** Version shown in the OpenAPI document. @default "0.0.0" */
  readonly version?: string;
  /** Folder of the built web page. @default `dist/web` of the repository or package */
  readonly webFolder?: string;
  /** Lets questions in, here and wherever else answers are given in this process. Default: one of its own. */
  readonly gate?: AnswerGate;
  /** Counts requests and answers. Default: those of this app alone. */
  readonly metrics?: Metrics;
  /** Largest JSON body in bytes. @default 1000000 */
  readonly maxBodyBytes?: number;
  /** Largest upload in bytes, all files together. @default 100000000 */
  readonly maxUploadBytes?: number;
  /** Milliseconds between the heartbeats of an event stream. @default 15000 */
  readonly heartbeatMs?: number;
}

/** Builds the HTTP interface over the use cases. It opens no port: see `startServer`. */
export function createApp(options: CreateAppOptions): OpenAPIHono<ServerEnv> {
  const { useCases, logger, heartbeatMs = 15_000, gate = createAnswerGate(), metrics = createMetrics() } = options;
  const { uploads = createUploads({ useCases, logger }), collection = DEFAULT_COLLECTION } = options;
  const publicUrl = options.publicUrl?.replace(/\/+$/, "");
  const context: RouteContext = { useCases, uploads, collection, gate, metrics, logger, heartbeatMs, publicUrl };
  const app: ServerApp = new OpenAPIHono<ServerEnv>({
    defaultHook: (result) => {
      if (!result.success) throw invalidInput(result.error);
    },
  });
  addGuards(app, { ...options, metrics });
  addErrorReplies(app, logger);
  addAnswerRoutes(app, context);
  addSearchRoutes(app, context);
  addUploadRoutes(app, context);
  addDocumentRoutes(app, context);
  addCollectionRoutes(app, context);
  addConversationRoutes(app, context);
  addChatCompletionRoutes(app, context);
  // Whoever has no key need not know where things lie.
  addHealthRoutes(app, { ...context, isOpen: options.apiKeys.length === 0 });
  const { mcp } = options;
  if (mcp !== undefined) addMcp(app, mcp);
  addReference(app, { ...options, publicUrl });
  addWebPage(app, { folder: options.webFolder ?? defaultWebFolder(), collection });
  return app;
}

function addGuards(app: ServerApp, options: CreateAppOptions & { readonly metrics: RouteContext["metrics"] }): void {
  const { apiKeys, logger, metrics, maxBodyBytes = 1_000_000, maxUploadBytes = 100_000_000 } = options;
  app.use(requestId({ limitLength: 128 }));
  app.use(createRequestLog({ metrics, logger }));
  app.use(createRequestTrace());
  app.use(createCacheGuard());
  app.use(
    secureHeaders({
      referrerPolicy: "no-referrer",
      xFrameOptions: "DENY",
      // The server speaks plain HTTP; whoever puts TLS in front of it decides on HSTS.
      strictTransportSecurity: false,
    }),
  );
  app.use(
    methodNotAllowed({
      app,
      onMethodNotAllowed: (c, methods) => {
        const allow = methods.join(", ");
        if (c.req.method === "OPTIONS")
          return new Response(null, { status: 204, headers: { Allow: `${allow}, OPTIONS` } });
        const detail = `${c.req.path} does not take ${c.req.method}; use ${allow}.`;
        return refuse(c, "method_not_allowed", detail, { headers: { Allow: allow } });
      },
    }),
  );
  if (apiKeys.length === 0) {
    app.use(createHostGuard());
  } else {
    const guard = createKeyGuard(apiKeys);
    for (const path of ["/v1/*", "/mcp", "/mcp/*", "/metrics"]) app.use(path, guard);
  }
  for (const path of ["/", "/docs", "/openapi.json"]) {
    app.use(path, etag({ retainedHeaders: [...RETAINED_304_HEADERS, "x-request-id"] }));
  }
  app.use(createQueryGuard());
  app.use(createBodyGuard({ maxBodyBytes, maxUploadBytes }));
  app.use(createEncodingGuard());
}

function addMcp(app: ServerApp, mcp: NonNullable<CreateAppOptions["mcp"]>): void {
  app.all("/mcp", async (c) => {
    const reply = await mcp(c.req.raw);
    // Built anew, so that the request id and the security headers join those of the reply.
    const joined = c.newResponse(reply.body, reply);
    if (isEventStream(reply)) joined.headers.set("Content-Encoding", UNPACKED);
    return joined;
  });
}

function addErrorReplies(app: ServerApp, logger: Logger | undefined): void {
  app.notFound((c) => refuse(c, "route_missing", missingRoute(c.req.path, app.routes)));
  app.onError((error, c) => {
    // Nobody reads this reply any more; 499 is what proxies log for it.
    if (c.req.raw.signal.aborted) return new Response(null, { status: 499 });
    if (error instanceof HTTPException && error.res !== undefined) return error.res;
    const problem = problemOf(error, c.get("requestId"));
    if (problem.status >= 500 && error !== SHUTDOWN_REASON)
      logger?.error({ err: error, requestId: c.get("requestId") }, "request failed");
    const wait = isCitewellError(error) ? error.retryAfterSeconds : undefined;
    const tellWait = wait !== undefined || problem.status === 429 || problem.code === "shutting_down";
    return problemReply(c, problem, tellWait ? { "Retry-After": String(Math.ceil(wait ?? 1)) } : {});
  });
}

function addReference(app: ServerApp, { apiKeys, publicUrl, version = "0.0.0" }: CreateAppOptions): void {
  app.openAPIRegistry.registerComponent("securitySchemes", "key", { type: "http", scheme: "bearer" });
  const generated = app.getOpenAPI31Document({
    openapi: "3.1.0",
    info: {
      title: "citewell",
      version,
      description: "Ask your documents and your code; every answer cites the exact lines it stands on.",
      license: { name: "Apache-2.0", url: "https://www.apache.org/licenses/LICENSE-2.0" },
    },
    // By default the folder that the document was read from, which a proxy may have put below another path.
    servers: [{ url: publicUrl ?? "." }],
    ...(apiKeys.length === 0 ? {} : { security: [{ key: [] }] }),
  });
  const document = withReplyHeaders(generated);
  const { html, policy } = plainPage({ title: "citewell HTTP interface", body: referencePage({ ...document }) });
  const fresh = { "Cache-Control": "no-cache" };
  app.get("/openapi.json", (c) => c.json(document, 200, fresh));
  app.get("/docs", (c) => c.html(html, 200, { ...fresh, "Content-Security-Policy": policy }));
}
