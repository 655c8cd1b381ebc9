import { describe, expect, it } from "vitest";
import { editDistance } from "../../src/domain/edit-distance.ts";

describe("editDistance", () => {
  it.each([
    ["embedding", "embedding", 0],
    ["chnage", "change", 1],
    ["embeding", "embedding", 1],
    ["limmit", "limit", 1],
    ["filds", "files", 1],
    ["uplaosd", "uploads", 2],
    ["", "ab", 2],
  ])("counts letters left out, added, replaced and swapped: %s, %s", (left, right, distance) => {
    expect(editDistance(left, right, 2)).toBe(distance);
    expect(editDistance(right, left, 2)).toBe(distance);
  });

  it("stops counting beyond its limit", () => {
    expect(editDistance("kitten", "sitting", 1)).toBe(2);
    expect(editDistance("a", "abcdef", 2)).toBe(3);
    expect(editDistance("abcdef", "ghijkl", 2)).toBe(3);
  });
});
