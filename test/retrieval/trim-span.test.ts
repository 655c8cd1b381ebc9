import { describe, expect, it } from "vitest";
import { trimToTerms } from "../../src/retrieval/trim-span.ts";

const text = "Nothing here.\r\nThe cat sat.\nMiddle line.\nA cat again. Dogs bark.\nEnd.";
const placed = { text, span: { start: 100, end: 100 + text.length }, lines: { start: 7, end: 11 } };

describe("trimToTerms", () => {
  it("drops sentences without a term at both ends and keeps the offsets exact", () => {
    const trimmed = trimToTerms(placed, new Set(["cat"]));
    expect(trimmed.text).toBe("The cat sat.\nMiddle line.\nA cat again.");
    expect(trimmed.span).toEqual({ start: 100 + text.indexOf("The"), end: 100 + text.indexOf(" Dogs") });
    expect(trimmed.lines).toEqual({ start: 8, end: 10 });
  });

  it("keeps a text whole that has none of the terms", () => {
    expect(trimToTerms(placed, new Set(["horse"]))).toEqual(placed);
  });
});
