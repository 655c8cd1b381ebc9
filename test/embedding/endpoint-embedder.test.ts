import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Embedder } from "../../src/embedding/embedder.ts";
import { openEndpointEmbedder } from "../../src/embedding/endpoint-embedder.ts";
import { createHashingEmbedder } from "../../src/embedding/hashing-embedder.ts";
import { openEmbedder } from "../../src/embedding/open-embedder.ts";
import { isCitewellError } from "../../src/errors.ts";
import { describeEmbedder } from "./embedder.contract.ts";
import { portOf } from "./port-of.ts";

const KEY = "sk-very-secret-key";

interface EmbeddingRequest {
  readonly model: string;
  readonly input: readonly string[];
  readonly encoding_format: string;
}

type Answer = (request: EmbeddingRequest, response: ServerResponse) => Promise<void> | void;

const hashing = createHashingEmbedder({ dimensions: 64 });
const requests: EmbeddingRequest[] = [];
let authorization: string | undefined;
let answers: Answer[] = [];
let server: Server;
let baseUrl = "";

/** Answers as the API does, out of order and not normalised, so that the adapter has to put both right. */
const ordinary: Answer = async ({ model, input }, response) => {
  const vectors = await hashing.embed(input);
  const data = vectors.map((vector, index) => ({
    object: "embedding",
    index,
    embedding: [...vector].map((x) => x * 3),
  }));
  response.setHeader("content-type", "application/json");
  response.end(
    JSON.stringify({ object: "list", model, data: data.toReversed(), usage: { prompt_tokens: 1, total_tokens: 1 } }),
  );
};

function refuse(status: number, message: string, headers: Record<string, string> = {}): Answer {
  return (_, response) => {
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(JSON.stringify({ error: { message } }));
  };
}

async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(Buffer.from(piece));
  const body: EmbeddingRequest = JSON.parse(Buffer.concat(pieces).toString());
  requests.push(body);
  ({ authorization } = request.headers);
  await (answers.shift() ?? ordinary)(body, response);
}

beforeAll(async () => {
  server = createServer((request, response) => void handle(request, response));
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  baseUrl = `http://127.0.0.1:${portOf(server)}/v1`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  requests.length = 0;
  answers = [];
});

async function open(options: { textsPerRequest?: number; model?: string; retries?: number } = {}): Promise<Embedder> {
  const embedder = await openEndpointEmbedder({ model: "text-embedding-3-small", baseUrl, apiKey: KEY, ...options });
  requests.length = 0;
  return embedder;
}

describeEmbedder("endpoint", () => openEmbedder({ model: "endpoint:stand-in", baseUrl, cacheFolder: "unused" }));

