import type { Readable, Writable } from "node:stream";
import { createMcpHandler, INVALID_REQUEST } from "@modelcontextprotocol/server";
import { serveStdio, StdioServerTransport } from "@modelcontextprotocol/server/stdio";
import { countOf } from "../domain/count-of.ts";
import { createMcpServer } from "./create-mcp-server.ts";
import { createBackgroundSyncs } from "./refresh/background-sync.ts";
import { createFirstIndex } from "./refresh/first-index.ts";
import { createMessageLimit, type LongMessage, MAX_MESSAGE_BYTES } from "./limit-messages.ts";
import type { McpContext } from "./mcp-context.ts";
import { ALL_ROOTS, type OwnRoots } from "./own-roots.ts";
import { isProjectFolder, projectFolderOf } from "./project-folder.ts";
import { createIndexRefresher } from "./refresh/refresh-index.ts";
import { createHttpSessions } from "./session-calls.ts";

/** Options of {@link createMcpRoute}, and of {@link serveMcpStdio} beside its own. */
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
  /**
   * Which stored roots may be read again.
   * @default all
   */
  readonly ownRoots?: OwnRoots;
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
  const { useCases, collection, refresh = true, ownRoots = ALL_ROOTS, onError: onerror } = options;
  const refresher = createIndexRefresher({ useCases, enabled: refresh, ownRoots });
  const syncs = createBackgroundSyncs({ useCases, refresher });
  const context: McpContext = { useCases, collection, cwd: null, project: null, ownRoots, refresher, syncs };
  const sessions = createHttpSessions();
  const handler = createMcpHandler(
    ({ requestInfo }) =>
      createMcpServer(context, { ...options, sessionCalls: requestInfo && sessions.callsOf(requestInfo) }),
    { onerror },
  );
  return {
    fetch: async (request) => sessions.nameSession(request, await handler.fetch(request)),
    async close() {
      await handler.close();
      await syncs.close();
      await refresher.close();
    },
  };
}

/** Options of {@link serveMcpStdio}. */
export interface McpStdioOptions extends McpOptions {
  readonly stdin: Readable;
  readonly stdout: Writable;
  /** Working folder of the process. */
  readonly cwd: string;
  /** Folder of the store and its caches. */
  readonly dataFolder: string;
  /** The home folder, which is never indexed without being asked to. Default: that of the user. */
  readonly home?: string;
  readonly signal: AbortSignal;
}

/** Serves MCP on streams until the input ends or the signal aborts. The output carries nothing but the protocol. */
export async function serveMcpStdio(options: McpStdioOptions): Promise<void> {
  const { stdin, stdout, signal, onError: onerror } = options;
  const context = createStdioContext(options);
  const { promise: ended, resolve } = Promise.withResolvers<void>();
  const refuse = ({ id }: LongMessage): void => {
    const message = `A message of more than ${countOf(MAX_MESSAGE_BYTES, "byte")} is not taken; send less at once.`;
    onerror?.(new Error(message));
    if (id === undefined) return;
    void transport.send({ jsonrpc: "2.0", id, error: { code: INVALID_REQUEST, message } }).catch(onerror);
  };
  const messages = createMessageLimit(refuse);
  // What is on its way through the limit is larger than one message by a piece of the next one.
  const transport = new StdioServerTransport(messages, stdout, { maxBufferSize: 2 * MAX_MESSAGE_BYTES });
  messages.on("error", () => resolve());
  stdin.on("error", (error) => messages.destroy(error));
  stdin.once("close", () => messages.end());
  messages.once("end", resolve);
  messages.once("close", resolve);
  signal.addEventListener("abort", () => resolve(), { once: true });
  const handle = serveStdio(() => createMcpServer(context, options), { transport, onerror });
  stdin.pipe(messages);
  if (!signal.aborted) await ended;
  stdin.unpipe(messages).pause();
  await handle.close();
  await context.syncs.close();
  await context.refresher.close();
}

function createStdioContext(options: McpStdioOptions): McpContext {
  const { useCases, collection, cwd, dataFolder, refresh = true, ownRoots = ALL_ROOTS, home } = options;
  const folder = projectFolderOf({ dataFolder, cwd });
  const project = refresh && isProjectFolder(folder, home) ? folder : null;
  const first =
    project === null ? undefined : { collection, index: createFirstIndex({ root: project, dataFolder, collection }) };
  const refresher = createIndexRefresher({ useCases, enabled: refresh, first, ownRoots });
  const syncs = createBackgroundSyncs({ useCases, refresher });
  return { useCases, collection, cwd: folder, project, ownRoots, refresher, syncs };
}
