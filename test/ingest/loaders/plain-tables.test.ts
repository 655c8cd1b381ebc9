import { describe, expect, it } from "vitest";
import { markTables } from "../../../ingest/loaders/plain-tables.ts";

const TABLE = ["| Boat | Day | Week |", "| --- | --- | --- |", "| Punt | 4 | 20 |", "| Barge | 9 | 45 |"];

describe("markTables", () => {
  it.each([
    ["columns of blanks", ["", "Boat    Day   Week", "Punt      4     20", "Barge     9     45", ""], [...TABLE, ""]],
    ["tabs", ["", "Boat\tDay\tWeek", "Punt\t4\t20", "Barge\t9\t45"], TABLE],
    [
      "columns with dashes below the names",
      ["Boat   Day  Week", "-----  ---  ----", "Punt     4    20", "Barge    9    45"],
      TABLE,
    ],
    [
      "drawn lines",
      ["+------+---+", "| Boat | Day |", "+------+---+", "| Punt | 4 |", "| Barge | 9 |", "+------+---+"],
      ["", "| Boat | Day |", "| --- | --- |", "| Punt | 4 |", "| Barge | 9 |", ""],
    ],
    [
      "boxes",
      ["┌───────┬───┐", "│ Boat  │ Day │", "├───────┼───┤", "│ Punt  │ 4 │", "└───────┴───┘"],
      ["", "| Boat | Day |", "| --- | --- |", "| Punt | 4 |", ""],
    ],
  ])("reads %s, each row on its line", (_, lines, marked) => {
    expect(markTables(lines)).toEqual(marked);
  });

  it.each([
    [
      "prose with two blanks behind a sentence",
      ["It is shut.  It opens.", "Two coins.  No more.", "Ask us.  Or wait."],
    ],
    [
      "columns without names",
      ["", "4 May     12:00   Lindmouth", "5 May     13:00   Vellin", "6 May     14:00   Mill"],
    ],
    ["a table of Markdown", ["Boat | Day", "--- | ---", "Punt | 4"]],
    [
      "names without a line for the rule",
      ["Of boats:", "Boat    Day   Week", "Punt      4     20", "Barge     9     45"],
    ],
    ["a tree", ["├── mill", "│   ├── weir", "│   └── gate", "└── barn"]],
  ])("leaves %s as it is", (_, lines) => {
    expect(markTables(lines)).toEqual(lines);
  });
});
