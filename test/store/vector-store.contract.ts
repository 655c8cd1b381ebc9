import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ChunkPoint } from "../../src/domain/chunk.ts";
import type { DocumentRecord, Span } from "../../src/domain/document.ts";
import type {
  CallOptions,
  LeaseClaim,
  StoreQuery,
  StoreSearchResult,
  VectorStore,
} from "../../src/store/vector-store.ts";
import { describeMetadataFilter } from "./metadata-filter.contract.ts";
import {
  DIMENSIONS,
  expectedSearch,
  idOf,
  inverseFrequency,
  randomPoints,
  sampleChunk,
  sampleDocument,
  samplePoint,
  sampleQuery,
  sampleSettings,
  unit,
} from "./store-samples.ts";

/** A store under test with what belongs to it. */
export interface OpenedStore {
  readonly store: VectorStore;
  /** Opens the same data once more; the first store may still be open then. The suite closes what it opens. */
  readonly reopen?: () => Promise<VectorStore>;
  /** Frees what lies behind the store; the suite has closed the store before. */
  readonly stop?: () => Promise<void>;
}

/** Options of {@link describeVectorStore}. */
export interface VectorStoreSuiteOptions {
  /**
   * Whether N and df follow a deletion at once, or only after the store has cleaned up.
   * @default "exact"
   */
  readonly idfAfterDeletes?: "exact" | "may-lag";
}

