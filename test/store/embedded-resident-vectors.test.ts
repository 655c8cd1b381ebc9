import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openEmbeddedStore } from "../../src/store/embedded-store.ts";
import type { StoreQuery, VectorStore } from "../../src/store/vector-store.ts";
import { idOf, randomPoints, samplePoint, sampleQuery, sampleSettings, unit } from "./store-samples.ts";

const KEPT = { from: 0, atOnce: true };

describe("embedded store with vectors in memory", () => {
  let folder: string;
  let file: string;
  let kept: VectorStore;
  let plain: VectorStore;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "embedded-memory-"));
    file = join(folder, "store.sqlite");
    kept = await openEmbeddedStore({ file, vectorMemory: KEPT });
    plain = await openEmbeddedStore({ file, vectorMemory: { upTo: -1 } });
    await plain.createCollection("docs", sampleSettings());
  });

  afterEach(async () => {
    await Promise.all([kept.close(), plain.close()]);
    await rm(folder, { recursive: true });
  });

  const queries: StoreQuery[] = [
    sampleQuery({ vector: unit([0.3, -0.2, 0.5, 0.1, -0.7]) }),
    sampleQuery({ vector: unit([1]), denseLimit: 300 }),
    sampleQuery({ vector: unit([-1, 0.4]), terms: [7919], filter: { languages: ["text", "markdown"] } }),
    sampleQuery({ vector: unit([0, 1, 1]), filter: { roots: ["/code"] }, denseLimit: 40 }),
  ];

  /** Both find the same, each chunk with the same scores. */
  async function expectSame(): Promise<void> {
    for (const query of queries) {
      const [found, expected] = await Promise.all([kept.search("docs", query), plain.search("docs", query)]);
      const sorted = ({ candidates }: typeof found): unknown[] =>
        candidates
          .map(({ chunk, dense, lexical }) => [chunk.id, dense, lexical])
          .toSorted(([left], [right]) => (String(left) < String(right) ? -1 : 1));
      expect(sorted(found)).toEqual(sorted(expected));
    }
  }

  it("finds what a scan of the file finds, after every kind of write by another connection", async () => {
    const points = randomPoints(700, 11);
    for (let start = 0; start < 600; start += 200) {
      await plain.upsertChunks("docs", points.slice(start, start + 200));
      await expectSame();
    }
    // Other vectors for known chunks, among them fewer and more windows.
    const others = randomPoints(700, 12);
    await plain.upsertChunks(
      "docs",
      points.slice(0, 90).map((point, at) => ({ ...point, vectors: others[at]?.vectors ?? point.vectors })),
    );
    await expectSame();
    await plain.deleteChunks(
      "docs",
      points.slice(50, 250).map(({ chunk }) => chunk.id),
    );
    await expectSame();
    // They may get the rows of those that went.
    await plain.deleteChunks("docs", [points[599]?.chunk.id ?? ""]);
    await plain.upsertChunks("docs", points.slice(600));
    await expectSame();
    await plain.refreshChunks("docs", points.slice(300, 320));
    await expectSame();
  });

  it("notices when most vectors are gone, and when the table is written anew", async () => {
    const points = randomPoints(1500, 13);
    for (let start = 0; start < points.length; start += 250) {
      await plain.upsertChunks("docs", points.slice(start, start + 250));
    }
    await expectSame();
    for (let start = 0; start < 1400; start += 200) {
      await plain.deleteChunks(
        "docs",
        points.slice(start, start + 200).map(({ chunk }) => chunk.id),
      );
    }
    await expectSame();
    await plain.upsertChunks("docs", points.slice(0, 5));
    await expectSame();
  });

  it("follows a name to its new content", async () => {
    await plain.upsertChunks("docs", randomPoints(200, 14));
    await expectSame();
    await plain.createCollection("next", sampleSettings());
    await plain.upsertChunks("next", randomPoints(300, 15));
    await plain.promoteCollection("next", "docs");
    await expectSame();
  });

  it("reads them after the first search, if there are enough and not too many", async () => {
    const limits = { from: 100, upTo: 500 };
    const store = await openEmbeddedStore({ file, vectorMemory: limits });
    await store.createCollection("few", sampleSettings());
    await store.upsertChunks("few", [samplePoint("one"), samplePoint("two", { vectors: [[0, 1]] })]);
    await store.upsertChunks("docs", randomPoints(120, 16));
    await store.createCollection("many", sampleSettings());
    await store.upsertChunks("many", randomPoints(250, 17));
    const query = sampleQuery({ vector: unit([1]), denseLimit: 1 });
    for (let round = 0; round < 3; round += 1) {
      expect((await store.search("few", query)).candidates.map(({ chunk }) => chunk.id)).toEqual([idOf("one")]);
      for (const name of ["docs", "many"]) {
        const [found, expected] = await Promise.all([store.search(name, query), plain.search(name, query)]);
        expect(found.candidates).toEqual(expected.candidates);
      }
    }
    await store.close();
  });
});
