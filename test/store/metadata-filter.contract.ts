import { describe, expect, it } from "vitest";
import { type DocumentMetadata, matchesMetadata, type MetadataFilter } from "../../src/domain/document-metadata.ts";
import type { StoreFilter, VectorStore } from "../../src/store/vector-store.ts";
import {
  expectedSearch,
  idOf,
  randomPoints,
  sampleChunk,
  sampleDocument,
  type SampleOptions,
  samplePoint,
  sampleQuery,
  unit,
} from "./store-samples.ts";

/** One document of each kind of value, in pairs that are easily taken for each other. */
const SAID: Readonly<Record<string, DocumentMetadata | undefined>> = {
  text: { team: "docs", year: "2024", draft: "true", ratio: "0.3" },
  number: { team: "web", year: 2024, ratio: 0.3, big: 12345678901234567000, exponent: 1e21, minus: -1 },
  neighbour: { year: 2025, ratio: 0.1 + 0.2, big: 12345678901234569000, exponent: 1e22, minus: -0 },
  tiny: { ratio: 5e-324, big: 1.7976931348623157e308, minus: 0, year: 20240 },
  truth: { team: "docs", draft: true },
  untruth: { draft: false, year: 1 },
  list: { tags: ["fruit", "red", "fruit"], team: ["docs", "web"] },
  other: { tags: ["fruits"], team: ["do", "cs"] },
  none: { tags: [], team: "" },
  marks: { 'a.b[0] "q" \\': 'Grüße 🙂\n"q" \\ %_*', "": "x", ключ: "да", tags: ["a\u0000b", '","'] },
  alike: { "a.b[0]": "Grüße", constructor: "x", tags: ["a", "b", "a\u0000c"], note: '{"team":"docs","year":2024}' },
  long: { note: "x".repeat(15_000), team: "docs" },
  silent: undefined,
  empty: {},
};

const FILTERS: readonly MetadataFilter[] = [
  {},
  { team: "docs" },
  { team: "Docs" },
  { team: "" },
  { team: ["web", "docs"] },
  { team: ["do", "nobody"] },
  { year: 2024 },
  { year: "2024" },
  { year: ["2024", 2025] },
  { year: ["2024", 2024] },
  { year: [1, 2, 3, 4, 5, 6, 2024] },
  { ratio: 0.3 },
  { ratio: 0.1 + 0.2 },
  { ratio: "0.3" },
  { ratio: 5e-324 },
  { big: 12345678901234567000 },
  { big: 1.7976931348623157e308 },
  { exponent: 1e21 },
  { exponent: 1000000000000000000000 },
  { minus: 0 },
  { minus: -0 },
  { minus: -1 },
  { draft: true },
  { draft: false },
  { draft: "true" },
  { draft: [true, false, "true"] },
  { draft: 1 },
  { year: true },
  { tags: "fruit" },
  { tags: ["fruits", "nothing"] },
  { tags: "a\u0000b" },
  { tags: "a\u0000" },
  { tags: '","' },
  { 'a.b[0] "q" \\': 'Grüße 🙂\n"q" \\ %_*' },
  { "a.b[0]": ["Grüße", "x"] },
  { ключ: "да" },
  { constructor: "x" },
  { toString: "x" },
  { note: "x".repeat(15_000) },
  { note: "x".repeat(14_999) },
  { team: "docs", year: "2024" },
  { team: "docs", draft: [true, "true"], year: ["2024"] },
  { team: "docs", unknown: "x" },
  { team: Array.from({ length: 1_000 }, (_, at) => (at === 999 ? "docs" : `team ${at}`)) },
  { team: [] },
];

