import { setTimeout as sleep } from "node:timers/promises";
import { QdrantClient } from "@qdrant/js-client-rest";
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import type { VectorStore } from "../../../src/store/vector-store.ts";
import { openQdrantStore, type QdrantStoreOptions } from "../../../src/store/qdrant/qdrant-store.ts";
import { qdrantExchange } from "../../support/qdrant-exchanges.ts";
import { type QdrantStandIn, requestTo, type StandInFault, startQdrantStandIn } from "../../support/qdrant-stand-in.ts";
import {
  expectedSearch,
  idOf,
  sampleChunk,
  sampleDocument,
  samplePoint,
  sampleQuery,
  sampleSettings,
  unit,
} from "../store-samples.ts";

const BATCH = requestTo("POST", /\/points\/batch\?/);
const QUERY = requestTo("POST", /\/query\/batch$/);

let standIn: QdrantStandIn;
let store: VectorStore;

beforeEach(async () => {
  standIn = await startQdrantStandIn();
  store = await open();
});
afterEach(async () => standIn.stop());

async function open(options: Partial<QdrantStoreOptions> = {}): Promise<VectorStore> {
  return openQdrantStore({ url: standIn.url, retryDelayMs: 1, rateLimitDelayMs: 1, ...options });
}

function recorded(name: string, headers: Readonly<Record<string, string>> = {}): StandInFault["reply"] {
  const { response } = qdrantExchange(name);
  if (response === null) throw new Error(`${name} has no reply`);
  return { ...response, headers: { ...response.headers, ...headers } };
}

function sent(fault: (request: QdrantStandIn["requests"][number]) => boolean): QdrantStandIn["requests"] {
  return standIn.requests.filter((request) => fault(request));
}

