import { once } from "node:events";
import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { PartState } from "../../src/answering/use-cases.ts";
import { systemErrorCode } from "../../src/errors.ts";
import { createApp } from "../../src/server/create-app.ts";
import { createMetrics } from "../../src/server/metrics.ts";
import { startServer, type RunningServer } from "../../src/server/start-server.ts";
import { createFakeUseCases } from "./fake-use-cases.ts";
import { createHarness, jsonOf } from "./server-harness.ts";

describe("a request that Node or its adapter cannot read", () => {
  let server: RunningServer;
  beforeAll(async () => {
    const app = createApp({ useCases: createFakeUseCases(), apiKeys: [] });
    server = await startServer({ app, host: "127.0.0.1", port: 0 });
  });
  afterAll(() => server.close());

  function sendRaw(text: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const socket = connect(server.port, "127.0.0.1");
      let reply = "";
      socket.setEncoding("utf8");
      socket.on("data", (part: string) => (reply += part));
      socket.on("error", reject);
      socket.on("close", () => resolve(reply));
      socket.write(text);
    });
  }

  it.each([
    ["no HTTP at all", "GARBAGE\r\n\r\n", 400, "usage_invalid"],
    ["HTTP/1.1 without a host", "GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n", 400, "usage_invalid"],
    ["a host that is none", "GET /healthz HTTP/1.1\r\nHost: a@b/c\r\nConnection: close\r\n\r\n", 400, "usage_invalid"],
    ["a negative length", "POST /v1/search HTTP/1.1\r\nHost: a\r\nContent-Length: -5\r\n\r\n", 400, "usage_invalid"],
    ["too large headers", `GET /${"a".repeat(20_000)} HTTP/1.1\r\nHost: a\r\n\r\n`, 431, "headers_too_large"],
  ])("gets a problem with a request id: %s", async (_, text, status, code) => {
    const reply = await sendRaw(text);
    expect(reply).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(reply).toMatch(/\r\nx-request-id: \S+\r\n/i);
    expect(reply).toMatch(/\r\ncontent-type: application\/problem\+json\r\n/i);
    expect(JSON.parse(reply.slice(reply.indexOf("{")))).toMatchObject({ status, code });
  });

  it("is let go by the server, though the client keeps its side of the connection open", async () => {
    const socket = connect({ port: server.port, host: "127.0.0.1", allowHalfOpen: true });
    socket.write("GARBAGE\r\n\r\n");
    await once(socket.resume(), "end");
    // Something written to a connection that is gone is refused.
    const sending = setInterval(() => socket.write("more"), 100);
    const [error] = await once(socket, "error").catch((thrown: unknown) => [thrown]);
    clearInterval(sending);
    expect(["ECONNRESET", "EPIPE"]).toContain(systemErrorCode(error));
  });

  it("says that the connection closes where the rest of a body is not read", async () => {
    const headers = "Host: localhost\r\nContent-Type: application/json\r\nContent-Length: 2000000";
    const reply = await sendRaw(`POST /v1/search HTTP/1.1\r\n${headers}\r\n\r\n{"query":`);
    expect(reply).toMatch(/^HTTP\/1\.1 413 /);
    expect(reply).toMatch(/\r\nconnection: close\r\n/i);
  });

  it("is passed over where it is an expectation that nobody knows", async () => {
    const reply = await sendRaw(
      "GET /healthz HTTP/1.1\r\nHost: localhost\r\nExpect: a-sign\r\nConnection: close\r\n\r\n",
    );
    expect(reply).toMatch(/^HTTP\/1\.1 200 /);
    expect(reply).toMatch(/\r\nx-request-id: \S+\r\n/i);
  });

  it("is answered where it asks for the server as a whole", async () => {
    const reply = await sendRaw("OPTIONS * HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    expect(reply).toMatch(/^HTTP\/1\.1 204 /);
    expect(reply).toMatch(/\r\nallow: GET, HEAD, POST, DELETE, OPTIONS\r\n/i);
    expect(reply).toMatch(/\r\nx-request-id: \S+\r\n/i);
  });

  it("is none where HTTP/1.0 asks without a host", async () => {
    expect(await sendRaw("GET /healthz HTTP/1.0\r\n\r\n")).toMatch(/^HTTP\/1\.1 200 /);
  });
});

