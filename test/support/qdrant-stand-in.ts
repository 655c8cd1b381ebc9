import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { text } from "node:stream/consumers";
import { createQdrantCatalogue } from "./qdrant-stand-in-catalogue.ts";
import { type Json, QdrantRefusal } from "./qdrant-stand-in-points.ts";

/** A request as it arrived. */
export interface StandInRequest {
  readonly method: string;
  /** Path with its query string. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: unknown;
}

/** What happens to a request instead of, or before, an answer. */
export interface StandInFault {
  /**
   * Which request it befalls.
   * @default the next one
   */
  readonly when?: (request: StandInRequest) => boolean;
  /**
   * How many requests it befalls.
   * @default 1
   */
  readonly times?: number;
  readonly delayMs?: number;
  /** Closes the connection: before the request is carried out, or after it. */
  readonly drop?: "before" | "after";
  readonly reply?: {
    readonly status: number;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body: unknown;
  };
}

/** Options of {@link startQdrantStandIn}. */
export interface StandInOptions {
  /** Refuses requests without it, but for the version and the health. */
  readonly apiKey?: string;
  /** @default "1.19.0" */
  readonly version?: string;
  /**
   * Shards of a collection whose creation does not say how many.
   * @default 1
   */
  readonly shards?: number;
  /** Answers from the data of another stand-in, as a second node of its cluster or as the same one after a restart. */
  readonly clusterOf?: QdrantStandIn;
  /**
   * Port to listen on.
   * @default a free one
   */
  readonly port?: number;
}

/** A running stand-in. */
export interface QdrantStandIn {
  readonly url: string;
  /** Every request since the start. */
  readonly requests: StandInRequest[];
  fault(fault: StandInFault): void;
  stop(): Promise<void>;
  /** Answers one request without the network. */
  readonly answer: (request: Pick<StandInRequest, "method" | "path" | "body">) => {
    readonly status: number;
    readonly body: unknown;
  };
}

/** Starts a server that answers the requests of the Qdrant store as the recorded exchanges do. */
export async function startQdrantStandIn(options: StandInOptions = {}): Promise<QdrantStandIn> {
  const { apiKey, version = "1.19.0", shards = 1, clusterOf, port: wantedPort = 0 } = options;
  const catalogue = createQdrantCatalogue({ version, shards });
  const requests: StandInRequest[] = [];
  const stopped = new AbortController();
  const faults: { left: number; readonly fault: StandInFault }[] = [];

  const answer: QdrantStandIn["answer"] =
    clusterOf?.answer ??
    ((request) => {
      try {
        return { status: 200, body: catalogue(request) };
      } catch (error) {
        if (!(error instanceof QdrantRefusal)) throw error;
        return {
          status: error.status,
          body: error.message === "" ? null : { status: { error: error.message }, time: 0 },
        };
      }
    });

  async function handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(incoming);
    const { method = "", url: path = "", headers } = incoming;
    const request: StandInRequest = { method, path, headers, body: body === "" ? null : JSON.parse(body) };
    requests.push(request);
    const fault = nextFault(request);
    if (fault?.delayMs !== undefined) await sleep(fault.delayMs, null, { signal: stopped.signal });
    if (fault?.drop === "before") return void incoming.socket.destroy();
    if (fault?.reply !== undefined) return send(response, fault.reply);
    if (apiKey !== undefined && path !== "/" && headers["api-key"] !== apiKey) {
      const reason =
        headers["api-key"] === undefined
          ? "Must provide an API key or an Authorization bearer token"
          : "Invalid API key or JWT";
      return send(response, { status: 401, body: reason });
    }
    const reply = answer(request);
    if (fault?.drop === "after") return void incoming.socket.destroy();
    send(response, reply);
  }

  function nextFault(request: StandInRequest): StandInFault | undefined {
    const found = faults.find(({ left, fault }) => left > 0 && (fault.when?.(request) ?? true));
    if (found !== undefined) found.left -= 1;
    return found?.fault;
  }

  const server = createServer((incoming, response) => {
    handle(incoming, response).catch((error: unknown) => {
      send(response, { status: 500, body: { status: { error: `Stand-in: ${String(error)}` }, time: 0 } });
    });
  });
  await new Promise<void>((resolve) => server.listen(wantedPort, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    answer,
    fault: (fault) => void faults.push({ left: fault.times ?? 1, fault }),
    async stop() {
      stopped.abort();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function send(response: ServerResponse, { status, headers = {}, body }: NonNullable<StandInFault["reply"]>): void {
  if (response.destroyed) return;
  const json = typeof body === "object" && body !== null;
  response.writeHead(status, { ...(json && { "content-type": "application/json" }), ...headers });
  response.end(json ? JSON.stringify(body) : typeof body === "string" ? body : "");
}

/** A fault for requests of a method and a path that matches. */
export function requestTo(method: string, path: RegExp): (request: StandInRequest) => boolean {
  return (request) => request.method === method && path.test(request.path);
}

/** The body of a successful reply. */
export function succeeded(result: unknown): Json {
  return { result, status: "ok", time: 0 };
}
