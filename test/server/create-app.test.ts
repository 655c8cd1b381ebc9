import { mkdtemp, mkdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { pino } from "pino";
import { describe, expect, it } from "vitest";
import { CitewellError } from "../../src/errors.ts";
import { HTTP_STATUS } from "../../src/server/error-response.ts";
import { isLoopbackHost } from "../../src/domain/loopback-host.ts";
import { checkExposure } from "../../src/server/exposure.ts";
import { createFakeUseCases } from "./fake-use-cases.ts";
import { asObject, createHarness, jsonOf } from "./server-harness.ts";

describe("errors", () => {
  it.each(["store_unavailable", "collection_mismatch", "model_unavailable", "rate_limited", "store_full"] as const)(
    "answers %s with its status",
    async (code) => {
      const harness = createHarness({
        useCases: createFakeUseCases({
          searchCorpus: async () => {
            throw new CitewellError(code, "A sentence.", { retryAfterSeconds: 2.5 });
          },
        }),
      });
      const response = await harness.post("/v1/search", { query: "x" });
      expect(response.status).toBe(HTTP_STATUS[code]);
      expect(response.headers.get("retry-after")).toBe("3");
      expect(await jsonOf(response)).toMatchObject({ code, detail: "A sentence.", status: HTTP_STATUS[code] });
    },
  );

  it("keeps what failed inside out of the reply and puts it into the log", async () => {
    const lines: string[] = [];
    const harness = createHarness({
      logger: pino({ level: "info" }, { write: (line: string) => void lines.push(line) }),
      useCases: createFakeUseCases({
        searchCorpus: async () => {
          throw new Error("secret /home/me/x.ts");
        },
      }),
    });
    const response = await harness.post("/v1/search", { query: "a private question" }, { "x-request-id": "abc-1" });
    expect(response.status).toBe(500);
    const text = await response.text();
    expect(text).not.toContain("secret");
    expect(text).toContain("abc-1");
    expect(lines.join("")).toContain("secret /home/me/x.ts");
    expect(lines.join("")).not.toContain("a private question");
    const requestLine = asObject(JSON.parse(lines.at(-1) ?? ""));
    expect(requestLine).toMatchObject({ requestId: "abc-1", method: "POST", route: "/v1/search", status: 500 });
    expect(requestLine["ms"]).toEqual(expect.any(Number));
  });

  it("answers an unknown route with 404 and a wrong method with 405", async () => {
    const harness = createHarness();
    const missing = await harness.get("/v1/nothing");
    expect(missing.status).toBe(404);
    expect(await jsonOf(missing)).toMatchObject({ code: "route_missing" });
    const wrong = await harness.send("/v1/answers", { method: "PUT" });
    expect(wrong.status).toBe(405);
    expect(wrong.headers.get("allow")).toBe("POST");
    expect(await jsonOf(wrong)).toMatchObject({ code: "method_not_allowed" });
    const both = await harness.send("/v1/documents/x", { method: "PATCH" });
    expect(both.headers.get("allow")?.split(", ").toSorted()).toEqual(["DELETE", "GET", "HEAD"]);
  });

  it("answers malformed JSON with 400 and other media types with 415", async () => {
    const harness = createHarness();
    const post = (path: string, type: string, body: string): Promise<Response> =>
      harness.send(path, { method: "POST", headers: { "content-type": type }, body });
    for (const path of ["/v1/answers", "/v1/documents"]) {
      const malformed = await post(path, "application/json", "{");
      expect(malformed.status).toBe(400);
      const problem = await jsonOf(malformed);
      expect(problem).toMatchObject({ code: "usage_invalid", errors: [{ path: "", message: problem["detail"] }] });
      expect(problem["detail"]).toMatch(/not well-formed JSON.*quotes, commas/);
      const typed = await post(path, "text/plain", "{}");
      expect(typed.status).toBe(415);
      expect(await jsonOf(typed)).toMatchObject({ code: "media_type_unsupported" });
    }
  });

  it("answers a body over the limit with 413, told or not", async () => {
    const harness = createHarness({ maxBodyBytes: 100, maxUploadBytes: 200 });
    const body = JSON.stringify({ query: "x".repeat(100) });
    const told = await harness.post(
      "/v1/search",
      { query: "x".repeat(100) },
      { "content-length": String(body.length) },
    );
    expect(told.status).toBe(413);
    expect(await jsonOf(told)).toMatchObject({ code: "payload_too_large" });
    expect((await harness.post("/v1/search", { query: "x".repeat(100) })).status).toBe(413);
    expect((await harness.post("/v1/documents", { source: "a", text: "x".repeat(50) })).status).toBe(202);
    expect((await harness.post("/v1/documents", { source: "a", text: "x".repeat(200) })).status).toBe(413);
  });

  it("gives every reply a request id and takes over a sane one", async () => {
    const harness = createHarness();
    expect((await harness.get("/healthz", { "x-request-id": "trace-7" })).headers.get("x-request-id")).toBe("trace-7");
    const made = (await harness.get("/nothing", { "x-request-id": "a b" })).headers.get("x-request-id");
    expect(made).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe("event streams", () => {
  it("are neither held back nor packed by proxies, MCP's included", async () => {
    const mcp = () => new Response("event: message", { headers: { "content-type": "text/event-stream" } });
    const harness = createHarness({ mcp });
    const answers = await harness.post("/v1/answers", { question: "x", stream: true });
    await answers.text();
    expect(answers.headers.get("x-accel-buffering")).toBe("no");
    for (const reply of [answers, await harness.get("/mcp")]) {
      expect(reply.headers.get("content-encoding")).toBe("identity");
    }
    const plain = await createHarness({ mcp: () => Response.json({}) }).get("/mcp");
    expect(plain.headers.has("content-encoding")).toBe(false);
  });
});

describe("API keys", () => {
  const harness = createHarness({ apiKeys: ["first", "second"], mcp: () => new Response("mcp") });

  it("asks for a key on every route that works with data", async () => {
    for (const path of ["/v1/collections", "/v1/nothing", "/metrics", "/mcp"]) {
      const response = await harness.get(path);
      expect(response.status).toBe(401);
      expect(response.headers.get("www-authenticate")).toContain("Bearer");
    }
    const { code, detail } = await jsonOf(await harness.get("/v1/collections"));
    expect({ code, detail }).toEqual({
      code: "unauthorized",
      detail: "This server asks for an API key: send it as `Authorization: Bearer KEY`.",
    });
  });

  it("tells a wrong key from a missing one", async () => {
    const none = await harness.get("/v1/collections");
    expect(none.headers.get("www-authenticate")).toBe('Bearer realm="citewell"');
    const wrong = await harness.get("/v1/collections", { authorization: "Bearer third" });
    expect(wrong.headers.get("www-authenticate")).toBe('Bearer realm="citewell", error="invalid_token"');
    expect((await jsonOf(wrong))["detail"]).toMatch(/^The API key is not one of this server's keys/);
  });

  it("lets each key in and no other", async () => {
    for (const key of ["first", "second"]) {
      expect((await harness.get("/v1/collections", { authorization: `Bearer ${key}` })).status).toBe(200);
      expect((await harness.get("/mcp", { authorization: `bearer ${key}` })).status).toBe(200);
    }
    for (const value of ["Bearer firs", "Bearer ", "Basic first", "first"]) {
      expect((await harness.get("/v1/collections", { authorization: value })).status).toBe(401);
    }
  });

  it("hands MCP's requests on and gives their replies a request id", async () => {
    const reply = await harness.get("/mcp", { authorization: "Bearer first", "x-request-id": "trace-9" });
    expect(await reply.text()).toBe("mcp");
    expect(reply.headers.get("x-request-id")).toBe("trace-9");
    expect(reply.headers.get("x-content-type-options")).toBe("nosniff");
  });

  it("leaves health, reference and page open", async () => {
    for (const path of ["/healthz", "/readyz", "/openapi.json", "/docs", "/"]) {
      expect((await harness.get(path)).status).toBe(200);
    }
  });
});

describe("host guard", () => {
  it("refuses foreign hosts and origins without keys", async () => {
    const harness = createHarness();
    const foreign: readonly Readonly<Record<string, string>>[] = [
      { host: "evil.example" },
      { host: "127.0.0.1.evil.example:8080" },
      { origin: "https://evil.example" },
      { origin: "null" },
    ];
    for (const headers of foreign) {
      const response = await harness.get("/v1/collections", headers);
      expect(response.status).toBe(403);
      expect(await jsonOf(response)).toMatchObject({ code: "origin_refused" });
    }
  });

  it("lets this machine's names in", async () => {
    const harness = createHarness();
    const ours: readonly Readonly<Record<string, string>>[] = [
      { host: "localhost:8080" },
      { host: "127.0.0.1:9" },
      { host: "[::1]:8080", origin: "http://[::1]:8080" },
      { origin: "http://localhost:5173" },
      // A proxy with TLS on this machine.
      { host: "localhost", origin: "https://localhost" },
    ];
    for (const headers of ours) {
      expect((await harness.get("/v1/collections", headers)).status).toBe(200);
    }
  });

  it("refuses forms of pages that other programs on this machine serve", async () => {
    const harness = createHarness();
    const sendForm = async (origin: string): Promise<number> => {
      const headers = { origin, host: "127.0.0.1:8080" };
      return (await harness.send("/v1/documents", { method: "POST", headers, body: new FormData() })).status;
    };
    expect(await sendForm("http://localhost:5173")).toBe(403);
    expect(await sendForm("http://127.0.0.1:8080")).not.toBe(403);
  });

  it("lets any host in where keys are asked for", async () => {
    const response = await createHarness({ apiKeys: ["k"] }).get("/v1/collections", {
      host: "rag.example.org",
      authorization: "Bearer k",
    });
    expect(response.status).toBe(200);
  });
});

describe("checkExposure", () => {
  it("refuses an address that others reach without keys", () => {
    for (const host of ["0.0.0.0", "::", "192.168.1.4", "rag.example.org"]) {
      expect(() => checkExposure({ host, apiKeys: [] })).toThrow(expect.objectContaining({ code: "config_invalid" }));
      expect(() => checkExposure({ host, apiKeys: ["k"] })).not.toThrow();
    }
  });

  it("knows this machine's addresses", () => {
    expect(["localhost", "127.0.0.1", "127.1.2.3", "::1", "[::1]"].map(isLoopbackHost)).not.toContain(false);
    expect(["127.evil.example", "localhost.example", "0.0.0.0"].map(isLoopbackHost)).not.toContain(true);
  });
});

describe("operation", () => {
  it("is live, and ready when every part is", async () => {
    const harness = createHarness();
    expect(await jsonOf(await harness.get("/healthz"))).toEqual({ status: "ok" });
    expect(await jsonOf(await harness.get("/readyz"))).toMatchObject({ status: "ready", parts: [{ part: "store" }] });
  });

  it("is not ready when a part is not", async () => {
    const seen: unknown[] = [];
    const harness = createHarness({
      useCases: createFakeUseCases({
        checkParts: async (options) => {
          seen.push(options);
          return [{ part: "store", ok: false, detail: "Qdrant does not answer; start it." }];
        },
      }),
    });
    const response = await harness.get("/readyz");
    expect(response.status).toBe(503);
    expect(seen).toEqual([{ quick: true }]);
    expect(await jsonOf(response)).toMatchObject({
      code: "not_ready",
      errors: [{ path: "store", message: "Qdrant does not answer; start it." }],
    });
  });

  it("counts requests by route and answers by status", async () => {
    const harness = createHarness();
    await harness.post("/v1/answers", { question: "x" });
    await harness.get("/v1/documents/some-id");
    await harness.get("/made/up/path");
    const response = await harness.get("/metrics");
    expect(response.headers.get("content-type")).toContain("text/plain");
    const text = await response.text();
    expect(text).toContain('citewell_http_requests_total{method="POST",route="/v1/answers",status="200"} 1');
    expect(text).toContain('citewell_http_requests_total{method="GET",route="/v1/documents/:id",status="404"} 1');
    expect(text).toContain('citewell_http_requests_total{method="GET",route="unmatched",status="404"} 1');
    expect(text).toContain('citewell_answers_total{status="answered"} 1');
    expect(text).toContain("process_cpu_seconds_total");
  });

  it("sends security headers", async () => {
    const { headers } = await createHarness().get("/");
    expect(headers.get("content-security-policy")).toContain("default-src 'none'");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("x-frame-options")).toBe("DENY");
    expect(headers.get("access-control-allow-origin")).toBeNull();
  });
});

describe("web page", () => {
  it("says to run the build when there is none", async () => {
    const response = await createHarness({ webFolder: join(tmpdir(), "no-such-folder") }).get("/");
    expect(response.status).toBe(200);
    expect(await response.text()).toContain("npm run build:web");
  });

  it("serves the page fresh and its hashed files for long, and nothing outside", async () => {
    const folder = await mkdtemp(join(tmpdir(), "citewell-web-"));
    try {
      await mkdir(join(folder, "assets"));
      await writeFile(join(folder, "index.html"), "<title>page</title>");
      await writeFile(join(folder, "assets", "main-abc.js"), "1");
      await writeFile(join(folder, "secret.txt"), "no");
      const harness = createHarness({ webFolder: folder });
      const page = await harness.get("/");
      expect(await page.text()).toBe("<title>page</title>");
      expect(page.headers.get("cache-control")).toBe("no-cache");
      const script = await harness.get("/assets/main-abc.js");
      expect(script.headers.get("content-type")).toContain("text/javascript");
      expect(script.headers.get("cache-control")).toContain("immutable");
      expect(script.headers.get("content-encoding")).toBeNull();
      const gzip = { headers: { "Accept-Encoding": "br, gzip" } };
      const packed = await harness.send("/assets/main-abc.js", gzip);
      expect(packed.headers.get("content-encoding")).toBe("gzip");
      expect(gunzipSync(await packed.arrayBuffer()).toString()).toBe("1");
      const refusing = { headers: { "Accept-Encoding": "gzip;q=0" } };
      expect(await (await harness.send("/assets/main-abc.js", refusing)).text()).toBe("1");
      expect((await harness.get("/assets/..%2fsecret.txt")).status).toBe(404);
      expect((await harness.get("/assets/other.js")).status).toBe(404);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
