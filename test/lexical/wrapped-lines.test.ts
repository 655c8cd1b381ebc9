import { describe, expect, it } from "vitest";
import { isWrapped, wholeSentences } from "../../src/lexical/wrapped-lines.ts";

const LINE = "The keeper of the northern lock opens the gate each";

describe("isWrapped", () => {
  it.each([
    ["a line goes on", LINE, "morning at six."],
    ["it goes on in bold or with a link", LINE, "**morning** at six."],
    ["it goes on with a link", LINE, "[morning](times.md) at six."],
    ["a short line ends in a tab", "The keeper\t", "opens the gate"],
    ["a term in bold ends in a colon and a tab", "- **`--all`:**\t", "  Opens all."],
    [
      "what is said of an option goes on",
      "  --lamp, --light   Light only those (or",
      "                    all of them)",
    ],
    ["an item goes on", `- ${LINE}`, "  morning at six."],
    ["a quoted line goes on", `> ${LINE}`, "> morning at six."],
    [
      "a short line had no room for the next word",
      "at dawn, see",
      `[the-keeper's-own-${"very-".repeat(12)}long-page](a.md).`,
    ],
    ["a term gets its definition", "morning", ": six to nine"],
  ])("is true where %s", (_name, before, after) => {
    expect(isWrapped(before, after)).toBe(true);
  });

  it.each([
    ["the sentence ended", `${LINE} day.`, "Morning comes."],
    ["an option follows another", "  --lamp   Light only those that", "                --oil   Fill them"],
    ["a break is asked for", `${LINE} day<br />`, "**Default:** none"],
    ["a list was announced", `${LINE} of these:`, "morning and noon"],
    ["the line is short", "The keeper", "opens the gate"],
    ["the line ends in a blank", "The keeper ", "opens the gate"],
    ["two blanks end the line", "The keeper  ", "opens the gate"],
    ["the line is too long to be wrapped", `${LINE} `.repeat(4), "morning at six."],
    ["the line is a heading", `## ${LINE}`, "Morning comes."],
    ["the line is a row", `| ${LINE} |`, "Morning comes."],
    ["an item begins", LINE, "- morning"],
    ["a number begins", LINE, "2. morning"],
    ["a heading begins", LINE, "## Morning"],
    ["a row begins", LINE, "| morning | six |"],
    ["a rule or an underline comes", LINE, "-----"],
    ["a link is defined", LINE, "[morning]: times.md"],
    ["code begins", LINE, "```sh"],
    ["indented code begins", LINE, "    open gate"],
    ["a quotation begins or ends", LINE, "> morning"],
    ["an entry of a log begins", LINE, "2026-11-21 10:00:01 INFO morning"],
    ["an entry of a log begins in brackets", LINE, "[2026-11-21T10:00:01Z] morning"],
    ["a second definition comes", `: ${LINE}`, ": six to nine"],
    ["a heading has a colon below it", `## ${LINE}`, ": six to nine"],
    [
      "an entry of a program's help begins",
      `      --open string   ${LINE}`,
      "  -p, --port int          the gate to open",
    ],
    ["nothing comes", LINE, "  "],
  ])("is false where %s", (_name, before, after) => {
    expect(isWrapped(before, after)).toBe(false);
  });
});

describe("wholeSentences", () => {
  const cut = (text: string): readonly string[] => wholeSentences(text).map(({ start, end }) => text.slice(start, end));

  it("joins what was wrapped, over several lines", () => {
    expect(cut(`${LINE}\n${LINE}\nmorning. It rings.\n\nThe end`)).toEqual([
      `${LINE}\n${LINE}\nmorning.`,
      "It rings.",
      "The end",
    ]);
  });

  it("leaves code line by line", () => {
    expect(cut(`\`\`\`\n${LINE}\nmorning\n\`\`\``)).toEqual(["```", LINE, "morning", "```"]);
  });
});

describe("wholeSentences of clauses and columns", () => {
  const sentences = (text: string): string[] => wholeSentences(text).map(({ start, end }) => text.slice(start, end));

  it.each([
    ["a numbered clause", `2.1 ${LINE}\n    month from March to May.`],
    ["a clause of three lines", `2.1 ${LINE}\n    ${LINE}\n    month from March to May.`],
    ["a lettered clause", `(a) ${LINE}\n    month from March to May.`],
  ])("are one for %s whose lines hang below its first words", (_name, text) => {
    expect(sentences(text)).toEqual([text]);
  });

  it.each([
    ["that is indented otherwise", `2.1 ${LINE}\n        sluice open --all`],
    ["of code", `    const gate = openTheNorthernGate(morning, noon, evening)\n    const lock = gate.lock`],
    ["that begins a clause", `2.1 ${LINE}\n    2.2 morning at six.`],
    ["of columns", `Work, two hours at the northern gate        £124.00\nTOTAL            £148.80`],
  ])("end before a line %s", (_name, text) => {
    expect(sentences(text)).toEqual(text.split("\n").map((line) => line.trim()));
  });

  it("are found in a time that grows with the length of the text", () => {
    expect(sentences("gate\n".repeat(100_000))).toHaveLength(100_000);
  });
});
