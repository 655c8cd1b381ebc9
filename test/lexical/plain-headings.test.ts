import { describe, expect, it } from "vitest";
import { markPlainHeadings } from "../../src/lexical/plain-headings.ts";

/** The lines that became headings; none where the text stays as it is. */
function headingsOf(text: string, title: string | null = null): readonly string[] {
  const lines = text.split("\n");
  const marked = markPlainHeadings(lines, { title });
  expect(marked?.length ?? lines.length).toBe(lines.length);
  return (marked ?? []).filter((line, at) => line !== lines[at] && line.startsWith("#"));
}

describe("markPlainHeadings", () => {
  it("knows titles that are underlined, the first form as the highest", () => {
    const text = "Mill papers\n===========\nOf the mill.\n\nTolls\n-----\nTwo coins.\n\nFairs\n-----\nIn June.";
    expect(headingsOf(text, "Mill papers")).toEqual(["# Mill papers", "## Tolls", "## Fairs"]);
    expect(markPlainHeadings(text.split("\n"), { title: "Mill papers" })?.[1]).toBe("");
  });

  it("knows lines with numbers that count on, and the titles below them", () => {
    const text = [
      "ARTICLE I",
      "NAME",
      "",
      "Section 1.1. Seat",
      "The seat is Lindmouth.",
      "",
      "Section 1.2. Seal",
      "The seal is round.",
      "",
      "ARTICLE II",
      "MEMBERS",
      "",
      "Whoever pays is one.",
    ];
    expect(headingsOf(text.join("\n"))).toEqual([
      "## ARTICLE I",
      "### NAME",
      "#### Section 1.1. Seat",
      "#### Section 1.2. Seal",
      "## ARTICLE II",
      "### MEMBERS",
    ]);
  });

  it.each([
    ["plain numbers over paragraphs", "1. Name\n\nIt is Mill.\n\n2. Seat\n\nLindmouth.", ["## 1. Name", "## 2. Seat"]],
    ["Roman numbers", "I. Name\n\nIt is Mill.\n\nII. Seat\n\nLindmouth.", ["## I. Name", "## II. Seat"]],
    ["a sign", "§ 1 Name\nIt is Mill.\n\n§ 2 Sitz\nLindmouth.", ["## § 1 Name", "## § 2 Sitz"]],
    [
      "capital letters",
      "OPENING HOURS\nSUMMER\nFrom eight to six o'clock each day, but for the days of the fair.\n\nLOST THINGS\nThey are kept in the locker for a month and then given away.",
      ["## OPENING HOURS", "## SUMMER", "## LOST THINGS"],
    ],
    [
      "a day with its year",
      "1. Meeting of 4 May 2024\n\nHeld.\n\n2. Seat\n\nBought.",
      ["## 1. Meeting of 4 May 2024", "## 2. Seat"],
    ],
    [
      "versions with dates that count down",
      "Version 3.2 (2025-06-20)\n\n- Moved\n\nVersion 3.1 (2025-05-02)\n\n- Mended\n\nVersion 2.9.1 (2024-11-30)\n\n- Made",
      ["## Version 3.2 (2025-06-20)", "## Version 3.1 (2025-05-02)", "## Version 2.9.1 (2024-11-30)"],
    ],
    [
      "versions over lists",
      "[3.1.0] - 1 May 2025\n* Moved\n\n[3.0.2] - 2 March 2025\n* Mended",
      ["## [3.1.0] - 1 May 2025", "## [3.0.2] - 2 March 2025"],
    ],
    ["versions alone", "v2.0\nMoved.\n\nv1.4.1\nMended.\n\nv1.4\nMade.", ["## v2.0", "## v1.4.1", "## v1.4"]],
    [
      "versions with titles",
      "New in Gauge 7.2: Night mode\n\nIt dims.\n\nNew in Gauge 7.0: Radar\n\nIt sees.",
      ["## New in Gauge 7.2: Night mode", "## New in Gauge 7.0: Radar"],
    ],
  ])("knows %s", (_, text, headings) => {
    expect(headingsOf(text)).toEqual(headings);
  });

  it.each([
    ["items of a list", "1. Wash the leeks\n2. Boil them\n3. Serve"],
    ["items that stand apart", "1. Wash the leeks\n\n2. Boil them\n\n3. Serve them"],
    ["versions above one another", "It runs on these.\n\nMill 3.2\n\nMill 3.1\n\nMill 3.0\n\nNo others."],
    ["versions in no order", "Mill 1.2\n\nIt turns.\n\nMill 1.5\n\nIt stops.\n\nMill 1.9\n\nIt rests."],
    ["one version", "Version 1.3 (2025-05-12)\n\nThe mill is shut."],
    ["numbers that do not count", "Room 4\n\nIt is cold.\n\nRoom 9\n\nIt is warm."],
    ["captions", "Figure 1: A mill\n\nIt turns.\n\nFigure 2: A weir\n\nIt holds."],
    [
      "clauses that are wrapped",
      "1.1 The keeper opens the lock each morning at the hour that the council\nnames.\n\n1.2 The keeper shuts the lock each evening at the hour that the council\nnames.",
    ],
    [
      "speakers in a play",
      "MIRA\nWho is there at the gate tonight?\n\nTOM\nI am.\n\nMIRA\nThen come.\n\nMIRA\nSit.\n\nTOM\nNo.",
    ],
    ["a chat", "Mara: Hello\nJon: Hi there\nMara: Come\n\nMara: Where\nJon: At the gate\nMara: Well"],
    ["one record", "Name: Mara Quist\nRole: keeper\nPhone: 12\n\nShe keeps the lamp."],
    ["a text in capital letters", "THE MILL IS SHUT\nBECAUSE OF THE FLOOD\nUNTIL THE WEIR IS MENDED"],
    ["a rule below a paragraph", "The mill is shut.\n-----------------\nIt opens in May."],
    ["a contents list", "1. Name 2\n\n2. Seat 4\n\n3. Seal 9"],
  ])("leaves %s as they are", (_, text) => {
    expect(markPlainHeadings(text.split("\n"), { title: null })).toBeNull();
  });

  it("indents what Markdown would take for a heading", () => {
    const text = "# a comment\n\nTolls\n=====\nTwo coins for a barge.\nOne for a boat\n---";
    expect(markPlainHeadings(text.split("\n"), { title: null })).toEqual([
      "    # a comment",
      "",
      "## Tolls",
      "",
      "Two coins for a barge.",
      "One for a boat",
      "    ---",
    ]);
  });

  it("knows one version with its date in a part of a text", () => {
    const lines = ["Mill notes", "", "Version 1.3 (2025-05-12)", "", "The mill is shut."];
    expect(markPlainHeadings(lines, { title: null, above: [] })?.[2]).toBe("## Version 1.3 (2025-05-12)");
    expect(markPlainHeadings(["It is quick.", "", "Mill 1.3", "", "It turns."], { title: null, above: [] })).toBeNull();
  });

  it("takes a first line with a number for no title of the others", () => {
    const text = "ARTICLE I\n\nThe mill is called Lindmouth.\n\nARTICLE II\n\nA barge pays two coins.";
    expect(headingsOf(text, "ARTICLE I")).toEqual(["## ARTICLE I", "## ARTICLE II"]);
  });

  it("reads large texts with many headings of one form or of many", () => {
    const counted = Array.from({ length: 120_000 }, (_, at) => `${(at % 900) + 1}. Tolls\n\nTwo coins.\n`).join("\n");
    expect(headingsOf(counted)).toHaveLength(120_000);
    const letters = (at: number): string =>
      String(at).replaceAll(/\d/g, (digit) => String.fromCodePoint(97 + Number(digit)));
    const named = Array.from({ length: 60_000 }, (_, at) => {
      const word = `Mill${letters(at)}`;
      return `${word} 1\n\nTwo coins.\n\n${word} 2\n\nA coin.\n`;
    }).join("\n");
    expect(headingsOf(named)).toHaveLength(120_000);
  });

  it("takes no line of millions of marks for an underline", () => {
    for (const mark of "=~^*-") {
      expect(markPlainHeadings(["Tolls", mark.repeat(5_000_000), "Two coins."], { title: null })).toBeNull();
    }
  });
});