describe("a request of many mistakes", () => {
  it("gets their number and the first fifty", async () => {
    const keys = Object.fromEntries(Array.from({ length: 60 }, (_, at) => [`k${at}`, 0]));
    const problem = await jsonOf(await createHarness().post("/v1/search", { query: "x", ...keys }));
    expect(problem).toMatchObject({
      detail: expect.stringMatching(/^The request has 60 problems: .*; and 10 more\.$/),
    });
    expect(problem["errors"]).toHaveLength(50);
  });

  it("is refused as a whole where it is a list of messages that are none", async () => {
    const body = { model: "citewell/default", messages: Array.from({ length: 400_000 }, () => 0) };
    const response = await createHarness().post("/v1/chat/completions", body);
    expect(response.status).toBe(400);
    expect(await response.text()).toContain("messages: Must have at most 10000 items");
  });
});

describe("what clients ask beside the routes", () => {
  it("OPTIONS is answered with what the route takes", async () => {
    const reply = await createHarness().send("/v1/documents", { method: "OPTIONS" });
    expect(reply.status).toBe(204);
    expect(reply.headers.get("allow")).toBe("POST, GET, HEAD, OPTIONS");
    expect(reply.headers.has("access-control-allow-origin")).toBe(false);
    expect(reply.headers.has("content-type")).toBe(false);
    expect(reply.headers.has("x-request-id")).toBe(true);
  });

  it.each(["/", "/docs", "/openapi.json"])("%s is not sent again to who has it", async (path) => {
    const harness = createHarness();
    const first = await harness.get(path);
    const tag = first.headers.get("etag") ?? "";
    expect(tag).not.toBe("");
    expect(first.headers.get("cache-control")).toBe("no-cache");
    const again = await harness.get(path, { "if-none-match": tag });
    expect(again.status).toBe(304);
    expect(again.headers.has("x-request-id")).toBe(true);
    expect((await harness.get(path, { "if-none-match": '"other"' })).status).toBe(200);
  });

  it.each([
    "/v1/collections",
    "/v1/models",
    "/v1/jobs/x",
    "/v1/nothing",
    "/nothing",
    "/healthz",
    "/readyz",
    "/metrics",
  ])("%s is kept by no cache", async (path) => {
    expect((await createHarness().get(path)).headers.get("cache-control")).toBe("no-store");
  });

  it("the page's files and streams keep their own word on caches", async () => {
    const harness = createHarness();
    expect((await harness.get("/docs")).headers.get("cache-control")).toBe("no-cache");
    const stream = await harness.post("/v1/answers", { question: "q", stream: true });
    expect(stream.headers.get("cache-control")).toBe("no-cache, no-transform");
    await stream.text();
  });

  it("names the fields there are where one is not known", async () => {
    const harness = createHarness();
    const message = expect.stringMatching(/^Is not known; there are question, collection, .*maxRounds/);
    expect(await jsonOf(await harness.post("/v1/answers", { question: "q", maxrounds: 2 }))).toMatchObject({
      errors: [{ path: "maxrounds", message }],
    });
    const filter = { sources: "a" };
    expect(await jsonOf(await harness.post("/v1/search", { query: "q", filter }))).toMatchObject({
      errors: [{ path: "filter.sources", message: "Is not known; there are source, language, root, metadata" }],
    });
    expect(await jsonOf(await harness.get("/v1/documents?page=2"))).toMatchObject({
      errors: [{ path: "page", message: "Is not known; there are collection, limit, cursor, search" }],
    });
  });

  it.each(["completions", "embeddings", "responses", "responses/resp_1", "assistants", "files", "audio/speech"])(
    "OpenAI's /v1/%s is missing in OpenAI's own shape",
    async (name) => {
      const reply = await createHarness().post(`/v1/${name}`, { model: "default" });
      expect(reply.status).toBe(404);
      const message = expect.stringContaining("use POST /v1/chat/completions");
      expect(await jsonOf(reply)).toMatchObject({
        error: { message, code: "route_missing", type: "invalid_request_error" },
      });
    },
  );

  it.each([
    ["/chat/completions", "/v1/chat/completions"],
    ["/v1/v1/chat/completions", "/v1/chat/completions"],
    ["/models", "/v1/models"],
    ["/v1/v1/models", "/v1/models"],
  ])(
    "tells an OpenAI client with a wrong base URL, which asks for %s, what it should end with",
    async (path, meant) => {
      const reply = await createHarness().post(path, {});
      expect(reply.status).toBe(404);
      expect(await jsonOf(reply)).toMatchObject({
        error: {
          message: `There is no ${path} here; did you mean ${meant}, to which a base URL leads that ends with /v1?`,
        },
      });
    },
  );

  it.each([
    ["/v1/answers/", "/v1/answers"],
    ["//v1/search", "/v1/search"],
    ["/v1//documents/x", "/v1/documents/x"],
    ["/search", "/v1/search"],
    ["/v1/healthz", "/healthz"],
  ])("names the route that %s was probably to be", async (path, meant) => {
    const reply = await createHarness().get(path);
    expect(reply.status).toBe(404);
    expect(await jsonOf(reply)).toMatchObject({ detail: `There is no ${path} here; did you mean ${meant}?` });
  });

  it.each(["/", "/v1", "/v1/", "/v1/nothing", "/search/nothing"])("guesses nothing for %s", async (path) => {
    const reply = await createHarness().get(path);
    expect(await reply.text()).not.toContain("did you mean");
  });

  it.each([{ content: [{ type: "image_url" }] }, { content: null }, {}])(
    "names a user message without text: %j",
    async (rest) => {
      const messages = [{ role: "user", ...rest }];
      const reply = await createHarness().post("/v1/chat/completions", { model: "default", messages });
      expect(reply.status).toBe(400);
      expect(await jsonOf(reply)).toMatchObject({
        error: { param: "messages", message: expect.stringMatching(/no text/) },
      });
    },
  );
});

