import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { appendFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { Client, StreamableHTTPClientTransport, type ClientOptions } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createMcpRoute } from "../../src/mcp/serve-mcp.ts";
import { createApp } from "../../src/server/create-app.ts";
import { createFolder } from "../ingest/temporary-folder.ts";
import { createFakeUseCases } from "../server/fake-use-cases.ts";
import { textOf } from "./connect-client.ts";

const MAIN = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url));
let folder = "";

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "citewell-mcp-"));
  await writeFile(
    path.join(folder, "lift.md"),
    "# The lift\n\nThe lift was repaired on Monday.\n\nIt carries eight people.\n",
  );
  await writeFile(path.join(folder, "lift.py"), "def call_lift(floor):\n    return send('lift', floor)\n");
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe("citewell mcp", () => {
  it(
    "indexes, searches, reads, answers and follows the files on standard input and output",
    { timeout: 60_000 },
    async () => {
      const client = new Client({ name: "test", version: "0.0.0" });
      await client.connect(
        new StdioClientTransport({
          command: process.execPath,
          args: [MAIN, "mcp", "--data", path.join(folder, ".data")],
          cwd: folder,
          stderr: "pipe",
        }),
      );
      const call = async (name: string, args: Record<string, unknown>): Promise<string> =>
        textOf(await client.callTool({ name, arguments: args }));
      try {
        expect(client.getServerVersion()?.name).toBe("citewell");
        expect(await call("search_docs", { query: "lift" })).toMatch(/no collection "default".*sync_index with paths/);
        expect(await call("sync_index", { paths: ["."] })).toMatch(/^default: 2 added; /);
        expect(await call("search_docs", { query: "When was the lift repaired?" })).toMatch(
          /^lift\.md:\d-\d {2}[\d.]+ .*\n[^]*repaired/,
        );
        expect(await call("search_code", { task: "call the lift" })).toMatch(/^lift\.py:1-2 {2}[^]*def call_lift/);
        expect(await call("read_source", { path: "lift.md", start_line: 3, end_line: 3 })).toBe(
          "lift.md:3-3 of 5 lines\n3\tThe lift was repaired on Monday.",
        );
        expect(await call("ask", { question: "How many people does the lift carry?" })).toMatch(
          /eight people.*\[1\][^]*lift\.md:\d-\d/,
        );
        await appendFile(path.join(folder, "lift.md"), "\nThe inspector is called Ada.\n");
        // Looks at the files are some seconds apart.
        await expect
          .poll(() => call("search_docs", { query: "Who is the inspector?" }), { timeout: 20_000 })
          .toMatch(/Ada/);
      } finally {
        await client.close();
      }
    },
  );
});

describe("citewell mcp in a project that nobody indexed", () => {
  const connect = async (cwd: string, options: ClientOptions = {}): Promise<Client> => {
    const client = new Client({ name: "test", version: "0.0.0" }, options);
    await client.connect(
      new StdioClientTransport({ command: process.execPath, args: [MAIN, "mcp"], cwd, stderr: "pipe" }),
    );
    return client;
  };
  const ask = async (client: Client): Promise<string> =>
    textOf(await client.callTool({ name: "search_code", arguments: { task: "call the lift" } }));

  it("answers two editors at once, whichever of them makes the index", { timeout: 120_000 }, async () => {
    const { path: project } = await createFolder({
      "package.json": "{}",
      "lift.py": "def call_lift(floor):\n    return send('lift', floor)\n",
    });
    const newest = connect(project, { versionNegotiation: { mode: "auto" } });
    const clients = await Promise.all([connect(project), newest]);
    try {
      expect(clients.map((client) => client.getNegotiatedProtocolVersion())).toEqual(["2025-11-25", "2026-07-28"]);
      const first = await Promise.all(clients.map(ask));
      const isKnown = /^lift\.py:1-2 {2}|Another process .* is making the index|The index is being made/;
      expect(first).toEqual([expect.stringMatching(isKnown), expect.stringMatching(isKnown)]);
      for (const client of clients) {
        await expect.poll(() => ask(client), { timeout: 60_000 }).toMatch(/^lift\.py:1-2 {2}[^]*def call_lift/);
      }
    } finally {
      await Promise.all(clients.map((client) => client.close()));
    }
  });

  it("works for the project above the folder that it is started in", { timeout: 60_000 }, async () => {
    const { path: project } = await createFolder({ ".git/HEAD": "x", "packages/one/src/a.ts": "x" });
    const client = await connect(path.join(project, "packages/one/src"));
    try {
      expect(client.getInstructions()).toContain(`Paths are relative to ${project}.`);
      expect(textOf(await client.callTool({ name: "index_status", arguments: {} }))).toBe(
        `Note: Nothing is indexed yet; the first search indexes ${project}.`,
      );
    } finally {
      await client.close();
    }
  });

  it("ends well in the midst of indexing", { timeout: 60_000 }, async () => {
    const words = Array.from({ length: 4_000 }, (_, index) => `export const value${index} = "${index} of the keys";`);
    const { path: project } = await createFolder({ "package.json": "{}", "many.ts": words.join("\n") });
    const server = spawn(process.execPath, [MAIN, "mcp"], { cwd: project, stdio: ["pipe", "pipe", "ignore"] });
    const ended = once(server, "exit");
    const params = { protocolVersion: "2025-06-18", capabilities: {}, clientInfo: { name: "test", version: "0.0.0" } };
    server.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", id: 1, method: "initialize", params })}\n`);
    const call = { name: "search_code", arguments: { task: "keys" }, _meta: { progressToken: 1 } };
    server.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", id: 2, method: "tools/call", params: call })}\n`);
    await expect
      .poll(() => existsSync(path.join(project, ".citewell/unfinished-default.json")), { timeout: 30_000 })
      .toBe(true);
    server.stdin.end();
    expect(await ended).toEqual([0, null]);
  });
});

