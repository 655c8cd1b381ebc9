import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import type { ChunkPoint } from "../../../src/domain/chunk.ts";
import { createRandom } from "../../../src/domain/seeded-random.ts";
import { slices } from "../../../src/domain/slices.ts";
import { openQdrantStore } from "../../../src/store/qdrant/qdrant-store.ts";
import type { StoreQuery, VectorStore } from "../../../src/store/vector-store.ts";
import { type QdrantStandIn, requestTo, startQdrantStandIn } from "../../support/qdrant-stand-in.ts";
import { expectedSearch, randomPoints, sampleQuery, sampleSettings, unit } from "../store-samples.ts";

/** Points of one window each. */
function plainPoints(count: number, seed: number): ChunkPoint[] {
  return randomPoints(count, seed).map((point) => ({ ...point, vectors: point.vectors.slice(0, 1) }));
}

/** The smaller its number, the more points have a term; the weights hardly differ. */
function evenPoints(count: number, seed: number): ChunkPoint[] {
  const random = createRandom(seed);
  return plainPoints(count, seed).map((point) => {
    const terms = [1, 2, 3, 4, 5].filter((term) => random() < 1 / term);
    return { ...point, terms: { indices: terms, values: terms.map(() => 1 + 0.02 * random()) } };
  });
}