describe("JSON that is not UTF-8", () => {
  const sendBytes = async (path: string, body: NonNullable<RequestInit["body"]>): Promise<Response> =>
    createHarness().send(path, {
      method: "POST",
      headers: { "content-type": "application/json; charset=utf-8" },
      body,
      // A stream has no length that could be looked at beforehand.
      ...(body instanceof ReadableStream ? { duplex: "half" } : {}),
    });

  it.each([
    ["/v1/answers", { code: "usage_invalid", detail: "The body is not in UTF-8, as JSON has to be; send it so." }],
    ["/v1/search", { code: "usage_invalid" }],
    ["/v1/chat/completions", { error: { code: "usage_invalid" } }],
  ])("is refused by %s", async (path, problem) => {
    const reply = await sendBytes(path, Buffer.from('{"question": "caf\u00E9"}', "latin1"));
    expect(reply.status).toBe(400);
    expect(await jsonOf(reply)).toMatchObject(problem);
  });

  it("is read where it is, and too large as before", async () => {
    expect((await sendBytes("/v1/search", Buffer.from('{"query": "caf\u00E9"}'))).status).toBe(200);
    const large = ReadableStream.from([Buffer.alloc(600_000, "x"), Buffer.alloc(600_000, "x")]);
    expect((await sendBytes("/v1/search", large)).status).toBe(413);
  });
});

describe("fields in the address of a request that takes them in its body", () => {
  it.each(["/v1/answers", "/v1/search", "/v1/collections", "/v1/conversations/known/messages"])(
    "are refused by %s",
    async (path) => {
      const reply = await createHarness().post(`${path}?collection=notes&stream=true`, {});
      expect(reply.status).toBe(400);
      expect(await jsonOf(reply)).toMatchObject({
        code: "usage_invalid",
        detail: `${path} takes its fields from the body, and \`collection\` stands in the address; send it in the JSON.`,
        errors: [{ path: "collection" }, { path: "stream" }],
      });
    },
  );

  it("are left to OpenAI's clients, who may have their own", async () => {
    const body = { model: "default", messages: [{ role: "user", content: "How?" }] };
    expect((await createHarness().post("/v1/chat/completions?api-version=2026-01-01", body)).status).toBe(200);
  });
});

it("tells that a body may not be compressed", async () => {
  const body = { query: "x" };
  const reply = await createHarness().post("/v1/search", body, { "content-encoding": "gzip" });
  expect(reply.status).toBe(415);
  expect(reply.headers.get("accept-encoding")).toBe("identity");
  expect(await jsonOf(reply)).toMatchObject({ detail: expect.stringContaining("gzip") });
  expect((await createHarness().post("/v1/search", body, { "content-encoding": "identity" })).status).toBe(200);
});

describe("GET /readyz", () => {
  const parts: readonly PartState[] = [
    { part: "data folder", ok: true, detail: "/home/somebody/data" },
    { part: "store", ok: false, detail: "http://store.internal:6333 does not answer." },
  ];
  const useCases = createFakeUseCases({ checkParts: async () => parts });

  it("says all to this machine", async () => {
    const reply = await createHarness({ useCases }).get("/readyz");
    expect(reply.status).toBe(503);
    expect(await reply.text()).toContain("store.internal");
  });

  it("names only the parts where keys are set, since it asks for none", async () => {
    const reply = await createHarness({ useCases, apiKeys: ["secret"] }).get("/readyz");
    expect(reply.status).toBe(503);
    const text = await reply.text();
    expect(text).toContain("store");
    expect(text).not.toContain("store.internal");
    const ready = createFakeUseCases({ checkParts: async () => parts.slice(0, 1) });
    expect(await (await createHarness({ useCases: ready, apiKeys: ["secret"] }).get("/readyz")).json()).toEqual({
      status: "ready",
      parts: [{ part: "data folder", ok: true, detail: "Ready." }],
    });
  });
});

