import type { Readable, Writable } from "node:stream";
import { createMcpHandler } from "@modelcontextprotocol/server";
import { serveStdio, StdioServerTransport } from "@modelcontextprotocol/server/stdio";
import { createMcpServer } from "./create-mcp-server.ts";
import type { McpContext } from "./mcp-context.ts";
import { createIndexRefresher } from "./refresh-index.ts";

/** Options of {@link createMcpRoute} and {@link serveMcpStdio}. */
export interface McpOptions {
  readonly useCases: McpContext["useCases"];
  /** The collection of calls that name none. */
  readonly collection: string;
  readonly version: string;
  /**
   * Whether calls bring the index in step with changed local files.
   * @default true
   */
  readonly refresh?: boolean;
  /** Hears errors outside of calls. */
  readonly onError?: (error: Error) => void;
}

/** MCP over HTTP; what `createApp` serves at `/mcp`. */
export interface McpRoute {
  readonly fetch: (request: Request) => Promise<Response>;
  close(): Promise<void>;
}

/** Serves MCP over streamable HTTP. `sync_index` takes no paths here: a client may sit on another machine. */
export function createMcpRoute(options: McpOptions): McpRoute {
  const context = createContext(options, null);
  const { onError: onerror } = options;
  const handler = createMcpHandler(() => createMcpServer(context, options), onerror === undefined ? {} : { onerror });
  return { fetch: (request) => handler.fetch(request), close: () => handler.close() };
}

/** Serves MCP on streams until the input ends or the signal aborts. The output carries nothing but the protocol. */
export async function serveMcpStdio(
  options: McpOptions & {
    readonly stdin: Readable;
    readonly stdout: Writable;
    /** Folder that relative paths of `sync_index` are taken from. */
    readonly cwd: string;
    readonly signal: AbortSignal;
  },
): Promise<void> {
  const { stdin, stdout, cwd, signal, onError: onerror } = options;
  const context = createContext(options, cwd);
  const { promise: ended, resolve } = Promise.withResolvers<void>();
  stdin.once("end", resolve);
  stdin.once("close", resolve);
  signal.addEventListener("abort", () => resolve(), { once: true });
  const handle = serveStdio(() => createMcpServer(context, options), {
    transport: new StdioServerTransport(stdin, stdout),
    ...(onerror === undefined ? {} : { onerror }),
  });
  if (!signal.aborted) await ended;
  await handle.close();
}

function createContext({ useCases, collection, refresh = true }: McpOptions, cwd: string | null): McpContext {
  return { useCases, collection, cwd, refresher: createIndexRefresher({ useCases, enabled: refresh }) };
}
