import { describe, expect, it } from "vitest";
import { markNumberedHeadings } from "../../src/lexical/numbered-headings.ts";

/** The lines that got marks. */
function headingsOf(text: string): readonly string[] {
  const lines = text.split("\n");
  const marked = markNumberedHeadings(lines);
  expect(marked.map((line) => line.replace(/^#+ /, ""))).toEqual(lines.map((line) => line.trim()));
  return marked.filter((line, at) => line !== lines[at]);
}

describe("markNumberedHeadings", () => {
  it("marks a line whose number goes on one level deeper in the next", () => {
    const text = [
      "CHAPTER 2 - LOCKS",
      "",
      "2.0. Keepers",
      "2.0.1. A keeper opens the lock at dawn, and shuts it at",
      "dusk, as in 2.1.1.",
      "2.0.2. Keepers are paid.",
      "",
      "2.1 Tolls and dues",
      "",
      "Nobody passes free.",
      "2.1.1 A barge pays two coins.",
    ];
    expect(headingsOf(text.join("\n"))).toEqual(["## CHAPTER 2 - LOCKS", "### 2.0. Keepers", "### 2.1 Tolls and dues"]);
  });

  it("marks what ends with a year, which is no page", () => {
    const text =
      "4. Minutes\n\n4.1 Meeting of 4 May 2024\n\nHeld.\n\n4.2 Meeting of 9 June 2024\n\nHeld.\n\n5. Staff\n\nTwo.";
    expect(headingsOf(text)).toEqual([
      "## 4. Minutes",
      "### 4.1 Meeting of 4 May 2024",
      "### 4.2 Meeting of 9 June 2024",
      "## 5. Staff",
    ]);
  });

  it("marks whole numbers that count, and what stands apart and counts on", () => {
    const text =
      "1 Water\n\nIt flows.\n\n2 Mills\n2.1 Wheels\n\nOf oak.\n\n2.2 Stones\n\nOf Vellin.\n\n3 Bread\n\nIt is baked.";
    expect(headingsOf(text)).toEqual(["## 2 Mills", "### 2.1 Wheels", "### 2.2 Stones", "## 3 Bread"]);
  });

  it.each([
    ["a table of contents with pages", "1 Locks 3\n1.1 Keepers 4\n2 Tolls ...... 7\n2.1 Dues ...... 8"],
    ["a numbered list", "1. Wash the leeks.\n2. Boil them.\n\n3. Serve"],
    [
      "a clause that its parts complete",
      "2.1 The tenant pays for\n2.1.1 the water,\n2.1.2 the light.\n2.2 The owner\npays the rest.\n2.2.1 Always.",
    ],
    ["sizes in a table", "12 Barge\n2 Sloop\n2.0 Cutter\n7 Punt\n7.5 Skiff"],
    ["a number alone", "2.5.\n2.5.1. It is open."],
    ["numbers that jump", "2.5. Quorum\n2.7. Order\n4. Staff\n5.1 Pay"],
    ["a date", "3.10. Market\n3.11. Fair"],
  ])("marks nothing in %s", (_, text) => {
    expect(headingsOf(text)).toEqual([]);
  });

  it("takes what comes again for a table of contents", () => {
    const text =
      "Contents\n1. Locks\n1.1 Keepers\n2. Tolls\n2.1 Dues\n\n1. Locks\n1.1 Keepers\nThey open.\n2. Tolls\n2.1 Dues\nTwo coins.";
    const marked = markNumberedHeadings(text.split("\n"));
    expect(marked.flatMap((line, at) => (line.startsWith("#") ? at : []))).toEqual([6, 9]);
  });
});
