import { describe, expect, it } from "vitest";
import { asksForHistory, discountHistory, isHistory } from "../../src/retrieval/discount-history.ts";
import type { ScoredChunk } from "../../src/retrieval/scored-chunk.ts";
import { makeChunk } from "../support/make-chunk.ts";

const scored = (source: string, score: number): ScoredChunk => ({
  chunk: makeChunk({ text: "The lamp.", id: source, source }),
  score,
  evidenceScore: score,
  scores: { dense: score, lexical: score, sentence: null },
});

describe("isHistory", () => {
  it.each([
    ["CHANGELOG.md", true],
    ["doc/en/changelog.rst", true],
    ["RelNotes/2.51.0.adoc", true],
    ["docs/release-notes/v2.md", true],
    ["NEWS", true],
    ["docs/whats-new.rst", true],
    ["guide/changes-of-state.md", false],
    ["guide/newspapers.md", false],
    ["guide/lamps.md", false],
  ])("says for %j: %j", (source, expected) => {
    expect(isHistory(source)).toBe(expected);
  });
});

describe("asksForHistory", () => {
  it.each([
    ["In which version was the lamp added?", true],
    ["What is new in 2.51?", true],
    ["Why was the lamp removed?", true],
    ["When did the gate become wider?", true],
    ["Is the lamp still supported?", true],
    ["What does the lamp do?", false],
    ["How do I light the lamp?", false],
    ["What do I have to change in the lamp?", false],
    ["What changed in the lamp?", true],
    ["Which lamps were changed?", true],
  ])("says for %j: %j", (question, expected) => {
    expect(asksForHistory(question)).toBe(expected);
  });
});

describe("discountHistory", () => {
  const ranking = [scored("CHANGELOG.md", 0.9), scored("guide.md", 0.8), scored("more.md", 0.7)];

  it("puts notes about releases behind what nearly fits as well, and keeps their evidence", () => {
    const discounted = discountHistory(ranking, "What does the lamp do?");
    expect(discounted.map(({ chunk }) => chunk.source)).toEqual(["guide.md", "CHANGELOG.md", "more.md"]);
    expect(discounted.map(({ evidenceScore }) => evidenceScore)).toEqual([0.8, 0.9, 0.7]);
  });

  it("changes nothing where somebody asks what changed, or where there is nothing else", () => {
    expect(discountHistory(ranking, "Since when is there a lamp?")).toBe(ranking);
    const notes = ranking.slice(0, 1);
    expect(discountHistory(notes, "What does the lamp do?")).toBe(notes);
  });
});
