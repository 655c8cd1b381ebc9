import { describe, expect, it } from "vitest";
import { COLLECTION_NAME_PATTERN } from "../../src/domain/collection.ts";
import { collectionNameFor } from "../../src/web/collection-name.ts";

describe("collectionNameFor", () => {
  it.each([
    ["contracts", "contracts"],
    ["Mandat Müller", "Mandat-Muller"],
    ["  Straße & Ørsted / 2024 ", "Strasse-Orsted-2024"],
    [".hidden_v1.2", "hidden_v1.2"],
    ["東京 notes", "notes"],
    ["???", ""],
    ["a".repeat(150), "a".repeat(100)],
  ])("gives for %j the name %j, which the server takes", (written, name) => {
    expect(collectionNameFor(written)).toBe(name);
    if (name !== "") expect(name).toMatch(COLLECTION_NAME_PATTERN);
  });
});
