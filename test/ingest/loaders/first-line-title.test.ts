import { describe, expect, it } from "vitest";
import { titleFromFirstLine } from "../../../ingest/loaders/first-line-title.ts";

const PARAGRAPH = `The lease ${"of the upper flat ".repeat(8)}begins in May.`;

describe("titleFromFirstLine", () => {
  it.each([
    ["a line above an empty one", "Lease of the upper flat\n\nIt begins in May.", "Lease of the upper flat"],
    ["empty lines before it", "\n\n  Lease \n\nIt begins in May.", "Lease"],
    ["a line that is underlined", "Lease\r\n=====\r\nIt begins in May.", "Lease"],
    ["a line above a paragraph that is one line", `Lease (2024)\n${PARAGRAPH}`, "Lease (2024)"],
    ["a year", "2001 A Space Odyssey\n\nA film.", "2001 A Space Odyssey"],
    ["a script without capital letters", "東京\n\n東京は日本の首都です。", "東京"],
  ])("is %s", (_, text, title) => {
    expect(titleFromFirstLine(text)).toBe(title);
  });

  it.each([
    ["a sentence", "It begins in May.\n\nIt ends in June."],
    ["a wrapped line", "It begins in May and goes on\nuntil June."],
    ["a line that announces something", "These are the rules:\n\nNo smoking."],
    ["a long line", `${"word ".repeat(30)}\n\nText.`],
    ["all there is", "Lease of the upper flat\n\n"],
    ["a greeting", "Dear Ms Quist\n\nThe lift is repaired."],
    ["the head of a mail", "From: Quist\n\nThe lift is repaired."],
    ["an item", "- lift\n\n- stairs"],
    ["an entry of a log", "2026-11-21 10:00:01 INFO start\n\n2026-11-21 10:00:02 INFO end"],
    ["a rule", "==========\n\nText."],
    ["nothing", ""],
  ])("is not %s", (_, text) => {
    expect(titleFromFirstLine(text)).toBeNull();
  });

  it("looks at the beginning of a long text only", () => {
    expect(titleFromFirstLine(`Lease\n\n${"x".repeat(5_000_000)}`)).toBe("Lease");
    expect(titleFromFirstLine(" ".repeat(5_000_000))).toBeNull();
  });
});