describe("repeating requests", () => {
  beforeEach(async () => store.createCollection("docs", sampleSettings()));

  it.each<[string, Partial<StandInFault>]>([
    [
      "a server error",
      { reply: { status: 500, body: { status: { error: "Service internal error: busy" }, time: 0 } } },
    ],
    ["a dead replica", { reply: recorded("cluster.upsert-wcf2-node-dead") }],
    ["a proxy without a server", { reply: { status: 503, body: "<html>Service Unavailable</html>" } }],
    [
      "a request that took the server too long",
      { reply: { status: 408, body: { status: { error: "Timeout error: Operation 'Search' timed out" }, time: 0 } } },
    ],
    ["a connection that a server waited on for too long", { reply: { status: 408, body: "" } }],
    ["too many requests", { reply: recorded("strict.rate-limit-write-429", { "retry-after": "0" }) }],
    ["a connection closed before the write", { drop: "before" }],
    ["a connection closed after the write", { drop: "after" }],
  ])("repeats a write with the same ids after %s", async (_title, fault) => {
    standIn.fault({ when: BATCH, times: 3, ...fault });
    await store.upsertChunks("docs", [samplePoint("a"), samplePoint("b", { vectors: [[1], [0, 1]] })]);
    const writes = sent(BATCH);
    expect(writes).toHaveLength(4);
    for (const { body } of writes) expect(body).toEqual(writes[0]?.body);
    expect(await store.describeCollection("docs")).toMatchObject({ chunks: 2 });
  });

  it("repeats a search", async () => {
    await store.upsertChunks("docs", [samplePoint("a")]);
    standIn.fault({ when: QUERY, times: 2, drop: "before" });
    expect((await store.search("docs", sampleQuery({ vector: unit([1]) }))).candidates).toHaveLength(1);
  });

  it("says that a server took too long, where it keeps on doing so", async () => {
    const impatient = await open({ retries: 1 });
    standIn.fault({ when: BATCH, times: 100, reply: { status: 408, body: "" } });
    await expect(impatient.upsertChunks("docs", [samplePoint("a")])).rejects.toMatchObject({
      code: "store_unavailable",
      retryable: true,
      message: expect.stringContaining("did not answer in time"),
    });
  });

  it("gives up after the tries it was given and says what failed", async () => {
    const impatient = await open({ retries: 2 });
    standIn.fault({ when: BATCH, times: 100, reply: recorded("cluster.query-shard-unavailable") });
    await expect(impatient.upsertChunks("docs", [samplePoint("a")])).rejects.toMatchObject({
      code: "store_unavailable",
      retryable: true,
    });
    expect(sent(BATCH)).toHaveLength(3);
  });

  it.each([
    ["a refused key", "auth.wrong-key", "store_refused"],
    ["a refused request", "strict.exact", "store_failed"],
    ["a vector of another size", "points.upsert-wrong-size", "embedding_size_mismatch"],
  ])("does not repeat after %s", async (_title, name, code) => {
    standIn.fault({ when: BATCH, reply: recorded(name) });
    await expect(store.upsertChunks("docs", [samplePoint("a")])).rejects.toMatchObject({ code });
    expect(sent(BATCH)).toHaveLength(1);
  });

  it.each<[string, StandInFault["reply"]]>([
    ["the server", recorded("points.upsert-too-large")],
    [
      "its rate limit",
      {
        status: 429,
        headers: { "content-type": "application/json" },
        body: {
          status: {
            error:
              "Rate limiting exceeded: Write rate limit exceeded, request larger than rate limiter capacity, please try to split your request",
          },
          time: 0,
        },
      },
    ],
    ["a proxy", { status: 413, body: "<html>Request Entity Too Large</html>" }],
  ])("halves a batch that is too large for %s until it fits", async (_title, reply) => {
    const points = Array.from({ length: 8 }, (_, index) => samplePoint(`p ${index}`));
    standIn.fault({
      when: (request) => BATCH(request) && JSON.stringify(request.body).split('"chunk_id":').length - 1 > 3,
      times: 100,
      reply,
    });
    await store.upsertChunks("docs", points);
    expect(await store.describeCollection("docs")).toMatchObject({ chunks: 8 });
  });

  it("says so when one chunk alone is too large", async () => {
    standIn.fault({ when: BATCH, times: 100, reply: recorded("points.upsert-too-large") });
    await expect(store.upsertChunks("docs", [samplePoint("a")])).rejects.toMatchObject({ code: "payload_too_large" });
  });

  it("takes a request that is not answered in time for one to repeat", async () => {
    const hasty = await open({ timeoutMs: 100 });
    standIn.fault({ when: BATCH, delayMs: 60_000 });
    await hasty.upsertChunks("docs", [samplePoint("a")]);
    expect(await store.describeCollection("docs")).toMatchObject({ chunks: 1 });
  });

  it.each([
    ["429 with seconds", 429, () => "1"],
    ["503 with seconds", 503, () => "1"],
    ["429 with a date", 429, () => new Date(Date.now() + 2_000).toUTCString()],
  ])("waits for as long as the server asks: %s", async (_title, status, value) => {
    const patient = await open({ retryDelayMs: 1, rateLimitDelayMs: 60_000 });
    const body = { status: { error: "Rate limiting exceeded" }, time: 0 };
    standIn.fault({ when: BATCH, reply: { status, headers: { "retry-after": value() }, body } });
    const start = performance.now();
    await patient.upsertChunks("docs", [samplePoint("a")]);
    expect(sent(BATCH)).toHaveLength(2);
    // Neither at once, nor after the wait for servers that do not say how long.
    expect(performance.now() - start).toBeGreaterThan(700);
    expect(performance.now() - start).toBeLessThan(30_000);
  });

  it("waits longer than the server asks where its first wait was not enough", async () => {
    const patient = await open({ rateLimitDelayMs: 60_000 });
    const body = { status: { error: "Rate limiting exceeded" }, time: 0 };
    standIn.fault({ when: BATCH, times: 2, reply: { status: 429, headers: { "retry-after": "1" }, body } });
    const controller = new AbortController();
    const writing = patient.upsertChunks("docs", [samplePoint("a")], { signal: controller.signal });
    await expect.poll(() => sent(BATCH).length).toBe(2);
    await sleep(1_500);
    expect(sent(BATCH)).toHaveLength(2);
    controller.abort("enough");
    await expect(writing).rejects.toBe("enough");
  });

  it("gives up at once, and says how long, where the server asks for more than two minutes", async () => {
    const body = { status: { error: "Rate limiting exceeded" }, time: 0 };
    standIn.fault({ when: BATCH, times: 100, reply: { status: 429, headers: { "retry-after": "3600" }, body } });
    await expect(store.upsertChunks("docs", [samplePoint("a")])).rejects.toMatchObject({
      code: "rate_limited",
      retryable: true,
      message: expect.stringMatching(/left alone for 3600 s/),
    });
    expect(sent(BATCH)).toHaveLength(1);
  });

  it("ends a request under way, and the wait for the next try, with the reason of the signal", async () => {
    const reason = new Error("enough");
    for (const fault of [{ delayMs: 60_000 }, { times: 100, reply: recorded("strict.rate-limit-write-429") }]) {
      const patient = await open({ rateLimitDelayMs: 60_000 });
      const controller = new AbortController();
      const arrived = Promise.withResolvers<void>();
      standIn.fault({
        ...fault,
        when: (request) => {
          if (!BATCH(request)) return false;
          arrived.resolve();
          return true;
        },
      });
      const writing = patient.upsertChunks("docs", [samplePoint("a")], { signal: controller.signal });
      await arrived.promise;
      controller.abort(reason);
      await expect(writing).rejects.toBe(reason);
    }
  });
});

