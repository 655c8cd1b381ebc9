import { once } from "node:events";
import { createServer } from "node:net";
import { QdrantClient } from "@qdrant/js-client-rest";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { termIndex } from "../../../src/lexical/term-index.ts";
import { translateQdrantError } from "../../../src/store/qdrant/errors.ts";
import { QDRANT_EXCHANGES, type QdrantExchange, qdrantExchange } from "../../support/qdrant-exchanges.ts";
import { type QdrantStandIn, startQdrantStandIn } from "../../support/qdrant-stand-in.ts";

let standIn: QdrantStandIn;
beforeAll(async () => {
  standIn = await startQdrantStandIn();
});
afterAll(async () => standIn.stop());

describe("Qdrant stand-in", () => {
  // These need settings that the stand-in does not have.
  const beyond = /^(strict|auth|cluster|client)\.|too-large|unknown-model/;
  const replayed = QDRANT_EXCHANGES.filter(({ name, request }) => request !== null && !beyond.test(name));

  it("replays a good part of what was recorded", () => {
    expect(replayed.length).toBeGreaterThan(80);
  });

  // In order: each exchange stands on what those before it left.
  it.each(replayed.map((exchange) => [exchange.name, exchange] as const))(
    "answers as recorded: %s",
    (name, exchange) => {
      if (name === "query.dense") restoreSamplePoints();
      if (name === "alias.create")
        standIn.answer(requestOf(qdrantExchange("collection.create"), "/collections/docs-v2"));
      const reply = standIn.answer(requestOf(exchange));
      expect(reply.status).toBe(exchange.response?.status);
      expectWithin(withoutPlace(reply.body), withoutPlace(exchange.response?.body), name);
    },
  );

  /** The recording put its first points back in between. */
  function restoreSamplePoints(): void {
    for (const name of ["points.upsert-text", "points.upsert-sparse"]) {
      expect(standIn.answer(requestOf(qdrantExchange(name))).status).toBe(200);
    }
  }

  it("works out an idf for each shard by itself", async () => {
    const sharded = await startQdrantStandIn({ shards: 3 });
    const create = requestOf(qdrantExchange("collection.create"));
    sharded.answer(create);
    const points = Array.from({ length: 40 }, (_, id) => ({
      id,
      vector: { bm25: { indices: id % 2 === 0 ? [1, 2] : [1], values: id % 2 === 0 ? [1, 1] : [1] } },
    }));
    sharded.answer({ method: "PUT", path: "/collections/docs/points?wait=true", body: { points } });
    const query = { query: { indices: [2], values: [1] }, using: "bm25", limit: 40 };
    const { body } = sharded.answer({ method: "POST", path: "/collections/docs/points/query", body: query });
    const scores = JSON.stringify(body).match(/"score":[0-9.]+/g) ?? [];
    expect(scores).toHaveLength(20);
    expect(new Set(scores).size).toBeGreaterThan(1);
    await sharded.stop();
  });
});

describe("What the Qdrant client throws", () => {
  const thrown = QDRANT_EXCHANGES.filter(({ request, client }) => request !== null && client?.throws !== undefined);

  it.each(thrown.map((exchange) => [exchange.name, exchange] as const))(
    "is as recorded: %s",
    async (_name, exchange) => {
      const error = await thrownFor(exchange);
      const { constructor: className, ...recorded } = exchange.client?.throws ?? {};
      expect(error).toMatchObject(recorded);
      expect(error.constructor.name).toBe(className);
    },
  );
});

