import { describe, expect, it } from "vitest";
import { findRow, rowsOf, rowsWithin } from "../../src/evaluation/document-rows.ts";

const TEXT = [
  "| row 1 | id: h1 | title: Tides |",
  "| row 1, continued | text: The moon draws the sea. |",
  "| row 2 | id: h12 | text: Salt | ",
  "| row 10 | doc: h3 | text: Sand |",
  "",
].join("\n");

describe("rowsOf", () => {
  it("joins the lines of one row, and finds none in prose", () => {
    expect(rowsOf(TEXT).map(({ label, start, end }) => [label, TEXT.slice(start, end).split("\n").length])).toEqual([
      ["row 1", 2],
      ["row 2", 1],
      ["row 10", 1],
    ]);
    expect(rowsOf("| a | b |\n|---|---|\nSome text.")).toEqual([]);
  });
});

describe("findRow", () => {
  it("finds a row by its whole id", () => {
    expect(findRow(TEXT, "h1")?.label).toBe("row 1");
    expect(findRow(TEXT, "h3")?.label).toBe("row 10");
    expect(findRow(TEXT, "h")).toBeNull();
  });
});

describe("articles", () => {
  const articles = [
    "# Tides\n\nThe moon draws the sea.\n\n```\n# no heading\n```\n\n- id: h1\n- year: 1950\n",
    "# Salt\n\nIt is dug.\n\n- id: h12\n\n## notes\n\nMore of it.\n",
  ].join("\n");

  it("are rows from heading to heading", () => {
    expect(rowsOf(articles).map(({ label, start, end }) => [label, articles.slice(start, end).slice(0, 6)])).toEqual([
      ["article 1", "# Tide"],
      ["article 2", "# Salt"],
    ]);
    expect(rowsOf(articles).at(-1)?.end).toBe(articles.trimEnd().length);
  });

  it("are found by their whole ids", () => {
    expect(findRow(articles, "h1")?.label).toBe("article 1");
    expect(findRow(articles, "h12")?.label).toBe("article 2");
    expect(findRow(articles, "1950")).toBeNull();
    expect(findRow("# A\n\nText.\n\n- _id: 7", "7")?.label).toBe("article 1");
  });
});

describe("rowsWithin", () => {
  it("names rows that a span shows for the most part, and rows that most of a span lies in", () => {
    const rows = rowsOf(TEXT);
    expect(rowsWithin(rows, { start: 0, end: TEXT.length })).toEqual(["row 1", "row 2", "row 10"]);
    const start = TEXT.indexOf("The moon");
    expect(rowsWithin(rows, { start, end: start + 8 })).toEqual(["row 1"]);
    const edge = TEXT.indexOf("| row 2");
    expect(rowsWithin(rows, { start: start + 4, end: edge + 3 })).toEqual(["row 1"]);
  });
});
