import { describe, expect, it } from "vitest";
import { placeOf, windowOf, type DocumentWindow } from "../../src/web/document-window.ts";

function markedText({ lines }: DocumentWindow): string {
  return lines
    .map(({ parts }) => parts.flatMap(({ text, marked }) => (marked ? text : [])).join(""))
    .filter((text) => text !== "")
    .join("\n");
}

function shownText({ lines }: DocumentWindow): string {
  return lines.map(({ parts }) => parts.map(({ text }) => text).join("")).join("\n");
}

describe("windowOf", () => {
  const text = Array.from({ length: 1_000 }, (_, index) => `line ${index + 1} 🙂`).join("\n");

  it("marks exactly the cited span and numbers the lines", () => {
    const start = text.indexOf("500 🙂");
    const end = text.indexOf(" 🙂", text.indexOf("line 502"));
    const shown = windowOf(text, { spans: [{ start, end }], before: 100, after: 100 });
    expect(markedText(shown)).toBe(text.slice(start, end));
    expect(shownText(shown)).toBe(text.slice(shown.start, shown.end));
    const cited = shown.lines.filter(({ parts }) => parts.some(({ marked }) => marked));
    expect(cited.map(({ number }) => number)).toEqual([500, 501, 502]);
    expect(shown.lines.length).toBeLessThan(30);
  });

  it("marks several spans, and nothing of what stands between them", () => {
    const spans = [
      { start: 15, end: 20 },
      { start: 1, end: 3 },
      { start: 2, end: 5 },
    ];
    const shown = windowOf("abcdefgh\nsecond line\nthird", { spans, before: 99, after: 99 });
    expect(markedText(shown)).toBe("bcde\n line");
    expect(shownText(shown)).toBe("abcdefgh\nsecond line\nthird");
  });

  it("shows a text as it is read, with the same lines and the same words marked", () => {
    const read = "# 2. Term\n\n| Café seats | 40 | **55** |\n\nIt ends on _31 March_ 2031.\n";
    const spans = [read.indexOf("| Café"), read.indexOf("_31")].map((start) => ({ start, end: start + 12 }));
    const shown = windowOf(read, { spans, before: 99, after: 99, isRead: true });
    expect(shownText(shown)).toBe("2. Term\n\nCafé seats\u00A0· 40\u00A0· 55\n\nIt ends on 31 March 2031.\n");
    expect(markedText(shown)).toBe("Café seats\n31 March 2");
    expect(shown.lines.map(({ kind }) => kind)).toEqual(["heading", null, null, null, null, null]);
  });

  it("shows code between fences as it is written, also where the window begins in it", () => {
    const read = `\`\`\`sh\n${"# **one** comment\n".repeat(40)}\`\`\`\n# Head\n`;
    const at = read.indexOf("\n```");
    const shown = windowOf(read, { spans: [{ start: at - 7, end: at }], before: 40, after: 99, isRead: true });
    expect(shown.start).toBeGreaterThan(0);
    expect(markedText(shown)).toBe("comment");
    expect(shown.lines.slice(-4).map(({ kind }) => kind)).toEqual(["code", null, "heading", null]);
    expect(shownText(shown)).toMatch(/# \*\*one\*\* comment\n\nHead\n$/);
  });

  it.each([
    ["carriage returns", "\r"],
    ["pairs of carriage return and line feed", "\r\n"],
  ])("counts lines that end with %s as citations do", (_, lineBreak) => {
    const written = Array.from({ length: 100 }, (_line, index) => `line ${index + 1} here`).join(lineBreak);
    const span = { start: written.indexOf("line 50"), end: written.indexOf(" here", written.indexOf("line 52")) };
    const shown = windowOf(written, { spans: [span], before: 20, after: 20 });
    const cited = shown.lines.filter(({ parts }) => parts.some(({ marked }) => marked));
    expect(cited.map(({ number }) => number)).toEqual([50, 51, 52]);
    expect(markedText(shown)).toBe("line 50 here\nline 51 here\nline 52");
    expect(shown.lines.length).toBeLessThan(10);
    expect(written.slice(0, shown.start)).toMatch(/here[\r\n]+$/);
    expect(written.slice(shown.end)).toMatch(/^[\r\n]/);
    expect(placeOf(written, [span], []).lines).toEqual({ start: 50, end: 52 });
  });

  it("finds the lines of spans and windows that begin and end within a pair", () => {
    const written = "one\r\ntwo\r\nthree\r\rfive";
    expect(placeOf(written, [{ start: 4, end: 5 }], []).lines).toEqual({ start: 1, end: 1 });
    expect(placeOf(written, [{ start: 5, end: 9 }], []).lines).toEqual({ start: 2, end: 2 });
    for (let at = 0; at <= written.length; at += 1) {
      const shown = windowOf(written, { spans: [{ start: at, end: at }], before: 0, after: 0 });
      expect(written.slice(0, shown.start)).toMatch(/(?:^|\r\n|\r|\n)$/);
      expect(shownText(shown)).toBe(written.slice(shown.start, shown.end));
      const { start } = placeOf(written, [{ start: at, end: at }], []).lines;
      expect(shown.lines.map(({ number }) => number)).toEqual([start]);
    }
  });

  it("begins and ends at line breaks", () => {
    const shown = windowOf(text, { spans: [{ start: 5_000, end: 5_100 }], before: 33, after: 33 });
    expect(text[shown.start - 1]).toBe("\n");
    expect(text[shown.end]).toBe("\n");
  });

  it("shows a whole small document, and its start where no span is given", () => {
    expect(shownText(windowOf("a\nb\n", { spans: [], before: 10, after: 10 }))).toBe("a\nb\n");
    const shown = windowOf(text, { spans: [], before: 50, after: 50 });
    expect(shown.start).toBe(0);
    expect(shown.lines[0]?.number).toBe(1);
    expect(markedText(shown)).toBe("");
  });

  it("cuts a line that is too long to show", () => {
    const long = "x".repeat(1_000_000);
    const shown = windowOf(long, { spans: [{ start: 500_000, end: 500_010 }], before: 100, after: 100 });
    expect(shown.end - shown.start).toBe(210);
    expect(markedText(shown)).toBe("x".repeat(10));
  });

  it("bears spans that reach over the text's end", () => {
    expect(markedText(windowOf("abc", { spans: [{ start: 1, end: 99 }], before: 10, after: 10 }))).toBe("bc");
    expect(shownText(windowOf("", { spans: [{ start: 5, end: 9 }], before: 10, after: 10 }))).toBe("");
  });

  it("says on which line a page begins, whichever part is shown", () => {
    const pages = [
      { page: 1, start: 0, end: 8 },
      { page: 2, start: 9, end: 17 },
      { page: 5, start: 21, end: 25 },
    ];
    const paged = "one\ntwo\n\nthree\nfour\n\nfive\n";
    const begins = (shown: DocumentWindow) =>
      shown.lines.flatMap(({ number, page }) => (page === null ? [] : [[number, page]]));
    expect(begins(windowOf(paged, { spans: [], before: 99, after: 99, pages }))).toEqual([
      [1, 1],
      [4, 2],
      [7, 5],
    ]);
    expect(begins(windowOf(paged, { spans: [{ start: 9, end: 14 }], before: 1, after: 1, pages }))).toEqual([[4, 2]]);
    expect(begins(windowOf(paged, { spans: [], before: 99, after: 99 }))).toEqual([]);
  });
});
