import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { loadedMade, loadMade } from "../load-made.ts";
import { makeCompoundFile } from "../made-compound-files.ts";

const COSTS = new URL("../../../fixtures/costs.xls", import.meta.url);
const EXCEL_97 = 0x0600;
const EXCEL_95 = 0x0500;

const word = (...values: readonly number[]): Buffer =>
  Buffer.concat(values.map((value) => Buffer.of(value & 255, value >> 8)));
const double = (value: number): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(value);
  return bytes;
};
const record = (type: number, ...data: readonly Uint8Array[]): Buffer => {
  const content = Buffer.concat(data);
  return Buffer.concat([word(type, content.length), content]);
};
const beginning = (version = EXCEL_97): Buffer => record(0x809, word(version, 5, 0, 0));
const END = record(0x0a);
/** A text with its length before it, one byte a character. */
const text = (value: string): Buffer => Buffer.concat([word(value.length), Buffer.of(0), Buffer.from(value, "latin1")]);

interface MadeSheet {
  readonly name: string;
  readonly records: readonly Uint8Array[] | "where the first one is";
  readonly kind?: number;
}

/** A workbook with these sheets and what stands before them. */
function makeXls(
  sheets: readonly MadeSheet[],
  { globals = [], version = EXCEL_97 }: { readonly globals?: readonly Uint8Array[]; readonly version?: number } = {},
): Buffer {
  const named = (start: number, { name, kind = 0 }: MadeSheet): Buffer => {
    const place = Buffer.alloc(4);
    place.writeUInt32LE(start);
    const form = version === EXCEL_97 ? [Buffer.of(0)] : [];
    return record(0x85, place, Buffer.of(0, kind, name.length), ...form, Buffer.from(name, "latin1"));
  };
  const bodies = sheets.map(({ records }) =>
    typeof records === "string" ? Buffer.alloc(0) : Buffer.concat([beginning(version), ...records, END]),
  );
  const headOf = (starts: readonly number[]): Buffer =>
    Buffer.concat([beginning(version), ...globals, ...sheets.map((one, index) => named(starts[index] ?? 0, one)), END]);
  let end = headOf([]).length;
  const starts: number[] = [];
  for (const body of bodies) {
    starts.push(body.length === 0 ? (starts[0] ?? end) : end);
    end += body.length;
  }
  return makeCompoundFile({ [version === EXCEL_97 ? "Workbook" : "Book"]: Buffer.concat([headOf(starts), ...bodies]) });
}

const textOf = async (file: Uint8Array): Promise<string> => (await loadedMade("a.xls", file)).text;

