import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Chunk } from "../../../src/domain/chunk.ts";
import { findPlaces, type FoundPlaces } from "../../../src/retrieval/code/find-places.ts";
import type { TaskPlace } from "../../../src/retrieval/code/task-places.ts";
import type { StoreFilter, VectorStore } from "../../../src/store/vector-store.ts";
import { openEmbeddedStore } from "../../../src/store/embedded/embedded-store.ts";
import { IN_MEMORY } from "../../../src/store/embedded/protocol.ts";
import { makeChunk } from "../../support/make-chunk.ts";

let opened: VectorStore;
beforeAll(async () => {
  opened = await openEmbeddedStore({ file: IN_MEMORY });
});
afterAll(async () => opened.close());

/** A file of two functions, `feed` in its lines 1 to 10 and `water` in its lines 11 to 20. */
function fileOf(source: string): readonly Chunk[] {
  const parts = { documentId: source, source, language: "typescript" };
  return [
    makeChunk({ ...parts, ordinal: 0, symbol: "feed", text: "function feed() {}", lines: { start: 1, end: 10 } }),
    makeChunk({ ...parts, ordinal: 1, symbol: "water", text: "function water() {}", lines: { start: 11, end: 20 } }),
  ];
}

async function find(
  places: readonly Partial<TaskPlace>[],
  { sources, filter = {} }: { readonly sources: readonly string[]; readonly filter?: StoreFilter },
): Promise<FoundPlaces> {
  const files = new Map(sources.map((source) => [source, fileOf(source)]));
  const documents = sources.map((source) => ({
    id: source,
    root: "/zoo",
    source,
    title: null,
    language: "typescript",
  }));
  return findPlaces(
    places.map((place) => ({ path: "", line: null, name: null, isTraced: true, ...place })),
    {
      store: { ...opened, listChunks: async (_, id) => [...(files.get(id) ?? [])] },
      collection: "zoo",
      catalogue: { list: async () => documents },
      filter,
    },
  );
}

describe("findPlaces", () => {
  it("finds the piece at a line, or where its function stands by now", async () => {
    const at = async (place: Partial<TaskPlace>): Promise<readonly (string | null)[]> =>
      (await find([{ path: "src/bowl.ts", ...place }], { sources: ["src/bowl.ts"] })).pieces.map(
        ({ symbol }) => symbol,
      );
    expect(await at({ line: 12 })).toEqual(["water"]);
    expect(await at({ line: 12, name: "water" })).toEqual(["water"]);
    expect(await at({ line: 12, name: "feed" })).toEqual(["feed"]);
    expect(await at({ line: 12, name: "gone" })).toEqual(["water"]);
    expect(await at({ line: 99 })).toEqual([]);
  });

  it("gives the file of the innermost place most, and one that is only spoken of least", async () => {
    const sources = ["a.ts", "b.ts", "c.ts", "d.ts"];
    const { gains, traced } = await find(
      sources.map((path) => ({ path, isTraced: path !== "c.ts" })),
      { sources },
    );
    const [a = 0, b = 0, c = 0, d = 0] = sources.map((source) => gains.get(source));
    expect(a).toBeGreaterThan(b);
    expect(b).toBeGreaterThan(d);
    expect(d).toBeGreaterThan(c);
    expect(c).toBeGreaterThan(0);
    expect([...traced]).toEqual(["a.ts", "b.ts", "d.ts"]);
  });

  it("takes a path for one of the collection's own where that is certain, or its function is defined there", async () => {
    const foreign = { path: "/app/node_modules/other/lib/bowl.ts", line: 3 };
    const sources = ["lib/bowl.ts"];
    expect((await find([{ ...foreign, name: "sleep" }], { sources })).own.size).toBe(0);
    expect((await find([{ ...foreign, name: "feed" }], { sources })).own.size).toBe(1);
  });

  it("takes the files that share most of a path, and none where these are many", async () => {
    const files = (count: number): readonly string[] => Array.from({ length: count }, (_, at) => `p${at}/bowl.ts`);
    const named = async (path: string, sources: readonly string[]): Promise<readonly string[]> => [
      ...(await find([{ path }], { sources })).gains.keys(),
    ];
    expect(await named("p2/bowl.ts", files(9))).toEqual(["p2/bowl.ts"]);
    expect(await named("bowl.ts", files(3))).toEqual(files(3));
    expect(await named("bowl.ts", files(4))).toEqual([]);
  });

  it("counts only documents within the filter", async () => {
    const sources = ["p0/bowl.ts", "p1/bowl.ts", "p2/bowl.ts", "p3/bowl.ts"];
    const { gains } = await find([{ path: "bowl.ts" }], { sources, filter: { documentIds: sources.slice(2) } });
    expect([...gains.keys()]).toEqual(sources.slice(2));
    expect((await find([{ path: "bowl.ts" }], { sources, filter: { roots: ["/other"] } })).gains.size).toBe(0);
  });
});
