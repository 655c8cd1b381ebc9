import { describe, expect, it } from "vitest";
import { sourcesMatching } from "../../src/retrieval/source-matcher.ts";

const items = ["notes [old].md", "guide/a/b.md", "other.md", `${"a".repeat(400)}.md`].map((source) => ({ source }));

function matching(...patterns: string[]): string[] {
  return sourcesMatching(items, patterns).map(({ source }) => source);
}

describe("sourcesMatching", () => {
  it("takes what equals a pattern, whatever signs are in it, and what a glob matches", () => {
    expect(matching("notes [old].md", "guide/**")).toEqual(["notes [old].md", "guide/a/b.md"]);
    expect(matching("{other,more}.*")).toEqual(["other.md"]);
    expect(matching()).toEqual([]);
  });

  it("takes a name whether its letters and their marks are one character or two, as macOS stores them", () => {
    const [one, two] = ["Übung/Käfer.md", "Übung/Käfer.md".normalize("NFD")];
    expect(sourcesMatching([{ source: two }], [one])).toHaveLength(1);
    expect(sourcesMatching([{ source: one }], [two])).toHaveLength(1);
    expect(sourcesMatching([{ source: two }], ["Übung/K?fer.md"])).toHaveLength(1);
  });

  it("refuses an empty pattern, which would match nothing, and one longer than any path", () => {
    expect(() => matching("guide/**", "")).toThrow(/A source is empty; give a path/);
    expect(() => matching("a".repeat(4_097))).toThrow(/4097 characters, and 4096 are allowed/);
  });

  it("gives up a glob that would take years, and goes on with the next", () => {
    const hostile = "*a".repeat(12);
    expect(() => sourcesMatching(items, [`${hostile}b`], { timeLimitMs: 20 })).toThrow(
      expect.objectContaining({ code: "usage_invalid", message: expect.stringContaining("fewer wildcards") }),
    );
    expect(matching("*.md")).toHaveLength(3);
  });
});
