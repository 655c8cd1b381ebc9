import { describe, expect, it } from "vitest";
import { loadAsciidoc } from "../../../../ingest/loaders/markup/asciidoc.ts";
import { keepsLines, markedLines } from "./line-markup.contract.ts";

/** The lines of the Markdown, without the blanks at their ends. */
const linesOf = (text: string): string[] =>
  loadAsciidoc(text)
    .text.split("\n")
    .map((line) => line.trimEnd());

describe("the title of AsciiDoc", () => {
  it.each([
    ["= The *title*\nAuthor\n\n== Part\n", "The title"],
    ["The title\n=========\n\nText\n", "The title"],
    ["Text\n\n== First part\n", "First part"],
    ["Only text\n", null],
    ["----\n= code\n----\n", null],
    ["", null],
  ])("of %j is %j", (text, title) => {
    expect(loadAsciidoc(text).title).toBe(title);
  });
});

describe("AsciiDoc", () => {
  it("gets headings of the levels that its marks and underlines tell", () => {
    expect(linesOf("= Book\n\n== Part ==\n\n=== Step\n\nOld part\n--------\n\nText\n")).toEqual([
      "# Book",
      "",
      "## Part",
      "",
      "### Step",
      "",
      "## Old part",
      "",
      "",
      "Text",
      "",
    ]);
  });

  it("puts code between fences with its language", () => {
    expect(linesOf(".Title\n[source,ruby]\n----\nputs 1 # <1>\n\n== 2\n----\n<1> Shows it\n")).toEqual([
      "**Title**",
      "",
      "```ruby",
      "puts 1 # <1>",
      "",
      "== 2",
      "```",
      "1. Shows it",
      "",
    ]);
    expect(linesOf("....\na\n....\n\n```js\nb\n```\n")).toEqual(["```", "a", "```", "", "```js", "b", "```", ""]);
    expect(linesOf("[source,sh]\nls -l\n\nText\n")).toEqual(["```sh", "ls -l", "```", "Text", ""]);
  });

  it("puts indented lines between fences where empty lines stand around them", () => {
    expect(linesOf("Run:\n\n $ make\n   all\n\nText\n")).toEqual(["Run:", "```", "$ make", "  all", "```", "Text", ""]);
  });

  it("takes a line around code that nothing ends for nothing", () => {
    expect(linesOf("Text.\n\n----\n\nMore text.\n\n== Part\n")).toEqual([
      "Text.",
      "",
      "",
      "",
      "More text.",
      "",
      "## Part",
      "",
    ]);
  });

  it("begins notes with their kind, on the line of their first words", () => {
    expect(linesOf("NOTE: Mind the gap.\n\n[WARNING]\n====\nHot.\n\nBurns.\n====\n")).toEqual([
      "**Note:** Mind the gap.",
      "",
      "",
      "",
      "**Warning:** Hot.",
      "",
      "Burns.",
      "",
      "",
    ]);
    expect(linesOf("[TIP]\n* so\n")).toEqual(["**Tip.**", "- so", ""]);
  });

  it.each([
    ["link:a/b.html[The page]", "[The page](a/b.html)"],
    ["https://e.org[Site^] and https://e.org", "[Site](https://e.org) and https://e.org"],
    ["xref:part.adoc#x[the part], <<id,words>>, <<id>>", "[the part](part.adoc#x), [words](#id), [id](#id)"],
    ["`+code+` `a` *b* kbd:[Ctrl]", "`code` `a` *b* Ctrl"],
    ["[[anchor]]Text footnote:[more] ((term)) (((hidden)))", "Text  (more) term"],
    ["Line +\nnext", "Line"],
    ["term :: what it is", "- **term:** what it is"],
  ])("reads %j as %j", (text, markdown) => {
    expect(linesOf(text)[0]).toBe(markdown);
  });

  it("fills in the document's own attributes", () => {
    expect(linesOf(":site: https://e.org\n:name: Thing\n\n{name} is at {site}[home], not {other}.\n")).toEqual([
      "",
      "",
      "",
      "Thing is at [home](https://e.org), not {other}.",
      "",
    ]);
  });

  it("empties comments, settings and images, and keeps the path of an included file", () => {
    expect(
      linesOf("// c\n////\nlong\n////\n[.lead]\nimage::a.png[Alt]\ninclude::b/c.adoc[]\nifdef::x[]\ntext\nendif::[]\n"),
    ).toEqual(["", "", "", "", "", "", "`b/c.adoc`", "", "text", "", ""]);
  });

  it("keeps lists of any depth", () => {
    expect(linesOf("* a\n** b\n. c\n.. d\n- e\n+\nmore\n")).toEqual([
      "- a",
      "  - b",
      "1. c",
      "  1. d",
      "- e",
      "",
      "  more",
      "",
    ]);
  });

  it("makes one item of several terms with one meaning", () => {
    expect(loadAsciidoc("`-a`::\n`--all`::\n\tTakes\n\tall.\n\nx:: Does it.\n").text).toBe(
      "- **`-a`,**\t\n  **`--all`:**\t\n  Takes\t\n  all.\n\n- **x:** Does it.\n",
    );
  });

  it("keeps a synopsis as code and verses line by line", () => {
    expect(linesOf("[synopsis]\nrun [-a]\n    [-b]\n\n[verse]\none\ntwo\n")).toEqual([
      "```",
      "run [-a]",
      "    [-b]",
      "```",
      "",
      "one",
      "two",
      "",
    ]);
    expect(loadAsciidoc("[verse]\none\ntwo\n").text).toBe("\none\ntwo\n");
  });

  it.each([
    ["See linkgit:git-add[1].", "See git-add(1)."],
    ["See issue:12[] and page:gates[the gates].", "See 12 and the gates."],
    [
      "Write +--force+, ++%an++ or +<<<<+ there, 1 + 2 + 3, C++ and a+b+c.",
      "Write `--force`, `%an` or `<<<<` there, 1 + 2 + 3, C++ and a+b+c.",
    ],
  ])("reads %j as %j", (written, read) => {
    expect(loadAsciidoc(written).text).toBe(read);
  });

  it("makes rows of tables, with a rule below a header", () => {
    expect(linesOf("|===\n|Name |Size\n\n|a |1\n2+|b\n|===\nText\n")).toEqual([
      "",
      "| Name | Size |",
      "| --- | --- |",
      "| a | 1 |",
      "| b |",
      "",
      "Text",
      "",
    ]);
  });

  keepsLines(
    (text) => loadAsciidoc(text).text,
    markedLines([
      "@ text of @",
      "",
      "",
      "----",
      "....",
      "====",
      "****",
      "--",
      "////",
      "++++",
      "```",
      "|===",
      "|@ |@",
      "= @",
      "== @",
      "@----",
      "-----",
      "~~~~",
      "[source,js]",
      "[NOTE]",
      "NOTE: @",
      "* @",
      ".. @",
      "@:: @",
      "@::",
      "+",
      ".@",
      "link:x[@",
      "@] @",
      "<<x,@",
      "@>> @",
      "`@",
      "@` +",
      "https://e.org[@] @",
      "include::x[]",
      "ifdef::x[@]",
      "  @ indented",
      "# @",
      "[[@]] @",
      "footnote:[@",
      "// x",
      ":a: x",
      "~~~",
    ]),
    [
      "`",
      "[",
      "<<a,",
      "link:a[",
      "{a",
      "((",
      "|",
      "|===\n",
      "----\n",
      "[source]\na\n",
      "= \n",
      "* ",
      "a::",
      " ",
      "[[",
      "footnote:[",
      "https://a[",
      "====\n[NOTE]\n",
      ".a\n",
      "== a" + " ".repeat(60_000),
      "a" + " ".repeat(60_000),
      "a::[",
      "[a",
      "[[a]",
      "|" + " ".repeat(60_000),
      "[NOTE]\n.a\n",
    ],
  );
});
