import { describe, expect, it } from "vitest";
import { markTabbedTables } from "../../../ingest/loaders/tabbed-tables.ts";

describe("markTabbedTables", () => {
  it("makes rows below the names of their columns a table", () => {
    const lines = ["Of boats:", "Boat\tDay\tWeek", "Punt\t4\t20", "Sea | barge\t\t9\t45", "", "Ask us."];
    expect(markTabbedTables(lines)).toEqual([
      "Of boats:",
      "| Boat | Day | Week |",
      "| --- | --- | --- |",
      "| Punt | 4 | 20 |",
      String.raw`| Sea \| barge | 9 | 45 |`,
      "",
      "Ask us.",
    ]);
  });

  it.each([
    ["columns without names", ["4 May\t12:00\tLindmouth", "5 May\t13:00\tVellin", "6 May\t14:00\tMill"]],
    ["two rows", ["Boat\tDay\tWeek", "Punt\t4\t20"]],
    ["rows of other widths", ["Boat\tDay\tWeek", "Punt\t4", "Barge\t9"]],
    ["indented lines", ["\tIt is shut.", "\tIt opens.", "\tAsk us."]],
  ])("leaves %s as they are", (_, lines) => {
    expect(markTabbedTables(lines)).toEqual(lines);
  });
});
