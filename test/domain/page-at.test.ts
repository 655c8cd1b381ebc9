import { describe, expect, it } from "vitest";
import { formatPages, pageAt, pagesOfText, pageStartsOf } from "../../src/domain/page-at.ts";

const text = "One ends.\n\nTwo is here.\n\nFour.";
// The third page is empty.
const pages = [
  { page: 1, start: 0, end: 9 },
  { page: 2, start: 11, end: 23 },
  { page: 4, start: 25, end: 30 },
];
const part = (start: number, end: number) => pagesOfText(pages, { text: text.slice(start, end), span: { start, end } });

describe("pageAt", () => {
  it("names the page that a place lies on", () => {
    expect([0, 10, 11, 24, 25, 99].map((offset) => pageAt(pages, offset))).toEqual([1, 1, 2, 2, 4, 4]);
    expect(pageAt([], 3)).toBeNull();
    expect(pageAt(pages.slice(1), 3)).toBeNull();
  });
});

describe("pagesOfText", () => {
  it("names the page of the first word, and the pages that begin behind it", () => {
    expect(part(0, 9)).toEqual({ page: 1 });
    expect(part(4, 30)).toEqual({
      page: 1,
      pageStarts: [
        { page: 2, start: 11 },
        { page: 4, start: 25 },
      ],
    });
    expect(part(11, 25)).toEqual({ page: 2 });
  });

  it("counts the blank between two pages for neither", () => {
    expect(part(9, 23)).toEqual({ page: 2 });
    expect(part(10, 26)).toEqual({ page: 2, pageStarts: [{ page: 4, start: 25 }] });
  });

  it("names none where there are none", () => {
    expect(pagesOfText([], { text, span: { start: 0, end: 30 } })).toEqual({ page: null });
  });
});

describe("pageStartsOf", () => {
  it("gives where the pages of a hit begin, its first one with its text", () => {
    expect(pageStartsOf({ span: { start: 4, end: 23 }, ...part(4, 23) })).toEqual([
      { page: 1, start: 4 },
      { page: 2, start: 11 },
    ]);
    expect(pageStartsOf({ span: { start: 4, end: 23 }, page: null })).toEqual([]);
  });
});

describe("formatPages", () => {
  it("names one page, or the first and the last", () => {
    expect([part(0, 9), part(4, 30), { page: null }].map(formatPages)).toEqual(["1", "1-4", null]);
  });
});
