import { describe, expect, it } from "vitest";
import { chunkDocument } from "../../../../ingest/chunking/chunk-document.ts";
import { withHeadings } from "../../../../ingest/chunking/headings.ts";
import { createMeasure } from "../../../../ingest/chunking/measure.ts";
import { createSentenceChunker } from "../../../../ingest/chunking/sentences.ts";
import { loadBytes } from "../../../../ingest/loaders/load-document.ts";
import { loadRestructuredText } from "../../../../ingest/loaders/markup/restructured-text.ts";
import { countWords } from "../../chunking/chunker.contract.ts";
import { keepsLines, markedLines } from "./line-markup.contract.ts";

/** The lines of the Markdown, without the blanks at their ends. */
const linesOf = (text: string): string[] =>
  loadRestructuredText(text)
    .text.split("\n")
    .map((line) => line.trimEnd());

describe("the title of reStructuredText", () => {
  it.each([
    ["The title\n=========\n\nText\n", "The title"],
    ["===========\n The title\n===========\n\nText\n", "The title"],
    [".. _label:\n\nUsing ``code``\n~~~~~~~~~~~~~~\n", "Using code"],
    ["Just text\n--\n", null],
    ["a  b\n== ==\n1  2\n", null],
    ["", null],
  ])("of %j is %j", (text, title) => {
    expect(loadRestructuredText(text).title).toBe(title);
  });
});

describe("a document in reStructuredText", () => {
  it("is cut under its headings, and keeps its language", async () => {
    const text = `Guide\n=====\n\nWelcome.\n\nLocks\n-----\n\nOpen it::\n\n    open()\n\nGates\n~~~~~\n\nShut them.\n`;
    const outcome = await loadBytes({ root: "/r", source: "a.rst", bytes: new TextEncoder().encode(text) });
    if (outcome.status !== "loaded") throw new Error(outcome.reason);
    const chunker = withHeadings(createSentenceChunker({ budget: 150, measure: createMeasure(countWords) }));
    const chunks = [...chunkDocument(outcome.document, { chunker, collection: "c" })].map(({ chunk }) => chunk);
    expect(chunks.map(({ title, heading, language }) => [title, heading, language])).toEqual([
      ["Guide", null, "rst"],
      ["Guide", "Locks", "rst"],
      ["Guide", "Locks > Gates", "rst"],
    ]);
    expect(chunks.map(({ lines }) => lines)).toEqual([
      { start: 1, end: 4 },
      { start: 6, end: 12 },
      { start: 13, end: 16 },
    ]);
  });
});

