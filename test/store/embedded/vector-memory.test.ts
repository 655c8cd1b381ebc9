import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createChunkOperations } from "../../../src/store/embedded/chunks.ts";
import { createCollectionOperations, findCollection } from "../../../src/store/embedded/collections.ts";
import { type EmbeddedDatabase, openEmbeddedDatabase } from "../../../src/store/embedded/database.ts";
import { IN_MEMORY } from "../../../src/store/embedded/protocol.ts";
import { createResidentVectors, type ResidentVectors } from "../../../src/store/embedded/resident-vectors.ts";
import { bytesPerCode } from "../../../src/store/embedded/vector-codes.ts";
import { DIMENSIONS, samplePoint, sampleSettings, unit } from "../store-samples.ts";

describe("createResidentVectors", () => {
  let database: EmbeddedDatabase;

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    database = openEmbeddedDatabase(IN_MEMORY, { busyTimeoutMs: 0 });
  });
  afterEach(() => {
    database.close();
    vi.useRealTimers();
  });

  /** Makes a collection of so many vectors. */
  function fill(name: string, count: number): void {
    createCollectionOperations(database).createCollection(name, sampleSettings());
    const chunks = Array.from({ length: count }, (_, at) => samplePoint(`${name} ${at}`));
    const vectors = new Float32Array(count * DIMENSIONS);
    for (let at = 0; at < count; at += 1) vectors.set(unit([1, at]), at * DIMENSIONS);
    const vectorLengths = chunks.map(() => [DIMENSIONS]);
    createChunkOperations(database).upsertChunks(name, { chunks, vectorLengths, vectors });
  }

  const find = (residents: ResidentVectors, name: string): ReturnType<ResidentVectors["find"]> =>
    database.read(() => residents.find(findCollection(database, name)));

  const turn = async (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

  it("frees the memory after ten minutes without a search, and reads anew", async () => {
    fill("docs", 50);
    const residents = createResidentVectors(database, { from: 1, upTo: 100 * bytesPerCode(DIMENSIONS), atOnce: true });
    const codes = new WeakRef(find(residents, "docs") ?? {});
    vi.advanceTimersByTime(599_000);
    await turn();
    expect(codes.deref()).toMatchObject({ size: 50 });
    vi.advanceTimersByTime(1_000);
    await turn();
    await turn();
    expect(codes.deref()).toBeUndefined();
    expect(find(residents, "docs")?.size).toBe(50);
    residents.close();
  });

  it("keeps as many bytes, hence fewer vectors of more numbers", () => {
    fill("docs", 50);
    const all = 50 * bytesPerCode(DIMENSIONS);
    for (const [upTo, size] of [
      [all, 50],
      [all - 1, undefined],
    ] as const) {
      const residents = createResidentVectors(database, { from: 1, upTo, atOnce: true });
      expect(find(residents, "docs")?.size).toBe(size);
      residents.close();
    }
  });

  it("counts collections that are still being read", async () => {
    for (const name of ["first", "second"]) fill(name, 60);
    const residents = createResidentVectors(database, { from: 1, upTo: 100 * bytesPerCode(DIMENSIONS), atOnce: false });
    for (const name of ["first", "second"]) expect(find(residents, name)).toBeNull();
    await turn();
    await turn();
    expect(find(residents, "second")?.size).toBe(60);
    expect(find(residents, "first")).toBeNull();
    residents.close();
  });
});
