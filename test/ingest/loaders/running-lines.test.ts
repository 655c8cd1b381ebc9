import { describe, expect, it } from "vitest";
import { withoutRunningLines } from "../../../ingest/loaders/running-lines.ts";

const pages = (count: number, page: (number: number) => string): readonly string[] =>
  Array.from({ length: count }, (_, index) => page(index + 1));

describe("withoutRunningLines", () => {
  it("keeps the head and foot of pages once, with the numbers of the pages in them", () => {
    const book = pages(5, (number) => `By-laws of Lindmouth\n\nText ${"abcde"[number - 1]}.\nPage ${number} of 5`);
    expect(withoutRunningLines(book)).toEqual([book[0], "Text b.", "Text c.", "Text d.", "Text e."]);
  });

  it("finds the number of the page below a head of several lines", () => {
    const head = "Lindmouth\nBy-law\n17 of locks\nand tolls\nMay 2026";
    const book = pages(5, (number) => `${head}\n${number}\nText ${"abcde"[number - 1]}.`);
    expect(withoutRunningLines(book)).toEqual([book[0], "Text b.", "Text c.", "Text d.", "Text e."]);
  });

  it("leaves sections that begin with their page", () => {
    const book = pages(5, (number) => `By-laws\n${number}.0. General\nText ${"abcde"[number - 1]}.`);
    expect(withoutRunningLines(book)[2]).toBe("3.0. General\nText c.");
  });

  it("leaves lines whose numbers are no page numbers", () => {
    const statement = pages(
      6,
      (number) => `2026 Statement\nText ${"abcdef"[number - 1]}.\nBalance ${number ** 3} euros`,
    );
    const [first, ...others] = withoutRunningLines(statement);
    expect(first).toBe(statement[0]);
    expect(others).toEqual(statement.slice(1).map((page) => page.replace("2026 Statement\n", "")));
  });

  it("leaves lines that are not at the edge, that are on fewer than half of the pages, or at the other edge", () => {
    const middle = pages(
      4,
      (number) =>
        `${"a b c d e f g".split(" ").join(`${number}.\n`)}\nAll\n${"t u v w x y z".split(" ").join(`,${number}\n`)}`,
    );
    expect(withoutRunningLines(middle).every((page) => page.includes("\nAll\n"))).toBe(true);
    const seldom = pages(9, (number) =>
      number < 5 ? `Annex\nText ${"abcdefghi"[number]}` : `Text ${"abcdefghi"[number]}`,
    );
    expect(withoutRunningLines(seldom)).toEqual(seldom);
  });

  it("leaves a document of few pages and a page of nothing else as they are", () => {
    const few = pages(3, (number) => `By-laws\nText ${"abc"[number]}.`);
    expect(withoutRunningLines(few)).toEqual(few);
    expect(withoutRunningLines(["By-laws\nA.", "By-laws\nB.", "By-laws", "By-laws\nC."])).toEqual([
      "By-laws\nA.",
      "B.",
      "By-laws",
      "C.",
    ]);
  });
});
