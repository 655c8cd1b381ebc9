import { describe, expect, it } from "vitest";
import { loadOrg } from "../../../../ingest/loaders/markup/org.ts";
import { keepsLines, markedLines } from "./line-markup.contract.ts";

/** The lines of the Markdown, without the blanks at their ends. */
const linesOf = (text: string): string[] =>
  loadOrg(text)
    .text.split("\n")
    .map((line) => line.trimEnd());

describe("the title of Org", () => {
  it.each([
    ["#+AUTHOR: x\n#+TITLE: The =title=\n* Part\n", "The title"],
    ["* TODO [#A] First part :tag:other:\n", "First part"],
    ["Only text\n", null],
    ["", null],
  ])("of %j is %j", (text, title) => {
    expect(loadOrg(text).title).toBe(title);
  });
});

describe("Org", () => {
  it("gets headings below its title, without task words, priorities and tags", () => {
    expect(linesOf("#+title: Book\n* Part\n** DONE Step [1/2] :a:b:\n*bold* text\n")).toEqual([
      "# Book",
      "## Part",
      "### Step [1/2]",
      "**bold** text",
      "",
    ]);
    expect(linesOf("* Part\n** Step\n")).toEqual(["# Part", "## Step", ""]);
  });

  it("puts code between fences, and keeps what is quoted", () => {
    expect(linesOf("#+begin_src emacs-lisp :tangle yes\n  (a\n    b)\n#+end_src\n")).toEqual([
      "```emacs-lisp",
      "(a",
      "  b)",
      "```",
      "",
    ]);
    expect(linesOf("#+BEGIN_QUOTE\nSaid.\n#+END_QUOTE\n#+BEGIN_EXAMPLE\n* x\n#+END_EXAMPLE\n: fixed\n")).toEqual([
      "",
      "Said.",
      "",
      "```",
      "* x",
      "```",
      "    fixed",
      "",
    ]);
  });

  it("puts lines behind colons between fences where empty lines stand around them", () => {
    expect(linesOf("Run:\n\n: make\n:   all\n\nText\n")).toEqual(["Run:", "```", "make", "  all", "```", "Text", ""]);
  });

  it("takes the beginning of a block that nothing ends for nothing", () => {
    expect(linesOf("#+begin_src js\nText.\n* Part\n")).toEqual(["", "Text.", "# Part", ""]);
  });

  it("empties drawers, comments and settings", () => {
    const text =
      "* A\n:PROPERTIES:\n:ID: x\n:END:\n# comment\n#+STARTUP: fold\n#+CAPTION: A picture\nText\n:OPEN:\n* B\n";
    expect(linesOf(text)).toEqual(["# A", "", "", "", "", "", "**A picture**", "Text", "", "# B", ""]);
  });

  it.each([
    ["[[https://e.org][Site]] [[https://e.org]]", "[Site](https://e.org) <https://e.org>"],
    ["[[file:a b.org::*Part][the part]] [[*Part]]", "[the part](a%20b.org) Part"],
    ["~code~, =verb= and a=b=c ~", "`code`, `verb` and a=b=c ~"],
    ["=a=, =~/b= and ~=c=~", "`a`, `~/b` and `=c=`"],
    ["- term :: what it is", "- **term:** what it is"],
  ])("reads %j as %j", (text, markdown) => {
    expect(linesOf(text)[0]).toBe(markdown);
  });

  it("reads code that goes over two lines", () => {
    expect(linesOf("Run =make\nall= now.")).toEqual(["Run `make", "all` now."]);
  });

  it("keeps lists and tables", () => {
    expect(linesOf("- [ ] a\n  + b\n  * c\n1) d\n\n| N | S |\n|---+---|\n| a | 1 |\n|---+---|\n| b | 2 |\n")).toEqual([
      "- [ ] a",
      "  + b",
      "  - c",
      "1) d",
      "",
      "| N | S |",
      "| --- | --- |",
      "| a | 1 |",
      "|  |",
      "| b | 2 |",
      "",
    ]);
  });

  keepsLines(
    (text) => loadOrg(text).text,
    markedLines([
      "@ text of @",
      "",
      "* @",
      "** TODO @ :x:",
      "#+title: @",
      "#+begin_src js",
      "#+end_src",
      "#+begin_quote",
      "#+end_quote",
      "#+begin_comment",
      "#+end_comment",
      ":DRAWER:",
      ":END:",
      "- @",
      "  * @",
      "- @ :: @",
      "| @ | @ |",
      "|--+--|",
      "# x",
      "#+x: @",
      ": @",
      "-----",
      "[[x][@",
      "@]] @",
      "~@",
      "@~ =@=",
      "```",
      "~~~~",
      "*@",
      "@* @",
      "  @",
      "\t@ \\\\",
    ]),
    [
      "[[",
      "[[a][",
      "~a ",
      "=",
      "*a ",
      "* ",
      ":A:\n",
      "#+begin_src\n",
      "|",
      "- a ",
      " ",
      "*\n",
      "[fn:",
      "#+a:",
      "* a" + " ".repeat(60_000),
      "- a" + " ".repeat(60_000),
      "* a :b",
      ":a",
      "\\\\ ",
      ":\n",
      "#+a[",
      "[[a",
    ],
  );
});
