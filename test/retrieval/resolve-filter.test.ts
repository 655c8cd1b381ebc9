import { expect, it } from "vitest";
import { sourceMatcher } from "../../src/retrieval/resolve-filter.ts";

it("matches a source that equals a pattern, whatever signs are in it, and globs", () => {
  const matches = sourceMatcher(["notes [old].md", "guide/**"]);
  expect(["notes [old].md", "guide/a/b.md", "other.md"].map(matches)).toEqual([true, true, false]);
});

it("refuses an empty pattern, which would match nothing", () => {
  expect(() => sourceMatcher(["guide/**", ""])).toThrow(/A source is empty; give a path/);
});
