import { describe, expect, it } from "vitest";
import { toReferenceScale, REFERENCE_SCALE } from "../../src/domain/similarity-scale.ts";

describe("toReferenceScale", () => {
  const scale = { unrelated: 0.75, related: 0.86 };

  it("puts unrelated and related texts where the bundled model has them, and leaves 1", () => {
    expect(toReferenceScale(0.75, scale)).toBeCloseTo(REFERENCE_SCALE.unrelated, 10);
    expect(toReferenceScale(0.86, scale)).toBeCloseTo(REFERENCE_SCALE.related, 10);
    expect(toReferenceScale(1, scale)).toBeCloseTo(1, 10);
  });

  it("keeps the order of cosines", () => {
    const cosines = Array.from({ length: 201 }, (_, index) => -1 + index / 100);
    const read = cosines.map((cosine) => toReferenceScale(cosine, scale));
    expect(read).toEqual(read.toSorted((left, right) => left - right));
    expect(new Set(read).size).toBe(cosines.length);
  });

  it("changes nothing for the bundled model", () => {
    for (const cosine of [-0.3, 0, 0.36, 0.505, 0.8, 1]) {
      expect(toReferenceScale(cosine, REFERENCE_SCALE)).toBeCloseTo(cosine, 10);
    }
  });
});
