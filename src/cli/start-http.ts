import { join } from "node:path";
import { pino } from "pino";
import type { UseCases } from "../answering/use-cases.ts";
import { processEnvironment, type Config } from "../config.ts";
import { createMcpRoute } from "../mcp/serve-mcp.ts";
import { createAnswerGate } from "../server/answer-gate.ts";
import { createApp } from "../server/create-app.ts";
import { checkExposure } from "../server/exposure.ts";
import { createMetrics } from "../server/metrics.ts";
import { answerInTurn } from "../server/route-context.ts";
import type { ServerBindings } from "../server/server-env.ts";
import { startServer } from "../server/start-server.ts";
import { createUploads } from "../server/uploads.ts";
import { createUploadSpool } from "../server/upload-spool.ts";
import { ingestLimits } from "./commands/ingest-command.ts";
import { serverLogLevel } from "./log-level.ts";
import { createOwnRoots } from "./own-roots.ts";
import { readPackageVersion } from "./package-version.ts";
import type { StartHttp } from "./program-parts.ts";

/** Starts the HTTP server with the settings; its log goes to standard error, one JSON object a line. */
export async function startHttp(useCases: UseCases, config: Config): ReturnType<StartHttp> {
  const { host, port, apiKeys, collection, publicUrl } = config;
  checkExposure({ host, apiKeys });
  // Standard output is for data.
  const level = serverLogLevel(config, { isTerminal: process.stderr.isTTY });
  const logger = pino({ level }, pino.destination({ fd: 2, sync: true }));
  const version = readPackageVersion();
  const [gate, metrics] = [createAnswerGate(), createMetrics()];
  const mcp = createMcpRoute({
    useCases: {
      ...useCases,
      answerQuestion: (request) => answerInTurn({ useCases, gate, metrics }, request),
      ingestRoots: (options) => useCases.ingestRoots({ ...ingestLimits(config), ...options }),
    },
    collection,
    version,
    ownRoots: createOwnRoots(config, { env: processEnvironment(), cwd: process.cwd() }),
    onError: (error) => logger.warn({ err: error }, "mcp"),
  });
  const spool = createUploadSpool({
    folder: join(config.dataFolder, "uploads"),
    onProblem: (error) => logger.error({ err: error }, "uploads"),
  });
  const uploads = createUploads({ useCases, spool, logger });
  const app = createApp({
    useCases,
    collection,
    uploads,
    gate,
    metrics,
    apiKeys,
    publicUrl,
    logger,
    version,
    mcp: mcp.fetch,
  });
  const background = (bindings: ServerBindings): void => void uploads.resume(bindings);
  const server = await startServer({ app, host, port, background });
  return {
    url: server.url,
    async close() {
      await server.close();
      await mcp.close();
    },
  };
}
