import { describe, expect, it } from "vitest";
import { createCodeChunker } from "../../../ingest/chunking/code.ts";
import { createMeasure } from "../../../ingest/chunking/measure.ts";
import { withHeadings } from "../../../ingest/chunking/headings.ts";
import { createSentenceChunker } from "../../../ingest/chunking/sentences.ts";
import { loadFlatHtml } from "../../../ingest/loaders/flat-html.ts";
import { htmlToMarkdown, loadHtml } from "../../../ingest/loaders/html.ts";
import { withoutFrameTags } from "../../../ingest/loaders/html-tags.ts";
import { joinLines } from "../../../ingest/loaders/join-lines.ts";
import { loadMarkdown } from "../../../ingest/loaders/markdown.ts";
import { chunksOf, countWords } from "../chunking/chunker.contract.ts";
import { loadedMade, loadMade } from "./load-made.ts";
import { makeDocx, makeEpub, paragraph } from "./made-files.ts";

const MANY = 200_000;

describe("pages that nobody could follow", () => {
  it("are read word by word where their elements are nested too deeply, and say so", async () => {
    const html = `<title>Rent &amp; heat</title><h2>Costs</h2>${"<div>".repeat(MANY)}<p>1,240 <b>EUR</b><p>a month${"</div>".repeat(MANY)}`;
    expect(await loadedMade("rent.html", Buffer.from(html))).toMatchObject({
      text: "## Costs\n\n1,240 EUR\n\na month\n",
      title: "Rent & heat",
      note: "the page's elements are nested more than 250 levels deep, so its words were read without lists and tables",
    });
  });

  it.each([
    ["never closed", "<b>word "],
    ["closed wrongly", "<div>word </p>"],
    ["of a kind that others end", "<p><li>word "],
  ])("are read to the end with tags that are %s", (_, part) => {
    expect(countWords(htmlToMarkdown(part.repeat(MANY)))).toBe(MANY);
  });

  it("are read word by word where an element has attributes without end", () => {
    const attributes = Array.from({ length: MANY }, (_, index) => `a${index}=b`).join(" ");
    expect(loadHtml(`<ul><li ${attributes}>one</ul>`)).toEqual({
      text: "one\n",
      title: null,
      notes: ["an element of the page has more than 1,000 attributes, so its words were read without lists and tables"],
    });
  });

  it("keep their lists and quotes in answers to answers", () => {
    const html = `${"<blockquote><div>".repeat(60)}deep${"</div></blockquote>".repeat(60)}`;
    expect(htmlToMarkdown(html)).toBe(`${"> ".repeat(60)}deep\n`);
  });

  it("are read whole where an element holds more than the search for the article takes", () => {
    expect(loadHtml("&lt;".repeat(MANY)).text.trim()).toBe("<".repeat(MANY));
  });

  it("lose scripts and styles only", () => {
    const html = "<style>p{}</style><p>One<br>two</p><script>if (a < b) c()</script><!-- no --><ul><li>three</ul>";
    expect(loadFlatHtml(html)).toEqual({ text: "One\n\ntwo\n\nthree\n", title: null });
  });
});

describe("packed files that nobody could follow", () => {
  it("say of nested parts that they are too deep", async () => {
    const nested = `${"<w:smartTag>".repeat(20_000)}${paragraph("x")}${"</w:smartTag>".repeat(20_000)}`;
    expect(await loadMade("a.docx", makeDocx(nested))).toEqual({
      status: "failed",
      reason: "cannot be read as docx: its parts are nested too deeply",
    });
  });

  it("have each chapter of a book once, however often it is listed", async () => {
    const order = `<itemref idref="c"/>`.repeat(10_000);
    const book = makeEpub([], {
      title: "B",
      extra: {
        "OPS/book.opf": `<package><manifest><item id="c" href="c.xhtml"/></manifest><spine>${order}</spine></package>`,
        "OPS/c.xhtml": "<p>Once.</p>",
      },
    });
    expect(await loadedMade("b.epub", book)).toMatchObject({ text: "Once.\n" });
  });
});

