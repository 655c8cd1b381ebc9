import { expect, it } from "vitest";
import { pathOf } from "../../../src/cli/output/source-link.ts";

it.each([
  [{ root: "/work/docs", source: "guide/a.md" }, "docs/guide/a.md"],
  [{ root: "/work/docs", source: "note: today.md" }, "docs/note: today.md"],
  [{ root: "/work/docs/a.md", source: "a.md" }, "docs/a.md"],
  [{ root: "https://example.com/", source: "https://example.com/a" }, "https://example.com/a"],
  [{ root: "uploads", source: "notes.md" }, "uploads/notes.md"],
])("gives the path of %j from the working folder", (place, shown) => {
  expect(pathOf(place, "/work")).toBe(shown);
});