describe("several nodes", () => {
  it("goes on with the next node when one dies, and keeps to it", async () => {
    const second = await startQdrantStandIn({ clusterOf: standIn });
    const both = await open({ urls: [second.url] });
    await both.createCollection("docs", sampleSettings());
    await standIn.stop();
    await both.upsertChunks("docs", [samplePoint("a")]);
    expect((await both.search("docs", sampleQuery({ vector: unit([1]) }))).candidates).toHaveLength(1);
    expect(second.requests.length).toBeGreaterThan(1);
    await second.stop();
  });

  it("waits for a node that has had too many requests, and burdens no other with them", async () => {
    const second = await startQdrantStandIn({ clusterOf: standIn });
    const both = await open({ urls: [second.url] });
    standIn.fault({ times: 2, reply: recorded("strict.rate-limit-write-429", { "retry-after": "0" }) });
    await both.createCollection("docs", sampleSettings());
    expect(second.requests).toEqual([]);
    await second.stop();
  });

  it("opens although the first node is down", async () => {
    const second = await startQdrantStandIn({ clusterOf: standIn });
    await standIn.stop();
    const both = await open({ urls: [second.url] });
    expect(await both.listCollections()).toEqual([]);
    await second.stop();
  });
});

describe("opening", () => {
  it("says at once that nobody listens", async () => {
    await standIn.stop();
    await expect(open({ retryDelayMs: 60_000 })).rejects.toMatchObject({
      code: "store_unavailable",
      message: expect.stringContaining(standIn.url),
    });
  });

  it("refuses a server that is too old, with both versions", async () => {
    const old = await startQdrantStandIn({ version: "1.15.5" });
    await expect(openQdrantStore({ url: old.url })).rejects.toMatchObject({
      code: "store_too_old",
      message: expect.stringMatching(/1\.15\.5.*1\.16/),
    });
    await old.stop();
  });

  it.each(["1.16.0", "1.19.3-dev", "2.0.0"])("takes version %s", async (version) => {
    const server = await startQdrantStandIn({ version });
    await (await openQdrantStore({ url: server.url })).ping();
    await server.stop();
  });

  it("sends the key and says which setting holds it when it is wrong or missing", async () => {
    const guarded = await startQdrantStandIn({ apiKey: "right" });
    for (const key of [{}, { apiKey: "wrong" }]) {
      await expect(openQdrantStore({ url: guarded.url, ...key })).rejects.toMatchObject({
        code: "store_refused",
        message: expect.stringContaining("QDRANT_API_KEY"),
      });
    }
    expect(await (await openQdrantStore({ url: guarded.url, apiKey: "right" })).listCollections()).toEqual([]);
    await guarded.stop();
  });

  it("refuses a server that is no Qdrant", async () => {
    standIn.fault({ reply: { status: 200, body: { hello: "world" } } });
    await expect(open()).rejects.toMatchObject({
      code: "store_unavailable",
      message: expect.stringContaining("QDRANT_URL"),
    });
  });

  it("takes a client of the caller's", async () => {
    const client = new QdrantClient({ url: standIn.url, checkCompatibility: false });
    const given = await openQdrantStore({ client });
    expect(given.location).toBe(standIn.url);
    await given.createCollection("docs", sampleSettings());
    expect(await store.describeCollection("docs")).not.toBeNull();
    await expect(openQdrantStore({ client, url: standIn.url })).rejects.toThrow(TypeError);
  });

  it("refuses arguments that cannot be", async () => {
    await expect(openQdrantStore({})).rejects.toThrow(TypeError);
    await expect(open({ shardNumber: 0 })).rejects.toThrow("`shardNumber` has to be a whole number from 1, not 0");
  });

  it("leaves the compression to the client where it is asked for", async () => {
    await open({ compress: true });
    expect(standIn.requests.at(-1)?.headers["accept-encoding"]).toContain("gzip");
  });
});

