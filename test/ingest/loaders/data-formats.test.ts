import { describe, expect, it } from "vitest";
import { indentJson, loadJson } from "../../../ingest/loaders/json.ts";
import { loadJsonLines } from "../../../ingest/loaders/json-lines.ts";
import { loadBytes } from "../../../ingest/loaders/load-document.ts";
import { loadNotebook } from "../../../ingest/loaders/notebook.ts";
import { loadTable } from "../../../ingest/loaders/table.ts";

describe("tables", () => {
  it("names row and columns before each value", async () => {
    expect(await loadTable("city,people\nParis,2102650\nOslo,717710\n")).toEqual({
      text: "\n| row 2 | city: Paris | people: 2102650 |\n| row 3 | city: Oslo | people: 717710 |\n",
      title: null,
      notes: [],
    });
  });

  it.each([
    [";", "a;b;c\n1;2,5;3\n", "\n| row 2 | a: 1 | b: 2,5 | c: 3 |\n"],
    ["a tab", "a\tb\n1\t2\n", "\n| row 2 | a: 1 | b: 2 |\n"],
    ["|", "a|b\n1|2\n", "\n| row 2 | a: 1 | b: 2 |\n"],
  ])("finds that %s separates the cells", async (_name, csv, text) => {
    expect((await loadTable(csv)).text).toBe(text);
  });

  it("keeps quoted separators, quotes and line breaks within a cell", async () => {
    const { text } = await loadTable('name,note\r\nAnn,"likes ""two""\r\nlines, and commas"\r\n');
    expect(text).toBe('\n| row 2 | name: Ann | note: likes "two" lines, and commas |\n');
  });

  it("notes rows of another length and leaves none out", async () => {
    const { text, notes } = await loadTable("a,b\n1,2\n3\n4,5,6\n");
    expect(text).toBe("\n| row 2 | a: 1 | b: 2 |\n| row 3 | a: 3 |\n| row 4 | a: 4 | b: 5 | column 3: 6 |\n");
    expect(notes).toEqual(["rows 3, 4 have not as many cells as the 2 of the first"]);
  });

  it("puts each row on its line of the file, below empty rows and cells of several lines", async () => {
    for (const end of ["\n", "\r\n"]) {
      const lines = ["town,note", "Lind,first", "", 'Mora,"two', 'lines"', "Vell,last", ""];
      const { text } = await loadTable(lines.join(end));
      expect(text.split("\n")).toEqual([
        "",
        "| row 2 | town: Lind | note: first |",
        "",
        "| row 4 | town: Mora | note: two lines |",
        "",
        "| row 5 | town: Vell | note: last |",
        "",
      ]);
    }
  });

  it("goes on below rows that became several lines", async () => {
    const { text } = await loadTable(`a,b\n${"x".repeat(300)},${"y".repeat(300)}\n1,2\n`);
    expect(text.split("\n").map((line) => line.slice(0, 8))).toEqual(["", "| row 2 ", "| row 2,", "| row 3 ", ""]);
  });

  it("leaves out columns without names at the end, in which hardly anything stands", async () => {
    const { text } = await loadTable("\uFEFFa,b,,\n1,2,,\n3,4,,\n");
    expect(text).toBe("\n| row 2 | a: 1 | b: 2 |\n| row 3 | a: 3 | b: 4 |\n");
    const many = Array.from({ length: 20 }, () => "1,2,,\n").join("");
    expect((await loadTable(`a,b,,\n${many}5,6,7,\n`)).text).toContain("| a: 5 | b: 6 | column 3: 7 |\n");
    expect((await loadTable("Prices,,\nleek,2,3\nbarley,4,5\n")).text).toMatch(
      /^Prices\n\| row 2 \| column 1: leek \|/,
    );
  });

  it("begin below the lines of their title, and may have two columns of one name", async () => {
    const { text } = await loadTable('Prices of the mill\n\nBoat,Day,Day\nPunt,4,"3\nin May"\nBarge,9,8\n');
    expect(text).toBe(
      "Prices of the mill\n\n\n| row 4 | Boat: Punt | Day: 4 | Day (2): 3 in May |\n\n| row 5 | Boat: Barge | Day: 9 | Day (2): 8 |\n",
    );
  });

  it("counts columns where the first row names none", async () => {
    expect((await loadTable("1,2\n3,4\n")).text).toBe(
      "| row 1 | column 1: 1 | column 2: 2 |\n| row 2 | column 1: 3 | column 2: 4 |\n",
    );
  });

  it("goes on in further lines that name the row, where a row is long", async () => {
    const { text } = await loadTable(`a,b,c\n${"x".repeat(300)},${"y".repeat(300)},z\n`);
    expect(text.split("\n").map((line) => line.slice(0, 24))).toEqual([
      "",
      `| row 2 | a: ${"x".repeat(11)}`,
      `| row 2, continued | b: `,
      "",
    ]);
  });

  it("takes what has no separator, or a quote that never ends, as it is", async () => {
    expect(await loadTable("one\ntwo\n")).toMatchObject({
      text: "one\ntwo\n",
      notes: [expect.stringMatching(/plain/)],
    });
    expect(await loadTable('a,b\n"never,closed\n')).toMatchObject({ text: 'a,b\n"never,closed\n' });
  });

  it("is cut between rows, so that every chunk names its columns", async () => {
    const rows = Array.from({ length: 40 }, (_, index) => `Person number ${index},City of ${index}`);
    const outcome = await loadBytes({
      root: "/r",
      source: "people.csv",
      bytes: new TextEncoder().encode(`name,city\n${rows.join("\n")}\n`),
    });
    if (outcome.status !== "loaded") throw new Error(outcome.reason);
    const { createSentenceChunker } = await import("../../../ingest/chunking/sentences.ts");
    const chunker = createSentenceChunker({ budget: 60, measure: (text) => text.split(/\s+/).length });
    const pieces = [...chunker.cut(outcome.document)].map(({ span }) =>
      outcome.document.text.slice(span.start, span.end),
    );
    expect(pieces.length).toBeGreaterThan(5);
    for (const piece of pieces) expect(piece).toMatch(/^\| row \d+ \| name: .+\| city: City of \d+ \|$/s);
  });
});

