import { describe, expect, it } from "vitest";
import {
  isSameMetadata,
  matchesMetadata,
  MAX_METADATA_BYTES,
  MAX_METADATA_KEYS,
  metadataFilterProblem,
  metadataProblem,
  spelledValues,
} from "../../src/domain/document-metadata.ts";

const keys = (count: number): object => Object.fromEntries(Array.from({ length: count }, (_, at) => [`k${at}`, at]));

describe("a document's metadata", () => {
  it.each([
    {},
    { team: "docs", year: 2025, draft: false, tags: ["a", "b"], none: [], "Größe 🙂": -0.5 },
    keys(MAX_METADATA_KEYS),
    { ["k".repeat(64)]: "v" },
    { k: "v".repeat(MAX_METADATA_BYTES - 8) },
  ])("may be %#", (metadata) => {
    expect(metadataProblem(metadata)).toBeNull();
  });

  it.each([
    [null, /^Metadata is an object of texts/],
    [["a"], /^Metadata is an object of texts/],
    [{ a: null }, /^"a" is null; metadata holds texts/],
    [{ a: { b: 1 } }, /^"a" is an object;/],
    [{ a: ["b", 1] }, /^"a" is a list of other things than texts;/],
    [{ a: Number.NaN }, /^"a" is the number NaN;/],
    [{ a: "\ud800" }, /^"a" is a text with half a character;/],
    [{ "": 1 }, /^"" cannot be a key/],
    [{ "a\n": 1 }, /^"a\\n" cannot be a key/],
    [{ ["k".repeat(65)]: 1 }, /cannot be a key of metadata; a key has 1 to 64 characters/],
    [JSON.parse('{"__proto__": 1}'), /^"__proto__" cannot be a key/],
    [keys(MAX_METADATA_KEYS + 1), /^Metadata has 65 keys, and 64 are allowed/],
    [{ k: "v".repeat(MAX_METADATA_BYTES - 7) }, /^Metadata has 16385 bytes as JSON, and 16384 are allowed/],
    [{ k: "ü".repeat(MAX_METADATA_BYTES / 2) }, /^Metadata has 16392 bytes/],
  ])("cannot be %j", (metadata, sentence) => {
    expect(metadataProblem(metadata)).toMatch(sentence);
  });

  it("is the same in another order of keys, and an empty one is as good as none", () => {
    expect(isSameMetadata({ a: 1, b: ["x"] }, { b: ["x"], a: 1 })).toBe(true);
    expect(isSameMetadata(undefined, {})).toBe(true);
    expect(isSameMetadata({ a: 1 }, { a: "1" })).toBe(false);
    expect(isSameMetadata({ a: ["x", "y"] }, { a: ["y", "x"] })).toBe(false);
  });
});

describe("a filter over metadata", () => {
  const document = { team: "docs", year: 2025, draft: false, tags: ["api", "beta"] };

  it.each([
    [{}, true],
    [{ team: "docs" }, true],
    [{ team: "Docs" }, false],
    [{ team: ["web", "docs"] }, true],
    [{ team: "docs", year: [2024, 2025] }, true],
    [{ team: "docs", year: 2024 }, false],
    [{ year: "2025" }, false],
    [{ draft: false }, true],
    [{ tags: "beta" }, true],
    [{ tags: ["gamma", "api"] }, true],
    [{ tags: "ap" }, false],
    [{ author: "me" }, false],
    [{ toString: "x" }, false],
  ])("%j matches: %j", (filter, matches) => {
    expect(matchesMetadata(document, filter)).toBe(matches);
  });

  it("leaves out documents without metadata", () => {
    expect(matchesMetadata(undefined, { team: "docs" })).toBe(false);
    expect(matchesMetadata(undefined, {})).toBe(true);
  });

  it.each([
    ["docs", /^A filter over metadata is an object/],
    [{ a: null }, /^"a" is compared with null;/],
    [{ a: [] }, /^"a" is an empty list/],
    [{ a: [["b"]] }, /^"a" is compared with a list;/],
    [{ a: Array<number>(1_001).fill(1) }, /^"a" has 1001 values, and 1000 are allowed/],
    [JSON.parse('{"__proto__": 1}'), /^"__proto__" cannot be a key/],
  ])("cannot be %j", (filter, sentence) => {
    expect(metadataFilterProblem(filter)).toMatch(sentence);
  });

  it("may have a thousand values of a key", () => {
    expect(metadataFilterProblem({ a: Array<number>(1_000).fill(1) })).toBeNull();
  });

  it("takes a spelled value for itself and for the number or truth that it spells", () => {
    expect(["docs", "2024", "-1.5e2", "true", "False", "0x10", "", " 1", "1e999"].map(spelledValues)).toEqual([
      ["docs"],
      ["2024", 2024],
      ["-1.5e2", -150],
      ["true", true],
      ["False"],
      ["0x10"],
      [""],
      [" 1"],
      ["1e999"],
    ]);
  });
});
