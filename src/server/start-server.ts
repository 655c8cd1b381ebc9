import { randomUUID } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { CitewellError, errorMessage, systemErrorCode } from "../errors.ts";
import { SHUTDOWN_REASON } from "./error-response.ts";
import { isEventStream } from "./event-stream.ts";
import { allowHalfClosed, probeHalfClosed } from "./half-closed.ts";
import type { ServerApp } from "./route-context.ts";
import type { ServerBindings } from "./server-env.ts";
import { replyUnparsed, unaddressedReply } from "./unreadable-request.ts";

/** Options of {@link startServer}. */
export interface StartServerOptions {
  readonly app: Pick<ServerApp, "fetch">;
  /** Host name or address to bind to. */
  readonly host: string;
  /** Port, 0 to 65,535; 0 takes a free one. */
  readonly port: number;
  /**
   * Milliseconds that running requests and ingestions may take to end once the server closes.
   * @default 5000
   */
  readonly drainMs?: number;
  /** Work beside the requests, begun when the server listens. Default: none. */
  readonly background?: (bindings: ServerBindings) => void;
}

/** A server that answers. */
export interface RunningServer {
  /** Where it answers, such as `http://127.0.0.1:8080`. */
  readonly url: string;
  /** The port it really has. */
  readonly port: number;
  /** Takes no new connection, lets running work end, then stops the rest, event streams among them. */
  close(): Promise<void>;
}

/** Serves the app on a port. Rejects with `config_invalid` when the port cannot be had. */
export async function startServer(options: StartServerOptions): Promise<RunningServer> {
  const { app, host, port, drainMs = 5_000, background: begin } = options;
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new CitewellError(
      "config_invalid",
      `Port ${port} is not a port; choose one from 1 to 65535, or 0 for a free one.`,
    );
  }
  const shutdown = new AbortController();
  const background = new Set<Promise<unknown>>();
  const bindings: ServerBindings = {
    shutdown: shutdown.signal,
    waitUntil: (work) => {
      background.add(work);
      void work.finally(() => background.delete(work));
    },
  };
  const server = createHttpServer(app, bindings);
  const { port: bound } = await listen(server, { host, port });
  begin?.(bindings);
  const shown = host.includes(":") ? `[${host.replace(/^\[|\]$/g, "")}]` : host;
  let closing: Promise<void> | undefined;
  return {
    url: `http://${shown}:${bound}`,
    port: bound,
    close: () => (closing ??= drain(server, { shutdown, background, drainMs })),
  };
}

function createHttpServer(app: Pick<ServerApp, "fetch">, bindings: ServerBindings): Server {
  const eventStreams = new WeakSet<object>();
  const listener = getRequestListener(
    async (request, env) => {
      const reply = await app.fetch(request, { ...env, ...bindings });
      if (isEventStream(reply)) eventStreams.add(env.outgoing);
      return reply;
    },
    {
      // HTTP/1.0 knows no Host, and what asks whether a server lives often speaks that.
      hostname: "localhost",
      errorHandler: unaddressedReply,
    },
  );
  const options = {
    requestTimeout: 300_000,
    headersTimeout: 30_000,
    // Proxies keep a connection for a minute, and answer 502 where it closes while they send on it.
    keepAliveTimeout: 65_000,
    // Node would refuse a request without a host itself, with neither a body nor a request id.
    requireHostHeader: false,
  };
  const server = createServer(options, (incoming, outgoing) => {
    const isHostMissing = incoming.httpVersion === "1.1" && incoming.headers.host === undefined;
    if (isHostMissing) {
      replyUnparsed(new Error("no host"), incoming.socket);
      return;
    }
    if (incoming.method === "OPTIONS" && incoming.url === "*") {
      // The server as a whole, which has no address that a route could have.
      outgoing.writeHead(204, { Allow: "GET, HEAD, POST, DELETE, OPTIONS", "X-Request-Id": randomUUID() }).end();
      return;
    }
    probeHalfClosed(incoming, outgoing, () => eventStreams.has(outgoing));
    void listener(incoming, outgoing);
  });
  allowHalfClosed(server);
  server.on("clientError", replyUnparsed);
  // What is expected beside `100-continue` may be passed over; Node would refuse it with neither a body nor a request id.
  server.on("checkExpectation", (incoming, outgoing) => server.emit("request", incoming, outgoing));
  return server;
}

interface DrainOptions {
  /** Stops what has not ended in time. */
  readonly shutdown: AbortController;
  /** Work that outlives its request. */
  readonly background: ReadonlySet<Promise<unknown>>;
  readonly drainMs: number;
}

/** Takes no new connection, lets running work end for a while, and then stops it. */
async function drain(server: Server, { shutdown, background, drainMs }: DrainOptions): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
  // A connection kept alive becomes idle only after its reply, and would hold the server open.
  const sweep = setInterval(() => server.closeIdleConnections(), 50);
  // In this order, since the last requests may register work.
  const drained = closed.then(() => Promise.allSettled(background));
  const { promise: patience, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, drainMs);
  await Promise.race([drained, patience]);
  clearTimeout(timer);
  shutdown.abort(SHUTDOWN_REASON);
  // Aborted streams still send why they end; then their connections go too.
  setTimeout(() => server.closeAllConnections(), 500).unref();
  await closed;
  await Promise.allSettled(background);
  clearInterval(sweep);
}

async function listen(
  server: Server,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<AddressInfo> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once("error", reject);
  server.listen(port, host.replace(/^\[|\]$/g, ""), resolve);
  try {
    await promise;
  } catch (error) {
    throw listenError(error, { host, port });
  } finally {
    server.off("error", reject);
  }
  const address = server.address();
  if (address === null || typeof address === "string") throw new TypeError("The server listens on no port.");
  return address;
}

function listenError(cause: unknown, { host, port }: { readonly host: string; readonly port: number }): CitewellError {
  const sentences: Readonly<Record<string, string>> = {
    EADDRINUSE: `Port ${port} on ${host} is in use; stop the other program, or choose another with --port or PORT.`,
    EACCES: `Port ${port} may not be opened by this user; choose one above 1023 with --port or PORT.`,
    EADDRNOTAVAIL: `This machine has no address ${host}; use 127.0.0.1, or one of its own with --host or HOST.`,
    ENOTFOUND: `The host name ${host} is not known; use 127.0.0.1, or a known one with --host or HOST.`,
  };
  const sentence =
    sentences[systemErrorCode(cause) ?? ""] ??
    `The server cannot listen on ${host}:${port} (${errorMessage(cause)}); choose others with --host and --port.`;
  return new CitewellError("config_invalid", sentence, { cause });
}