describe("collections half-way", () => {
  const ALIASES = requestTo("POST", /^\/collections\/aliases/);
  const CREATE = requestTo("PUT", /^\/collections\/[^/]+$/);

  function physicalNames(): string[] {
    const { body } = standIn.answer({ method: "GET", path: "/collections", body: null });
    return Array.from(JSON.stringify(body).matchAll(/"name":"([^"]+)"/g), ([, name]) => name ?? "");
  }

  const drop = (alias: string): unknown => ({ delete_alias: { alias_name: alias } });

  it("makes a collection with indexes, and its alias last", async () => {
    await store.createCollection("my notes", sampleSettings());
    const writes = standIn.requests.filter(({ method }) => method === "PUT" || method === "POST");
    expect(writes.map(({ path }) => path.replace(/citewell-my-notes-[0-9a-f]{8}/, "PHYSICAL"))).toEqual([
      "/collections/PHYSICAL",
      ...Array.from({ length: 9 }, () => "/collections/PHYSICAL/index?wait=true"),
      "/collections/aliases",
    ]);
    const indexed = writes.slice(1, 10).map(({ body }): string => Object(body).field_name);
    expect(indexed.toSorted()).toEqual([
      "chunk_id",
      "document_id",
      "heading",
      "ingested_at",
      "kind",
      "language",
      "metadata_entries",
      "root",
      "source",
    ]);
  });

  it.each<[string, StandInFault["reply"] | null, number]>([
    ["makes the index of times where a collection has none", null, 1],
    ["gives another version each time to who may not make an index", { status: 403, body: "Forbidden" }, 2],
  ])("%s", async (_title, refusal, different) => {
    await store.createCollection("docs", sampleSettings());
    const noIndex = { status: { error: "Wrong input: No range index for `order_by` key: `ingested_at`." }, time: 0 };
    const indexing = requestTo("PUT", /\/index/);
    const before = sent(indexing).length;
    standIn.fault({
      when: requestTo("POST", /\/scroll$/),
      times: refusal === null ? 1 : 2,
      reply: { status: 400, body: noIndex },
    });
    if (refusal !== null) standIn.fault({ when: indexing, times: 2, reply: refusal });
    await store.documentsVersion("docs");
    const versions = [await store.documentsVersion("docs"), await store.documentsVersion("docs")];
    expect(new Set(versions).size).toBe(different);
    expect(sent(indexing)[before]?.body).toMatchObject({ field_name: "ingested_at", field_schema: "datetime" });
  });

  it("passes shards, replicas and write consistency on", async () => {
    const spread = await open({ shardNumber: 6, replicationFactor: 2, writeConsistencyFactor: 2 });
    await spread.createCollection("docs", sampleSettings());
    expect(sent(CREATE)[0]?.body).toMatchObject({
      vectors: { dense: { size: 8, distance: "Cosine" } },
      sparse_vectors: { bm25: { modifier: "idf" } },
      shard_number: 6,
      replication_factor: 2,
      write_consistency_factor: 2,
    });
  });

  it("takes a creation whose reply was lost for its own", async () => {
    standIn.fault({ when: CREATE, drop: "after" });
    await store.createCollection("docs", sampleSettings());
    expect(await store.describeCollection("docs")).toMatchObject({ name: "docs" });
  });

  it("shows nothing of a creation that died, refuses the name for a minute and cleans up after that", async () => {
    standIn.fault({ when: ALIASES, times: 100, reply: recorded("auth.read-only-key-writes") });
    await expect(store.createCollection("docs", sampleSettings())).rejects.toMatchObject({ code: "store_refused" });
    expect(physicalNames()).toHaveLength(1);
    expect(await store.describeCollection("docs")).toBeNull();
    expect(await store.listCollections()).toEqual([]);
    await expect(store.createCollection("docs", sampleSettings())).rejects.toMatchObject({
      code: "collection_exists",
      retryable: true,
    });

    const fresh = await startQdrantStandIn();
    const [left = ""] = physicalNames();
    const { body } = sent(CREATE)[0] ?? {};
    const aged = JSON.parse(
      JSON.stringify(body).replace(/"createdAt":"[^"]+"/, '"createdAt":"2026-01-01T00:00:00.000Z"'),
    );
    fresh.answer({ method: "PUT", path: `/collections/${left}`, body: aged });
    const later = await openQdrantStore({ url: fresh.url });
    await later.createCollection("docs", sampleSettings());
    await later.upsertChunks("docs", [samplePoint("a")]);
    expect(fresh.requests.filter(({ method }) => method === "DELETE").map(({ path }) => path)).toEqual([
      `/collections/${left}`,
    ]);
    await fresh.stop();
  });

  it("leaves collections and aliases of other programs alone", async () => {
    const create = qdrantExchange("collection.create").request?.body ?? null;
    const old = { ...Object(create), metadata: { other: true } };
    for (const name of ["docs", "citewell-but-not-ours"]) {
      standIn.answer({ method: "PUT", path: `/collections/${name}`, body: old });
    }
    const actions = [{ create_alias: { alias_name: "live", collection_name: "docs" } }];
    standIn.answer({ method: "POST", path: "/collections/aliases", body: { actions } });
    await store.createCollection("docs", sampleSettings());
    expect((await store.listCollections()).map(({ name }) => name)).toEqual(["docs"]);
    expect(await store.deleteCollection("docs")).toBe(true);
    expect(physicalNames()).toEqual(["docs", "citewell-but-not-ours"]);
  });

  it("promotes with one request, and drops the old content", async () => {
    await store.createCollection("docs", sampleSettings());
    await store.createCollection("docs.next", sampleSettings());
    const before = sent(ALIASES).length;
    await store.promoteCollection("docs.next", "docs");
    expect(sent(ALIASES)).toHaveLength(before + 1);
    expect(physicalNames()).toHaveLength(1);
  });

  it("deletes what a promotion that died had replaced, and no other collection without an alias", async () => {
    await store.createCollection("docs", sampleSettings());
    await store.createCollection("docs.next", sampleSettings());
    await store.upsertChunks("docs", [samplePoint("a")]);
    standIn.fault({ when: ({ method }) => method === "DELETE", reply: recorded("auth.read-only-key-writes") });
    await expect(store.promoteCollection("docs.next", "docs")).rejects.toMatchObject({ code: "store_refused" });
    const [replaced] = physicalNames();
    await store.createCollection("kept", sampleSettings());
    expect(physicalNames()).not.toContain(replaced);

    await store.upsertChunks("kept", [samplePoint("a")]);
    // As a snapshot of a collection is restored.
    standIn.answer({ method: "POST", path: "/collections/aliases", body: { actions: [drop("citewell.kept")] } });
    const [, restored = ""] = physicalNames();
    await store.createCollection("other", sampleSettings());
    await store.createCollection("kept", sampleSettings());
    expect(physicalNames()).toContain(restored);
    expect(physicalNames()).toHaveLength(4);
  });

  it("tells and leaves alone what another program put in its place", async () => {
    const body = { vectors: { size: 4, distance: "Dot" } };
    for (const name of ["theirs", "citewell.foo"])
      standIn.answer({ method: "PUT", path: `/collections/${name}`, body });
    const actions = [{ create_alias: { alias_name: "citewell.bar", collection_name: "theirs" } }];
    standIn.answer({ method: "POST", path: "/collections/aliases", body: { actions } });
    const notOurs = { code: "collection_mismatch", message: expect.stringContaining("not made by this program") };
    for (const name of ["foo", "bar"]) {
      await expect(store.createCollection(name, sampleSettings())).rejects.toMatchObject(notOurs);
    }
    await expect(store.deleteCollection("bar")).rejects.toMatchObject(notOurs);
    await store.createCollection("bar.next", sampleSettings());
    await expect(store.promoteCollection("bar.next", "bar")).rejects.toMatchObject(notOurs);
    expect(physicalNames()).toEqual(expect.arrayContaining(["theirs", "citewell.foo"]));
  });

  it("repeats a promotion whose reply was lost", async () => {
    await store.createCollection("docs", sampleSettings());
    await store.createCollection("docs.next", sampleSettings());
    standIn.fault({ when: ALIASES, drop: "after" });
    await store.promoteCollection("docs.next", "docs");
    expect((await store.listCollections()).map(({ name }) => name)).toEqual(["docs"]);
  });

  it("follows an alias that moves while a request is on its way", async () => {
    await store.createCollection("docs", sampleSettings());
    await store.upsertChunks("docs", [samplePoint("a")]);
    standIn.fault({ when: QUERY, reply: recorded("query.missing-collection") });
    expect((await store.search("docs", sampleQuery({ vector: unit([1]) }))).candidates).toHaveLength(1);
  });

  it("asks once for a name that there is not, and once whether it has moved", async () => {
    standIn.requests.length = 0;
    await expect(store.chunkStates("none", idOf("a"))).rejects.toMatchObject({ code: "collection_missing" });
    expect(standIn.requests).toHaveLength(2);
  });

  it("refuses a layout that a newer program wrote", async () => {
    await store.createCollection("docs", sampleSettings());
    const { path = "", body } = sent(CREATE)[0] ?? {};
    const fresh = await startQdrantStandIn();
    fresh.answer({ method: "PUT", path, body: JSON.parse(JSON.stringify(body).replace('"schema":1', '"schema":2')) });
    const actions = [{ create_alias: { alias_name: "citewell.docs", collection_name: path.split("/").at(-1) } }];
    fresh.answer({ method: "POST", path: "/collections/aliases", body: { actions } });
    const older = await openQdrantStore({ url: fresh.url });
    await expect(older.describeCollection("docs")).rejects.toMatchObject({ code: "collection_mismatch" });
    await fresh.stop();
  });
});

