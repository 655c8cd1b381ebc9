import { describe, expect, it } from "vitest";
import { hasHead } from "../../src/lexical/table-head.ts";

const rows = (...texts: readonly string[]): Parameters<typeof hasHead>[0] =>
  texts.map((text) => ({ cells: text.split("|"), isMarked: text.startsWith("*") }));

describe("hasHead", () => {
  it.each([
    ["names that the markup marks", ["*Lamp|*Oil", "Red|whale"]],
    ["words over numbers", ["Lamp|Price", "Red|12", "Blue|14 EUR"]],
    ["words over words in three columns", ["Lamp|Oil|Keeper", "Red|whale|Ada", "Blue|rape|Mara"]],
  ])("sees %s", (_name, texts) => {
    expect(hasHead(rows(...texts))).toBe(true);
  });

  it.each([
    ["one row", ["*Lamp|*Oil"]],
    ["two rows that nothing marks", ["Lamp|Price", "Red|12"]],
    ["names and values of one thing", ["Lamp|Red", "Oil|whale", "Keeper|Ada"]],
    ["a number in the first row", ["Lamp 1|Price", "Red|12", "Blue|14"]],
    ["the same word twice", ["Lamp|Lamp|Oil", "a|b|c", "d|e|f"]],
    ["rows of other lengths", ["Lamp|Price", "Red|12", "Total"]],
    ["an empty cell", ["Lamp||Oil", "a|b|c", "d|e|f"]],
    ["rows that are all marked", ["*a|*b", "*c|*d"]],
  ])("sees none in %s", (_name, texts) => {
    expect(hasHead(rows(...texts))).toBe(false);
  });
});