describe("reStructuredText", () => {
  it("gets headings whose levels follow the order of their adornments", () => {
    expect(linesOf("####\nBook\n####\n\nPart\n====\n\nStep\n++++\n\nOther\n=====\n")).toEqual([
      "",
      "# Book",
      "",
      "",
      "## Part",
      "",
      "",
      "### Step",
      "",
      "",
      "## Other",
      "",
      "",
    ]);
  });

  it("keeps a line of marks that is no heading as a rule", () => {
    expect(linesOf("Above.\n\n~~~~~~\n\nBelow.\n")).toEqual(["Above.", "", "---", "", "Below.", ""]);
  });

  it("puts announced code between fences that stand on the empty lines around it", () => {
    expect(linesOf("Like this::\n\n    a = 1\n\n    if a:\n        b()\n\nDone.\n")).toEqual([
      "Like this:",
      "```",
      "a = 1",
      "",
      "if a:",
      "    b()",
      "```",
      "Done.",
      "",
    ]);
    expect(linesOf("So.\n\n::\n\n  a\n\nDone.")).toEqual(["So.", "", "", "```", "a", "```", "Done."]);
  });

  it("closes a block of code at the end of the text", () => {
    expect(linesOf("Code::\n\n  a\n")).toEqual(["Code:", "```", "a", "```"]);
    expect(linesOf("Code::\n\n  a")).toEqual(["Code:", "```", "a", "```"]);
  });

  it("names the language of a directive, and drops its settings", () => {
    const text = ".. code-block:: ruby\n   :caption: a.rb\n\n   puts 1\n\n.. highlight:: sh\n\nRun::\n\n   ls\n\nEnd\n";
    expect(linesOf(text)).toEqual([
      "",
      "",
      "```ruby",
      "puts 1",
      "```",
      "",
      "",
      "Run:",
      "```sh",
      "ls",
      "```",
      "End",
      "",
    ]);
  });

  it("leaves code without fences where no empty line ends it", () => {
    expect(linesOf("Code::\n\n  a\nText goes on.\n")).toEqual(["Code:", "", "    a", "Text goes on.", ""]);
  });

  it("makes the fence longer than those in the code", () => {
    expect(linesOf("Code::\n\n  ```\n  a\n  ```\n\nEnd")).toEqual(["Code:", "````", "```", "a", "```", "````", "End"]);
  });

  it("keeps code in the item of a list that it belongs to", () => {
    expect(linesOf("* item::\n\n    code\n\n  more\n* next\n")).toEqual([
      "* item:",
      "  ```",
      "  code",
      "  ```",
      "  more",
      "* next",
      "",
    ]);
  });

  it("puts sessions between fences, several as one", () => {
    expect(linesOf("Try:\n\n>>> 1 + 1\n2\n\n>>> 3\n3\n\nEnd\n")).toEqual([
      "Try:",
      "```python",
      ">>> 1 + 1",
      "2",
      "",
      ">>> 3",
      "3",
      "```",
      "End",
      "",
    ]);
  });

  it.each([
    ["Use ``a_b`` or ``c`d``.", "Use `a_b` or ``c`d``."],
    [":class:`~lib.sub.Thing` and :meth:`.Thing.run`", "`Thing` and `Thing.run()`"],
    [":func:`call <lib.call>`, :py:data:`X`", "call, `X`"],
    [
      ":ref:`the part <part-label>` and :doc:`/guide/start`",
      "[the part](#part-label) and [guide/start](/guide/start.rst)",
    ],
    [":unknown:`kept text` and :pep:`8`", "kept text and PEP 8"],
    ["`~a.B` `!c` Here__ and __init__", "`B` `c` Here and __init__"],
    ["`Site <https://example.org/a>`_, `plain`, |sub|", "[Site](https://example.org/a), `plain`, |sub|"],
    [
      "See Site_ or `the site`_.\n\n.. _site: https://e.org\n.. _the site: https://f.org",
      "See [Site](https://e.org) or [the site](https://f.org).",
    ],
    ["some_ words_ with_under scores", "some_ words_ with_under scores"],
    ["A note [1]_ and *that* **this**", "A note [1] and *that* **this**"],
  ])("reads %j as %j", (text, markdown) => {
    expect(linesOf(text)[0]).toBe(markdown);
  });

  it("reads a link or a role that goes over two lines, and keeps what follows on its line", () => {
    expect(linesOf("See `the\nsite <https://e.org>`_ for all.\nA :ref:`long\nname <x>` here.")).toEqual([
      "See [the",
      "site](https://e.org) for all.",
      "A [long",
      "name](#x) here.",
    ]);
    expect(linesOf("See `Site\n<https://e.org>`_.\nMore.")).toEqual(["See [Site](https://e.org).", "", "More."]);
  });

  it("begins notes with their kind, on the line of their first words", () => {
    expect(linesOf(".. note:: Mind the gap\n   below.\n\n.. warning::\n\n   Hot. It\n   burns.\n\nEnd")).toEqual([
      "**Note:** Mind the gap",
      "below.",
      "",
      "",
      "",
      "**Warning:** Hot. It",
      "burns.",
      "",
      "End",
    ]);
    expect(
      linesOf(".. versionadded:: 2.1\n.. versionchanged:: 3.0\n   Now twice.\n\n.. admonition:: Why?\n\n   * so\n"),
    ).toEqual([
      "**Added in version 2.1.**",
      "",
      "**Changed in version 3.0:** Now twice.",
      "",
      "**Why?**",
      "",
      "* so",
      "",
    ]);
  });

  it("gives what is documented a heading below its section, where something is said of it", () => {
    expect(
      linesOf("Part\n====\n\n.. function:: run(x)\n\n   Runs.\n\n   :param x: what\n\n.. data:: ALONE\n\nText.\n"),
    ).toEqual([
      "# Part",
      "",
      "",
      "## `run(x)`",
      "",
      "Runs.",
      "",
      "- **param x:** what",
      "",
      "`ALONE`",
      "",
      "Text.",
      "",
    ]);
  });

  it("empties comments, labels, indexes and images", () => {
    const text =
      ".. a comment\n   of two lines\n\n.. _label:\n.. index:: word\n.. image:: a.png\n   :alt: text\n\n..\n\nText.";
    expect(linesOf(text)).toEqual(["", "", "", "", "", "", "", "", "", "", "Text."]);
  });

  it("keeps entries of a table of contents and the paths of files", () => {
    expect(
      linesOf(
        ".. toctree::\n   :maxdepth: 2\n\n   start\n   Long name <deep/page>\n\n.. literalinclude:: a/b.py\n   :lines: 3\n",
      ),
    ).toEqual(["", "", "", "- start", "- Long name", "", "`a/b.py`", "", ""]);
  });

  it("makes rows of simple tables and grids", () => {
    expect(linesOf("=====  =====\nName   Size\n=====  =====\na      1\nb|c    2\n=====  =====\n")).toEqual([
      "",
      "| Name | Size |",
      "| --- | --- |",
      "| a | 1 |",
      String.raw`| b\|c | 2 |`,
      "",
      "",
    ]);
    expect(linesOf("+---+---+\n| A | B |\n+===+===+\n| 1 | 2 |\n+---+---+\n| 3 |   |\n+---+---+\n")).toEqual([
      "",
      "| A | B |",
      "| --- | --- |",
      "| 1 | 2 |",
      "|  |",
      "| 3 | |",
      "",
      "",
    ]);
  });

  it("keeps lists, fields, verses and the rows of list tables readable", () => {
    expect(linesOf(":Author: Ada\n\n#. one\n#. two\n\n| a verse\n| of two\n")).toEqual([
      "- **Author:** Ada",
      "",
      "1. one",
      "1. two",
      "",
      "a verse",
      "of two",
      "",
    ]);
    expect(linesOf(".. list-table:: Sizes\n   :header-rows: 1\n\n   * - Name\n     - Size\n")).toEqual([
      "Sizes",
      "",
      "",
      "* - Name",
      "  - Size",
      "",
    ]);
  });

  it("lets no line of prose pass for a mark of Markdown", () => {
    expect(linesOf("# no heading\n\n~~~~ x\n\n``` y\n\na line of text\n--\n")).toEqual([
      String.raw`\# no heading`,
      "",
      String.raw`\~~~~ x`,
      "",
      "\\``` y",
      "",
      "a line of text",
      String.raw`\--`,
      "",
    ]);
  });

  it("makes items of terms with their meanings", () => {
    expect(
      linesOf("Of all:\n\n  :fixture:`cap`\n    Reads.\n\n  ``b``\n    Two\n    lines.\n  c : int\n    Three.\n"),
    ).toEqual([
      "Of all:",
      "",
      "  - **cap:**",
      "   Reads.",
      "",
      "  - **`b`:**",
      "   Two",
      "   lines.",
      "  - **c : int:**",
      "   Three.",
      "",
    ]);
  });

  it("labels tabs, and knows code that has one", () => {
    expect(linesOf(".. tab:: toml\n\n   Words.\n\n.. code-tab:: bash\n\n   ls\n")).toEqual([
      "**toml**",
      "",
      "Words.",
      "",
      "",
      "```bash",
      "ls",
      "```",
    ]);
  });

  it("marks the numbers of issues, and labels notes that begin with a role", () => {
    expect(linesOf(":issue:`12`: Mended.\n\n.. note::\n\n   :option:`-p` loads.\n")).toEqual([
      "#12: Mended.",
      "",
      "",
      "",
      "**Note:** `-p` loads.",
      "",
    ]);
  });

  it("marks the lines that the next one goes on with", () => {
    expect(loadRestructuredText("Short\nline.\n\nTerm\n  Meaning\n").text).toBe(
      "Short\t\nline.\n\n- **Term:**\t\n  Meaning\n",
    );
  });

  keepsLines(
    (text) => loadRestructuredText(text).text,
    markedLines([
      "@ text of @",
      "@::",
      "::",
      "",
      "",
      "    @ code",
      "  @ deeper",
      "* @ item",
      "1. @ item",
      "====",
      "~~~~~~~~",
      "--",
      ".. note:: @ words",
      ".. note::",
      ".. code-block:: js",
      "   :name: x",
      ".. image:: x.png",
      ".. unknown:: @",
      "..",
      ".. function:: @(x)",
      "   @ body",
      ">>> @",
      "=== ===",
      "@  @",
      "+---+",
      "| @ |",
      "`@",
      "@`_",
      ":ref:`@ <x>`",
      "``@",
      "@`` @",
      "| @",
      ":field: @",
      "\t@ tab",
      "```",
      "~~~",
      "# @",
      "__ x",
      ".. [1] @",
      ".. |x| replace:: @",
      "<x>`_ @",
    ]),
    [
      "`",
      "``",
      ":a",
      ":a:`",
      "`<",
      "[1",
      ".. _a",
      "== ==\n",
      "== ==\na\n",
      "= \n",
      "+-",
      "|\n",
      "\n\n::",
      " ",
      "::\n",
      ".. x::\n",
      "a_ ",
      "\\ ",
      "* ",
      "* a" + " ".repeat(60_000),
      `:${" ".repeat(60_000)}a:`,
      "a::\n\n b\n\n",
      ".. a::\n\n",
      "`a <",
      " <b>",
      "  :a:\n",
      ".. [1] a\n",
      "a\n---\n",
      "a\n b\n",
    ],
  );
});