/** Filters over metadata, as every {@link VectorStore} has to carry them out. */
export function describeMetadataFilter(open: () => { readonly store: VectorStore; readonly name: string }): void {
  describe("filters over metadata", () => {
    const both = sampleQuery({ vector: unit([1]), terms: [10], denseLimit: 200, lexicalLimit: 200 });

    async function found(filter: StoreFilter): Promise<string[]> {
      const { store, name } = open();
      const { candidates } = await store.search(name, { ...both, filter });
      return candidates.map(({ chunk }) => chunk.id).toSorted();
    }

    async function put(
      name: string,
      metadata: DocumentMetadata | undefined,
      text: string | null = "Text",
    ): Promise<void> {
      const record = sampleDocument(name, metadata === undefined ? {} : { metadata });
      await open().store.putDocument(open().name, record, text);
    }

    async function upsert(name: string, options: SampleOptions = {}): Promise<void> {
      const point = samplePoint(name, { document: name, terms: { 10: 1 }, ...options });
      await open().store.upsertChunks(open().name, [point]);
    }

    it("compare values as matchesMetadata does: text, number, truth, list, and nothing", async () => {
      for (const [name, metadata] of Object.entries(SAID)) {
        await upsert(name);
        await put(name, metadata);
      }
      for (const filter of FILTERS) {
        const wanted = Object.keys(SAID).filter((name) => matchesMetadata(SAID[name], filter));
        expect(await found({ metadata: filter }), JSON.stringify(filter).slice(0, 100)).toEqual(
          wanted.map(idOf).toSorted(),
        );
      }
    });

    it("are met by the record, whether it is stored before the chunks or after them", async () => {
      await put("first", { team: "docs" });
      await upsert("first");
      await upsert("last");
      expect(await found({ metadata: { team: "docs" } })).toEqual([idOf("first")]);
      await put("last", { team: "docs" });
      expect(await found({ metadata: { team: "docs" } })).toEqual([idOf("first"), idOf("last")].toSorted());
      await upsert("orphan");
      expect(await found({ metadata: { team: "docs" } })).toHaveLength(2);
    });

    it("follow the record when it alone is put anew, and when its metadata is taken away", async () => {
      await upsert("a", { vectors: [[0, 1], [1], [-1]] });
      await upsert("b");
      await put("a", { team: "docs", tags: ["x"] });
      await put("b", { team: "docs" });
      await put("a", { team: "web" }, null);
      expect(await found({ metadata: { team: "docs" } })).toEqual([idOf("b")]);
      expect(await found({ metadata: { tags: "x" } })).toEqual([]);
      expect(await found({ metadata: { team: "web" } })).toEqual([idOf("a")]);
      await put("a", undefined, null);
      await put("b", {}, "Text");
      expect(await found({ metadata: { team: ["web", "docs"] } })).toEqual([]);
      expect(await found({})).toEqual([idOf("a"), idOf("b")].toSorted());
    });

    it("are met by every window of a chunk, also after it was stored or refreshed again", async () => {
      const { store, name } = open();
      const windows = { document: "a", terms: { 10: 1 }, vectors: [[-1], [0, 1], [1]] };
      await put("a", { team: "docs" });
      await upsert("a", windows);
      await upsert("b", { vectors: [[1, 0.1]] });
      const best = async (): Promise<number | null | undefined> => {
        const query = { ...both, denseLimit: 1, terms: [], filter: { metadata: { team: "docs" } } };
        return (await store.search(name, query)).candidates[0]?.dense;
      };
      expect(await best()).toBeCloseTo(1, 5);
      await store.refreshChunks(name, [sampleChunk("a", { ...windows, fingerprint: "moved", ordinal: 3 })]);
      expect(await best()).toBeCloseTo(1, 5);
      await upsert("a", windows);
      expect(await best()).toBeCloseTo(1, 5);
      await put("a", undefined, null);
      await store.refreshChunks(name, [sampleChunk("a", { ...windows, fingerprint: "back" })]);
      expect(await best()).toBeUndefined();
    });

    it("end with the document, and do not come back with its chunks", async () => {
      const { store, name } = open();
      await upsert("a");
      await put("a", { team: "docs" });
      await store.deleteDocuments(name, [idOf("a")]);
      await upsert("a");
      expect(await found({ metadata: { team: "docs" } })).toEqual([]);
    });

    it("give each chunk with what is said of its document, whatever is asked", async () => {
      const { store, name } = open();
      const metadata = { ...SAID["marks"], ...SAID["list"], none: [], ratio: 0.1 + 0.2, draft: false };
      await put("a", metadata);
      await upsert("a");
      await upsert("b");
      await put("b", {});
      const said = async (query: Partial<typeof both>): Promise<unknown> => {
        const { candidates } = await store.search(name, { ...both, ...query });
        return Object.fromEntries(candidates.map((candidate) => [candidate.chunk.id, candidate.metadata ?? "none"]));
      };
      for (const query of [{}, { vector: null }, { terms: [] }]) {
        expect(await said(query)).toEqual({ [idOf("a")]: metadata, [idOf("b")]: "none" });
      }
      const [candidate] = (await store.search(name, { ...both, filter: { metadata: { draft: false } } })).candidates;
      expect(JSON.stringify(candidate?.metadata)).toBe(JSON.stringify(metadata));
      expect(await store.listChunks(name, idOf("a"))).toEqual([sampleChunk("a", { document: "a" }).chunk]);
    });

    it.each<[string, StoreFilter]>([
      ["alone", { metadata: { half: true } }],
      ["with documents", { metadata: { half: true }, documentIds: [2, 3, 4].map((at) => idOf(`document ${at}`)) }],
      ["with languages", { metadata: { third: [0, 2] }, languages: ["typescript", "text"] }],
      ["with roots", { metadata: { tags: "t1", half: false }, roots: ["/code"] }],
      [
        "with all of them",
        {
          metadata: { third: [0, 1] },
          documentIds: [1, 3, 4, 6].map((at) => idOf(`document ${at}`)),
          languages: ["markdown", "text"],
          roots: ["/docs"],
        },
      ],
    ])("agree with a plain calculation over 150 chunks: %s", async (_title, filter) => {
      const { store, name } = open();
      const points = randomPoints(150, 11);
      const metadata = new Map<string, DocumentMetadata>();
      for (let at = 0; at < 7; at += 1) {
        const said = { half: at % 2 === 0, third: at % 3, tags: [`t${at % 2}`, "all"] };
        metadata.set(idOf(`document ${at}`), said);
        if (at % 2 === 0) await put(`document ${at}`, said);
      }
      for (let at = 0; at < points.length; at += store.maxBatchSize) {
        await store.upsertChunks(name, points.slice(at, at + store.maxBatchSize));
      }
      for (let at = 1; at < 7; at += 2) await put(`document ${at}`, metadata.get(idOf(`document ${at}`)));
      const query = sampleQuery({ vector: unit([0.3, -0.2, 0.5]), terms: [7919, 3 * 7919], lexicalLimit: 17, filter });
      const documentIds = [...metadata]
        .filter(
          ([id, said]) => matchesMetadata(said, filter.metadata ?? {}) && (filter.documentIds?.includes(id) ?? true),
        )
        .map(([id]) => id);
      const expected = expectedSearch(points, { ...query, filter: { ...filter, documentIds } });
      const result = await store.search(name, query);
      const wanted = new Map(expected.candidates.map((candidate) => [candidate.chunk.id, candidate]));
      expect(new Set(result.candidates.map(({ chunk }) => chunk.id))).toEqual(new Set(wanted.keys()));
      for (const { chunk, dense, lexical, metadata: said } of result.candidates) {
        expect(dense).toBeCloseTo(wanted.get(chunk.id)?.dense ?? Number.NaN, 5);
        expect(lexical).toBeCloseTo(wanted.get(chunk.id)?.lexical ?? Number.NaN, 4);
        expect(said).toEqual(metadata.get(chunk.documentId));
      }
      for (const [term, value] of expected.idf) expect(result.idf.get(term)).toBeCloseTo(value, 5);
    });
  });
}
