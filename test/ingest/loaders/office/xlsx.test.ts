import { describe, expect, it } from "vitest";
import { renderSheets } from "../../../../ingest/loaders/office/sheet-text.ts";
import { loadedMade, loadMade } from "../load-made.ts";
import { makeXlsx, sheetRow } from "./made-office-files.ts";

type Rows = readonly (readonly (string | number | null)[] | null)[];

/** The rows of a sheet; null is a row that is left empty. */
const rowsOf = (rows: Rows): string =>
  rows.map((cells, index) => (cells === null ? "" : sheetRow(index + 1, cells))).join("");

async function textOfRows(rows: Rows, after = ""): Promise<string> {
  const { text } = await loadedMade("a.xlsx", makeXlsx([{ name: "Data", data: rowsOf(rows), after }]));
  return text.replace("# Data\n\n", "");
}

describe("Excel", () => {
  it("gives each sheet a heading and each row the names of its columns", async () => {
    const cities = rowsOf([["City", "People"], ["Paris", 2_102_650], null, ["Lyon", 520_774]]);
    const document = await loadedMade(
      "a.xlsx",
      makeXlsx([
        { name: "Cities &amp; towns", data: cities },
        { name: "Empty", data: "" },
      ]),
    );
    expect(document).toMatchObject({ language: "xlsx", title: null, note: "", pages: [] });
    expect(document.text).toBe(
      "# Cities & towns\n\n| row 2 | City: Paris | People: 2102650 |\n| row 4 | City: Lyon | People: 520774 |\n",
    );
  });

  it("reads strings of each kind, truth values, results of formulas and errors", async () => {
    const data =
      '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="inlineStr"><is><t>line_x000A_two</t></is></c></row>' +
      '<row r="2"><c r="A2" t="b"><v>1</v></c><c r="B2" t="str"><f>A1&amp;"x"</f><v>cached</v></c><c r="C2"><f>SUM(1,2)</f><v>0.30000000000000004</v></c></row>' +
      '<row r="3"><c r="A3" t="b"><v>0</v></c><c r="B3" t="e"><v>#DIV/0!</v></c><c r="C3"><v>1.5E-3</v></c><c r="D3" t="s"><v/></c></row>';
    const strings = ["<r><t>rich </t></r><r><t>text</t></r><rPh><t>spoken</t></rPh>", "plain"];
    expect((await loadedMade("a.xlsx", makeXlsx([{ name: "S", data }], { strings }))).text).toBe(
      "# S\n\n| row 2 | rich text: TRUE | plain: cached | line two: 0.3 |\n| row 3 | rich text: FALSE | plain: #DIV/0! | line two: 0.0015 |\n",
    );
  });

  it("shows dates, times, shares and money as they are meant", async () => {
    const formats = ["yyyy\\-mm\\-dd hh:mm", "0.0%", "h:mm:ss", "#,##0.00 [$€-407]", '"day "0', "[h]:mm", "mmm d"];
    const values = [46_346.604_166_666_67, 0.125, 0.5, 1_234.5, 7, 1.5, 46_346, 46_346];
    const cells = values.map(
      (value, index) => `<c r="${String.fromCodePoint(65 + index)}1" s="${index + 1}"><v>${value}</v></c>`,
    );
    const text = (
      await loadedMade("a.xlsx", makeXlsx([{ name: "S", data: `<row r="1">${cells.join("")}</row>` }], { formats }))
    ).text;
    expect(text).toBe(
      "# S\n\n| row 1 | A: 2026-11-20 14:30 | B: 12.5% | C: 12:00 | D: 1234.5 € | E: 7 | F: 36:00 | G: 2026-11-20 | H: 2026-11-20 |\n",
    );
  });

  it("counts places by itself where a program leaves them out", async () => {
    const cell = (text: string): string => `<c t="inlineStr"><is><t>${text}</t></is></c>`;
    const data = `<row>${cell("a")}${cell("b")}</row><row>${cell("c")}<c/><c r="D2"><v>4</v></c></row>`;
    expect((await loadedMade("a.xlsx", makeXlsx([{ name: "S", data }]))).text).toBe("# S\n\n| row 2 | a: c | D: 4 |\n");
  });

  it("marks hidden sheets, and says which were read", async () => {
    const sheet = { data: rowsOf([["a", 1]]) };
    const bytes = makeXlsx([
      { ...sheet, name: "One" },
      { ...sheet, name: "Two", state: "hidden" },
      { ...sheet, name: "Three", state: "veryHidden" },
    ]);
    const { text, note } = await loadedMade("a.xlsx", bytes);
    expect(text.match(/^#.*/gm)).toEqual(["# One", "# Two (hidden sheet)", "# Three (hidden sheet)"]);
    expect(note).toBe("read with what is hidden: sheets Two, Three");
  });

  it("reads text boxes, and skips a workbook without text", async () => {
    const box =
      '<xdr:wsDr xmlns:xdr="x" xmlns:a="a"><xdr:twoCellAnchor><xdr:from/><xdr:sp><xdr:nvSpPr><xdr:cNvPr/></xdr:nvSpPr><xdr:txBody><a:p><a:r><a:t>All figures are drafts.</a:t></a:r></a:p></xdr:txBody></xdr:sp></xdr:twoCellAnchor></xdr:wsDr>';
    const list =
      '<Relationships><Relationship Id="rId1" Type="http://x/drawing" Target="../drawings/drawing1.xml"/></Relationships>';
    const extra = { "xl/worksheets/_rels/sheet1.xml.rels": list, "xl/drawings/drawing1.xml": box };
    const sheet = { name: "S", data: rowsOf([["a", 1]]) };
    expect((await loadedMade("a.xlsx", makeXlsx([sheet], { extra }))).text).toBe(
      "# S\n\n| row 1 | A: a | B: 1 |\n\nAll figures are drafts.\n",
    );
    expect(await loadMade("a.xlsx", makeXlsx([{ name: "S", data: "" }]))).toEqual({
      status: "skipped",
      reason: "no text in it",
    });
  });

  it("reads one with macros, and says that a binary one is not supported", async () => {
    const macros = makeXlsx([{ name: "S", data: rowsOf([["a", 1]]) }], {
      extra: { "xl/vbaProject.bin": Uint8Array.of(0, 1) },
    });
    expect((await loadedMade("a.xlsm", macros)).language).toBe("xlsx");
  });

  it("says which sheets it lacks, and fails where it is damaged", async () => {
    const whole = { name: "S", data: rowsOf([["a", 1]]) };
    const broken = makeXlsx([whole], {
      extra: { "xl/worksheets/sheet1.xml": '<worksheet><sheetData><row r="1"><c><v>1</v></c>' },
    });
    expect(await loadMade("a.xlsx", broken)).toEqual({
      status: "failed",
      reason: "cannot be read as xlsx: its XML breaks off",
    });
    const lacking = makeXlsx([whole], {
      extra: {
        "xl/workbook.xml":
          '<workbook xmlns:r="r"><sheets><sheet name="Gone" r:id="rId8"/><sheet name="S" r:id="rId1"/></sheets></workbook>',
      },
    });
    expect(await loadedMade("a.xlsx", lacking)).toMatchObject({ note: "the workbook lacks its sheet Gone" });
  });

  it("says which cells have no text where the list of texts is damaged", async () => {
    const data = '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>7</v></c></row>';
    expect(await loadedMade("a.xlsx", makeXlsx([{ name: "S", data }], { strings: ["here"] }))).toMatchObject({
      text: "# S\n\n| row 1 | here |\n",
      note: "the workbook lacks the text of cell B1",
    });
  });

  it("says where a text was cut that repeated values would make endless", () => {
    const row = { cells: [{ column: 0, value: "x".repeat(40), isText: true }] };
    const rows = Array.from({ length: 100 }, (_, index) => ({ ...row, number: index + 1 }));
    const sheet = { name: "Big", isHidden: false, rows, merged: [], headerRows: new Set<number>(), drawn: [] };
    const { text, notes } = renderSheets([sheet, { ...sheet, name: "Next" }], { title: null, maxLength: 1_000 });
    expect(text.length).toBeLessThanOrEqual(1_000);
    expect(text.endsWith(" |\n")).toBe(true);
    expect(notes).toEqual([
      "cut in sheet Big: its rows make more than 1,000 characters, which is the most for a file of its size; split the file",
    ]);
  });
});

describe("the header of a sheet", () => {
  it("is found below a title, and what stands above it has no names", async () => {
    expect(await textOfRows([["Report 2026"], null, ["Region", "Sales"], ["North", 5]])).toBe(
      "| row 1 | Report 2026 |\n| row 4 | Region: North | Sales: 5 |\n",
    );
  });

  it("is taken anew for a second table, and goes on over an empty row", async () => {
    const rows: Rows = [
      ["Name", "Age"],
      ["Ann", 30],
      null,
      ["Bob", 40],
      null,
      ["Item", "Price"],
      ["Pen", 2],
      null,
      ["Source: survey"],
    ];
    expect(await textOfRows(rows)).toBe(
      "| row 2 | Name: Ann | Age: 30 |\n| row 4 | Name: Bob | Age: 40 |\n| row 7 | Item: Pen | Price: 2 |\n| row 9 | Source: survey |\n",
    );
  });

  it.each<[string, Rows]>([
    [
      "numbers",
      [
        [1, 2],
        [3, 4],
      ],
    ],
    [
      "a form",
      [
        ["Name:", "Ann"],
        ["Age:", 30],
      ],
    ],
    [
      "names and values of one thing",
      [
        ["Name", "Ann"],
        ["City", "Rome"],
        ["Age", 30],
      ],
    ],
    [
      "the same word twice",
      [
        ["a", "a"],
        ["b", "c"],
      ],
    ],
    ["a single row", [["a", "b"]]],
  ])("is not seen in %s", async (_name, rows) => {
    expect(await textOfRows(rows)).toMatch(/^\| row 1 \| A: /);
  });

  it("is the one that the program knows", async () => {
    const rows: Rows = [
      ["Note", "see below"],
      ["Team", "Team"],
      ["Red", "Blue"],
    ];
    expect(await textOfRows(rows, '<autoFilter ref="A2:B3"/>')).toBe(
      "| row 1 | Note | see below |\n| row 3 | Team: Red | Team: Blue |\n",
    );
  });

  it("may have names over several columns", async () => {
    const rows: Rows = [
      ["Region", "2025", null, "2026", null],
      [null, "Q1", "Q2", "Q1", "Q2"],
      ["North", 1, 2, 3, 4],
    ];
    const merged = '<mergeCells><mergeCell ref="A1:A2"/><mergeCell ref="B1:C1"/><mergeCell ref="D1:E1"/></mergeCells>';
    expect(await textOfRows(rows, merged)).toBe(
      "| row 3 | Region: North | 2025 Q1: 1 | 2025 Q2: 2 | 2026 Q1: 3 | 2026 Q2: 4 |\n",
    );
  });

  it("goes with the value of cells that are merged over several rows", async () => {
    const rows: Rows = [
      ["Region", "City", "Sales"],
      ["North", "Oslo", 1],
      [null, "Bergen", 2],
      ["South", "Rome", 3],
    ];
    expect(await textOfRows(rows, '<mergeCells><mergeCell ref="A2:A3"/></mergeCells>')).toBe(
      "| row 2 | Region: North | City: Oslo | Sales: 1 |\n| row 3 | Region: North | City: Bergen | Sales: 2 |\n| row 4 | Region: South | City: Rome | Sales: 3 |\n",
    );
  });
});
