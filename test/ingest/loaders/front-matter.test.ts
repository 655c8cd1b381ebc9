import { describe, expect, it } from "vitest";
import { readFrontMatter } from "../../../ingest/loaders/front-matter.ts";
import { MAX_METADATA_KEYS } from "../../../src/domain/document-metadata.ts";

function metadataOf(yaml: string) {
  return readFrontMatter(`---\n${yaml}\n---\n\nText.\n`).metadata;
}

describe("front matter as metadata", () => {
  it.each([
    [
      "plain values, the title aside",
      "title: T\nstatus: final\nyear: 2025\ndraft: false",
      { status: "final", year: 2025, draft: false },
    ],
    [
      "a date as it is written",
      "date: 2025-03-01\nat: 2025-03-01T10:00:00Z",
      { date: "2025-03-01", at: "2025-03-01T10:00:00Z" },
    ],
    [
      "lists, their values as texts",
      "tags: [lift, 7, true]\naliases:\n  - a b",
      { tags: ["lift", "7", "true"], aliases: ["a b"] },
    ],
    [
      "maps by keys with dots",
      "author:\n  name: Ada\n  mail: {work: a@b.example}",
      { "author.name": "Ada", "author.mail.work": "a@b.example" },
    ],
  ])("reads %s", (_, yaml, metadata) => {
    expect(metadataOf(yaml)).toEqual(metadata);
    expect(readFrontMatter(`---\n${yaml}\n---\n`).notes).toEqual([]);
  });

  it.each([
    ["what has no value", "draft:\ntags: []\nnote: ''\nlist: [null, '']"],
    ["a title alone", "title: T"],
    ["a text between dashes", "Only a sentence."],
    ["a list", "- a\n- b"],
  ])("has no metadata from %s", (_, yaml) => {
    const { metadata, notes } = readFrontMatter(`---\n${yaml}\n---\n`);
    expect({ metadata, notes }).toEqual({ metadata: undefined, notes: [] });
  });

  it.each([
    ["a list that is not closed", "title: T\na: [broken"],
    ["a key given twice", "title: T\na: 1\na: 2"],
    ["two colons in a line", "title: T\na: one: two"],
  ])("takes only the title where YAML is broken, and says so: %s", (_, yaml) => {
    const { title, metadata, notes } = readFrontMatter(`---\n${yaml}\n---\n`);
    expect({ title, metadata }).toEqual({ title: "T", metadata: undefined });
    expect(notes).toEqual(["front matter is not valid YAML, so no metadata is taken from it"]);
  });

  it("keeps what fits and names what does not", () => {
    const { metadata, notes } = readFrontMatter(
      `---\nstatus: final\nauthors:\n  - name: Ada\nlimit: .inf\n__proto__: x\nlong: ${"x".repeat(20_000)}\nyear: 2025\n---\n`,
    );
    expect(metadata).toEqual({ status: "final", year: 2025 });
    expect(notes).toEqual([
      "front matter that metadata cannot hold is found by its words only: authors, limit, __proto__, long",
    ]);
  });

  it("keeps the first of too many keys", () => {
    const keys = Array.from({ length: MAX_METADATA_KEYS + 8 }, (_, at) => `k${at}`);
    const { metadata = {}, notes } = readFrontMatter(`---\n${keys.map((key) => `${key}: 1`).join("\n")}\n---\n`);
    expect(Object.keys(metadata)).toEqual(keys.slice(0, MAX_METADATA_KEYS));
    expect(notes).toEqual([expect.stringContaining("k64, k65, k66, k67, k68 and 3 more")]);
  });

  it("does not unfold aliases without end", () => {
    const levels = Array.from({ length: 9 }, (_, at) => `l${at + 1}: &l${at + 1} [${`*l${at}, `.repeat(9)}*l${at}]`);
    expect(metadataOf(["l0: &l0 [x, x]", ...levels].join("\n"))).toBeUndefined();
  });
});
