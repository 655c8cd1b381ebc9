import { Client, InMemoryTransport, type CallToolResult } from "@modelcontextprotocol/client";
import { onTestFinished } from "vitest";
import { createMcpServer } from "../../src/mcp/create-mcp-server.ts";
import type { McpContext } from "../../src/mcp/mcp-context.ts";
import { ALL_ROOTS } from "../../src/mcp/own-roots.ts";
import { createBackgroundSyncs } from "../../src/mcp/refresh/background-sync.ts";
import { createIndexRefresher } from "../../src/mcp/refresh/refresh-index.ts";
import { createFakeUseCases } from "../server/fake-use-cases.ts";

/** What a test changes of the context. */
export interface ConnectOptions extends Partial<Omit<McpContext, "useCases">> {
  readonly useCases?: Parameters<typeof createFakeUseCases>[0];
}

/** A client of a server over fakes, in memory. */
export async function connectClient({ useCases, ...context }: ConnectOptions = {}): Promise<Client> {
  const fakes = createFakeUseCases(useCases);
  const { refresher = createIndexRefresher({ useCases: fakes, enabled: false }) } = context;
  const server = createMcpServer(
    {
      useCases: fakes,
      collection: "default",
      cwd: "/project",
      project: null,
      ownRoots: ALL_ROOTS,
      refresher,
      syncs: createBackgroundSyncs({ useCases: fakes, refresher }),
      ...context,
    },
    { version: "1.2.3" },
  );
  const client = new Client({ name: "test", version: "0.0.0" });
  const [near, far] = InMemoryTransport.createLinkedPair();
  await server.connect(far);
  await client.connect(near);
  onTestFinished(async () => {
    await client.close();
    await server.close();
  });
  return client;
}

/** The text of a result. */
export function textOf({ content }: CallToolResult): string {
  return content.map((part) => (part.type === "text" ? part.text : `(${part.type})`)).join("\n");
}
