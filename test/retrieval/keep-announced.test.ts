import { describe, expect, it } from "vitest";
import { trimToTerms } from "../../src/retrieval/trim-span.ts";

/** What trimming leaves of a text for a query of one word. */
function trimmed(text: string, term: string): string {
  return trimToTerms({ text, span: { start: 0, end: text.length }, lines: { start: 1, end: 99 } }, new Set([term]))
    .text;
}

const ITEMS = "- flour\n- sugar, brown.\n  White will do. Any will.\n\n- salt";
const STEPS = "1. Sift the flour. Stir.\n2. Add the milk.\n3. Fry it.\n4. Serve it.";
const LETTERED = "The keeper shall hold:\na. the key of the gate;\nb. the lamp; and\nc. the oil.";
const AROUND = (block: string): string => `Far away.\n\nNear it.\n\n${block}\n\nBehind it.\n\nFar behind.`;

describe("trimming keeps what belongs together:", () => {
  it.each([
    ["a list below a heading", `## Parts\n\n${ITEMS}`, "part"],
    ["a list that a sentence leads in", `These are the parts:\n\n${ITEMS}`, "part"],
    ["a table below a heading", "## Parts\n\n| a | b |\n| - | - |\n| 1 | 2 |\n| 3 | 4 |", "part"],
    ["a table without bars at its ends", "## Parts\n\na | b\n- | -\n1 | 2\n3 | 4", "part"],
    ["the rows below names of columns", "Part    Size   Price\nRope    5      2.10\nLamp    7      3.60", "price"],
    ["the rows below names between bars", "| part | b |\n| - | - |\n| 1 | 2 |\n| 3 | 4 |", "part"],
    ["a paragraph below a heading", "## Parts\n\nOne. Two. Three.\nFour.", "part"],
    ["all items that letters count, with what announces them, where one has the word", LETTERED, "lamp"],
    ["all steps, where one has the word", STEPS, "milk"],
    ["all steps, where the last has it", STEPS, "serv"],
  ])("%s", (_, block, term) => {
    expect(trimmed(AROUND(block), term)).toContain(block);
    expect(trimmed(AROUND(block), term)).not.toContain("Far");
  });

  it("a row with the names of its columns, unless they are far above", () => {
    const rows = (count: number): string =>
      `| Boat | Day |\n| --- | --- |\n${"| Punt, which is low | 4 |\n".repeat(count)}| Barge | 9 |\n| Sloop | 7 |`;
    expect(trimmed(AROUND(rows(3)), "barg")).toBe(rows(3));
    expect(trimmed(AROUND(rows(60)), "barg")).not.toContain("Day");
  });

  it("but no names of columns whose rows it leaves out", () => {
    const text = "Near it.\n\nRopes are long.\n\nPart    Size   Price\nBuoy    5      2.10\nLamp    7      3.60";
    expect(trimmed(text, "rope")).toBe("Near it.\n\nRopes are long.");
  });

  it("but not the clause behind items that letters count", () => {
    const text = `${LETTERED}\n2.1.7. Nobody sleeps there.\n2.1.8. Far.`;
    expect(trimmed(text, "key")).toBe(LETTERED);
  });

  it.each([
    ["items beyond the next one, where one has the word", ITEMS, "flour", "Near it.\n\n- flour\n- sugar, brown."],
    [
      "a second paragraph below a heading",
      "## Parts\n\nOne. Two.\n\nThree.",
      "part",
      "Near it.\n\n## Parts\n\nOne. Two.",
    ],
    ["a list behind a sentence that leads nothing in", `Parts.\n\n${ITEMS}`, "part", "Near it.\n\nParts.\n\n- flour"],
  ])("but not %s", (_, block, term, expected) => {
    expect(trimmed(AROUND(block), term)).toBe(expected);
  });
});
