import { expect, it } from "vitest";
import { createWordMatcher } from "../../src/domain/match-words.ts";
import { excerptStart } from "../../src/web/excerpt-start.ts";

const filler = (count: number): string =>
  Array.from({ length: count }, (_, index) => `Line ${index + 1} of something else`).join("\n");

function shown(text: string, query: string): string {
  return text.slice(excerptStart(text, createWordMatcher(query)));
}

it("begins at the first of the lines that hold the most words of the query", () => {
  const text = `${filler(6)}\nThe key lies here\nThe lease ends in May\nand its key goes back\n${filler(3)}`;
  expect(shown(text, "When does the lease end, and where is the key?")).toMatch(/^The key lies here\nThe lease/);
});

it("begins at the beginning of the sentence in a long line", () => {
  const line = `${"Nothing of it is told in this place. ".repeat(15)}Whoever has paid the full year in advance, as most of them do, may end the lease in May.`;
  expect(shown(line, "lease in May")).toMatch(/^Whoever has paid/);
});

it("shows a passage from its start where all of it fits, or no word of the query stands in it", () => {
  const short = `${filler(4)}\nThe lease ends in May`;
  expect(shown(short, "lease")).toBe(short);
  const long = filler(12);
  expect(shown(long, "lease")).toBe(long);
});

it("gets along with texts without spaces and without anything", () => {
  const text = "x".repeat(2_000);
  expect(shown(text, "lease")).toBe(text);
  expect(shown("", "lease")).toBe("");
});
