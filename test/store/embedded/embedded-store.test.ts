import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openEmbeddedStore } from "../../../src/store/embedded/embedded-store.ts";
import type { VectorStore } from "../../../src/store/vector-store.ts";
import {
  expectedSearch,
  idOf,
  randomPoints,
  sampleDocument,
  samplePoint,
  sampleQuery,
  sampleSettings,
  unit,
} from "../store-samples.ts";
import { describeVectorStore } from "../vector-store.contract.ts";

// Starting a thread takes longer than most tests, so one store serves a whole suite and is closed at its end.
describe("shared stores", () => {
  let folder: string;
  let file: string;
  let inFile: VectorStore;
  let inMemory: VectorStore;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "embedded-store-"));
    file = join(folder, "new", "store.sqlite");
    inFile = await openEmbeddedStore({ file });
    // With every collection's vectors kept in memory: a search finds the same then.
    inMemory = await openEmbeddedStore({ file: ":memory:", vectorMemory: { from: 0, atOnce: true } });
  });

  afterAll(async () => {
    await inFile.close();
    await inMemory.close();
    await rm(folder, { recursive: true });
  });

  describeVectorStore("embedded, in memory", async () => ({ store: leftOpen(inMemory) }));
  describeVectorStore("embedded, in a file", async () => ({
    store: leftOpen(inFile),
    reopen: () => openEmbeddedStore({ file }),
  }));

  describe("embedded store", () => {
    it("names its file as its location", () => {
      expect(inFile.location).toBe(file);
      expect(inMemory.location).toBe(":memory:");
    });

    it("refuses arguments that make no sense", async () => {
      await expect(openEmbeddedStore({ file: "" })).rejects.toThrow(TypeError);
      await expect(inMemory.listDocuments("any", { limit: 0 })).rejects.toThrow(/"limit".*got 0/);
    });

    it("refuses a cursor that is none of its own", async () => {
      await inMemory.createCollection("cursor", sampleSettings());
      for (const cursor of ["nonsense", "", Buffer.from("[1,2,3]").toString("base64url")]) {
        await expect(inMemory.listDocuments("cursor", { limit: 1, cursor })).rejects.toMatchObject({
          code: "usage_invalid",
        });
      }
    });

    it("keeps half a surrogate pair in texts", async () => {
      await inMemory.createCollection("halves", sampleSettings());
      const text = `a\ud83d b \udc00${"x".repeat(40_000)}`;
      await inMemory.putDocument("halves", sampleDocument("a"), text);
      await inMemory.upsertChunks("halves", [samplePoint("c", { text: "\ud83d" })]);
      const [read] = await inMemory.readSpans("halves", [{ documentId: idOf("a"), span: { start: 0, end: 50_000 } }]);
      expect(read === text).toBe(true);
      expect((await inMemory.listChunks("halves", idOf("document")))[0]?.text).toBe("\ud83d");
    });

    it("finds enough chunks where one has thousands of windows", async () => {
      await inMemory.createCollection("windows", sampleSettings());
      const vectors = Array.from({ length: 5000 }, (_, index) => [1, index / 100_000]);
      await inMemory.upsertChunks("windows", [samplePoint("huge", { vectors })]);
      await inMemory.upsertChunks("windows", [samplePoint("small", { vectors: [[1, 1]] })]);
      const query = sampleQuery({ vector: unit([1]), denseLimit: 2 });
      for (const filter of [{}, { roots: ["/docs"] }]) {
        const { candidates } = await inMemory.search("windows", { ...query, filter });
        const found = new Map(candidates.map(({ chunk, dense }) => [chunk.id, dense]));
        expect(found.get(idOf("huge"))).toBeCloseTo(1, 5);
        expect(found.get(idOf("small"))).toBeCloseTo(Math.SQRT1_2, 5);
      }
    });

    it("stays exact and writes its vectors anew when most chunks are gone", async () => {
      await inFile.createCollection("churn", sampleSettings());
      const rounds = Array.from({ length: 12 }, (_, round) => randomPoints(250, round));
      for (const points of rounds) await inFile.upsertChunks("churn", points);
      for (const points of rounds) {
        const ids = points.slice(2).map(({ chunk }) => chunk.id);
        await inFile.deleteChunks("churn", ids);
      }
      const kept = rounds.flatMap((points) => points.slice(0, 2));
      const query = sampleQuery({ vector: unit([1, 2, 3]), terms: [7919, 3 * 7919] });
      const expected = expectedSearch(kept, query);
      const found = await inFile.search("churn", query);
      expect(found.candidates.map(({ chunk }) => chunk.id).toSorted()).toEqual(
        expected.candidates.map(({ chunk }) => chunk.id).toSorted(),
      );
      expect(found.idf.get(7919)).toBeCloseTo(expected.idf.get(7919) ?? Number.NaN, 9);
      const database = new DatabaseSync(file, { readOnly: true });
      const row = database.prepare("SELECT vectors, generation FROM collections WHERE name = 'churn'").get();
      database.close();
      expect(row?.["vectors"]).toBe(kept.reduce((sum, { vectors }) => sum + vectors.length, 0));
      expect(row?.["generation"]).toBeGreaterThan(0);
    });
  });
});

describe("embedded store, closed", () => {
  it("refuses calls after it was closed, and can be closed again", async () => {
    const store = await openEmbeddedStore({ file: ":memory:" });
    await store.close();
    await store.close();
    await expect(store.ping()).rejects.toMatchObject({ code: "store_unavailable" });
  });

  it("finishes what was asked before it was closed", async () => {
    const store = await openEmbeddedStore({ file: ":memory:" });
    const created = store.createCollection("last", sampleSettings());
    const listed = store.listCollections();
    await store.close();
    await created;
    expect((await listed).map(({ name }) => name)).toEqual(["last"]);
  });
});

/** The same store with a `close` that leaves it open. */
function leftOpen(store: VectorStore): VectorStore {
  return { ...store, close: async () => {} };
}
