import { describe, expect, it } from "vitest";
import { builtInFormat, readFormatCode, showNumber } from "../../../../ingest/loaders/office/number-format.ts";

describe("number formats", () => {
  it.each([
    ["General", "number"],
    ["0.00", "number"],
    ['0" days"', "number"],
    ["[Red]-0", "number"],
    [String.raw`0\h`, "number"],
    ["0%", "percent"],
    ["m/d/yyyy", "date"],
    ["[$-407]d. mmmm yyyy", "date"],
    ["mmm-yy;@", "date"],
    ["h:mm AM/PM", "time"],
    ["mm:ss", "time"],
    ["[h]:mm", "duration"],
    ["yyyy-mm-dd hh:mm", "date and time"],
    ["_-* #,##0.00_-", "number"],
  ])("takes %j for a %s", (code, kind) => {
    expect(readFormatCode(code).kind).toBe(kind);
  });

  it.each([
    [14, 1, "1900-01-01"],
    [14, 59, "1900-02-28"],
    [14, 61, "1900-03-01"],
    [14, 46_346, "2026-11-20"],
    [22, 46_346.75, "2026-11-20 18:00"],
    [20, 0.25, "06:00"],
    [20, 46_346.75, "18:00"],
    [46, 2.125, "51:00"],
    [46, 0.125, "03:00"],
    [14, -5, "-5"],
    [14, 1e12, "1000000000000"],
    [0, 0.1 + 0.2, "0.3"],
    [10, 0.07, "7%"],
  ])("shows by the built-in format %i the number %d as %j", (id, value, shown) => {
    expect(showNumber(value, builtInFormat(id))).toBe(shown);
  });

  it("counts days from 1904 where the file does", () => {
    expect(showNumber(44_884, builtInFormat(14), { is1904: true })).toBe("2026-11-20");
  });

  it.each([
    ['#,##0.00 "€"', "5 €"],
    ["$#,##0", "5 $"],
    ["[$CHF-807] 0.00", "5 CHF"],
  ])("keeps the currency of %j", (code, shown) => {
    expect(showNumber(5, readFormatCode(code))).toBe(shown);
  });
});