describe("writes half-way", () => {
  beforeEach(async () => store.createCollection("docs", sampleSettings()));

  it("refreshes the others when a chunk goes while it looks", async () => {
    await store.upsertChunks("docs", [samplePoint("a", { terms: { 10: 1 } }), samplePoint("b", { terms: { 10: 1 } })]);
    standIn.fault({
      when: (request) => {
        if (!BATCH(request) || !JSON.stringify(request.body).includes("overwrite_payload")) return false;
        const body = { points: [idOf("a")] };
        standIn.answer({ method: "POST", path: "/collections/citewell.docs/points/delete?wait=true", body });
        return true;
      },
    });
    await store.refreshChunks("docs", [sampleChunk("a", { terms: { 20: 1 } }), sampleChunk("b", { terms: { 30: 1 } })]);
    const found = await store.search("docs", sampleQuery({ terms: [10, 20, 30] }));
    expect(found.candidates.map(({ chunk }) => chunk.id)).toEqual([idOf("b")]);
    expect(found.candidates[0]?.lexical).toBeCloseTo(found.idf.get(30) ?? Number.NaN, 5);
  });

  it("never passes a document for complete while it is being deleted", async () => {
    await store.putDocument("docs", sampleDocument("a"), "Text");
    await store.deleteDocuments("docs", [idOf("a")]);
    const [first] = Object(sent(BATCH).at(-1)?.body).operations;
    expect(first).toMatchObject({ set_payload: { payload: { content_hash: "" } } });
  });

  it("says so when a part of a text is missing", async () => {
    await store.putDocument("docs", sampleDocument("a"), "x".repeat(50_000));
    const filter = { must: [{ key: "kind", match: { value: "text" } }] };
    standIn.answer({ method: "POST", path: "/collections/citewell.docs/points/delete?wait=true", body: { filter } });
    await expect(
      store.readSpans("docs", [{ documentId: idOf("a"), span: { start: 0, end: 4 } }]),
    ).rejects.toMatchObject({ code: "store_failed", retryable: true });
  });

  it("stores halves of surrogate pairs as replacement characters, so that offsets stay true", async () => {
    const torn = "a\ud83d b\ude42 c";
    await store.putDocument("docs", sampleDocument("a"), torn);
    await store.upsertChunks("docs", [samplePoint("a", { text: torn })]);
    const [text] = await store.readSpans("docs", [{ documentId: idOf("a"), span: { start: 0, end: 99 } }]);
    expect(text).toBe("a\ufffd b\ufffd c");
    expect((await store.listChunks("docs", idOf("document")))[0]?.text).toBe("a\ufffd b\ufffd c");
    const bodies = standIn.requests.map(({ body }) => JSON.stringify(body)).join("");
    expect(bodies).not.toMatch(/\\ud[89a-f]/i);
  });

  it("refuses a cursor and a limit that no listing gave", async () => {
    await expect(store.listDocuments("docs", { limit: 5, cursor: "7" })).rejects.toMatchObject({
      code: "usage_invalid",
    });
    await expect(store.listDocuments("docs", { limit: 0 })).rejects.toThrow(TypeError);
  });

  it("says so when another program wrote into the collection", async () => {
    const body = {
      points: [{ id: 1, vector: { dense: [1, 0, 0, 0, 0, 0, 0, 0] }, payload: { kind: "chunk", chunk_id: "x" } }],
    };
    standIn.answer({ method: "PUT", path: "/collections/citewell.docs/points?wait=true", body });
    await expect(store.search("docs", sampleQuery({ vector: unit([1]) }))).rejects.toMatchObject({
      code: "store_failed",
      message: expect.stringContaining("document_id"),
    });
  });
});

