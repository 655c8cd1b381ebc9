import { describe, expect, it } from "vitest";
import type { Interpretation } from "../../src/domain/hit.ts";
import { readingWords } from "../../src/web/reading.ts";

const PLAIN: Interpretation = {
  queries: [{ query: "ports", reason: "asked", weight: 1, evidence: "good" }],
  fusion: "best",
  filter: null,
  standalone: null,
};

describe("readingWords", () => {
  it("says nothing about a question that was taken as it stands", () => {
    expect(readingWords(undefined)).toEqual([]);
    expect(readingWords(PLAIN)).toEqual([]);
  });

  it("shows how a follow-up question was understood", () => {
    const standalone = { text: "How do I change the port?", by: "rules", why: "“it” points back" };
    expect(readingWords({ ...PLAIN, standalone })).toEqual([
      "Understood together with what was said before: “How do I change the port?”",
    ]);
  });

  it("names where was searched, and why, or that everything was", () => {
    const filter = { words: "in the guides", filter: { source: ["a.md", "b.md", "c.md", "d.md"] }, applied: true };
    expect(readingWords({ ...PLAIN, filter })).toEqual([
      "Searched in a.md, b.md, c.md and 1 more only, because of “in the guides”.",
    ]);
    expect(readingWords({ ...PLAIN, filter: { ...filter, applied: false } })).toEqual([
      "Little in a.md, b.md, c.md and 1 more fits, which “in the guides” names; everything was searched.",
    ]);
  });

  it("names misspelt words", () => {
    const corrections = [
      { written: "ferrry", read: "ferry" },
      { written: "Barsk", read: "Brask" },
    ];
    expect(readingWords({ ...PLAIN, corrections })).toEqual(["Read “ferrry” as “ferry”, “Barsk” as “Brask”."]);
  });

  it("lists the parts of a question", () => {
    const part = { query: "what is a lease", reason: "part", weight: 0.75, evidence: "good" } as const;
    expect(readingWords({ ...PLAIN, queries: [...PLAIN.queries, part] })).toEqual([
      "Read as the question: “what is a lease”",
    ]);
    expect(
      readingWords({ ...PLAIN, queries: [...PLAIN.queries, part, { ...part, query: "when does it end" }] }),
    ).toEqual(["Searched part by part: “what is a lease”, “when does it end”"]);
  });

  it("lists the statements of a long question like parts", () => {
    const said = (query: string) => ({ query, reason: "statement", weight: 0.85, evidence: "good" }) as const;
    expect(
      readingWords({ ...PLAIN, queries: [...PLAIN.queries, said("the lease ends"), said("the rent rises")] }),
    ).toEqual(["Searched part by part: “the lease ends”, “the rent rises”"]);
  });
});
