import { expect, it } from "vitest";
import { createResultMatcher, createWordMatcher } from "../../src/domain/match-words.ts";
import type { Interpretation } from "../../src/domain/hit.ts";

it("splits a text into the query's words and what stands between them, and loses nothing", () => {
  const matcher = createWordMatcher("How long are leases for qdrantApiKey?");
  const text = "A lease is long: QDRANT_KEY, api.";
  const pieces = matcher.split(text);
  expect(pieces.map((piece) => piece.text).join("")).toBe(text);
  expect(pieces.filter((piece) => piece.isMatch).map((piece) => piece.text)).toEqual([
    "lease",
    "long",
    "QDRANT",
    "KEY",
    "api",
  ]);
  expect(matcher.split("nothing of it")).toEqual([{ text: "nothing of it", isMatch: false }]);
  expect(matcher.split("")).toEqual([]);
});

it("finds the words of the queries that were made of the question, too", () => {
  const interpretation: Interpretation = {
    queries: [{ query: "opening hours in winter", reason: "standalone", weight: 1, evidence: "good" }],
    fusion: "mean",
    filter: null,
    standalone: null,
  };
  expect(createResultMatcher({ query: "And in winter?", interpretation }).find("The hours are short")).toEqual([
    "hour",
  ]);
});