describe("openEndpointEmbedder", () => {
  it("finds out the length of the vectors once", async () => {
    const embedder = await openEndpointEmbedder({ model: "text-embedding-3-small", baseUrl });
    expect(embedder).toMatchObject({ dimensions: 64, maxTokens: 8191, pooling: "endpoint" });
    expect(requests).toHaveLength(1);
  });

  it("sends no more texts in a request than allowed, and no empty ones", async () => {
    const embedder = await open({ textsPerRequest: 4 });
    const texts = ["a", "b", "", "c", "d", "e", "f", " ", "g"];
    const vectors = await embedder.embed(texts);
    expect(vectors).toHaveLength(texts.length);
    expect(Math.max(...requests.map(({ input }) => input.length))).toBeLessThanOrEqual(4);
    expect(requests.flatMap(({ input }) => input).toSorted()).toEqual(["a", "b", "c", "d", "e", "f", "g"]);
  });

  it("puts the prefixes of the model in front", async () => {
    const embedder = await open({ model: "intfloat/e5-small-v2" });
    await embedder.embed(["what"], { purpose: "query" });
    await embedder.embed(["this"]);
    expect(requests.map(({ input }) => input)).toEqual([["query: what"], ["passage: this"]]);
  });

  it("tries again after 429 and 503, as the service asks", async () => {
    const embedder = await open();
    answers = [refuse(429, "slow down", { "retry-after-ms": "5" }), refuse(503, "busy", { "retry-after-ms": "5" })];
    expect(await embedder.embed(["text"])).toHaveLength(1);
    expect(requests).toHaveLength(3);
  });

  it("gives up after the retries, with what the service said", async () => {
    const embedder = await open({ retries: 1 });
    const busy = refuse(429, "slow down", { "retry-after-ms": "5", "retry-after": "7" });
    answers = [busy, busy];
    await expect(embedder.embed(["text"])).rejects.toMatchObject({
      code: "embedding_failed",
      retryable: true,
      retryAfterSeconds: 7,
      message: expect.stringContaining("slow down"),
    });
  });

  it("tells after 408 and 409, which were tried again, that they may pass", async () => {
    const embedder = await open({ retries: 0 });
    for (const status of [408, 409]) {
      answers = [refuse(status, "not now")];
      await expect(embedder.embed(["text"])).rejects.toMatchObject({ code: "embedding_failed", retryable: true });
    }
  });

  it("tells how long to wait where the service names a time", async () => {
    const embedder = await open({ retries: 0 });
    answers = [refuse(503, "busy", { "retry-after": new Date(Date.now() + 3_600_000).toUTCString() })];
    const error: unknown = await embedder.embed(["text"]).catch((caught: unknown) => caught);
    if (!isCitewellError(error)) throw new TypeError("no error of ours was thrown");
    expect(error.retryAfterSeconds).toBeGreaterThan(3_000);
  });

  it("sends the key, or user and password of the address, or neither", async () => {
    const model = "m";
    await openEndpointEmbedder({ model, baseUrl, apiKey: KEY });
    expect(authorization).toBe(`Bearer ${KEY}`);
    await openEndpointEmbedder({ model, baseUrl: baseUrl.replace("http://", "http://user:pass%21word@") });
    expect(authorization).toBe(`Basic ${btoa("user:pass!word")}`);
    await openEndpointEmbedder({ model, baseUrl });
    expect(authorization).toBeUndefined();
  });

  it("never shows the key, not even where the service quotes it", async () => {
    answers = [refuse(401, `Incorrect API key provided: ${KEY}`)];
    const error: unknown = await openEndpointEmbedder({ model: "m", baseUrl, apiKey: KEY }).catch(
      (caught: unknown) => caught,
    );
    expect(error).toMatchObject({ code: "embedding_model_unavailable", message: expect.stringContaining("401") });
    if (!(error instanceof Error)) throw new TypeError("no error was thrown");
    const { message, stack = "", cause } = error;
    const shown = [
      message,
      stack,
      String(cause),
      cause instanceof Error ? cause.stack : "",
      JSON.stringify(error),
    ].join();
    expect(shown).not.toContain(KEY);
  });

  it("says where it found nobody", async () => {
    const gone = openEndpointEmbedder({ model: "m", baseUrl: "http://127.0.0.1:1/v1", retries: 0 });
    await expect(gone).rejects.toMatchObject({
      code: "embedding_model_unavailable",
      retryable: true,
      message: expect.stringContaining("127.0.0.1:1"),
    });
  });

  it("refuses an answer with too few vectors", async () => {
    const embedder = await open();
    answers = [async (request, response) => ordinary({ ...request, input: request.input.slice(1) }, response)];
    await expect(embedder.embed(["a", "b"])).rejects.toMatchObject({
      code: "embedding_failed",
      message: expect.stringContaining("1 vectors for 2 texts"),
    });
  });

  it("stops while it waits for a retry", async () => {
    const embedder = await open();
    const controller = new AbortController();
    const reason = new Error("enough");
    answers = [
      async (request, response) => {
        await refuse(429, "slow down", { "retry-after": "50" })(request, response);
        setImmediate(() => controller.abort(reason));
      },
    ];
    await expect(embedder.embed(["text"], { signal: controller.signal })).rejects.toBe(reason);
  });

  it("needs an address", async () => {
    await expect(openEmbedder({ model: "endpoint:m", cacheFolder: "unused" })).rejects.toMatchObject({
      code: "config_invalid",
    });
  });
});