describe("Excel 95 to 2003", () => {
  it("gives the rows of each sheet with the names of their columns, as newer workbooks are shown", async () => {
    expect(await loadedMade("costs.xls", await readFile(COSTS))).toMatchObject({
      title: "Budget of the house",
      language: "xls",
      mediaType: "application/vnd.ms-excel",
      note: "read with what is hidden: sheet Kept back",
      text: `# Budget €

| row 1 | Costs of the house |
| row 4 | Month: März | Rent: 1250.5 | Share: 12.5% | Paid on: 2026-03-03 | Paid: 1 |
| row 5 | Month: Дом 家 | Rent: 100 |
| row 6 | Month: Total | Rent: 1350.5 | Share: in time | Paid on: #DIV/0! |

In a text box

# Kept back (hidden sheet)

| row 1 | A: tall | B: 1 |
| row 2 | A: tall | B: 2 |
`,
    });
  });

  it("reads every form of a value", async () => {
    const cell = (row: number, column: number): Buffer => word(row, column, 0);
    const short = (bits: number): Buffer => Buffer.concat([word(bits & 0xffff, bits >>> 16)]);
    const records = [
      record(0x204, cell(0, 0), text("label")),
      record(0xd6, cell(0, 1), text("rich"), word(0)),
      record(0x203, cell(1, 0), double(0.5)),
      record(0x27e, cell(1, 1), short((1234 << 2) | 3)),
      record(0xbd, word(1, 2), word(0), short((7 << 2) | 2), word(0), short((8 << 2) | 2), word(3)),
      record(0x205, cell(2, 0), Buffer.of(1, 0)),
      record(0x205, cell(2, 1), Buffer.of(0x2a, 1)),
      record(0x06, cell(3, 0), double(42), word(0, 0, 0)),
      record(0x06, cell(3, 1), Buffer.of(0, 0, 0, 0, 0, 0, 255, 255), word(0, 0, 0)),
      record(0x207, text("made by a formula")),
      record(0x06, cell(3, 2), Buffer.of(1, 0, 0, 0, 0, 0, 255, 255), word(0, 0, 0)),
      record(0x06, cell(3, 3), Buffer.of(3, 0, 0, 0, 0, 0, 255, 255), word(0, 0, 0)),
    ];
    expect(await textOf(makeXls([{ name: "S", records }]))).toBe(`# S

| row 2 | label: 0.5 | rich: 12.34 | C: 7 | D: 8 |
| row 3 | label: TRUE | rich: #N/A |
| row 4 | label: 42 | rich: made by a formula | C: FALSE |
`);
  });

  it("puts together shared texts that go on in further records, in another form", async () => {
    const wide = Buffer.from("€uro", "utf16le");
    const strings = [
      record(0xfc, Buffer.alloc(8), word(9), Buffer.of(0), Buffer.from("plain")),
      record(0x3c, Buffer.of(1), wide, word(2), Buffer.of(8), word(1)),
      record(0x3c, Buffer.of(0), Buffer.from("ok"), Buffer.alloc(4), text("last")),
    ];
    const label = (column: number, index: number): Buffer => record(0xfd, word(0, column, 0, index, 0));
    const records = [label(0, 0), label(1, 1), label(2, 2), label(3, 99)];
    expect(await textOf(makeXls([{ name: "S", records }], { globals: strings }))).toBe(
      "# S\n\n| row 1 | A: plain€uro | B: ok | C: last |\n",
    );
  });

  it("reads texts of Excel 95 in their code page", async () => {
    const records = [record(0x204, word(0, 0, 0), word(3), Buffer.from("cceef0", "hex"))];
    const globals = [record(0x42, word(1_251))];
    expect(await textOf(makeXls([{ name: "S", records }], { globals, version: EXCEL_95 }))).toBe(
      "# S\n\n| row 1 | Мор |\n",
    );
  });

  it("passes over charts, macros, comments, and sheets that begin where another one does", async () => {
    const comment = [
      record(0x5d, word(0x15, 0x12, 0x19)),
      record(0x1b6, word(0, 0, 0, 0, 0, 4, 0, 0, 0)),
      record(0x3c, Buffer.of(0), Buffer.from("note")),
    ];
    const chart = [beginning(), record(0x204, word(0, 0, 0), text("of a chart")), END];
    const cell = record(0x204, word(0, 0, 0), text("cell"));
    const file = makeXls([
      { name: "S", records: [...comment, ...chart, cell] },
      { name: "Chart", records: [cell], kind: 2 },
      { name: "Empty", records: [] },
      { name: "Twin", records: "where the first one is" },
    ]);
    expect(await textOf(file)).toBe("# S\n\n| row 1 | cell |\n");
  });

  it("takes the row that a filter stands on for the header", async () => {
    const filter = record(
      0x18,
      word(0x20),
      Buffer.of(0, 1),
      word(11, 0, 1),
      Buffer.alloc(4),
      Buffer.of(0, 0x0d, 0x3b),
      word(0, 1, 9, 0, 1),
    );
    const row = (number: number, values: readonly string[]): Buffer[] =>
      values.map((value, column) => record(0x204, word(number, column, 0), text(value)));
    const records = [...row(0, ["Wide", "title"]), ...row(1, ["Name", "Town"]), ...row(2, ["Ida", "Rome"])];
    expect(await textOf(makeXls([{ name: "S", records }], { globals: [filter] }))).toContain(
      "| row 3 | Name: Ida | Town: Rome |",
    );
  });

  it("is skipped where it has a password, or is older", async () => {
    const locked = makeXls([{ name: "S", records: [] }], { globals: [record(0x2f, word(1, 1))] });
    expect(await loadMade("a.xls", locked)).toEqual({
      status: "skipped",
      reason: "encrypted: an Excel file with a password; save it without one",
    });
    expect(await loadMade("a.xls", makeXls([], { version: 0x0400 }))).toEqual({
      status: "skipped",
      reason: "not supported: a workbook of Excel 4 or older; save it as .xlsx",
    });
    expect(await loadMade("a.xls", makeXls([{ name: "S", records: [] }]))).toMatchObject({ reason: "no text in it" });
  });

  it("fails where it breaks off", async () => {
    const broken = makeCompoundFile({ Workbook: Buffer.concat([beginning(), word(0xfc, 100)]) });
    expect(await loadMade("a.xls", broken)).toEqual({
      status: "failed",
      reason: "cannot be read as xls: it is damaged: a part of its sheets is missing",
    });
    const short = makeXls([{ name: "S", records: [record(0x203, word(0, 0, 0))] }]);
    expect(await loadMade("a.xls", short)).toEqual({
      status: "failed",
      reason: "cannot be read as xls: it is damaged: a part of it is missing",
    });
  });
});