describe("a server that takes connections and says nothing", () => {
  const anything = requestTo("GET", /./);

  beforeEach(() => {
    const timeout = AbortSignal.timeout.bind(AbortSignal);
    const spy = vi.spyOn(AbortSignal, "timeout");
    spy.mockImplementation((ms) => timeout(ms === 10_000 ? 20 : ms));
    onTestFinished(() => spy.mockRestore());
  });

  it("is not waited for for longer than ten seconds by opening and ping", async () => {
    standIn.fault({ when: anything, times: 9, delayMs: 60_000 });
    const message = `Qdrant at ${standIn.url} did not answer within 10 s; look whether it is stopped or overloaded, and try again when it answers.`;
    const expected = { code: "store_unavailable", message, retryable: true };
    await expect(open()).rejects.toMatchObject(expected);
    await expect(store.ping()).rejects.toMatchObject(expected);
  });

  it("leaves it to the next node", async () => {
    const other = await startQdrantStandIn();
    onTestFinished(async () => other.stop());
    standIn.fault({ when: anything, times: 9, delayMs: 60_000 });
    const cluster = await open({ urls: [other.url] });
    await cluster.ping();
    expect(standIn.requests.filter(anything).length).toBeLessThan(4);
    expect(other.requests.length).toBeGreaterThan(0);
  });
});

