import { expect, it } from "vitest";
import { nearestName } from "../../src/config/nearest-name.ts";

it.each([
  ["prot", "port"],
  ["Port", "port"],
  ["embeddingModelName", "embeddingModel"],
  ["chunksize", undefined],
  ["zzzz", undefined],
])("takes %s for a slip of %s: two edits, or one for every three letters", (name, meant) => {
  expect(nearestName(name, ["port", "host", "embeddingModel"])).toBe(meant);
});
