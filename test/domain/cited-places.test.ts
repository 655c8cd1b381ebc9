import { describe, expect, it } from "vitest";
import type { Citation } from "../../src/domain/answer.ts";
import { citedPlaces } from "../../src/domain/cited-places.ts";

function cite(marker: number, line: number, part: Partial<Citation> = {}): Citation {
  return {
    marker,
    source: "mill.md",
    root: "/docs",
    documentId: "mill",
    title: null,
    lines: { start: line, end: line },
    span: { start: line * 10, end: line * 10 + 5 },
    page: null,
    quote: `line ${String(line)}`,
    score: 1,
    verified: true,
    ...part,
  };
}

function shortly(citations: readonly Citation[]): readonly string[] {
  return citedPlaces(citations).map(
    ({ citation: { marker, lines }, quotes }) => `[${marker}] ${lines.start}-${lines.end} ${quotes.join(", ")}`,
  );
}

describe("citedPlaces", () => {
  it("joins quotes of one passage that stand next to each other, in the document's order", () => {
    expect(shortly([cite(1, 5), cite(1, 3), cite(1, 4), cite(1, 7), cite(1, 10)])).toEqual([
      "[1] 3-7 line 3, line 4, line 5, line 7",
      "[1] 10-10 line 10",
    ]);
    expect(citedPlaces([cite(1, 3), cite(1, 4)])[0]?.citation.span).toEqual({ start: 30, end: 45 });
    expect(citedPlaces([cite(1, 3), cite(1, 4)])[0]?.spans).toEqual([
      { start: 30, end: 35 },
      { start: 40, end: 45 },
    ]);
  });

  it("keeps other markers, documents and pages apart", () => {
    expect(shortly([cite(2, 4), cite(1, 3)])).toEqual(["[1] 3-3 line 3", "[2] 4-4 line 4"]);
    expect(citedPlaces([cite(1, 3), cite(1, 4, { documentId: "other" })])).toHaveLength(2);
    expect(citedPlaces([cite(1, 3, { page: 1 }), cite(1, 4, { page: 2 })])).toHaveLength(2);
    expect(citedPlaces([])).toEqual([]);
  });
});