describe("translateQdrantError", () => {
  const place = { location: "http://qdrant:6333", collection: "notes" };

  it.each([
    ["points.upsert-missing-collection", "collection_missing", 'no collection "notes" in Qdrant at http://qdrant:6333'],
    ["query.missing-collection", "collection_missing", "ingest documents into it first"],
    ["points.retrieve-missing-collection", "collection_missing", "notes"],
    ["points.upsert-wrong-size", "embedding_size_mismatch", "vectors of 4 numbers, this one has 3"],
    ["query.wrong-size", "embedding_size_mismatch", "another embedding model"],
    ["query.batch-one-wrong", "embedding_size_mismatch", "this one has 1"],
    ["points.upsert-too-large", "payload_too_large", "33554432 bytes"],
    [
      "auth.missing-key",
      "store_refused",
      "Must provide an API key or an Authorization bearer token); set QDRANT_API_KEY",
    ],
    ["auth.wrong-key", "store_refused", "Invalid API key or JWT); set QDRANT_API_KEY"],
    ["auth.read-only-key-writes", "store_refused", "Global manage access is required); set QDRANT_API_KEY"],
    ["points.upsert-bad-id", "store_failed", "chunk-1 is not a valid point ID"],
    ["strict.exact", "store_failed", "Exact search disabled"],
    ["query.limit-0", "store_failed", "(422: Validation error"],
    ["payload.set-missing-id", "store_failed", "No point with id"],
    ["server.unknown-route", "store_failed", "check that the address is a Qdrant server's"],
  ])("takes %s for %s, final", async (name, code, words) => {
    expect(translateQdrantError(await thrownFor(qdrantExchange(name)), place)).toMatchObject({
      name: "CitewellError",
      code,
      retryable: false,
      message: expect.stringContaining(words),
      cause: expect.any(Error),
    });
  });

  it.each([
    ["client.html-502", "store_unavailable", "<html>Bad Gateway</html>"],
    ["cluster.upsert-wcf2-node-dead", "store_unavailable", "see that all of its nodes run"],
    ["cluster.query-shard-unavailable", "store_unavailable", "2 of 2 read operations failed"],
    ["cluster.create-no-consensus", "store_unavailable", "leader is not established"],
    ["strict.rate-limit-write-429", "rate_limited", "429"],
    ["points.upsert-unknown-model", "store_unavailable", "500"],
  ])("takes %s for %s, worth another try", async (name, code, words) => {
    const exchange = qdrantExchange(name);
    const error =
      exchange.response === null
        ? await thrownByReply({ status: 502, headers: {}, body: "<html>Bad Gateway</html>" })
        : await thrownFor(exchange);
    expect(translateQdrantError(error, place)).toMatchObject({
      code,
      retryable: true,
      message: expect.stringContaining(words),
    });
  });

  it.each([
    [500, "Service internal error: No space left on device: WAL buffer size exceeds available disk space"],
    [500, "Service internal error: Out of memory, free: 1024, IO Error: Cannot allocate memory (os error 12)"],
    [507, "Insufficient storage"],
  ])("takes a full server for store_full, final: %i %s", async (status, reason) => {
    const reply = {
      status,
      headers: { "content-type": "application/json" },
      body: { status: { error: reason }, time: 0 },
    };
    expect(translateQdrantError(await thrownByReply(reply), place)).toMatchObject({
      code: "store_full",
      retryable: false,
      message: expect.stringContaining("Free disk space or memory"),
    });
  });

  it("takes a page that some other server sends for a wrong address", async () => {
    const error = await thrownByReply({
      status: 200,
      headers: { "content-type": "text/html" },
      body: "<html>Hello</html>",
    });
    expect(translateQdrantError(error, place)).toMatchObject({ code: "store_failed", retryable: false });
  });

  it.each([301, 404, 405])("takes a proxy's page with %i for one, too", async (status) => {
    const reply = { status, headers: { "content-type": "text/html" }, body: "<html>Not here</html>" };
    expect(translateQdrantError(await thrownByReply(reply), place)).toMatchObject({
      code: "store_failed",
      retryable: false,
      message: expect.stringMatching(/Not here.*with its port and path/),
    });
  });

  it.each(["ExpiredSignature", "InvalidSignature"])(
    "takes a token that is refused for a wrong key: %s",
    async (body) => {
      const error = await thrownByReply({ status: 403, headers: {}, body });
      expect(translateQdrantError(error, place)).toMatchObject({
        code: "store_refused",
        message: expect.stringContaining(`refuses the API key (${body})`),
      });
    },
  );

  it("says what to do when nobody listens", async () => {
    const gone = await startQdrantStandIn();
    await gone.stop();
    const error = await thrownBy(gone.url);
    const { cause: recordedCause, ...recorded } = qdrantExchange("client.refused").client?.throws ?? {};
    expect(error).toMatchObject({ name: recorded["name"], message: recorded["message"] });
    expect(recordedCause).toMatchObject({ code: "ECONNREFUSED" });
    expect(translateQdrantError(error, place)).toMatchObject({
      code: "store_unavailable",
      retryable: true,
      message: expect.stringMatching(
        /http:\/\/qdrant:6333 is out of reach \(ECONNREFUSED\).*docker compose up.*dbConfig\.url/,
      ),
    });
  });

  it("names Qdrant's other port where an answer is not HTTP/1.1", async () => {
    // Settings of HTTP/2, with which a server for gRPC begins.
    const grpc = createServer((socket) => socket.end(Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0])));
    grpc.listen(0, "127.0.0.1");
    await once(grpc, "listening");
    const error = await thrownBy(`http://127.0.0.1:${Object(grpc.address()).port}`);
    grpc.close();
    expect(translateQdrantError(error, place)).toMatchObject({
      code: "store_unavailable",
      message: expect.stringMatching(/does not speak HTTP\/1\.1.*https.*6334.*6333/),
    });
  });

  it("takes a closed connection for one that may come back", async () => {
    standIn.fault({ drop: "before" });
    expect(translateQdrantError(await thrownBy(standIn.url), place)).toMatchObject({
      code: "store_unavailable",
      retryable: true,
    });
  });

  it("takes the client's time limit for one that may be met later", async () => {
    standIn.fault({ delayMs: 5000 });
    const error = await thrownBy(standIn.url, 20);
    expect(error).toMatchObject({ name: qdrantExchange("client.timeout").client?.throws?.["name"] });
    expect(translateQdrantError(error, place)).toMatchObject({ code: "store_unavailable", retryable: true });
  });

  it.each([
    ["DEPTH_ZERO_SELF_SIGNED_CERT", "NODE_EXTRA_CA_CERTS"],
    ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", "NODE_EXTRA_CA_CERTS"],
    ["CERT_HAS_EXPIRED", "renew it"],
    ["ERR_TLS_CERT_ALTNAME_INVALID", "another host name"],
  ])("says what to do about a certificate: %s", (code, advice) => {
    const error = new TypeError("fetch failed", { cause: Object.assign(new Error("certificate"), { code }) });
    expect(translateQdrantError(error, place)).toMatchObject({
      code: "store_unavailable",
      retryable: false,
      message: expect.stringContaining(advice),
    });
  });

  it("reads the first of several addresses' errors", () => {
    const refused = Object.assign(new Error("connect ECONNREFUSED ::1:6333"), { code: "ECONNREFUSED" });
    const error = new TypeError("fetch failed", { cause: new AggregateError([refused]) });
    expect(translateQdrantError(error, place)).toMatchObject({ message: expect.stringContaining("ECONNREFUSED") });
  });

  it("leaves alone what is not Qdrant's", () => {
    for (const error of [new TypeError("x is not a function"), new RangeError("no"), "text", undefined]) {
      expect(translateQdrantError(error, place)).toBe(error);
    }
  });
});