describe("JSON Lines", () => {
  it("names line and path before each value, and keeps what is no JSON", () => {
    const { text, notes } = loadJsonLines(
      '{"a":1,"user":{"name":"Ann"}}\n\nbroken\n{"tags":["x","y"],"l":[{"k":true}]}\n5\n',
    );
    expect(text).toBe(
      "| row 1 | a: 1 | user.name: Ann |\n| row 3 | broken |\n| row 4 | tags: x, y | l[0].k: true |\n| row 5 | value: 5 |\n",
    );
    expect(notes).toEqual(["not valid JSON, kept as it is: line 3"]);
  });
});

describe("JSON", () => {
  it("is taken as it is where it has lines", () => {
    expect(loadJson('{"a":\n  1}')).toEqual({ text: '{"a":\n  1}', title: null });
  });

  it("is indented where it stands in one long line, with every number and escape as it was", () => {
    const long = "x".repeat(1_200);
    const { text, notes } = loadJson(
      `{"id":12345678901234567890,"id":1.0,"s":"a\\u00e9{[,:\\"","l":[1,[],{}],"long":"${long}"}`,
    );
    expect(text).toBe(
      `{\n  "id": 12345678901234567890,\n  "id": 1.0,\n  "s": "a\\u00e9{[,:\\"",\n  "l": [\n    1,\n    [],\n    {}\n  ],\n  "long": "${long}"\n}\n`,
    );
    expect(notes).toEqual([expect.stringMatching(/indented/)]);
  });

  it("is left alone where it would become many times as long", () => {
    const text = `${"[".repeat(5_000)}${"]".repeat(5_000)}`;
    expect(loadJson(text)).toEqual({ text, title: null, notes: [expect.stringMatching(/nested too deeply/)] });
  });

  it("is left alone where it is not valid", () => {
    const text = `{"a":${"1".repeat(2_000)},}`;
    expect(loadJson(text)).toEqual({ text, title: null });
  });

  it.each(['{"a":[1,{"b":null}],"c":"}{"}', "[]", '"text"', "[[[[1]]],{}]"])("keeps the value of %s", (json) => {
    expect(JSON.parse(indentJson(json) ?? "")).toEqual(JSON.parse(json));
  });
});