describe("input of a wrong type", () => {
  it.each([
    [{}, "question", "Is missing; give a text"],
    [{ question: 5 }, "question", "Must be a text"],
    [{ question: "x", limit: 1.5 }, "limit", "Must be a whole number"],
    [{ question: "x", stream: "yes" }, "stream", "Must be true or false"],
    [{ question: "x", filter: [] }, "filter", "Must be an object"],
    [{ question: "x", filter: { source: 5 } }, "filter.source", "Must be a text or a list"],
    [{ question: "x", filter: { source: ["a", 5] } }, "filter.source.1", "Must be a text"],
    [{ question: "x", filter: { source: [] } }, "filter.source", "Must not be empty"],
    [{ question: "x", limit: 0 }, "limit", "Must be at least 1"],
    [{ question: "x", limit: 51 }, "limit", "Must be at most 50"],
    [{ question: "x", task: "z" }, "task", 'Must be one of "qa", "code", "default"'],
  ])("is said without JavaScript's words: %j", async (body, path, message) => {
    const reply = await createHarness().post("/v1/answers", body);
    expect(reply.status).toBe(400);
    expect((await jsonOf(reply))["errors"]).toEqual([{ path, message }]);
  });
});

describe("names in an upload", () => {
  async function problemOf(init: RequestInit, query = ""): Promise<unknown> {
    const reply = await createHarness().send(`/v1/documents${query}`, { method: "POST", ...init });
    const { detail } = await jsonOf(reply);
    return reply.status === 202 ? null : [reply.status, detail];
  }
  const json = (body: unknown): RequestInit => ({
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });

  it.each(["a/b", "..", "~", "a b", "a".repeat(101)])(
    "refuse the collection %s before anything is queued",
    async (name) => {
      const form = new FormData();
      form.append("files", new File(["x"], "a.md"));
      expect(await problemOf({ body: form }, `?collection=${encodeURIComponent(name)}`)).toEqual([
        400,
        expect.any(String),
      ]);
      form.append("collection", name);
      expect(await problemOf({ body: form })).toEqual([400, expect.any(String)]);
      expect(await problemOf(json({ source: "a.md", text: "x", collection: name }))).toEqual([400, expect.any(String)]);
    },
  );

  it("refuse two collections, and a query that is not known", async () => {
    const body = json({ source: "a.md", text: "x", collection: "one" });
    expect(await problemOf(body, "?collection=two")).toEqual([400, expect.stringMatching(/"two".*"one"/)]);
    expect(await problemOf(body, "?colection=one")).toEqual([400, expect.any(String)]);
    expect(await problemOf(body, "?collection=one")).toBeNull();
  });

  it.each([".", "a/../b", "a//b", "a\nb.md", "a\0b", "\ud800.md", "n".repeat(1_001), "/etc/passwd", "..\\x"])(
    "refuse the document %j before anything is queued",
    async (source) => {
      expect(await problemOf(json({ source, text: "x" }))).toEqual([400, expect.any(String)]);
    },
  );

  it("say that a file came as text", async () => {
    const form = new FormData();
    form.append("files", "# Text");
    expect(await problemOf({ body: form })).toEqual([400, expect.stringMatching(/without a file name/)]);
  });

  it("leave JSON alone that is not UTF-8, and take any kind of JSON", async () => {
    const body = Buffer.from('{"source":"a.md","text":"caf\u00e9"}', "latin1");
    expect(await problemOf({ headers: { "content-type": "application/json" }, body })).toEqual([
      400,
      expect.any(String),
    ]);
    const utf8 = Buffer.from('{"source":"a.md","text":"caf\u00e9"}');
    expect(await problemOf({ headers: { "content-type": "application/vnd.api+json" }, body: utf8 })).toBeNull();
  });
});

describe("metrics", () => {
  it("end in _total for counters only, as Prometheus' checker asks", async () => {
    const text = await createMetrics().render();
    const types = [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name = "", type = ""]) => ({ name, type }));
    expect(types.length).toBeGreaterThan(10);
    expect(types.filter(({ name, type }) => name.endsWith("_total") && type !== "counter")).toEqual([]);
    expect(types.filter(({ name, type }) => type === "counter" && !name.endsWith("_total"))).toEqual([]);
  });
});