async function thrownFor({ response }: QdrantExchange): Promise<Error> {
  if (response === null) throw new Error("This exchange has no reply");
  return thrownByReply(response);
}

/** What the real client throws when it gets this reply. */
async function thrownByReply(reply: NonNullable<QdrantExchange["response"]>): Promise<Error> {
  standIn.fault({ reply });
  return thrownBy(standIn.url);
}

async function thrownBy(url: string, timeout = 30_000): Promise<Error> {
  try {
    await new QdrantClient({ url, timeout, checkCompatibility: false }).getCollections();
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error("The client threw no error");
}

function requestOf({ request }: QdrantExchange, path?: string): NonNullable<QdrantExchange["request"]> {
  if (request === null) throw new Error("This exchange has no request");
  return {
    ...request,
    path: path ?? request.path,
    body: withSparseVectors(request.body, request.path.includes("/query")),
  };
}

/** The server makes the same vector of a text as the client: computed here, since the stand-in knows no text. */
function withSparseVectors(value: unknown, asQuery: boolean): unknown {
  if (Array.isArray(value)) return value.map((entry) => withSparseVectors(entry, asQuery));
  if (typeof value !== "object" || value === null) return value;
  if ("text" in value && typeof value.text === "string" && "model" in value && "options" in value) {
    const { indices, values } = sparseOf(value.text, value.options);
    return { indices, values: asQuery ? indices.map(() => 1) : values };
  }
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, withSparseVectors(entry, asQuery)]));
}

