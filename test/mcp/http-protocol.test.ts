import { describe, expect, it } from "vitest";
import { createMcpRoute } from "../../src/mcp/serve-mcp.ts";
import { createApp } from "../../src/server/create-app.ts";
import type { UseCases } from "../../src/answering/use-cases.ts";
import { createFakeUseCases } from "../server/fake-use-cases.ts";

const HEADERS = { "content-type": "application/json", accept: "application/json, text/event-stream" };

function createServer(useCases: Partial<UseCases> = {}, apiKeys: readonly string[] = []) {
  const fakes = createFakeUseCases(useCases);
  const route = createMcpRoute({ useCases: fakes, collection: "default", version: "1.2.3", refresh: false });
  return createApp({ useCases: fakes, apiKeys, mcp: route.fetch });
}

type Server = ReturnType<typeof createServer>;

interface PostOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

async function post(server: Server, message: object | string, options: PostOptions = {}): Promise<Response> {
  const body = typeof message === "string" ? message : JSON.stringify({ jsonrpc: "2.0", id: 1, ...message });
  const headers = { ...HEADERS, ...options.headers };
  const { signal } = options;
  const init = { method: "POST", headers, body, ...(signal === undefined ? {} : { signal }) };
  return await server.request(new Request("http://localhost/mcp", init));
}

/** The message of a reply, whether it is plain JSON or the last event of a stream. */
async function messageOf(reply: Response): Promise<unknown> {
  const text = await reply.text();
  const data = text.split("\n").filter((line) => line.startsWith("data: {"));
  return JSON.parse(data.at(-1)?.slice("data: ".length) ?? text);
}

const CALL = {
  method: "tools/call",
  params: { name: "search_docs", arguments: { query: "install", language: ["markdown"] } },
};

describe("POST /mcp", () => {
  it.each(["2025-03-26", "2025-06-18", "2025-11-25"])("speaks %s, and names the session", async (protocolVersion) => {
    const params = { protocolVersion, capabilities: {}, clientInfo: { name: "test", version: "0.0.0" } };
    const reply = await post(createServer(), { method: "initialize", params });
    expect([reply.status, reply.headers.get("mcp-session-id")]).toEqual([
      200,
      expect.stringMatching(/^[0-9a-f-]{36}$/),
    ]);
    expect(await messageOf(reply)).toMatchObject({ result: { protocolVersion, serverInfo: { name: "citewell" } } });
  });

  it("answers a call that comes without initialize or session", async () => {
    const reply = await post(createServer(), CALL, { headers: { "mcp-protocol-version": "2025-06-18" } });
    expect(await messageOf(reply)).toMatchObject({ result: { structuredContent: { collection: "default" } } });
  });

  it("takes a notification without an answer", async () => {
    const body = JSON.stringify({ jsonrpc: "2.0", method: "notifications/initialized" });
    const reply = await post(createServer(), body);
    expect([reply.status, await reply.text()]).toEqual([202, ""]);
  });

  it("gives wrong parameters as a result, and an unknown method as an error", async () => {
    const server = createServer();
    const wrong = await post(server, {
      method: "tools/call",
      params: { name: "search_docs", arguments: { question: "x" } },
    });
    expect(await messageOf(wrong)).toMatchObject({ result: { isError: true } });
    expect(await messageOf(await post(server, { method: "prompts/list" }))).toMatchObject({ error: { code: -32_601 } });
  });

  it.each(["GET", "DELETE"])("refuses %s, since nothing is kept of a session", async (method) => {
    const reply = await createServer().request(new Request("http://localhost/mcp", { method, headers: HEADERS }));
    expect(reply.status).toBe(405);
  });

  it("refuses a body that is no JSON, one that is too large, and a version that it does not know", async () => {
    const server = createServer();
    expect((await post(server, "{")).status).toBe(400);
    const large = await post(server, { method: "ping", params: { fill: "x".repeat(1_100_000) } });
    expect([large.status, await large.json()]).toMatchObject([413, { code: "payload_too_large" }]);
    const version = await post(server, CALL, { headers: { "mcp-protocol-version": "1999-01-01" } });
    expect(version.status).toBe(400);
  });

  it("refuses pages of other origins and other host names while there are no keys", async () => {
    const server = createServer();
    const foreign: readonly Record<string, string>[] = [{ origin: "https://evil.example" }, { host: "evil.example" }];
    for (const headers of foreign) {
      const reply = await post(server, CALL, { headers });
      expect([reply.status, await reply.json()]).toMatchObject([403, { code: "origin_refused" }]);
    }
    expect((await post(server, CALL, { headers: { origin: "http://localhost:8080" } })).status).toBe(200);
  });

  it("asks for the key where there are keys", async () => {
    const server = createServer({}, ["secret-key"]);
    expect((await post(server, CALL)).status).toBe(401);
    expect((await post(server, CALL, { headers: { authorization: "Bearer secret-key" } })).status).toBe(200);
  });

  it("stops the work of a client that goes away", async () => {
    const begun = Promise.withResolvers<void>();
    const stopped = Promise.withResolvers<boolean>();
    const server = createServer({
      searchCorpus: ({ signal }) =>
        new Promise((_, reject) => {
          begun.resolve();
          signal?.addEventListener("abort", () => {
            stopped.resolve(true);
            reject(signal.reason);
          });
        }),
    });
    const client = new AbortController();
    const reply = post(server, CALL, { signal: client.signal }).then(
      (one) => one.body?.cancel(),
      () => undefined,
    );
    await begun.promise;
    client.abort();
    await reply;
    expect(await stopped.promise).toBe(true);
  });

  it("stops the call that a message in another POST cancels, and only for its own session", async () => {
    const begun = Promise.withResolvers<void>();
    let stopped = false;
    const server = createServer({
      searchCorpus: ({ signal }) =>
        new Promise((_, reject) => {
          begun.resolve();
          signal?.addEventListener("abort", () => {
            stopped = true;
            reject(signal.reason);
          });
        }),
    });
    const inSession = (session: string) => ({
      headers: { "mcp-session-id": session, "mcp-protocol-version": "2025-11-25" },
    });
    const call = post(server, CALL, inSession("one")).then((reply) => reply.text());
    await begun.promise;
    const cancel = JSON.stringify({ jsonrpc: "2.0", method: "notifications/cancelled", params: { requestId: 1 } });
    for (const options of [{}, inSession("two")]) expect((await post(server, cancel, options)).status).toBe(202);
    expect(stopped).toBe(false);
    expect((await post(server, cancel, inSession("one"))).status).toBe(202);
    expect([await call, stopped]).toEqual(["", true]);
    // Whoever comes too late disturbs nobody.
    expect((await post(server, cancel, inSession("one"))).status).toBe(202);
  });
});
