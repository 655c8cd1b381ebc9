import { describe, expect, it } from "vitest";
import { countOf } from "../../src/domain/count-of.ts";

describe("countOf", () => {
  it.each([
    [0, "0 documents"],
    [1, "1 document"],
    [2, "2 documents"],
    [12_345, "12,345 documents"],
  ])("says %i as %s", (value, words) => {
    expect(countOf(value, "document")).toBe(words);
  });

  it("takes a plural of its own", () => {
    expect([1, 2].map((value) => countOf(value, "search", "searches"))).toEqual(["1 search", "2 searches"]);
  });
});