describe("notebooks", () => {
  const notebook = (cells: readonly object[], metadata: object = {}): string =>
    JSON.stringify({ nbformat: 4, metadata, cells });

  it("gives the cells in order, code between fences, without what they printed", () => {
    const text = notebook(
      [
        { cell_type: "markdown", source: ["# The study\n", "\n", "Words."] },
        { cell_type: "code", source: "x <- 1\nprint(x)", outputs: [{ text: "PRINTED" }] },
        { cell_type: "code", source: [] },
        { cell_type: "raw", source: "as it is" },
      ],
      { kernelspec: { language: "R" } },
    );
    expect(loadNotebook(text)).toEqual({
      title: "The study",
      text: "# The study\n\nWords.\n\n```r\nx <- 1\nprint(x)\n```\n\nas it is\n",
    });
  });

  it("uses a longer fence around code that has one, and takes Python where no language is named", () => {
    expect(loadNotebook(notebook([{ cell_type: "code", source: "'''\n```\n'''" }])).text).toBe(
      "````python\n'''\n```\n'''\n````\n",
    );
  });

  it("reads notebooks of version 3", () => {
    const text = JSON.stringify({
      worksheets: [
        {
          cells: [
            { cell_type: "code", input: "1 + 1" },
            { cell_type: "markdown", source: "Sum." },
          ],
        },
      ],
    });
    expect(loadNotebook(text).text).toBe("```python\n1 + 1\n```\n\nSum.\n");
  });

  it("reports a broken one as failed", async () => {
    const bytes = new TextEncoder().encode('{"cells": 5}');
    expect(await loadBytes({ root: "/r", source: "a.ipynb", bytes })).toMatchObject({
      status: "failed",
      reason: expect.stringMatching(/^cannot be read as notebook: /),
    });
  });
});

describe("records with titles and texts", () => {
  const long = "The mural shows the harbour of Vellin in the year of the great tide. ".repeat(4).trim();
  const records = [
    { _id: 7, title: "The *mural*", text: `${long}\n\n# Frame\n\nOak.`, tags: ["art", "sea"], source: { page: 3 } },
    { _id: 8, title: "Odra Kesh", text: long, summary: long },
  ];
  const articles = [
    `# The *mural*\n\n${long}\n\n## Frame\n\nOak.\n\n- _id: 7\n- tags: art, sea\n- source.page: 3\n`,
    `# Odra Kesh\n\n${long}\n\n- _id: 8\n\n## summary\n\n${long}\n`,
  ].join("\n");
  const lines = (values: readonly unknown[]): string => values.map((value) => `${JSON.stringify(value)}\n`).join("");

  it("are articles in JSON Lines", () => {
    expect(loadJsonLines(lines(records)).text).toBe(articles);
  });

  it("are articles in a list in JSON, which is then read as JSON Lines are", async () => {
    const text = JSON.stringify(records);
    expect(loadJson(text)).toEqual({
      text: articles,
      title: null,
      format: { language: "jsonl", mediaType: "application/json" },
    });
    const bytes = new TextEncoder().encode(text);
    expect(await loadBytes({ root: "/r", source: "wiki.json", bytes })).toMatchObject({
      status: "loaded",
      document: { language: "jsonl", mediaType: "application/json", text: articles },
    });
  });

  it("are articles in a table, whatever the case of its columns", async () => {
    const { text } = await loadTable(`Id,Title,Body\n7,"The mural","${long}\n\nOak."\n8,Odra Kesh,${long}\n`);
    expect(text).toBe(`# The mural\n\n${long}\n\nOak.\n\n- Id: 7\n\n# Odra Kesh\n\n${long}\n\n- Id: 8\n`);
  });

  it("stay rows where texts are short, or records without a title are many", () => {
    const short = records.map((record) => ({ ...record, text: "Short.", summary: "Shorter." }));
    expect(loadJsonLines(lines(short)).text).toMatch(/^\| row 1 \| _id: 7 \| title: The \*mural\* \|/);
    const untitled = [...records, { text: long }];
    expect(loadJsonLines(lines(untitled)).text).toMatch(/^\| row 1 \|/);
    expect(loadJson(JSON.stringify(short)).format).toBeUndefined();
  });

  it("lose nothing: no title, no text, no JSON, fields that differ in their case only", () => {
    const many = Array.from({ length: 30 }, () => records[1]);
    const { text, notes } = loadJsonLines(
      `${lines(many)}${lines([{ text: long }, { title: "Alone", Text: "b" }])}{broken\n`,
    );
    expect(text).toContain(`# (no title)\n\n${long}\n\n# Alone\n\nb\n\n# (line 33)\n\n{broken\n`);
    expect(notes).toEqual(["not valid JSON, kept as it is: line 33"]);
    const twice = many.map((record) => ({ ...record, TEXT: "other", Title: "x".repeat(300) }));
    expect(loadJsonLines(lines(twice)).text).toContain(`- TEXT: other\n\n## summary\n\n${long}\n\n## Title\n\nxxx`);
  });
});