describe("a search in Qdrant", () => {
  let standIn: QdrantStandIn;
  let store: VectorStore;

  beforeEach(async () => {
    standIn = await startQdrantStandIn();
    store = await openQdrantStore({ url: standIn.url });
    await store.createCollection("docs", sampleSettings());
  });
  afterEach(async () => standIn.stop());

  const both = sampleQuery({ vector: unit([1, -0.5, 0.2]), terms: [7919, 3 * 7919, 5] });

  /** Batches of queries that a search sends; it has to find what it should. */
  async function batchesOf(points: readonly ChunkPoint[], query: StoreQuery): Promise<number> {
    const before = standIn.requests.length;
    const { candidates, idf } = await store.search("docs", query);
    const sent = standIn.requests.slice(before).filter(({ path }) => path.endsWith("/query/batch"));
    const expected = expectedSearch(points, query);
    const wanted = new Map(expected.candidates.map((candidate) => [candidate.chunk.id, candidate]));
    expect(new Set(candidates.map(({ chunk }) => chunk.id))).toEqual(new Set(wanted.keys()));
    for (const { chunk, dense, lexical } of candidates) {
      const { dense: cosine = null, lexical: words = Number.NaN } = wanted.get(chunk.id) ?? {};
      expect(lexical).toBeCloseTo(words, 4);
      if (cosine === null) expect(dense).toBeNull();
      else expect(dense).toBeCloseTo(cosine, 5);
    }
    for (const [term, value] of expected.idf) expect(idf.get(term)).toBeCloseTo(value, 5);
    return sent.length;
  }

  it.each<[string, boolean, number]>([
    ["makes the index of headings where a collection has none, once", true, 1],
    ["finds headings without an index where it may not make one", false, 2],
  ])("%s", async (_title, mayWrite, made) => {
    const points = plainPoints(40, 3);
    await store.upsertChunks("docs", points);
    const { requests } = standIn;
    await standIn.stop();
    standIn = await startQdrantStandIn();
    for (const { method, path, body } of requests) {
      const isIndex = JSON.stringify(body).includes('"field_name":"heading"');
      if (method !== "GET" && !isIndex) standIn.answer({ method, path, body });
    }
    store = await openQdrantStore({ url: standIn.url });
    const indexing = requestTo("PUT", /\/index/);
    if (!mayWrite) standIn.fault({ when: indexing, times: 9, reply: { status: 403, body: "Forbidden" } });
    const before = standIn.requests.filter(indexing).length;
    const query = { ...both, filter: { headings: ["Tides"] } };
    for (let search = 0; search < 2; search += 1) await batchesOf(points, query);
    await batchesOf(points, both);
    const sent = standIn.requests.filter(indexing).slice(before);
    expect(sent.map(({ body }): unknown => Object(body).field_name)).toEqual(Array(made).fill("heading"));
  });

  it.each<[string, StoreQuery]>([
    ["by both", both],
    ["by vector", { ...both, terms: [] }],
    ["by words", { ...both, vector: null }],
    ["by both, with a filter", { ...both, filter: { languages: ["text"], roots: ["/docs", "/code"] } }],
    ["by vector alone, with word scores", { ...both, lexicalLimit: 0 }],
    ["by words alone, with cosines", { ...both, denseLimit: 0 }],
  ])("takes one request %s", async (_title, query) => {
    const points = plainPoints(120, 21);
    await store.upsertChunks("docs", points);
    expect(await batchesOf(points, query)).toBe(1);
  });

  it("fetches no term weights but those of one chunk a term", async () => {
    await store.upsertChunks("docs", plainPoints(60, 22));
    await store.search("docs", both);
    const queries = JSON.stringify(standIn.requests.map(({ body }) => body));
    expect(queries.match(/"limit":1,"with_payload":false,"with_vector":\["bm25"\]/g)).toHaveLength(3);
    expect(queries.match(/"with_vector":\["bm25"\]/g)).toHaveLength(3);
  });

  it.each([
    ["1.19.0", false],
    ["1.18.3", true],
  ])("takes two requests on several shards, and Qdrant %s sends term weights: %s", async (version, sendsWeights) => {
    await standIn.stop();
    standIn = await startQdrantStandIn({ version });
    store = await openQdrantStore({ url: standIn.url, shardNumber: 3 });
    await store.createCollection("docs", sampleSettings());
    const points = plainPoints(120, 30);
    const deleted = points.slice(0, 30).map(({ chunk }) => chunk.id);
    await store.upsertChunks("docs", points);
    await store.deleteChunks("docs", deleted);
    expect(await batchesOf(points.slice(30), both)).toBe(2);
    const queries = JSON.stringify(standIn.requests.map(({ body }) => body));
    expect(queries.includes('"with_vector":["bm25"]')).toBe(sendsWeights);
  });

  describe.each([1, 3, 6])("on %i shards", (shardNumber) => {
    beforeEach(async () => {
      await store.deleteCollection("docs");
      store = await openQdrantStore({ url: standIn.url, shardNumber });
      await store.createCollection("docs", sampleSettings());
    });

    it.each<[string, Partial<StoreQuery>]>([
      ["of one common word", { terms: [2] }],
      ["of common and rare words", { terms: [1, 2, 3, 4, 5, 99] }],
      ["with a filter", { terms: [2, 3], filter: { languages: ["text"] } }],
      ["with cosines", { terms: [2, 4], vector: unit([1, -0.5, 0.2]) }],
      ["by vector alone", { terms: [2, 4], vector: unit([1, -0.5, 0.2]), lexicalLimit: 0 }],
      ["of all chunks", { terms: [2, 4], lexicalLimit: 2000 }],
      ["of unknown words", { terms: [98, 99] }],
    ])("ranks words of which many chunks have about as much, after deletions, in a query %s", async (_title, query) => {
      const points = evenPoints(600, 31);
      await store.upsertChunks("docs", points.slice(0, 300));
      await store.upsertChunks("docs", points.slice(300));
      const isGone = (_point: ChunkPoint, at: number): boolean => at % 5 === 0 || at < 60;
      await store.deleteChunks(
        "docs",
        points.filter(isGone).map(({ chunk }) => chunk.id),
      );
      const left = points.filter((point, at) => !isGone(point, at));
      await batchesOf(left, sampleQuery(query));
    });
  });

  it.each([1, 3])("asks a server in strict mode for a thousand points at most, on %i shards", async (shardNumber) => {
    await store.deleteCollection("docs");
    store = await openQdrantStore({ url: standIn.url, shardNumber });
    await store.createCollection("docs", sampleSettings());
    // Asked for 250 of them, a thousand are not all windows.
    const points = randomPoints(700, 32).map((point, at) => ({
      ...point,
      vectors: Array.from({ length: 5 }, (_, window) => unit([1, window, at])),
    }));
    for (const some of slices(points, 100)) await store.upsertChunks("docs", some);
    await batchesOf(points, { ...both, denseLimit: 100, lexicalLimit: 400 });
    await store.listDocuments("docs", { limit: 5000 });
    const limits = standIn.requests.map(({ body }) => JSON.stringify(body).matchAll(/"limit":(\d+)/g));
    const most = Math.max(...limits.flatMap((found) => Array.from(found, ([, limit]) => Number(limit))));
    expect(most).toBe(1000);
  });

  it("takes a second request where a chunk has several windows, and then no longer tries without", async () => {
    const points = randomPoints(80, 23);
    await store.upsertChunks("docs", points);
    expect(await batchesOf(points, both)).toBe(3);
    expect(await batchesOf(points, both)).toBe(2);
  });

  it("takes one request after chunks were deleted, and a second where Qdrant before 1.19 counts them", async () => {
    const points = plainPoints(80, 24);
    const deleted = points.slice(0, 30).map(({ chunk }) => chunk.id);
    await store.upsertChunks("docs", points);
    await store.deleteChunks("docs", deleted);
    expect(await batchesOf(points.slice(30), both)).toBe(1);
    await standIn.stop();
    standIn = await startQdrantStandIn({ version: "1.18.3" });
    store = await openQdrantStore({ url: standIn.url });
    await store.createCollection("docs", sampleSettings());
    await store.upsertChunks("docs", points);
    await store.deleteChunks("docs", deleted);
    expect(await batchesOf(points.slice(30), both)).toBe(3);
    expect(await batchesOf(points.slice(30), both)).toBe(2);
  });

  it.each([
    ["one window", plainPoints, 1],
    ["several windows", randomPoints, 3],
  ])("does not count deleted chunks in what is common, with %s", async (_title, make, batches) => {
    const points = make(700, 28);
    for (const some of [points.slice(0, 400), points.slice(400)]) await store.upsertChunks("docs", some);
    const isCommon = ({ terms }: ChunkPoint): boolean => terms.indices.includes(3 * 7919);
    const left = points.filter((point, at) => isCommon(point) || at % 3 === 0);
    expect(left.length).toBeLessThan(600);
    // More than are counted one by one.
    expect(left.filter(isCommon).length).toBeGreaterThan(200);
    await store.deleteChunks(
      "docs",
      points.filter((point) => !left.includes(point)).map(({ chunk }) => chunk.id),
    );
    expect(await batchesOf(left, both)).toBe(batches);
  });

  it("does not have Qdrant go through all chunks of a collection that has very many points", async () => {
    await store.upsertChunks("docs", plainPoints(40, 29));
    const path = "/collections/citewell.docs";
    const { body } = standIn.answer({ method: "GET", path, body: null });
    const said = { ...Object(body), result: { ...Object(body).result, points_count: 60_000 } };
    standIn.fault({ when: requestTo("GET", /\/citewell\.docs$/), reply: { status: 200, body: said } });
    const other = await openQdrantStore({ url: standIn.url });
    await other.search("docs", both);
    expect(JSON.stringify(standIn.requests.map((request) => request.body))).not.toContain('"corpus"');
    await store.search("docs", both);
    expect(JSON.stringify(standIn.requests.map((request) => request.body))).toContain('"corpus"');
  });

  it("forgets what it remembered of a large collection when another one gets its name", async () => {
    const points = plainPoints(300, 25);
    await store.upsertChunks("docs", points);
    // Said to be large, so that its commonest term is remembered.
    const reply = { status: 200, body: { result: { count: 30_000 }, status: "ok", time: 0 } };
    standIn.fault({ when: requestTo("POST", /\/points\/count$/), times: 1, reply });
    // The first search does not know yet that it is large.
    for (let search = 0; search < 2; search += 1) await store.search("docs", both);
    await store.createCollection("next", sampleSettings());
    const others = plainPoints(50, 26).map((point, at) => ({ ...point, terms: { indices: [5], values: [1 + at] } }));
    await store.upsertChunks("next", others);
    await store.promoteCollection("next", "docs");
    expect(await batchesOf(others, both)).toBe(1);
  });

  it("notices within ten seconds that another process put a collection of several shards in its place", async () => {
    vi.useFakeTimers({ toFake: ["performance"] });
    onTestFinished(() => void vi.useRealTimers());
    const points = plainPoints(40, 27);
    await store.upsertChunks("docs", points);
    expect(await batchesOf(points, both)).toBe(1);
    const other = await openQdrantStore({ url: standIn.url, shardNumber: 3 });
    await other.createCollection("next", sampleSettings());
    await other.upsertChunks("next", points);
    await other.promoteCollection("next", "docs");
    vi.advanceTimersByTime(10_000);
    expect(await batchesOf(points, both)).toBe(2);
  });
});
