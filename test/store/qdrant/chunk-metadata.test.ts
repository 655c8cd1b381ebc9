import { once } from "node:events";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { matchesMetadata, type MetadataFilter } from "../../../src/domain/document-metadata.ts";
import { documentPoint } from "../../../src/store/qdrant/document-payload.ts";
import { aliasOf } from "../../../src/store/qdrant/names.ts";
import { openQdrantStore } from "../../../src/store/qdrant/qdrant-store.ts";
import type { VectorStore } from "../../../src/store/vector-store.ts";
import { type QdrantStandIn, requestTo, startQdrantStandIn } from "../../support/qdrant-stand-in.ts";
import { idOf, sampleChunk, sampleDocument, samplePoint, sampleQuery, sampleSettings, unit } from "../store-samples.ts";

const BATCH = requestTo("POST", /\/points\/batch\?/);
const INDEX = requestTo("PUT", /\/index/);
const WRITE = /\/(index|points|vectors|payload|delete|batch)\?/;
const LISTING = requestTo("POST", /\/scroll$/);
const DOCUMENTS = ["a", "b", "c", "d", "e"];

describe("metadata in the chunks of a collection", () => {
  let standIn: QdrantStandIn;
  let store: VectorStore;

  beforeEach(async () => {
    standIn = await startQdrantStandIn();
    store = await open(standIn);
  });
  afterEach(async () => standIn.stop());

  async function open({ url }: QdrantStandIn): Promise<VectorStore> {
    return openQdrantStore({ url, retryDelayMs: 1, retries: 1 });
  }

  async function fill(): Promise<void> {
    await store.createCollection("docs", sampleSettings());
    for (const [at, document] of DOCUMENTS.entries()) {
      const point = samplePoint(document, {
        document,
        terms: { 10: 1 },
        vectors: at % 2 === 0 ? [[1], [0, 1]] : [[1]],
      });
      const metadata = { team: at % 2 === 0 ? "docs" : "web", at };
      await store.putDocument("docs", sampleDocument(document, at === 4 ? {} : { metadata }), "Text");
      await store.upsertChunks("docs", [point]);
    }
  }

  /** The same collection as a program wrote it that knew of no metadata in chunks. */
  async function fillAsBefore(): Promise<void> {
    await fill();
    const { requests } = standIn;
    await standIn.stop();
    standIn = await startQdrantStandIn();
    for (const { method, path, body } of requests) {
      if (method === "GET" || JSON.stringify(body).includes('"field_name":"metadata_entries"')) continue;
      const without = JSON.stringify(body, (key, value: unknown) => (key === "metadata_entries" ? undefined : value));
      standIn.answer({ method, path, body: JSON.parse(without) });
    }
    store = await open(standIn);
  }

  async function found(metadata: MetadataFilter, reader = store): Promise<string[]> {
    const query = sampleQuery({ vector: unit([1]), terms: [10], filter: { metadata } });
    const { candidates } = await reader.search("docs", query);
    for (const candidate of candidates) expect(matchesMetadata(candidate.metadata, metadata)).toBe(true);
    return candidates.map(({ chunk }) => chunk.id).toSorted();
  }

  const idsOf = (...documents: string[]): string[] => documents.map(idOf).toSorted();

  const sent = (when: (request: QdrantStandIn["requests"][number]) => boolean): QdrantStandIn["requests"] =>
    standIn.requests.filter((request) => when(request));

  it("is asked of the chunks, so that no documents are listed", async () => {
    await fill();
    expect(await found({ team: "docs" })).toEqual(idsOf("a", "c"));
    expect(sent(LISTING)).toEqual([]);
  });

  it("is found by the documents' records in a collection of before, without a write", async () => {
    await fillAsBefore();
    expect(await found({ team: "docs" })).toEqual(idsOf("a", "c"));
    expect(await found({ team: "web", at: [1, 2] })).toEqual(idsOf("b"));
    const query = sampleQuery({ vector: unit([1]), filter: { metadata: { team: "web" }, documentIds: [idOf("d")] } });
    expect((await store.search("docs", query)).candidates.map(({ chunk }) => chunk.id)).toEqual(idsOf("d"));
    const { candidates } = await store.search("docs", sampleQuery({ vector: unit([1]) }));
    expect(new Map(candidates.map(({ chunk, metadata }) => [chunk.id, metadata?.["team"]]))).toEqual(
      new Map(DOCUMENTS.map((document, at) => [idOf(document), ["docs", "web", "docs", "web", undefined][at]])),
    );
    expect(standIn.requests.filter(({ path }) => WRITE.test(path))).toEqual([]);
  });

  it.each<[string, (writer: VectorStore) => Promise<void>]>([
    [
      "a document",
      async (writer) => writer.putDocument("docs", sampleDocument("f", { metadata: { team: "docs" } }), "F"),
    ],
    ["a chunk", async (writer) => writer.upsertChunks("docs", [samplePoint("a", { document: "a", terms: { 10: 1 } })])],
    [
      "a moved chunk",
      async (writer) => writer.refreshChunks("docs", [sampleChunk("b", { document: "b", terms: { 10: 1 } })]),
    ],
  ])("comes to all chunks of a collection of before with the first write: %s", async (_title, write) => {
    await fillAsBefore();
    await write(store);
    standIn.requests.length = 0;
    const reader = await open(standIn);
    expect(await found({ team: "docs" }, reader)).toEqual(idsOf("a", "c"));
    expect(await found({ team: "web" })).toEqual(idsOf("b", "d"));
    expect(sent(LISTING)).toEqual([]);
    await write(store);
    expect(sent(INDEX)).toEqual([]);
  });

  it("comes to the chunks of many documents in few operations, and says so where it takes a moment", async () => {
    await fillAsBefore();
    const points = Array.from({ length: 1_100 }, (_, at) => {
      const metadata = { team: at % 2 === 0 ? "docs" : "web" };
      return documentPoint(sampleDocument(`more-${at}`, { metadata }), 0);
    });
    standIn.answer({ method: "PUT", path: `/collections/${aliasOf("docs")}/points?wait=true`, body: { points } });
    const warned = once(process, "warning");
    await store.upsertChunks("docs", [samplePoint("a", { document: "a", terms: { 10: 1 } })]);
    expect(String((await warned)[0])).toMatch(
      /chunks of the collection "docs" get what is said of their documents, once/,
    );
    const copies = sent(BATCH).map(({ body }) => JSON.stringify(body));
    const documents = points.map(({ payload }) => JSON.stringify(payload?.["document_id"]));
    expect(documents.filter((id) => !copies.some((body) => body.includes(id)))).toEqual([]);
    expect(copies.join("").match(/"set_payload"/g)?.length).toBeLessThan(20);
    expect(await found({ team: "docs" })).toEqual(idsOf("a", "c"));
    expect(await found({ team: "web" })).toEqual(idsOf("b", "d"));
  });

  it("is found by the records for as long as the chunks could not be written", async () => {
    await fillAsBefore();
    const failure = { status: 403, body: { status: { error: "Forbidden: read-only" }, time: 0 } };
    standIn.fault({ when: BATCH, reply: failure });
    const next = samplePoint("a", { document: "a", terms: { 10: 1 } });
    await expect(store.upsertChunks("docs", [next])).rejects.toMatchObject({ code: "store_refused" });
    expect(sent(INDEX)).toEqual([]);
    expect(await found({ team: "docs" })).toEqual(idsOf("a", "c"));
    await store.upsertChunks("docs", [next]);
    expect(sent(INDEX)).toHaveLength(1);
    expect(await found({ team: "docs" })).toEqual(idsOf("a", "c"));
  });

  it("comes to the chunks once where several write first, also where one is cancelled", async () => {
    await fillAsBefore();
    const cancelled = new AbortController();
    const results = Promise.allSettled([
      store.putDocument("docs", sampleDocument("a", { metadata: { team: "web" } }), null, { signal: cancelled.signal }),
      ...["b", "c", "d"].map((document) =>
        store.putDocument("docs", sampleDocument(document, { metadata: { team: "new" } }), null),
      ),
    ]);
    cancelled.abort(new Error("enough"));
    expect((await results).map(({ status }) => status)).toEqual(["rejected", "fulfilled", "fulfilled", "fulfilled"]);
    expect(await found({ team: "new" })).toEqual(idsOf("b", "c", "d"));
    expect(await found({ team: "docs" })).toEqual(idsOf("a"));
    expect(sent(INDEX)).toHaveLength(1);
  });

  it("is not changed under a record that passes for complete", async () => {
    await fill();
    const record = sampleDocument("a", { metadata: { team: "web" } });
    standIn.requests.length = 0;
    await store.putDocument("docs", record, null);
    const [batch] = sent(BATCH);
    const { operations }: { operations: object[] } = JSON.parse(JSON.stringify(batch?.body));
    // The server stops after each of them in turn.
    const before = sampleDocument("a", { metadata: { team: "docs" } });
    for (let done = 1; done < operations.length; done += 1) {
      await store.putDocument("docs", before, null);
      standIn.answer({ method: "POST", path: batch?.path ?? "", body: { operations: operations.slice(0, done) } });
      expect((await store.getDocument("docs", idOf("a")))?.contentHash).toBe("");
      // What the record said before is not what the chunks say now.
      await store.putDocument("docs", before, null);
      expect(await found({ team: "docs" })).toEqual(idsOf("a", "c"));
    }
    await store.putDocument("docs", record, null);
    expect(await store.getDocument("docs", idOf("a"))).toEqual(record);
    expect(await found({ team: "web" })).toEqual(idsOf("a", "b", "d"));
  });
});