/** Every VectorStore adapter must pass this suite. `open` is called once a test; names of collections are never reused. */
export function describeVectorStore(
  storeName: string,
  open: () => Promise<OpenedStore>,
  { idfAfterDeletes = "exact" }: VectorStoreSuiteOptions = {},
): void {
  describe(`VectorStore contract: ${storeName}`, () => {
    let opened: OpenedStore;
    let store: VectorStore;
    let docs: string;
    let others: VectorStore[];
    let madeNames: Set<string>;

    beforeEach(async () => {
      opened = await open();
      store = opened.store;
      others = [];
      madeNames = new Set();
      docs = newName("docs");
      await store.createCollection(docs, sampleSettings());
    });

    afterEach(async () => {
      for (const made of madeNames) await store.deleteCollection(made);
      for (const other of others) await other.close();
      await store.close();
      await opened.stop?.();
    });

    /** A name that no other test uses. */
    function newName(prefix: string): string {
      const made = `${prefix}-${randomUUID()}`;
      madeNames.add(made);
      return made;
    }

    /** A second handle on the same data; the same handle where the store has no second one. */
    async function secondHandle(): Promise<VectorStore> {
      if (opened.reopen === undefined) return store;
      const other = await opened.reopen();
      others.push(other);
      return other;
    }

    async function upsert(points: readonly ChunkPoint[]): Promise<void> {
      for (let at = 0; at < points.length; at += store.maxBatchSize) {
        await store.upsertChunks(docs, points.slice(at, at + store.maxBatchSize));
      }
    }

    /** Ids of what a search finds, in alphabetical order. */
    async function foundIds(query: Partial<StoreQuery>): Promise<string[]> {
      return idsOf(await store.search(docs, sampleQuery(query)));
    }

    async function allDocuments(limit: number): Promise<DocumentRecord[][]> {
      const pages: DocumentRecord[][] = [];
      let cursor: string | null = null;
      do {
        const page = await store.listDocuments(docs, cursor === null ? { limit } : { limit, cursor });
        pages.push([...page.documents]);
        cursor = page.nextCursor;
      } while (cursor !== null);
      return pages;
    }

    describe("leases", () => {
      const claim = (owner: string, ttlMs = 60_000): LeaseClaim => ({ owner, holder: `process ${owner}`, ttlMs });

      it("gives a name to one owner at a time, over all handles", async () => {
        const name = newName("lease");
        const other = await secondHandle();
        const [first, second] = await Promise.all([
          store.acquireLease(name, claim("a")),
          other.acquireLease(name, claim("b")),
        ]);
        expect(second.owner).toBe(first.owner);
        expect(["a", "b"]).toContain(first.owner);
        expect(first.holder).toBe(`process ${first.owner}`);
        await store.releaseLease(name, first.owner);
        expect((await other.acquireLease(name, claim("c"))).owner).toBe("c");
      });

      it("prolongs a lease for its owner and keeps the time of its first claim", async () => {
        const name = newName("lease");
        const first = await store.acquireLease(name, claim("a", 30_000));
        const again = await store.acquireLease(name, claim("a", 90_000));
        expect(again).toMatchObject({ owner: "a", since: first.since });
        expect(Date.parse(again.expiresAt)).toBeGreaterThan(Date.parse(first.expiresAt));
      });

      it("gives away a lease that has ended", async () => {
        const name = newName("lease");
        await store.acquireLease(name, claim("dead", -1));
        expect((await store.acquireLease(name, claim("b"))).owner).toBe("b");
      });

      it("lets a claim replace the owner it names and nobody else", async () => {
        const name = newName("lease");
        await store.acquireLease(name, claim("dead"));
        expect((await store.acquireLease(name, { ...claim("b"), replaces: "another" })).owner).toBe("dead");
        expect((await store.acquireLease(name, { ...claim("b"), replaces: "dead" })).owner).toBe("b");
        const { expiresAt } = await store.acquireLease(name, { ...claim("b"), replaces: "dead", ttlMs: 3_600_000 });
        expect(Date.parse(expiresAt)).toBeGreaterThan(Date.now() + 3_000_000);
      });

      it("gives back what its owner holds only", async () => {
        const name = newName("lease");
        await store.releaseLease(name, "nobody");
        await store.acquireLease(name, claim("a"));
        await store.releaseLease(name, "b");
        expect((await store.acquireLease(name, claim("b"))).owner).toBe("a");
      });

      it("shows no lease among the collections", async () => {
        await store.acquireLease(newName("lease"), claim("a"));
        expect((await store.listCollections()).filter(({ name }) => /^(citewell-)?lease/.test(name))).toEqual([]);
      });
    });

    describe("collections", () => {
      it("describes a new collection with its settings, without content", async () => {
        const info = await store.describeCollection(docs);
        expect(info).toMatchObject({ name: docs, settings: sampleSettings(), documents: 0, chunks: 0 });
        expect(new Date(info?.createdAt ?? "").toISOString()).toBe(info?.createdAt);
        expect(info?.settings).toEqual(sampleSettings());
      });

      it("counts documents and chunks", async () => {
        await store.putDocument(docs, sampleDocument("a"), "Text of document a");
        await upsert([samplePoint("a1", { document: "a" }), samplePoint("a2", { document: "a" })]);
        await upsert([samplePoint("b1", { document: "b", vectors: [[1], [0, 1], [0, 0, 1]] })]);
        expect(await store.describeCollection(docs)).toMatchObject({ documents: 1, chunks: 3 });
        const listed = (await store.listCollections()).find((info) => info.name === docs);
        expect(listed).toEqual(await store.describeCollection(docs));
      });

      it("lists collections in alphabetical order", async () => {
        const [b, a, c] = [newName("b-list"), newName("a-list"), newName("c-list")];
        for (const made of [b, a, c]) await store.createCollection(made, sampleSettings());
        const names = (await store.listCollections()).map((info) => info.name);
        expect(names.filter((listed) => madeNames.has(listed))).toEqual([a, b, c, docs]);
      });

      it("describes an unknown collection as null", async () => {
        expect(await store.describeCollection(newName("unknown"))).toBeNull();
      });

      it("refuses to create a collection twice and keeps the first", async () => {
        await upsert([samplePoint("kept")]);
        await expect(store.createCollection(docs, sampleSettings(3))).rejects.toMatchObject({
          name: "CitewellError",
          code: "collection_exists",
        });
        expect(await store.describeCollection(docs)).toMatchObject({ settings: sampleSettings(), chunks: 1 });
      });

      it("deletes a collection and says whether there was one", async () => {
        await store.putDocument(docs, sampleDocument("a"), "Text of document a");
        await upsert([samplePoint("a1", { document: "a", terms: { 5: 1 } })]);
        expect(await store.deleteCollection(docs)).toBe(true);
        expect(await store.deleteCollection(docs)).toBe(false);
        expect(await store.describeCollection(docs)).toBeNull();
      });

      it("starts empty when a name is used again", async () => {
        await store.putDocument(docs, sampleDocument("a"), "Text of document a");
        await upsert([samplePoint("a1", { document: "a", terms: { 5: 1 } })]);
        await store.deleteCollection(docs);
        await store.createCollection(docs, sampleSettings());
        expect(await store.describeCollection(docs)).toMatchObject({ documents: 0, chunks: 0 });
        expect(await foundIds({ vector: unit([1]), terms: [5] })).toEqual([]);
        expect(await store.getDocument(docs, idOf("a"))).toBeNull();
        expect(await store.chunkStates(docs, idOf("a"))).toEqual([]);
        expect(await store.readSpans(docs, [{ documentId: idOf("a"), span: { start: 0, end: 4 } }])).toEqual([null]);
      });

      it.each([
        ["a space and quotes", `it's "my" notes`],
        ["slashes and dots", "../team/a\\b/.."],
        ["other scripts", "Größe 東京 🙂"],
        ["marks of URLs and SQL", "a%2Fb?c=d&e#f;_*[x]`--"],
      ])("takes a name with %s", async (_title, prefix) => {
        const odd = newName(prefix);
        await store.createCollection(odd, sampleSettings());
        await store.upsertChunks(odd, [samplePoint("odd")]);
        expect(await store.describeCollection(odd)).toMatchObject({ name: odd, chunks: 1 });
        expect((await store.listCollections()).map((info) => info.name)).toContain(odd);
        expect(idsOf(await store.search(odd, sampleQuery({ vector: unit([1]) })))).toEqual([idOf("odd")]);
        expect(await store.deleteCollection(odd)).toBe(true);
        expect(await store.describeCollection(odd)).toBeNull();
      });

      it("tells names apart that differ in case only", async () => {
        const lower = newName("case");
        const upper = lower.toUpperCase();
        madeNames.add(upper);
        await store.createCollection(lower, sampleSettings());
        await store.createCollection(upper, sampleSettings());
        await store.upsertChunks(lower, [samplePoint("a")]);
        expect(await store.describeCollection(upper)).toMatchObject({ name: upper, chunks: 0 });
      });

      it("keeps collections apart", async () => {
        const other = newName("other");
        await store.createCollection(other, sampleSettings());
        await upsert([samplePoint("shared", { terms: { 5: 1 } })]);
        await store.upsertChunks(other, [samplePoint("shared", { text: "Another text.", terms: { 6: 1 } })]);
        await store.putDocument(docs, sampleDocument("document"), "Text of document a");
        await store.deleteDocuments(other, [idOf("document")]);
        const { candidates, idf } = await store.search(docs, sampleQuery({ vector: unit([1]), terms: [5, 6] }));
        expect(candidates.map(({ chunk }) => chunk.text)).toEqual(["Text of shared."]);
        expect(idf.get(6)).toBeCloseTo(Math.log(1 + 1.5 / 0.5), 5);
        expect(await store.getDocument(docs, idOf("document"))).toEqual(sampleDocument("document"));
      });

      it("works with collections of different dimensions side by side", async () => {
        const small = newName("small");
        await store.createCollection(small, sampleSettings(2));
        await upsert([samplePoint("wide")]);
        await store.upsertChunks(small, [{ ...samplePoint("narrow"), vectors: [Float32Array.of(0.6, 0.8)] }]);
        const found = await store.search(small, sampleQuery({ vector: Float32Array.of(1, 0) }));
        expect(found.candidates.map(({ chunk }) => chunk.id)).toEqual([idOf("narrow")]);
        expect(found.candidates[0]?.dense).toBeCloseTo(0.6, 5);
      });
    });

    describe("a collection that does not exist", () => {
      const calls: readonly (readonly [string, (target: VectorStore, missing: string) => Promise<unknown>])[] = [
        ["promoteCollection", (target, missing) => target.promoteCollection(missing, "anything")],
        ["listDocuments", (target, missing) => target.listDocuments(missing, { limit: 1 })],
        ["getDocument", (target, missing) => target.getDocument(missing, idOf("a"))],
        ["putDocument", (target, missing) => target.putDocument(missing, sampleDocument("a"), "text")],
        ["touchDocuments", (target, missing) => target.touchDocuments(missing, [{ id: idOf("a"), modifiedAt: 1 }])],
        ["touchDocuments of nothing", (target, missing) => target.touchDocuments(missing, [])],
        ["deleteDocuments", (target, missing) => target.deleteDocuments(missing, [idOf("a")])],
        ["deleteDocuments with nothing to do", (target, missing) => target.deleteDocuments(missing, [])],
        ["readSpans", (target, missing) => target.readSpans(missing, [spanOf("a", 0, 1)])],
        ["readSpans with nothing to do", (target, missing) => target.readSpans(missing, [])],
        ["chunkStates", (target, missing) => target.chunkStates(missing, idOf("a"))],
        ["listChunks", (target, missing) => target.listChunks(missing, idOf("a"))],
        ["upsertChunks", (target, missing) => target.upsertChunks(missing, [samplePoint("a")])],
        ["upsertChunks with nothing to do", (target, missing) => target.upsertChunks(missing, [])],
        ["refreshChunks", (target, missing) => target.refreshChunks(missing, [sampleChunk("a")])],
        ["deleteChunks", (target, missing) => target.deleteChunks(missing, [idOf("a")])],
        ["search by vector", (target, missing) => target.search(missing, sampleQuery({ vector: unit([1]) }))],
        ["search by words", (target, missing) => target.search(missing, sampleQuery({ terms: [1] }))],
        [
          "search with a filter that fits nothing",
          (target, missing) => target.search(missing, sampleQuery({ terms: [1], filter: { roots: [] } })),
        ],
      ];
      it.each(calls)("%s rejects with collection_missing and names it", async (_title, call) => {
        const missing = newName("missing");
        await expect(call(store, missing)).rejects.toMatchObject({
          name: "CitewellError",
          code: "collection_missing",
          message: expect.stringContaining(missing),
        });
        expect(await store.describeCollection(missing)).toBeNull();
      });
    });

    describe("promoteCollection", () => {
      it("lets the name answer with the new content and drops the old", async () => {
        const next = newName("next");
        await store.createCollection(next, { ...sampleSettings(), analyser: { version: 9, averageLength: 12 } });
        await upsert([samplePoint("old", { document: "old", terms: { 5: 1 } })]);
        await store.putDocument(docs, sampleDocument("old"), "Old text");
        await store.upsertChunks(next, [samplePoint("new", { document: "new", terms: { 6: 1 } })]);
        await store.putDocument(next, sampleDocument("new"), "New text");

        await store.promoteCollection(next, docs);

        expect(await foundIds({ vector: unit([1]), terms: [5, 6] })).toEqual([idOf("new")]);
        expect(await store.getDocument(docs, idOf("old"))).toBeNull();
        expect(await store.getDocument(docs, idOf("new"))).toEqual(sampleDocument("new"));
        expect(await store.readSpans(docs, [spanOf("old", 0, 3), spanOf("new", 0, 3)])).toEqual([null, "New"]);
        const info = await store.describeCollection(docs);
        expect(info).toMatchObject({ name: docs, documents: 1, chunks: 1 });
        expect(info?.settings.analyser).toEqual({ version: 9, averageLength: 12 });
      });

      it("ends the other name", async () => {
        const next = newName("next");
        await store.createCollection(next, sampleSettings());
        await store.promoteCollection(next, docs);
        expect(await store.describeCollection(next)).toBeNull();
        const names = (await store.listCollections()).map((info) => info.name);
        expect(names.filter((listed) => madeNames.has(listed))).toEqual([docs]);
        await expect(store.search(next, sampleQuery({ terms: [1] }))).rejects.toMatchObject({
          code: "collection_missing",
        });
        expect(await store.deleteCollection(next)).toBe(false);
      });

      it("takes a name that did not exist", async () => {
        const fresh = newName("fresh");
        await upsert([samplePoint("moved")]);
        await store.promoteCollection(docs, fresh);
        expect(await store.describeCollection(docs)).toBeNull();
        expect(idsOf(await store.search(fresh, sampleQuery({ vector: unit([1]) })))).toEqual([idOf("moved")]);
      });

      it("can be done again with the same two names", async () => {
        const next = newName("next");
        for (const round of ["one", "two"]) {
          await store.createCollection(next, sampleSettings());
          await store.upsertChunks(next, [samplePoint(round)]);
          await store.promoteCollection(next, docs);
          expect(await foundIds({ vector: unit([1]) })).toEqual([idOf(round)]);
        }
        expect(await store.deleteCollection(docs)).toBe(true);
        expect(await store.describeCollection(docs)).toBeNull();
      });

      it("can be written to afterwards", async () => {
        const next = newName("next");
        await store.createCollection(next, sampleSettings());
        await store.upsertChunks(next, [samplePoint("a")]);
        await store.promoteCollection(next, docs);
        await upsert([samplePoint("b")]);
        expect(await foundIds({ vector: unit([1]) })).toEqual([idOf("a"), idOf("b")].toSorted());
      });

      it("shows every reader the old content or the new, never neither", async () => {
        const next = newName("next");
        await store.createCollection(next, sampleSettings());
        await upsert([samplePoint("old 1"), samplePoint("old 2")]);
        await store.upsertChunks(next, [samplePoint("new 1"), samplePoint("new 2")]);
        const reader = await secondHandle();
        const old = [idOf("old 1"), idOf("old 2")].toSorted();
        const fresh = [idOf("new 1"), idOf("new 2")].toSorted();
        const progress = { done: false };
        const promotion = store.promoteCollection(next, docs).finally(() => {
          progress.done = true;
        });
        do {
          const ids = idsOf(await reader.search(docs, sampleQuery({ vector: unit([1]) })));
          expect([old, fresh]).toContainEqual(ids);
        } while (!progress.done);
        await promotion;
        expect(idsOf(await reader.search(docs, sampleQuery({ vector: unit([1]) })))).toEqual(fresh);
      });
    });

    describe("search", () => {
      it("finds nothing in an empty collection and gives each term its value for df = 0 and N = 0", async () => {
        const { candidates, idf } = await store.search(docs, sampleQuery({ vector: unit([1]), terms: [3, 4] }));
        expect(candidates).toEqual([]);
        expect([...idf.keys()].toSorted((a, b) => a - b)).toEqual([3, 4]);
        expect(idf.get(3)).toBeCloseTo(Math.log(2), 6);
      });

      it("finds the nearest chunk by vector with its exact cosine", async () => {
        await upsert([
          samplePoint("far", { vectors: [[0, 1]] }),
          samplePoint("near", { vectors: [[4, 3]] }),
          samplePoint("opposite", { vectors: [[-1]] }),
        ]);
        const { candidates } = await store.search(docs, sampleQuery({ vector: unit([1]), denseLimit: 1 }));
        expect(candidates.map(({ chunk }) => chunk.id)).toEqual([idOf("near")]);
        expect(candidates[0]?.dense).toBeCloseTo(0.8, 5);
        expect(candidates[0]?.lexical).toBe(0);
      });

      it("gives a negative cosine as it is", async () => {
        await upsert([samplePoint("opposite", { vectors: [[-3, 4]] })]);
        const { candidates } = await store.search(docs, sampleQuery({ vector: unit([1]) }));
        expect(candidates[0]?.dense).toBeCloseTo(-0.6, 5);
      });

      it("finds the best chunk by words with the sum of weight times idf", async () => {
        const points = [
          samplePoint("one", { terms: { 10: 1.5, 20: 0.5 } }),
          samplePoint("two", { terms: { 10: 0.25, 30: 2 } }),
          samplePoint("three", { terms: { 40: 1 } }),
        ];
        await upsert(points);
        const { candidates } = await store.search(docs, sampleQuery({ terms: [10, 20], lexicalLimit: 1 }));
        expect(candidates.map(({ chunk }) => chunk.id)).toEqual([idOf("one")]);
        const expected = 1.5 * inverseFrequency(points, 10) + 0.5 * inverseFrequency(points, 20);
        expect(candidates[0]?.lexical).toBeCloseTo(expected, 5);
        expect(candidates[0]?.dense).toBeNull();
      });

      it("gives as many chunks as are wanted where more have the same score", async () => {
        const points = Array.from({ length: 120 }, (_, at) => samplePoint(`same ${at}`, { terms: { 10: 1 } }));
        await store.upsertChunks(docs, points);
        expect((await store.search(docs, sampleQuery({ terms: [10] }))).candidates).toHaveLength(10);
      });

      it("leaves chunks without any of the words out of the word ranking", async () => {
        await upsert([samplePoint("with", { terms: { 10: 1 } }), samplePoint("without", { terms: { 20: 1 } })]);
        expect(await foundIds({ terms: [10] })).toEqual([idOf("with")]);
        expect(await foundIds({ terms: [99] })).toEqual([]);
      });

      it("gives the union of both rankings, each chunk once with both of its scores", async () => {
        await upsert([
          samplePoint("by vector", { vectors: [[1]], terms: { 10: 0.01 } }),
          samplePoint("by words", { vectors: [[3, 4]], terms: { 10: 2 } }),
          samplePoint("by neither", { vectors: [[0, 1]], terms: { 10: 0.005 } }),
        ]);
        const query = sampleQuery({ vector: unit([1]), terms: [10], denseLimit: 1, lexicalLimit: 1 });
        const { candidates, idf } = await store.search(docs, query);
        const scores = new Map(candidates.map((candidate) => [candidate.chunk.id, candidate]));
        expect(candidates).toHaveLength(2);
        expect(scores.get(idOf("by vector"))?.dense).toBeCloseTo(1, 5);
        expect(scores.get(idOf("by vector"))?.lexical).toBeCloseTo(0.01 * (idf.get(10) ?? 0), 6);
        expect(scores.get(idOf("by words"))?.dense).toBeCloseTo(0.6, 5);
        expect(scores.get(idOf("by words"))?.lexical).toBeCloseTo(2 * (idf.get(10) ?? 0), 5);
      });

      it("gives idf over the whole collection whatever the filter, and says which terms no chunk has", async () => {
        const points = [
          samplePoint("one", { terms: { 10: 1 }, language: "text" }),
          samplePoint("two", { terms: { 10: 1, 20: 1 } }),
          samplePoint("three", { terms: { 20: 1 }, vectors: [[1], [0, 1]] }),
          samplePoint("four", {}),
          samplePoint("five", { terms: { 10: 3 } }),
        ];
        await upsert(points);
        for (const filter of [{}, { languages: ["text"] }, { languages: [] }, { documentIds: [idOf("none")] }]) {
          const query = sampleQuery({ terms: [10, 20, 77], filter });
          const { idf, absent, chunkCount } = await store.search(docs, query);
          expect(idf.get(10)).toBeCloseTo(Math.log(1 + 2.5 / 3.5), 5);
          expect(idf.get(20)).toBeCloseTo(Math.log(1 + 3.5 / 2.5), 5);
          expect(idf.get(77)).toBeCloseTo(Math.log(1 + 5.5 / 0.5), 5);
          expect(idf.size).toBe(3);
          expect([...absent]).toEqual([77]);
          expect(chunkCount).toBe(5);
        }
      });

      it("gives a chunk with several windows once, with its best window's cosine", async () => {
        await upsert([
          samplePoint("windows", { vectors: [[0, 1], [4, 3], [-1]] }),
          samplePoint("second", { vectors: [[3, 4]] }),
        ]);
        const { candidates } = await store.search(docs, sampleQuery({ vector: unit([1]), denseLimit: 2 }));
        expect(idsOf({ candidates })).toEqual([idOf("windows"), idOf("second")].toSorted());
        const windows = candidates.find(({ chunk }) => chunk.id === idOf("windows"));
        expect(windows?.dense).toBeCloseTo(0.8, 5);
      });

      it("counts chunks, not windows, against the limit", async () => {
        const many = Array.from({ length: 12 }, (_, index) => [1, index / 100]);
        await upsert([samplePoint("many", { vectors: many }), samplePoint("one", { vectors: [[1, 1]] })]);
        expect(await foundIds({ vector: unit([1]), denseLimit: 2 })).toEqual([idOf("many"), idOf("one")].toSorted());
      });

      it("takes nothing from a ranking whose limit is 0", async () => {
        await upsert([
          samplePoint("vector", { vectors: [[1]] }),
          samplePoint("words", { vectors: [[0, 1]], terms: { 10: 1 } }),
        ]);
        expect(await foundIds({ vector: unit([1]), terms: [10], denseLimit: 0 })).toEqual([idOf("words")]);
        const noWords = await foundIds({ vector: unit([1]), terms: [10], denseLimit: 1, lexicalLimit: 0 });
        expect(noWords).toEqual([idOf("vector")]);
      });

      it("takes the largest and the smallest term index", async () => {
        await upsert([samplePoint("edges", { terms: { 0: 1, 2147483647: 2, 2147483648: 3 } })]);
        const { candidates, idf } = await store.search(docs, sampleQuery({ terms: [0, 2147483647, 2147483648] }));
        expect(candidates[0]?.lexical).toBeCloseTo(6 * Math.log(1 + 0.5 / 1.5), 5);
        expect([...idf.keys()].toSorted((a, b) => a - b)).toEqual([0, 2147483647, 2147483648]);
      });

      it.each<[string, Partial<StoreQuery>]>([
        ["no filter", {}],
        ["documents", { filter: { documentIds: [idOf("document 2"), idOf("document 5"), idOf("unknown")] } }],
        ["languages", { filter: { languages: ["typescript", "text"] } }],
        ["roots", { filter: { roots: ["/code"] } }],
        ["headings", { filter: { documentIds: [idOf("document 1"), idOf("document 2")], headings: ["Tides", "Ebb"] } }],
        ["all three", { filter: { documentIds: [idOf("document 3")], languages: ["text"], roots: ["/code"] } }],
        ["unlike limits", { denseLimit: 3, lexicalLimit: 17, filter: { languages: ["markdown"] } }],
      ])("agrees with a plain calculation over 150 chunks: %s", async (_title, part) => {
        const points = randomPoints(150, 7);
        await upsert(points);
        const vector = unit([0.3, -0.2, 0.5, 0.1, -0.7, 0.2, 0.4, -0.1]);
        const terms = [1, 3, 9, 25, 30].map((term) => term * 7919);
        for (const query of [
          sampleQuery({ ...part, vector, terms }),
          sampleQuery({ ...part, vector }),
          sampleQuery({ ...part, terms }),
        ]) {
          const expected = expectedSearch(points, query);
          const found = await store.search(docs, query);
          expect(idsOf(found)).toEqual(idsOf(expected));
          const wantedById = new Map(expected.candidates.map((candidate) => [candidate.chunk.id, candidate]));
          for (const { chunk, dense, lexical } of found.candidates) {
            const wanted = wantedById.get(chunk.id);
            expect(chunk).toEqual(wanted?.chunk);
            if (query.vector === null) expect(dense).toBeNull();
            else expect(dense).toBeCloseTo(wanted?.dense ?? Number.NaN, 5);
            expect(lexical).toBeCloseTo(wanted?.lexical ?? Number.NaN, 4);
          }
          for (const [term, value] of expected.idf) expect(found.idf.get(term)).toBeCloseTo(value, 5);
          expect(found.chunkCount).toBe(query.terms.length === 0 ? 0 : points.length);
        }
      });

      it.each([
        { documentIds: [] },
        { languages: [] },
        { roots: [] },
        { headings: [] },
        { roots: [], languages: ["markdown"] },
      ])("matches nothing with an empty list: %o", async (filter) => {
        await upsert([samplePoint("a", { terms: { 10: 1 } })]);
        expect(await foundIds({ vector: unit([1]), terms: [10], filter })).toEqual([]);
      });

      it("matches filter values literally", async () => {
        const root = '/team\'s "docs" %_*[x] 東京';
        await upsert([samplePoint("odd", { root }), samplePoint("plain", { root: "/team" })]);
        expect(await foundIds({ vector: unit([1]), filter: { roots: [root] } })).toEqual([idOf("odd")]);
        expect(await foundIds({ vector: unit([1]), filter: { roots: ["/tea%", "/TEAM", "/team*"] } })).toEqual([]);
      });

      it("takes a filter of a thousand documents", async () => {
        await upsert([samplePoint("a", { document: "d 7" }), samplePoint("b", { document: "elsewhere" })]);
        const documentIds = Array.from({ length: 1000 }, (_, index) => idOf(`d ${index}`));
        expect(await foundIds({ vector: unit([1]), filter: { documentIds } })).toEqual([idOf("a")]);
      });

      it("refuses a query vector of another size, also where nothing is stored", async () => {
        const query = sampleQuery({ vector: new Float32Array(DIMENSIONS - 1).fill(0.5), terms: [1] });
        await expect(store.search(docs, query)).rejects.toMatchObject({ code: "embedding_size_mismatch" });
        await upsert([samplePoint("a")]);
        await expect(store.search(docs, query)).rejects.toMatchObject({ code: "embedding_size_mismatch" });
      });
    });

    describeMetadataFilter(() => ({ store, name: docs }));

    describe("chunks", () => {
      it("gives back every field of a chunk", async () => {
        const full = samplePoint("full", {
          document: "guide",
          root: "https://example.org/docs",
          source: "https://example.org/docs/a b?x=1#y",
          title: 'A "title" – über 東京 🙂',
          language: "typescript",
          ordinal: 41,
          text: "line one\r\n\tline \u0000 two 🙂\u2028\ufeff end",
          span: { start: 1_000_003, end: 1_000_040 },
          lines: { start: 20_001, end: 20_002 },
          page: 12,
          symbol: "VectorStore.search",
          signature: "search(query: string): Hit[]",
          heading: "Stores > Qdrant – 東京",
        });
        const bare = samplePoint("bare", { document: "guide", ordinal: 42, text: "" });
        await upsert([full, bare]);
        expect(await store.listChunks(docs, idOf("guide"))).toEqual([full.chunk, bare.chunk]);
        const { candidates } = await store.search(docs, sampleQuery({ vector: unit([1]) }));
        expect(candidates.find(({ chunk }) => chunk.id === full.chunk.id)?.chunk).toEqual(full.chunk);
        expect(candidates.find(({ chunk }) => chunk.id === bare.chunk.id)?.chunk).toEqual(bare.chunk);
      });

      it("lists a document's chunks in the order of their ordinals, all of them", async () => {
        const count = 300;
        const points = Array.from({ length: count }, (_, index) =>
          samplePoint(`c ${index}`, { document: "long", ordinal: (index * 7) % count }),
        );
        await upsert([...points, samplePoint("else", { document: "else" })]);
        const listed = await store.listChunks(docs, idOf("long"));
        expect(listed.map(({ ordinal }) => ordinal)).toEqual(Array.from({ length: count }, (_, index) => index));
        expect(await store.chunkStates(docs, idOf("long"))).toHaveLength(count);
      });

      it("gives no chunks and no states for an unknown document", async () => {
        expect(await store.listChunks(docs, idOf("unknown"))).toEqual([]);
        expect(await store.chunkStates(docs, idOf("unknown"))).toEqual([]);
      });

      it("gives the states of a document that is not complete yet", async () => {
        await upsert([
          samplePoint("a", { document: "d", fingerprint: "one", vectors: [[1], [0, 1]] }),
          samplePoint("b", { document: "d", fingerprint: "two" }),
          samplePoint("c", { document: "e" }),
        ]);
        expect(await store.getDocument(docs, idOf("d"))).toBeNull();
        const states = await store.chunkStates(docs, idOf("d"));
        expect(new Map(states.map(({ id, fingerprint }) => [id, fingerprint]))).toEqual(
          new Map([
            [idOf("a"), "one"],
            [idOf("b"), "two"],
          ]),
        );
        expect(states).toHaveLength(2);
      });

      it("replaces a chunk that is stored again: payload, vectors, terms, fingerprint", async () => {
        await upsert([
          samplePoint("a", { terms: { 10: 1, 20: 1 }, vectors: [[1], [0, 1], [0, 0, 1]], fingerprint: "old" }),
          samplePoint("b", { terms: { 20: 1 }, vectors: [[0, 0, 0, 1]] }),
        ]);
        const next = samplePoint("a", {
          text: "Quite another text.",
          language: "text",
          terms: { 30: 2 },
          vectors: [[0, 0, 0, 3, 4]],
          fingerprint: "new",
        });
        await upsert([next]);
        expect(await store.describeCollection(docs)).toMatchObject({ chunks: 2 });
        const states = await store.chunkStates(docs, idOf("document"));
        expect(states.find(({ id }) => id === idOf("a"))?.fingerprint).toBe("new");
        const { candidates } = await store.search(docs, sampleQuery({ vector: unit([0, 0, 1]), terms: [30] }));
        const found = candidates.find(({ chunk }) => chunk.id === idOf("a"));
        expect(found?.chunk).toEqual(next.chunk);
        expect(found?.dense).toBeCloseTo(0, 5);
        expect(await foundIds({ terms: [10] })).toEqual([]);
        expect(await foundIds({ terms: [20] })).toEqual([idOf("b")]);
        expect(await foundIds({ terms: [30] })).toEqual([idOf("a")]);
        expect(await foundIds({ vector: unit([1]), filter: { languages: ["text"] } })).toEqual([idOf("a")]);
      });

      it("finds a chunk without vectors by its words alone, until it has some", async () => {
        const words = samplePoint("words", { document: "new", terms: { 10: 1 }, vectors: [], fingerprint: "" });
        const silent = samplePoint("silent", { document: "new", vectors: [], fingerprint: "" });
        await upsert([words, silent, samplePoint("both", { terms: { 10: 1, 20: 1 }, vectors: [[3, 4]] })]);
        const query = sampleQuery({ vector: unit([1]), terms: [10] });
        const denseOf = async (filter: StoreQuery["filter"] = {}): Promise<Map<string, number | null>> => {
          const { candidates } = await store.search(docs, { ...query, filter });
          return new Map(candidates.map(({ chunk, dense }) => [chunk.id, dense]));
        };
        expect(await denseOf()).toEqual(
          new Map([
            [idOf("words"), null],
            [idOf("both"), expect.closeTo(0.6, 5)],
          ]),
        );
        expect(await denseOf({ documentIds: [idOf("new")] })).toEqual(new Map([[idOf("words"), null]]));
        expect(await store.describeCollection(docs)).toMatchObject({ chunks: 3 });
        expect(await store.chunkStates(docs, idOf("new"))).toContainEqual({ id: idOf("words"), fingerprint: "" });
        await upsert([samplePoint("words", { document: "new", terms: { 10: 1 }, vectors: [[1], [0, 1]] })]);
        expect(await denseOf({ documentIds: [idOf("new")] })).toEqual(new Map([[idOf("words"), expect.closeTo(1, 5)]]));
        expect(await store.describeCollection(docs)).toMatchObject({ chunks: 3 });
        await store.deleteChunks(docs, [idOf("silent"), idOf("words")]);
        expect(await store.describeCollection(docs)).toMatchObject({ chunks: 1 });
      });

      it("stays the same when a write is repeated", async () => {
        const points = randomPoints(20, 3);
        await upsert(points);
        await upsert(points);
        await store.refreshChunks(docs, points);
        const query = sampleQuery({ vector: unit([1, 1]), terms: [7919, 2 * 7919] });
        const expected = expectedSearch(points, query);
        const found = await store.search(docs, query);
        expect(idsOf(found)).toEqual(idsOf(expected));
        expect(await store.describeCollection(docs)).toMatchObject({ chunks: 20 });
        if (idfAfterDeletes === "exact") {
          for (const [term, value] of expected.idf) expect(found.idf.get(term)).toBeCloseTo(value, 5);
        }
      });

      it("refreshes payload and terms of chunks and keeps their vectors", async () => {
        await upsert([
          samplePoint("a", {
            terms: { 10: 1 },
            vectors: [
              [0, 1],
              [3, 4],
            ],
            fingerprint: "old",
            symbol: "Old.name",
          }),
          samplePoint("b", { terms: { 10: 1 }, vectors: [[0, 0, 1]] }),
        ]);
        const moved = sampleChunk("a", {
          text: "Moved text.",
          root: "/moved",
          language: "text",
          title: "Now with a title",
          ordinal: 9,
          span: { start: 100, end: 111 },
          lines: { start: 7, end: 8 },
          page: 3,
          terms: { 20: 1.5, 30: 0.5 },
          fingerprint: "new",
        });
        await store.refreshChunks(docs, [moved]);
        const query = sampleQuery({ vector: unit([1]), terms: [20, 30], denseLimit: 1 });
        const { candidates, idf } = await store.search(docs, query);
        expect(candidates.map(({ chunk }) => chunk)).toEqual([moved.chunk]);
        expect(candidates[0]?.dense).toBeCloseTo(0.6, 5);
        expect(candidates[0]?.lexical).toBeCloseTo(1.5 * (idf.get(20) ?? 0) + 0.5 * (idf.get(30) ?? 0), 5);
        expect(await foundIds({ terms: [10] })).toEqual([idOf("b")]);
        expect(await foundIds({ terms: [20], filter: { roots: ["/moved"], languages: ["text"] } })).toEqual([
          idOf("a"),
        ]);
        const states = await store.chunkStates(docs, idOf("document"));
        expect(states.find(({ id }) => id === idOf("a"))?.fingerprint).toBe("new");
      });

      it("passes over unknown ids in refreshChunks and creates nothing", async () => {
        await upsert([samplePoint("known", { terms: { 10: 1 } })]);
        await store.refreshChunks(docs, [
          sampleChunk("unknown", { terms: { 20: 1 } }),
          sampleChunk("known", { terms: { 30: 1 } }),
        ]);
        expect(await store.describeCollection(docs)).toMatchObject({ chunks: 1 });
        expect(await foundIds({ terms: [20] })).toEqual([]);
        expect(await foundIds({ terms: [30] })).toEqual([idOf("known")]);
        expect(await store.chunkStates(docs, idOf("document"))).toHaveLength(1);
      });

      it("deletes chunks and passes over unknown ids", async () => {
        await upsert([
          samplePoint("a", { terms: { 10: 1 }, vectors: [[1], [0, 1]] }),
          samplePoint("b", { terms: { 10: 1 } }),
        ]);
        await store.deleteChunks(docs, [idOf("a"), idOf("unknown")]);
        await store.deleteChunks(docs, [idOf("a")]);
        expect(await foundIds({ vector: unit([1]), terms: [10] })).toEqual([idOf("b")]);
        expect(await store.describeCollection(docs)).toMatchObject({ chunks: 1 });
      });

      it.skipIf(idfAfterDeletes === "may-lag")("drops N and df when chunks go or change", async () => {
        const points = [
          samplePoint("a", { terms: { 10: 1, 20: 1 }, document: "d" }),
          samplePoint("b", { terms: { 10: 1 }, document: "e" }),
          samplePoint("c", { terms: { 10: 1 }, document: "f" }),
          samplePoint("d", { terms: { 20: 1 }, document: "g" }),
        ];
        const [a, , c, d] = points;
        await upsert(points);
        await store.deleteChunks(docs, [idOf("b")]);
        await expectIdf([a, c, d]);
        await store.deleteDocuments(docs, [idOf("f")]);
        await expectIdf([a, d]);
        await store.refreshChunks(docs, [sampleChunk("d", { terms: { 10: 1 }, document: "g" })]);
        await expectIdf([a, samplePoint("d", { terms: { 10: 1 } })]);

        async function expectIdf(left: readonly (ChunkPoint | undefined)[]): Promise<void> {
          const present = left.filter((point) => point !== undefined);
          const { idf } = await store.search(docs, sampleQuery({ terms: [10, 20] }));
          expect(idf.get(10)).toBeCloseTo(inverseFrequency(present, 10), 5);
          expect(idf.get(20)).toBeCloseTo(inverseFrequency(present, 20), 5);
        }
      });

      it.skipIf(idfAfterDeletes === "may-lag")("does not count what is gone in the idf of a common term", async () => {
        const points = Array.from({ length: 500 }, (_, at) =>
          samplePoint(`c ${at}`, { terms: at < 300 ? { 10: 1, 20: 1 } : { 20: 1 } }),
        );
        await upsert(points);
        const left = points.slice(50, 400);
        const gone = points.filter((point) => !left.includes(point)).map(({ chunk }) => chunk.id);
        await store.deleteChunks(docs, gone);
        const { idf } = await store.search(docs, sampleQuery({ terms: [10] }));
        // With the others it would be higher by 0.17. Several shards have an idf each, of which the mean is taken.
        expect(Math.abs((idf.get(10) ?? 0) - inverseFrequency(left, 10))).toBeLessThan(0.1);
      });

      it("refuses vectors of another size before anything is stored", async () => {
        const long = { ...samplePoint("long"), vectors: [unit([1]), new Float32Array(DIMENSIONS + 1).fill(0.1)] };
        await expect(store.upsertChunks(docs, [samplePoint("fits"), long])).rejects.toMatchObject({
          name: "CitewellError",
          code: "embedding_size_mismatch",
        });
        expect(await store.describeCollection(docs)).toMatchObject({ chunks: 0 });
        expect(await foundIds({ vector: unit([1]) })).toEqual([]);
      });

      it("refuses a chunk with a fingerprint that lacks its vectors, before anything is stored", async () => {
        const points = [samplePoint("fits"), { ...samplePoint("bare"), vectors: [] }];
        await expect(store.upsertChunks(docs, points)).rejects.toThrow(/the chunk .* has no vector/);
        expect(await store.describeCollection(docs)).toMatchObject({ chunks: 0 });
      });

      it.each([NaN, Infinity])("refuses a vector full of %d, before anything is stored", async (number) => {
        const odd = { ...samplePoint("odd"), vectors: [new Float32Array(DIMENSIONS).fill(number)] };
        await expect(store.upsertChunks(docs, [samplePoint("fits"), odd])).rejects.toMatchObject({
          code: "embedding_failed",
          message: expect.stringContaining("holds NaN or Infinity"),
        });
        expect(await store.describeCollection(docs)).toMatchObject({ chunks: 0 });
      });

      it("takes empty lists", async () => {
        await store.upsertChunks(docs, []);
        await store.refreshChunks(docs, []);
        await store.deleteChunks(docs, []);
        expect(await store.deleteDocuments(docs, [])).toBe(0);
        expect(await store.readSpans(docs, [])).toEqual([]);
      });

      it("takes a batch of the size it names", async () => {
        expect(store.maxBatchSize).toBeGreaterThanOrEqual(1);
        const points = Array.from({ length: store.maxBatchSize }, (_, index) =>
          samplePoint(`batch ${index}`, { terms: { [index]: 1, 5_000_000: 1 }, ordinal: index }),
        );
        await store.upsertChunks(docs, points);
        await store.refreshChunks(docs, points);
        expect(await store.describeCollection(docs)).toMatchObject({ chunks: store.maxBatchSize });
      });

      it("leaves the caller's vectors untouched and usable", async () => {
        const point = samplePoint("a", { vectors: [[3, 4]] });
        const vector = unit([1]);
        await upsert([point]);
        await store.search(docs, sampleQuery({ vector }));
        expect(point.vectors).toEqual([unit([3, 4])]);
        expect(vector).toEqual(unit([1]));
      });
    });

    describe("documents", () => {
      it("keeps the time at which a source was changed, and notes a new one", async () => {
        const timed = sampleDocument("timed", { modifiedAt: 1_700_000_000_123.25 });
        await store.putDocument(docs, timed, "Text");
        await store.putDocument(docs, sampleDocument("plain"), "Text");
        expect(await store.getDocument(docs, timed.id)).toEqual(timed);
        expect((await store.getDocument(docs, idOf("plain")))?.modifiedAt ?? null).toBeNull();
        const seen = ["timed", "plain", "unknown"].map((name, at) => ({ id: idOf(name), modifiedAt: at + 0.5 }));
        await store.touchDocuments(docs, seen);
        const touched = (await allDocuments(10)).flat().map(({ source, modifiedAt }) => [source, modifiedAt]);
        expect(Object.fromEntries(touched)).toEqual({ "timed.md": 0.5, "plain.md": 1.5 });
        expect(await store.getDocument(docs, timed.id)).toEqual({ ...timed, modifiedAt: 0.5 });
      });

      it("keeps what a web server said of a page", async () => {
        const etag = 'W/"5f-é"';
        const some = sampleDocument("some", { fetched: { etag, lastModified: null, links: ["/a?b=1", "/c"] } });
        const many = sampleDocument("many", { fetched: { etag: null, lastModified: "Mon", links: null } });
        for (const page of [some, many]) {
          await store.putDocument(docs, page, "Text");
          expect(await store.getDocument(docs, page.id)).toEqual(page);
        }
        await store.putDocument(docs, sampleDocument("some"), "Text");
        expect((await store.getDocument(docs, some.id))?.fetched).toBeUndefined();
      });

      it("keeps what was said of a document, to the letter and the last digit, until the record is replaced", async () => {
        const metadata = {
          team: 'Grüße 🙂\n"quoted"',
          year: 2025,
          ratio: 0.1 + 0.2,
          tiny: 5e-324,
          huge: 1.7976931348623157e308,
          third: -1 / 3,
          draft: false,
          tags: ["a", ""],
          none: [],
          "a.b[0]": "x",
        };
        const said = sampleDocument("said", { metadata });
        await store.putDocument(docs, said, "Text");
        expect(await store.getDocument(docs, said.id)).toEqual(said);
        await store.touchDocuments(docs, [{ id: said.id, modifiedAt: 5 }]);
        expect((await allDocuments(10)).flat()).toEqual([{ ...said, modifiedAt: 5 }]);
        const other = sampleDocument("said", { metadata: { team: "web" }, textLength: 4 });
        await store.putDocument(docs, other, null);
        expect(await store.getDocument(docs, said.id)).toEqual(other);
        expect(await store.readSpans(docs, [{ documentId: said.id, span: { start: 0, end: 9 } }])).toEqual(["Text"]);
        await store.putDocument(docs, sampleDocument("said", { metadata: {} }), "Text");
        expect(await store.getDocument(docs, said.id)).not.toHaveProperty("metadata");
      });

      it("keeps where the pages of a document lie until the record is replaced", async () => {
        const pages = [
          { page: 1, start: 0, end: 2 },
          { page: 30_000, start: 4, end: 3_000_000_000 },
        ];
        const paged = sampleDocument("paged", { pages });
        await store.putDocument(docs, paged, "Text");
        expect(await store.getDocument(docs, paged.id)).toEqual(paged);
        await store.touchDocuments(docs, [{ id: paged.id, modifiedAt: 5 }]);
        expect((await allDocuments(10)).flat()).toEqual([{ ...paged, modifiedAt: 5 }]);
        await store.putDocument(docs, sampleDocument("paged"), null);
        expect(await store.getDocument(docs, paged.id)).not.toHaveProperty("pages");
      });

      it("keeps the titles of a document's articles until the record is replaced", async () => {
        const made = sampleDocument("made", { articles: ["Odra Kesh", "“Tides” > Ebb, and \u{1f30a}", "10"] });
        await store.putDocument(docs, made, "Text");
        expect(await store.getDocument(docs, made.id)).toEqual(made);
        expect((await allDocuments(10)).flat()).toEqual([made]);
        await store.putDocument(docs, sampleDocument("made"), null);
        expect(await store.getDocument(docs, made.id)).not.toHaveProperty("articles");
      });

      it("gives back every field of a record", async () => {
        const full = sampleDocument("full", {
          root: "C:/docs",
          source: "a b/ü.md",
          title: "A title 🙂",
          mediaType: "application/pdf",
          language: "text",
          bytes: 3_000_000_000,
          chunks: 12_345,
          textLength: 4,
        });
        await store.putDocument(docs, full, "Text");
        await store.putDocument(docs, sampleDocument("bare"), "Text of the bare ");
        expect(await store.getDocument(docs, full.id)).toEqual(full);
        expect(await store.getDocument(docs, idOf("bare"))).toEqual(sampleDocument("bare"));
        expect(await store.getDocument(docs, idOf("unknown"))).toBeNull();
      });

      it("replaces a record and its text", async () => {
        await store.putDocument(docs, sampleDocument("a"), "x".repeat(100_000));
        const next = sampleDocument("a", { title: "New", contentHash: "other", textLength: 8 });
        await store.putDocument(docs, next, "New text");
        expect(await store.getDocument(docs, idOf("a"))).toEqual(next);
        expect(await store.readSpans(docs, [spanOf("a", 0, 100_000), spanOf("a", 40_000, 40_001)])).toEqual([
          "New text",
          "",
        ]);
        expect(await store.describeCollection(docs)).toMatchObject({ documents: 1 });
      });

      it("keeps the text of a document whose record alone is put", async () => {
        const text = "Text 🙂 that stays. ".repeat(90_000);
        await store.putDocument(docs, sampleDocument("a", { contentHash: "", textLength: text.length }), text);
        const complete = sampleDocument("a", { title: "Done", chunks: 3, textLength: text.length });
        await store.putDocument(docs, complete, null);
        expect(await store.getDocument(docs, idOf("a"))).toEqual(complete);
        const [whole, end] = await store.readSpans(docs, [
          spanOf("a", 0, text.length),
          spanOf("a", text.length - 7, text.length),
        ]);
        expect(whole === text).toBe(true);
        expect(end).toBe(" stays. ".slice(1));
        expect(await store.describeCollection(docs)).toMatchObject({ documents: 1 });
      });

      it("has another version of the documents after each change of them, and the same one without a change", async () => {
        const versions = [await store.documentsVersion(docs)];
        const at = (ingestedAt: string): { readonly ingestedAt: string } => ({ ingestedAt });
        const next = async (): Promise<void> => {
          versions.push(await store.documentsVersion(docs));
        };
        await store.putDocument(docs, sampleDocument("a", at("2026-01-01T00:00:00.000Z")), "a");
        await next();
        await store.putDocument(docs, sampleDocument("b", at("2026-01-01T00:00:01.000Z")), "b");
        await next();
        await store.putDocument(docs, sampleDocument("a", at("2026-01-01T00:00:02.000Z")), "again");
        await next();
        // One goes as another comes, as when a file is renamed.
        await store.putDocument(docs, sampleDocument("c", at("2026-01-01T00:00:03.000Z")), "c");
        await store.deleteDocuments(docs, [idOf("b")]);
        await next();
        await store.deleteDocuments(docs, [idOf("a")]);
        await next();
        expect(new Set(versions).size).toBe(versions.length);
        await store.touchDocuments(docs, [{ id: idOf("c"), modifiedAt: 5 }]);
        await next();
        expect(versions.at(-1)).toBe(versions.at(-2));
      });

      it("lists nothing where nothing is", async () => {
        expect(await store.listDocuments(docs, { limit: 5 })).toEqual({ documents: [], nextCursor: null });
      });

      it("lists all documents page by page, in a stable order, each once", async () => {
        const records = Array.from({ length: 23 }, (_, index) =>
          sampleDocument(`d ${index}`, { source: `${(index * 5) % 23}.md`, root: index % 2 === 0 ? "/a" : "/b" }),
        );
        for (const record of records) await store.putDocument(docs, record, "Text");
        const pages = await allDocuments(5);
        expect(pages.map(({ length }) => length)).toEqual([5, 5, 5, 5, 3]);
        const listed = pages.flat();
        expect(listed.toSorted(byId)).toEqual(records.toSorted(byId));
        expect((await allDocuments(7)).flat()).toEqual(listed);
        expect((await allDocuments(1000)).flat()).toEqual(listed);
      });

      it("refuses a cursor that no listing gave, and names the field", async () => {
        await expect(store.listDocuments(docs, { limit: 3, cursor: "made-up" })).rejects.toMatchObject({
          code: "usage_invalid",
          problems: [{ path: "cursor" }],
        });
      });

      it("ends with a full page without a cursor to nowhere", async () => {
        for (const name of ["a", "b", "c", "d"]) await store.putDocument(docs, sampleDocument(name), "Text");
        expect((await allDocuments(2)).map(({ length }) => length)).toEqual([2, 2]);
      });

      it("neither doubles nor loses a document when another one is deleted between two pages", async () => {
        for (const name of ["a", "b", "c", "d", "e", "f"]) await store.putDocument(docs, sampleDocument(name), "Text");
        const order = (await allDocuments(100)).flat().map(({ id }) => id);
        const first = await store.listDocuments(docs, { limit: 3 });
        await store.deleteDocuments(docs, [order[0] ?? "", order[2] ?? ""]);
        const rest = await store.listDocuments(docs, { limit: 3, cursor: first.nextCursor ?? "" });
        expect([...first.documents, ...rest.documents].map(({ id }) => id)).toEqual(order);
      });

      it("lists complete documents only", async () => {
        await upsert([samplePoint("a1", { document: "a" })]);
        expect((await store.listDocuments(docs, { limit: 5 })).documents).toEqual([]);
      });

      it("deletes documents with their chunks and texts and counts the chunks", async () => {
        for (const name of ["a", "b"]) await store.putDocument(docs, sampleDocument(name), `Text of ${name}`);
        await upsert([
          samplePoint("a1", { document: "a", terms: { 10: 1 }, vectors: [[1], [0, 1]] }),
          samplePoint("a2", { document: "a", terms: { 10: 1 } }),
          samplePoint("b1", { document: "b", terms: { 10: 1 } }),
          samplePoint("c1", { document: "c", terms: { 10: 1 } }),
        ]);
        expect(await store.deleteDocuments(docs, [idOf("a"), idOf("c"), idOf("unknown")])).toBe(3);
        expect(await store.deleteDocuments(docs, [idOf("a")])).toBe(0);
        expect(await foundIds({ vector: unit([1]), terms: [10] })).toEqual([idOf("b1")]);
        expect(await store.getDocument(docs, idOf("a"))).toBeNull();
        expect(await store.readSpans(docs, [spanOf("a", 0, 4), spanOf("b", 0, 4)])).toEqual([null, "Text"]);
        expect(await store.chunkStates(docs, idOf("a"))).toEqual([]);
        expect(await store.listChunks(docs, idOf("c"))).toEqual([]);
        expect(await store.describeCollection(docs)).toMatchObject({ documents: 1, chunks: 1 });
      });
    });

    describe("readSpans", () => {
      const part = 32_768;
      it.each([
        ["ascii", "The quick brown fox jumps over the lazy dog."],
        ["CRLF and control characters", "one\r\ntwo\r\n\r\n\tthree\u0000four\u0007\u2028five\n"],
        ["emoji", "🙂👩‍👩‍👧‍👦 flags 🇩🇪 and 🙂🙂🙂"],
        ["CJK and combining marks", "東京は日本の首都です。e\u0301 한국어 \ufeffend"],
        ["long ascii", "0123456789".repeat(12_000)],
        ["long emoji", "🙂".repeat(part + 10)],
        ["long emoji off by one", `x${"🙂".repeat(part + 10)}`],
        ["long mixed", "a🙂é東\r\n".repeat(20_000)],
      ])("cuts exactly: %s", async (name, text) => {
        await store.putDocument(docs, sampleDocument(name, { textLength: text.length }), text);
        const edges = [0, 1, 2, 5, 9, part - 2, part - 1, part, part + 1, 2 * part - 1, 2 * part, 2 * part + 1];
        const ends = [...edges, text.length - 1, text.length, text.length + 7].filter((at) => at <= text.length + 7);
        const spans = ends.flatMap((start) => ends.filter((end) => end >= start).map((end) => ({ start, end })));
        const asked = spans.map((span) => ({ documentId: idOf(name), span }));
        const read = await store.readSpans(docs, asked);
        // One comparison instead of a hundred: vitest would print megabytes otherwise.
        const wrong = spans.filter(({ start, end }, index) => read[index] !== text.slice(start, end));
        expect(wrong).toEqual([]);
        expect(read).toHaveLength(spans.length);
      });

      it("keeps the order asked, also over several documents and twice the same span", async () => {
        await store.putDocument(docs, sampleDocument("a"), "alpha beta");
        await store.putDocument(docs, sampleDocument("b"), "gamma delta");
        const spans = [
          spanOf("b", 6, 11),
          spanOf("unknown", 0, 3),
          spanOf("a", 0, 5),
          spanOf("b", 0, 5),
          spanOf("a", 0, 5),
          spanOf("a", 6, 900),
          spanOf("a", 10, 12),
          spanOf("a", 500, 501),
        ];
        const read = await store.readSpans(docs, spans);
        expect(read).toEqual(["delta", null, "alpha", "gamma", "alpha", "beta", "", ""]);
      });

      it("reads an empty text as empty, not as unknown", async () => {
        await store.putDocument(docs, sampleDocument("empty", { textLength: 0 }), "");
        expect(await store.readSpans(docs, [spanOf("empty", 0, 0), spanOf("empty", 0, 10)])).toEqual(["", ""]);
      });
    });

    describe("readers and writers", () => {
      it("answers readers while chunks are written, without error and never going back", async () => {
        const points = randomPoints(120, 11);
        const reader = await secondHandle();
        const written = new Map(points.map(({ chunk }) => [chunk.id, chunk]));
        const progress = { done: false };
        const writing = (async () => {
          for (let at = 0; at < points.length; at += 10) await store.upsertChunks(docs, points.slice(at, at + 10));
        })().finally(() => {
          progress.done = true;
        });
        let seen = 0;
        do {
          const query = sampleQuery({ vector: unit([1]), terms: [7919], denseLimit: 200, lexicalLimit: 200 });
          const { candidates } = await reader.search(docs, query);
          for (const { chunk } of candidates) expect(chunk).toEqual(written.get(chunk.id));
          expect(candidates.length).toBeGreaterThanOrEqual(seen);
          seen = candidates.length;
        } while (!progress.done);
        await writing;
        const last = await reader.search(docs, sampleQuery({ vector: unit([1]), denseLimit: 200 }));
        expect(last.candidates).toHaveLength(points.length);
      });

      it("keeps everything of two writers at once", async () => {
        const other = await secondHandle();
        const [left, right] = [randomPoints(60, 21), randomPoints(60, 22)];
        await Promise.all([writeInBatches(store, left), writeInBatches(other, right)]);
        const query = sampleQuery({ vector: unit([1]), denseLimit: 200, terms: [7919] });
        const found = await store.search(docs, query);
        const expected = expectedSearch([...left, ...right], query);
        expect(idsOf(found)).toEqual(idsOf(expected));
        expect(found.idf.get(7919)).toBeCloseTo(expected.idf.get(7919) ?? Number.NaN, 5);
        expect(await other.describeCollection(docs)).toMatchObject({ chunks: 120 });

        async function writeInBatches(writer: VectorStore, points: readonly ChunkPoint[]): Promise<void> {
          for (let at = 0; at < points.length; at += 5) await writer.upsertChunks(docs, points.slice(at, at + 5));
        }
      });

      it("lets only one of two creators of the same name win", async () => {
        const other = await secondHandle();
        const contested = newName("contested");
        const outcomes = await Promise.allSettled([
          store.createCollection(contested, sampleSettings()),
          other.createCollection(contested, sampleSettings()),
        ]);
        expect(outcomes.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
        const refused = outcomes.find((outcome) => outcome.status === "rejected");
        expect(refused?.reason).toMatchObject({ code: "collection_exists" });
      });
    });

    describe("cancelling", () => {
      const calls: readonly (readonly [
        string,
        (target: VectorStore, collection: string, options: CallOptions) => Promise<unknown>,
      ])[] = [
        ["listCollections", (target, _collection, options) => target.listCollections(options)],
        ["describeCollection", (target, collection, options) => target.describeCollection(collection, options)],
        [
          "createCollection",
          (target, collection, options) => target.createCollection(`${collection}-2`, sampleSettings(), options),
        ],
        ["deleteCollection", (target, collection, options) => target.deleteCollection(collection, options)],
        [
          "promoteCollection",
          (target, collection, options) => target.promoteCollection(collection, `${collection}-2`, options),
        ],
        ["listDocuments", (target, collection, options) => target.listDocuments(collection, { limit: 1, ...options })],
        ["getDocument", (target, collection, options) => target.getDocument(collection, idOf("a"), options)],
        [
          "putDocument",
          (target, collection, options) => target.putDocument(collection, sampleDocument("a"), "text", options),
        ],
        ["deleteDocuments", (target, collection, options) => target.deleteDocuments(collection, [idOf("k")], options)],
        ["readSpans", (target, collection, options) => target.readSpans(collection, [spanOf("a", 0, 1)], options)],
        ["chunkStates", (target, collection, options) => target.chunkStates(collection, idOf("a"), options)],
        ["listChunks", (target, collection, options) => target.listChunks(collection, idOf("a"), options)],
        ["upsertChunks", (target, collection, options) => target.upsertChunks(collection, [samplePoint("b")], options)],
        [
          "refreshChunks",
          (target, collection, options) =>
            target.refreshChunks(collection, [sampleChunk("kept", { document: "k", text: "No" })], options),
        ],
        ["deleteChunks", (target, collection, options) => target.deleteChunks(collection, [idOf("kept")], options)],
        ["search", (target, collection, options) => target.search(collection, sampleQuery({ terms: [1] }), options)],
        ["ping", (target, _collection, options) => target.ping(options)],
        ["verify", (target, _collection, options) => target.verify(options)],
      ];
      it.each(calls)(
        "%s rejects with the reason of a signal that is already aborted and does nothing",
        async (_title, call) => {
          const kept = samplePoint("kept", { document: "k" });
          await upsert([kept]);
          madeNames.add(`${docs}-2`);
          const reason = new Error("stop it");
          await expect(call(store, docs, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
          expect(await store.describeCollection(docs)).toMatchObject({ documents: 0, chunks: 1 });
          expect(await store.listChunks(docs, idOf("k"))).toEqual([kept.chunk]);
          expect(await store.describeCollection(`${docs}-2`)).toBeNull();
        },
      );

      it("rejects with the reason when aborted on the way, and goes on working", async () => {
        await upsert(randomPoints(50, 5));
        const reason = new Error("enough");
        const controller = new AbortController();
        const query = sampleQuery({ vector: unit([1]) });
        const searching = store.search(docs, query, { signal: controller.signal });
        controller.abort(reason);
        await expect(searching).rejects.toBe(reason);
        expect((await store.search(docs, query)).candidates).toHaveLength(10);
      });
    });

    describe("the store itself", () => {
      it("answers a ping and names its kind and place", async () => {
        await store.ping();
        expect(["embedded", "qdrant"]).toContain(store.kind);
        expect(store.location).not.toBe("");
      });

      it("finds no damage in what it stored, changed and removed", async () => {
        const points = randomPoints(40, 3);
        await upsert(points);
        await store.deleteChunks(
          docs,
          points.slice(0, 10).map(({ chunk }) => chunk.id),
        );
        await store.putDocument(docs, sampleDocument("d"), "A text.");
        await store.putDocument(docs, sampleDocument("d"), null);
        await store.verify();
      });

      it("can be closed twice", async () => {
        const other = await secondHandle();
        if (other === store) return;
        await other.close();
        await other.close();
      });

      it("has everything after it is opened anew", async ({ skip }) => {
        if (opened.reopen === undefined) return skip("keeps nothing");
        const points = randomPoints(30, 9);
        await upsert(points);
        await store.putDocument(docs, sampleDocument("a"), "Text 🙂 kept");
        const query = sampleQuery({ vector: unit([1, 1]), terms: [7919, 2 * 7919] });
        const before = await store.search(docs, query);
        const info = await store.describeCollection(docs);
        await store.close();
        store = await opened.reopen();
        expect(await store.describeCollection(docs)).toEqual(info);
        expect(await store.getDocument(docs, idOf("a"))).toEqual(sampleDocument("a"));
        expect(await store.readSpans(docs, [spanOf("a", 5, 12)])).toEqual(["🙂 kept"]);
        const after = await store.search(docs, query);
        expect(after.candidates.toSorted(byChunkId)).toEqual(before.candidates.toSorted(byChunkId));
        expect(after.idf).toEqual(before.idf);
      });
    });
  });
}

function spanOf(document: string, start: number, end: number): { readonly documentId: string; readonly span: Span } {
  return { documentId: idOf(document), span: { start, end } };
}

function idsOf({ candidates }: Pick<StoreSearchResult, "candidates">): string[] {
  return candidates.map(({ chunk }) => chunk.id).toSorted();
}

function byId(left: { readonly id: string }, right: { readonly id: string }): number {
  return left.id < right.id ? -1 : 1;
}

function byChunkId(
  left: StoreSearchResult["candidates"][number],
  right: StoreSearchResult["candidates"][number],
): number {
  return byId(left.chunk, right.chunk);
}
