import { describe, expect, it } from "vitest";
import { hitLines, inReadingForm } from "../../src/domain/reading-form.ts";

describe("inReadingForm", () => {
  it.each([
    ["# 2. Term", "2. Term"],
    ["| Jonas Hallberg | 33,000 |  | 33 | |", "Jonas Hallberg\u00A0· 33,000\u00A0· \u00A0· 33"],
    ["| Key | Value |\n|---|:--:|\n| a \\| b | c |", "Key\u00A0· Value\n\na | b\u00A0· c"],
    ["**Frost.** Leave *it* on until _30 November_, **_always_**.", "Frost. Leave it on until 30 November, always."],
    [
      "See [the `guide` page](../guide(2).md) and ![a plan](https://a.example/plan.png).",
      "See the `guide` page and a plan.",
    ],
    ['Fill in [the *form*](https://a.example/f "Form").', "Fill in the form (https://a.example/f)."],
    ["Write to [a@b.example](mailto:a@b.example).", "Write to a@b.example."],
  ])("shows %j as %j", (written, read) => expect(inReadingForm(written)).toBe(read));

  it("keeps the lines of code between fences, and hides the fences", () => {
    expect(inReadingForm("```sh\n# **all** of it\n```\n# Head")).toBe("\n# **all** of it\n\nHead");
  });

  it.each([
    "2 * 3 * 4 is 24",
    "f(*args, **named) of __init__ and snake_case_name",
    "list[0](x) and a footnote*",
    "- an item\n> a reply",
    "either | or",
    "Set ``a ` *b*`` and `_x_`.",
    "| - | 3",
    "#hashtag, C# and issue #12",
    "a [1] b [2]",
  ])("keeps %j", (text) => expect(inReadingForm(text)).toBe(text));

  it("reads a span of a text in which marks begin before it and end behind it", () => {
    const text = "a **bold** word";
    expect(inReadingForm(text, undefined, { start: 3, end: 9 })).toBe("bold");
  });

  it("reads long lines of nothing but marks in limited time", () => {
    for (const piece of ["*a ", "`a ", "[a](", "| ", "_", "**"]) {
      const text = `|${piece.repeat(20_000)}|`;
      expect(inReadingForm(text).length).toBeLessThan(text.length);
    }
  });
});

describe("hitLines", () => {
  const hit = { title: "Lease", heading: "1. Premises > 2. Term", language: "docx" };
  const textOf = (text: string, language = hit.language): readonly string[] =>
    hitLines({ ...hit, language, text }).map((line) => line.text);

  it("leaves out the headings in front that the title tells, and keeps the numbers of the lines", () => {
    const text = "# Lease\n\n# 2.  Term\n\nIt ends in 2031.\n\n# 3. Rent\n\nIt is due.";
    expect(textOf(text)).toEqual(["", "", "", "", "It ends in 2031.", "", "3. Rent", "", "It is due."]);
    const headings = hitLines({ ...hit, text: text.slice(9) }).filter((line) => line.isHeading && line.text !== "");
    expect(headings.map((line) => line.text)).toEqual(["3. Rent"]);
  });

  it("keeps a hit that is its heading alone", () => {
    expect(textOf("# Lease\n")).toEqual(["Lease", ""]);
  });

  it("keeps code as it is written", () => {
    expect(textOf("# a *b* c", "python")).toEqual(["# a *b* c"]);
    expect(hitLines({ ...hit, text: "```sh\n# a\n```" }).some((line) => line.isHeading)).toBe(false);
  });
});