describe("POST /mcp", () => {
  const mcp = createMcpRoute({
    useCases: createFakeUseCases(),
    collection: "default",
    version: "1.2.3",
    refresh: false,
  });
  const app = createApp({ useCases: createFakeUseCases(), apiKeys: ["secret-key"], mcp: mcp.fetch });
  const connect = async (key: string): Promise<Client> => {
    const client = new Client({ name: "test", version: "0.0.0" });
    await client.connect(
      new StreamableHTTPClientTransport(new URL("http://localhost/mcp"), {
        fetch: async (url, init) => app.request(new Request(url, init)),
        requestInit: { headers: { authorization: `Bearer ${key}` } },
      }),
    );
    return client;
  };

  it("serves the tools to the official client", async () => {
    const client = await connect("secret-key");
    expect((await client.listTools()).tools).toHaveLength(6);
    const result = await client.callTool({ name: "search_docs", arguments: { query: "install" } });
    expect(textOf(result)).toMatch(/^guide\/install\.md:4-4 {2}0\.71/);
    await client.close();
  });

  it("serves a client of the newest revision, without initialize, and an unknown parameter is refused there too", async () => {
    const client = new Client({ name: "test", version: "0.0.0" }, { versionNegotiation: { mode: "auto" } });
    await client.connect(
      new StreamableHTTPClientTransport(new URL("http://localhost/mcp"), {
        fetch: async (url, init) => app.request(new Request(url, init)),
        requestInit: { headers: { authorization: "Bearer secret-key" } },
      }),
    );
    expect(client.getNegotiatedProtocolVersion()).toBe("2026-07-28");
    const result = await client.callTool({ name: "search_docs", arguments: { query: "install" } });
    expect(textOf(result)).toMatch(/^guide\/install\.md:4-4 {2}0\.71/);
    const wrong = await client.callTool({ name: "search_docs", arguments: { query: "install", foo: 1 } });
    expect([wrong.isError, textOf(wrong)]).toEqual([true, expect.stringMatching(/foo/)]);
    await client.close();
  });

  it("needs the API key", async () => {
    await expect(connect("wrong")).rejects.toThrow();
  });

  it("takes no paths for sync_index", async () => {
    const client = await connect("secret-key");
    const result = await client.callTool({ name: "sync_index", arguments: { paths: ["/etc"] } });
    expect(result.isError).toBe(true);
    await client.close();
  });

  it("answers GET and other bodies with an error, not with a stream", async () => {
    const headers = { authorization: "Bearer secret-key" };
    const get = await app.request(new Request("http://localhost/mcp", { headers }));
    expect(get.status).toBe(405);
    const text = await app.request(new Request("http://localhost/mcp", { method: "POST", body: "{}", headers }));
    expect(text.status).toBeGreaterThanOrEqual(400);
  });
});

describe("the handbook's page on MCP", () => {
  it("names every tool", async () => {
    const page = await readFile(new URL("../../corpora/handbook/documents/mcp.md", import.meta.url), "utf8");
    for (const name of ["search_docs", "search_code", "read_source", "ask", "index_status", "sync_index"]) {
      expect(page).toContain(`\`${name}\``);
    }
  });
});