describe("leases", () => {
  it("go through whichever replica is alive, so that one that is down holds nobody up", async () => {
    const claim = { owner: "one", holder: "a test", ttlMs: 60_000 };
    expect(await store.acquireLease("docs", claim)).toMatchObject({ owner: "one" });
    await store.releaseLease("docs", "one");
    const written = sent(({ path }) => /\/citewell-leases\/points(\/delete)?\?/.test(path));
    expect(written.map(({ path }) => new URL(path, "http://server").searchParams.get("ordering"))).toEqual([
      "medium",
      "medium",
    ]);
  });

  it("keep the time of the first claim where shards claim one at the same time", async () => {
    const claim = { owner: "shards of 2", holder: "a test", ttlMs: 60_000 };
    await store.acquireLease("another", claim);
    const other = await open();
    const isWritten = requestTo("PUT", /\/citewell-leases\/points\?/);
    standIn.fault({ when: isWritten, delayMs: 200 });
    const count = sent(isWritten).length;
    const late = store.acquireLease("docs", claim);
    await vi.waitUntil(() => sent(isWritten).length > count);
    await new Promise((resolve) => setTimeout(resolve, 5));
    const { since } = await other.acquireLease("docs", claim);
    expect((await late).since).toBe(since);
    expect((await other.acquireLease("docs", claim)).since).toBe(since);
  });
});

