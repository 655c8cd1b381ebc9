import { describe, expect, it } from "vitest";
import { createRandom } from "../../../src/domain/seeded-random.ts";
import { createScanKernel } from "../../../src/store/embedded/scan-kernel.ts";
import { createVectorCodes } from "../../../src/store/embedded/vector-codes.ts";

function randomVectors(count: number, dimensions: number): Float32Array[] {
  const random = createRandom(count + dimensions);
  return Array.from({ length: count }, () => {
    const vector = Float32Array.from({ length: dimensions }, () => random() + random() - 1);
    const length = Math.hypot(...vector);
    return vector.map((value) => value / length);
  });
}

function dot(left: Float32Array, right: Float32Array): number {
  return left.reduce((sum, value, at) => sum + value * (right[at] ?? 0), 0);
}

describe("createScanKernel", () => {
  it("multiplies a query with codes, also the largest numbers of a long vector", () => {
    const kernel = createScanKernel(3);
    const { memory } = kernel;
    const length = 1536;
    const query = new Int16Array(memory.buffer, 0, length).fill(-11_008);
    const codes = new Int8Array(memory.buffer, 2 * 65_536, 2 * length).fill(-127, 0, length).fill(127, length);
    codes[5] = 3;
    kernel.scan({ query: 0, codes: 2 * 65_536, count: 2, length, out: 65_536 });
    const expected = [0, 1].map((at) =>
      codes.subarray(at * length, (at + 1) * length).reduce((sum, code, index) => sum + code * (query[index] ?? 0), 0),
    );
    expect([...new Int32Array(memory.buffer, 65_536, 3)]).toEqual([...expected, 0]);
  });
});

describe("createVectorCodes", () => {
  it.each([8, 100, 384])("bounds the cosines of %i numbers closely and gives them in falling order", (dimensions) => {
    const vectors = randomVectors(2500, dimensions);
    const codes = createVectorCodes(dimensions);
    for (const [row, vector] of vectors.entries()) codes.add({ row, window: row % 3 }, vector);
    const [query = new Float32Array()] = randomVectors(1, dimensions);
    const given = [...codes.candidates({ vector: query, limit: 10, allowed: null })];
    expect(given.map(({ row }) => row).toSorted((left, right) => left - right)).toEqual([...vectors.keys()]);
    for (const [at, { row, window, bound }] of given.entries()) {
      const cosine = dot(query, vectors[row] ?? query);
      expect(bound).toBeGreaterThanOrEqual(cosine);
      expect(bound - cosine).toBeLessThan(0.03);
      expect(bound).toBeLessThanOrEqual(given[at - 1]?.bound ?? Infinity);
      expect(window).toBe(row % 3);
    }
  });

  it("takes vectors of any length and none at all", () => {
    const codes = createVectorCodes(4);
    codes.add({ row: 1, window: 0 }, Float32Array.of(0, 0, 0, 0));
    codes.add({ row: 2, window: 0 }, Float32Array.of(300, 0, 0, 0));
    const rows = (vector: Float32Array): number[] =>
      [...codes.candidates({ vector, limit: 1, allowed: null })].map(({ row }) => row);
    expect(rows(Float32Array.of(0.5, 0, 0, 0))).toEqual([2, 1]);
    expect(new Set(rows(Float32Array.of(0, 0, 0, 0)))).toEqual(new Set([1, 2]));
  });

  it("leaves out what was dropped and what is not allowed", () => {
    const vectors = randomVectors(20, 16);
    const codes = createVectorCodes(16);
    for (const [row, vector] of vectors.entries()) codes.add({ row, window: 0 }, vector);
    codes.dropSlot(3);
    codes.dropRows(Uint8Array.of(1, 0, 1));
    const rows = (allowed: Uint8Array | null): number[] =>
      [...codes.candidates({ vector: vectors[4] ?? new Float32Array(16), limit: 5, allowed })]
        .map(({ row }) => row)
        .toSorted((left, right) => left - right);
    expect(rows(null)).toEqual([1, ...Array.from({ length: 16 }, (_, at) => at + 4)]);
    expect(rows(Uint8Array.of(1, 1, 0, 1, 0, 1))).toEqual([1, 5]);
    codes.clear();
    expect(rows(null)).toEqual([]);
    codes.add({ row: 9, window: 0 }, vectors[9] ?? new Float32Array(16));
    expect(rows(null)).toEqual([9]);
  });
});
