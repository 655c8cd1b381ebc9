import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { backup, DatabaseSync } from "node:sqlite";
import { load as loadVectorExtension } from "sqlite-vec";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ChunkPoint } from "../../../src/domain/chunk.ts";
import { openEmbeddedStore } from "../../../src/store/embedded/embedded-store.ts";
import { bytesPerCode } from "../../../src/store/embedded/vector-codes.ts";
import type { StoreQuery, VectorStore } from "../../../src/store/vector-store.ts";
import { DIMENSIONS, idOf, randomPoints, samplePoint, sampleQuery, sampleSettings, unit } from "../store-samples.ts";

/** Writes as the program did before chunks had versions. */
function openOlderProgram(file: string) {
  const database = new DatabaseSync(file, { allowExtension: true });
  loadVectorExtension(database);
  const bytes = (vector: Float32Array): Uint8Array => new Uint8Array(vector.buffer);
  const inTransaction = (work: () => void): void => {
    database.exec("BEGIN IMMEDIATE");
    work();
    database.exec("COMMIT");
  };
  return {
    add({ chunk }: ChunkPoint, vector: Float32Array): void {
      inTransaction(() => {
        const { lastInsertRowid } = database
          .prepare(
            `INSERT INTO chunks (collection, id, windows, document, root, source, title, language, ordinal, span_start,
               span_end, line_start, line_end, page, symbol, signature, heading, text, fingerprint, terms)
             VALUES (1, ?, 1, ?, '/', 'a', NULL, 'text', 0, 0, 1, 1, 1, NULL, NULL, NULL, NULL, 'x', 'x', x'')`,
          )
          .run(chunk.id, chunk.documentId);
        const key = BigInt(lastInsertRowid) * 65_536n;
        database.prepare("INSERT INTO vectors_1_0 (rowid, embedding) VALUES (?, ?)").run(key, bytes(vector));
        database.exec("UPDATE collections SET chunks = chunks + 1, vectors = vectors + 1 WHERE id = 1");
      });
    },
    change(id: string, vector: Float32Array): void {
      inTransaction(() => {
        const row = Number(database.prepare("SELECT row FROM chunks WHERE id = ?").get(id)?.["row"]);
        const key = BigInt(row) * 65_536n;
        database.prepare("DELETE FROM vectors_1_0 WHERE rowid = ?").run(key);
        database.prepare("UPDATE chunks SET windows = windows, text = 'y' WHERE row = ?").run(row);
        database.prepare("INSERT INTO vectors_1_0 (rowid, embedding) VALUES (?, ?)").run(key, bytes(vector));
        database.exec("UPDATE collections SET chunks = chunks + 0, vectors = vectors + 0 WHERE id = 1");
      });
    },
    close: () => database.close(),
  };
}

function cosine(left: Float32Array, right: Float32Array): number {
  const dot = left.reduce((sum, value, at) => sum + value * (right[at] ?? 0), 0);
  return dot / (Math.hypot(...left) * Math.hypot(...right));
}

/** Memory for a sample vector. */
const BYTES = bytesPerCode(DIMENSIONS);

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

  async function foundFirst(store: VectorStore): Promise<string | undefined> {
    const { candidates } = await store.search("docs", queries[0] ?? sampleQuery());
    return candidates.toSorted((left, right) => (right.dense ?? 0) - (left.dense ?? 0))[0]?.chunk.id;
  }

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

  it("is told of what a program from before the versions goes on writing", async () => {
    const points = randomPoints(300, 18);
    await plain.upsertChunks("docs", points);
    await expectSame();
    const older = openOlderProgram(file);
    older.add(samplePoint("new"), queries[0]?.vector ?? unit([1]));
    await expectSame();
    expect(await foundFirst(kept)).toBe(idOf("new"));
    older.change(idOf("new"), unit([0, 1]));
    older.change(points[7]?.chunk.id ?? "", queries[0]?.vector ?? unit([1]));
    await expectSame();
    expect(await foundFirst(kept)).toBe(points[7]?.chunk.id);
    older.close();
  });

  it("notices that the file was restored from an older copy", async () => {
    const points = randomPoints(400, 19);
    await plain.upsertChunks("docs", points.slice(0, 300));
    const database = new DatabaseSync(file);
    await backup(database, `${file}-copy`);
    database.close();
    await plain.deleteChunks(
      "docs",
      points.slice(0, 200).map(({ chunk }) => chunk.id),
    );
    await expectSame();
    const copy = new DatabaseSync(`${file}-copy`);
    await backup(copy, file);
    copy.close();
    for (const point of points.slice(300, 305)) await plain.upsertChunks("docs", [point]);
    await expectSame();
  });

  it("finds the same ones of equal vectors, those with the first ids", async () => {
    const names = Array.from({ length: 200 }, (_, at) => `equal ${at}`);
    await plain.upsertChunks("docs", [
      samplePoint("nearest", { vectors: [[1, 0.1]] }),
      ...names.map((name) => samplePoint(name, { vectors: [[1]] })),
      ...randomPoints(150, 20),
    ]);
    const first = names.map(idOf).toSorted().slice(0, 9);
    const query = sampleQuery({ vector: unit([1, 0.2]) });
    for (const store of [kept, plain]) {
      for (const filter of [{}, { documentIds: [idOf("document")] }]) {
        const { candidates } = await store.search("docs", { ...query, filter });
        expect(candidates.map(({ chunk }) => chunk.id).toSorted()).toEqual([idOf("nearest"), ...first].toSorted());
      }
    }
  });

  it("finds the nearest among vectors of zeros and of lengths that floats do not hold", async () => {
    const lengths = [0, 1e-25, 1e25, 1];
    const points = randomPoints(400, 21).map((point, at) => {
      const factor = lengths[at % lengths.length] ?? 1;
      return { ...point, vectors: point.vectors.map((vector) => vector.map((value) => value * factor)) };
    });
    await plain.upsertChunks("docs", points);
    await expectSame();
    const vector = unit([0.3, -0.2, 0.5, 0.1, -0.7]);
    const cosineOf = (point: ChunkPoint): number =>
      Math.max(...point.vectors.map((other) => cosine(other, vector) || 0));
    const expected = points.map(cosineOf).toSorted((left, right) => right - left);
    const { candidates } = await plain.search("docs", sampleQuery({ vector }));
    const found = candidates.map(({ dense }) => dense ?? 0).toSorted((left, right) => right - left);
    expect(found.length).toBeGreaterThan(0);
    for (const [at, value] of found.entries()) expect(value).toBeCloseTo(expected[at] ?? Number.NaN, 5);
  });

  it("finds in long vectors what sqlite-vec's own sums of floats call the nearest", async () => {
    await plain.createCollection("long", sampleSettings(1024));
    const points = Array.from({ length: 1100 }, (_, at) => {
      return { ...samplePoint(`long ${at}`), vectors: [new Float32Array(1024).fill((at + 1) / 2200)] };
    });
    for (let start = 0; start < points.length; start += 220) {
      await plain.upsertChunks("long", points.slice(start, start + 220));
    }
    const query = sampleQuery({ vector: new Float32Array(1024).fill(0.301), denseLimit: 3 });
    const found = await Promise.all([kept, plain].map(async (store) => store.search("long", query)));
    const [first, second] = found.map(
      ({ candidates }) => new Map(candidates.map(({ chunk, dense }) => [chunk.id, dense])),
    );
    expect(first).toEqual(second);
  });

  it("reads them after the first search, if there are enough and not too many", async () => {
    const limits = { from: 100, upTo: 500 * BYTES };
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