describe("terms that many chunks have", () => {
  it.each([1, 3])("have their exact idf, %i shards", async (shardNumber) => {
    const sharded = await open({ shardNumber });
    await sharded.createCollection("docs", sampleSettings());
    const points = Array.from({ length: 600 }, (_, index) =>
      samplePoint(`p ${index}`, {
        terms: { 1: 1 + (index % 7) / 10, [10 + index]: 1, [index % 2 === 0 ? 2 : 3]: 1 },
      }),
    );
    for (let at = 0; at < points.length; at += sharded.maxBatchSize) {
      await sharded.upsertChunks("docs", points.slice(at, at + sharded.maxBatchSize));
    }
    for (const filter of [{}, { documentIds: [] }]) {
      const query = sampleQuery({ terms: [1, 2, 17], filter });
      const { idf } = await sharded.search("docs", query);
      const expected = expectedSearch(points, query).idf;
      for (const term of [1, 2]) expect(idf.get(term)).toBeCloseTo(expected.get(term) ?? Number.NaN, 5);
      expect(idf.get(17)).toBeCloseTo(expected.get(17) ?? Number.NaN, 5);
    }
  });

  it.each([
    ["1.19.0", 0.01],
    ["1.18.3", 0.1],
  ])("have an idf made of those of several shards where there are too many to count, Qdrant %s", async (...version) => {
    const [qdrant, tolerance] = version;
    const server = await startQdrantStandIn({ version: qdrant });
    onTestFinished(async () => server.stop());
    const sharded = await openQdrantStore({ url: server.url, shardNumber: 3 });
    await sharded.createCollection("docs", sampleSettings());
    const points = Array.from({ length: 1800 }, (_, index) =>
      samplePoint(`p ${index}`, { terms: { 1: 1 + (index % 7) / 10, [index % 3 === 0 ? 3 : 2]: 1 } }),
    );
    for (let at = 0; at < points.length; at += sharded.maxBatchSize) {
      await sharded.upsertChunks("docs", points.slice(at, at + sharded.maxBatchSize));
    }
    const query = sampleQuery({ terms: [2] });
    const { idf } = await sharded.search("docs", query);
    const exact = expectedSearch(points, query).idf.get(2) ?? Number.NaN;
    expect(Math.abs((idf.get(2) ?? Number.NaN) - exact)).toBeLessThan(tolerance);
  });
});