describe("the tags around a page", () => {
  it.each([
    [
      "<!DOCTYPE html>\n<html lang='a>b'><head ><title>T</title></head><body class=x><p>hi</body></html >",
      "\n<title>T</title><p>hi",
    ],
    ["one</body>two<body>three", "onetwothree"],
    ["<header>x</header><bodyguard>y", "<header>x</header><bodyguard>y"],
  ])("of %s are left out", (html, content) => {
    expect(withoutFrameTags(html)).toBe(content);
  });

  it("may be many and open", () => {
    expect(htmlToMarkdown(`<p>hi${'<body "'.repeat(MANY)}`)).toBe("hi\n");
  });
});

describe("texts with long runs of marks", () => {
  it("joins lines in a run of blanks", () => {
    expect(joinLines(`a \t\n  b${" ".repeat(MANY)}c\r\nd`)).toBe(`a b${" ".repeat(MANY)}c d`);
  });

  it.each([
    ["dots.md", ".".repeat(MANY)],
    ["brackets.md", `# ${"[".repeat(MANY)}`],
    ["blanks.csv", `a,b\n"x${" ".repeat(MANY)}y\nz",w\n`],
    ["tags.srt", `1\n00:00:01,000 --> 00:00:02,000\n${"<".repeat(MANY)}\n${"<v ".repeat(MANY)}\n${"{\\".repeat(MANY)}`],
    ["blanks.ipynb", JSON.stringify({ cells: [{ cell_type: "code", source: `a${" ".repeat(MANY)}b` }] })],
    ["day.json", JSON.stringify([{ type: "message", ts: "1.1", user: "U", text: "<".repeat(MANY) }])],
  ])("reads and cuts %s", async (source, content) => {
    const { text, language } = await loadedMade(source, Buffer.from(content));
    expect(text.length).toBeGreaterThan(MANY / 2);
    const chunker = withHeadings(createSentenceChunker({ budget: 150, measure: createMeasure(countWords) }));
    expect(chunksOf(chunker, text, language).length).toBeGreaterThan(0);
  });

  it("cuts code behind long indentation", () => {
    const chunker = createCodeChunker({ budget: 512, measure: createMeasure(countWords) });
    const text = `${" ".repeat(MANY)}one\n\n${" ".repeat(MANY)}two\n`;
    expect(chunksOf(chunker, text, "yaml").map((chunk) => chunk.text.trim())).toEqual([
      expect.stringMatching(/^one\s+two$/),
    ]);
  });
});

describe("texts that would grow", () => {
  it("fills in the attributes of AsciiDoc only while their values stay short", async () => {
    const lines = Array.from({ length: 60 }, (_, level) => `:a${level + 1}: {a${level}}{a${level}}`);
    const { text } = await loadedMade("a.adoc", Buffer.from(`:a0: x\n${lines.join("\n")}\n\nIt is {a3} and {a60}.\n`));
    expect(text).toContain("It is xxxxxxxx and ");
    expect(text.length).toBeLessThan(2_000);
  });

  it("keeps records as they are where the way to a value is too long, and says which", async () => {
    const deep = `${'{"a":'.repeat(101)}1${"}".repeat(101)}`;
    const long = `{"${"k".repeat(301)}":{"a":1}}`;
    const content = `{"a":{"b":1}}\n${deep}\n${long}\n${"[".repeat(MANY)}${"]".repeat(MANY)}\n`;
    const { text, note } = await loadedMade("a.jsonl", Buffer.from(content));
    expect(text.split("\n").slice(0, 3)).toEqual(["| row 1 | a.b: 1 |", `| row 2 | ${deep} |`, `| row 3 | ${long} |`]);
    expect(note).toContain("nested too deeply to name its values, kept as it is: line 2, 3, 4");
  });

  it("takes a first row with a long text in it for a row, not for names that every row would repeat", async () => {
    const { text } = await loadedMade("a.csv", Buffer.from(`city,${"x".repeat(301)}\nRome,1\n`));
    expect(text).toContain("| row 2 | column 1: Rome | column 2: 1 |");
  });
});

describe("headings", () => {
  it.each([
    ["# Learning C#", "Learning C#"],
    ["# Closed ##  ", "Closed"],
    ["#   \n# Second", "Second"],
  ])("takes the title of %j", (text, title) => {
    expect(loadMarkdown(text).title).toBe(title);
  });
});