function sparseOf(text: string, options: unknown): { readonly indices: number[]; readonly values: number[] } {
  const { k, b, avg_len: averageLength } = Object(options);
  const tokens = text.split(" ").filter((token) => token !== "");
  const counts = new Map<number, number>();
  for (const token of tokens) counts.set(termIndex(token), (counts.get(termIndex(token)) ?? 0) + 1);
  const entries = [...counts].toSorted(([left], [right]) => left - right);
  const weight = (count: number): number =>
    (count * (k + 1)) / (count + k * (1 - b + (b * tokens.length) / averageLength));
  return { indices: entries.map(([index]) => index), values: entries.map(([, count]) => weight(count)) };
}

/** Parse errors name a place in the body, which a parser of another language cannot. */
function withoutPlace(body: unknown): unknown {
  return body === null || body === undefined
    ? null
    : JSON.parse(JSON.stringify(body).replaceAll(/ at line \d+ column \d+/g, ""));
}

/** Everything that the stand-in gives is what the real one gave; only settings may be fewer. */
function expectWithin(actual: unknown, recorded: unknown, place: string): void {
  if (typeof actual === "number" && typeof recorded === "number") {
    expect(actual, place).toBeCloseTo(recorded, 5);
  } else if (Array.isArray(actual) && Array.isArray(recorded)) {
    expect(actual.length, place).toBe(recorded.length);
    const pairs = place.endsWith("points")
      ? pairHits(actual, recorded)
      : actual.map((entry, at) => [entry, recorded[at]]);
    for (const [at, [left, right]] of pairs.entries()) expectWithin(left, right, `${place}[${at}]`);
  } else if (isObject(actual) && isObject(recorded)) {
    const volatile = new Set(["time", "version", "operation_id", "points_count", "payload_schema"]);
    for (const [key, value] of Object.entries(actual)) {
      if (volatile.has(key)) continue;
      expect(recorded, place).toHaveProperty([key]);
      expectWithin(value, recorded[key], `${place}.${key}`);
    }
  } else {
    expect(actual, place).toEqual(recorded);
  }
}

/**
 * Hits with equal scores come in any order: each is compared with the one of the same id, and with the score at its
 * place where the list ends amid such hits.
 */
function pairHits(actual: readonly unknown[], recorded: readonly unknown[]): (readonly [unknown, unknown])[] {
  const byId = new Map(recorded.map((hit) => [isObject(hit) ? hit["id"] : hit, hit]));
  return actual.map((hit, at) => {
    if (!isObject(hit)) return [hit, recorded[at]];
    return [hit, byId.get(hit["id"]) ?? { ...Object(recorded[at]), id: hit["id"] }];
  });
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
