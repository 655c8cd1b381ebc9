import { builtInFormat, showNumber } from "../number-format.ts";
import type { MergedCells, Sheet, SheetCell } from "../sheet.ts";
import { type BiffRecord, readRecords, RECORD } from "./records.ts";
import { createBiffReader, readText } from "./strings.ts";
import type { NamedSheet, XlsWorkbook } from "./workbook.ts";

/** What a cell shows, with its place in the workbook's list of looks. */
type Value = { readonly text: string } | { readonly number: number } | { readonly sign: string };

/** What is found on the way. */
interface Found {
  readonly rows: Map<number, SheetCell[]>;
  readonly merged: MergedCells[];
  readonly drawn: string[];
  /** The cell of a formula whose text follows it. */
  awaited: { readonly row: number; readonly column: number } | null;
  /** Whether what was drawn last is a comment. */
  isComment: boolean;
}

const ERRORS: ReadonlyMap<number, string> = new Map([
  [0x00, "#NULL!"],
  [0x07, "#DIV/0!"],
  [0x0f, "#VALUE!"],
  [0x17, "#REF!"],
  [0x1d, "#NAME?"],
  [0x24, "#NUM!"],
  [0x2a, "#N/A"],
]);
const PLAIN = builtInFormat(0);
const COMMENT = 0x19;
const NO_NUMBER = 0xffff;
const TEXT_FOLLOWS = 0;
const TRUTH = 1;
const ERROR = 2;

/** Reads the cells of a sheet. */
export function readCells(
  stream: Buffer,
  { name, isHidden, start, headerRows }: NamedSheet,
  workbook: XlsWorkbook,
): Sheet {
  const found: Found = { rows: new Map(), merged: [], drawn: [], awaited: null, isComment: false };
  for (const record of readRecords(stream, start)) takeRecord(found, record, workbook);
  const rows = Array.from(found.rows, ([row, cells]) => ({
    number: row + 1,
    cells: cells.toSorted((a, b) => a.column - b.column),
  })).toSorted((a, b) => a.number - b.number);
  return { name, isHidden, rows, merged: found.merged, headerRows, drawn: found.drawn };
}

function takeRecord(found: Found, record: BiffRecord, workbook: XlsWorkbook): void {
  const { type, data } = record;
  if (type === RECORD.merged) found.merged.push(...readMerged(data));
  else if (type === RECORD.object) found.isComment = data.length >= 6 && data.readUInt16LE(4) === COMMENT;
  else if (type === RECORD.drawnText) takeDrawn(found, record);
  else if (type === RECORD.text) {
    if (found.awaited !== null) add(found, found.awaited, { text: readText(record, { ...workbook, at: 0 }) }, workbook);
    found.awaited = null;
  } else if (type === RECORD.numbers) takeNumbers(found, data, workbook);
  else if (data.length >= 6) takeCell(found, record, workbook);
}

/** A record of one cell: row, column and look, then its value. */
function takeCell(found: Found, record: BiffRecord, workbook: XlsWorkbook): void {
  const { data } = record;
  const place = { row: data.readUInt16LE(0), column: data.readUInt16LE(2), look: data.readUInt16LE(4) };
  const value = valueOf(record, workbook);
  if (value === "follows") found.awaited = place;
  else if (value !== null) add(found, place, value, workbook);
}

/** A record of neighbouring cells with a number each. */
function takeNumbers(found: Found, data: Buffer, workbook: XlsWorkbook): void {
  const row = data.readUInt16LE(0);
  const first = data.readUInt16LE(2);
  for (let at = 4; at + 8 <= data.length; at += 6) {
    const place = { row, column: first + (at - 4) / 6, look: data.readUInt16LE(at) };
    add(found, place, { number: shortNumber(data.readInt32LE(at + 2)) }, workbook);
  }
}

function valueOf(record: BiffRecord, workbook: XlsWorkbook): Value | "follows" | null {
  const { type, data } = record;
  if (type === RECORD.number) return { number: data.readDoubleLE(6) };
  if (type === RECORD.shortNumber) return { number: shortNumber(data.readInt32LE(6)) };
  if (type === RECORD.sharedLabel) return { text: workbook.strings[data.readUInt32LE(6)] ?? "" };
  if (type === RECORD.label || type === RECORD.richLabel) return { text: readText(record, { ...workbook, at: 6 }) };
  if (type === RECORD.truth) return signOf(data[7] === 1 ? ERROR : TRUTH, data[6] ?? 0);
  if (type !== RECORD.formula) return null;
  if (data.readUInt16LE(12) !== NO_NUMBER) return { number: data.readDoubleLE(6) };
  return data[6] === TEXT_FOLLOWS ? "follows" : signOf(data[6] ?? 0, data[8] ?? 0);
}

function signOf(kind: number, value: number): Value | null {
  if (kind === TRUTH) return { sign: value === 1 ? "TRUE" : "FALSE" };
  return kind === ERROR ? { sign: ERRORS.get(value) ?? "#ERROR!" } : null;
}

const UPPER_HALF = Buffer.alloc(8);

/** A number in four bytes: a whole one or the upper half of a fraction, perhaps a hundred times too large. */
function shortNumber(bits: number): number {
  UPPER_HALF.writeInt32LE(bits & ~3, 4);
  const value = (bits & 2) === 0 ? UPPER_HALF.readDoubleLE(0) : bits >> 2;
  return (bits & 1) === 0 ? value : value / 100;
}

function add(
  found: Found,
  { row, column, look = -1 }: { readonly row: number; readonly column: number; readonly look?: number },
  value: Value,
  { formats, is1904 }: XlsWorkbook,
): void {
  const shown =
    "text" in value
      ? value.text
      : "sign" in value
        ? value.sign
        : showNumber(value.number, formats[look] ?? PLAIN, { is1904 });
  if (shown.trim() === "") return;
  const cells = found.rows.get(row) ?? [];
  found.rows.set(row, cells);
  cells.push({ column, value: shown, isText: "text" in value });
}

function readMerged(data: Buffer): readonly MergedCells[] {
  const count = data.length < 2 ? 0 : Math.min(data.readUInt16LE(0), Math.floor((data.length - 2) / 8));
  return Array.from({ length: count }, (_, index) => {
    const at = 2 + 8 * index;
    return {
      firstRow: data.readUInt16LE(at) + 1,
      lastRow: data.readUInt16LE(at + 2) + 1,
      firstColumn: data.readUInt16LE(at + 4),
      lastColumn: data.readUInt16LE(at + 6),
    };
  });
}

/** The text of a text box; comments are written in the same way. */
function takeDrawn(found: Found, { data, more }: BiffRecord): void {
  const [first, ...others] = more;
  if (first === undefined || found.isComment || data.length < 12) return;
  const reader = createBiffReader({ data: first, more: others });
  const text = reader.characters(data.readUInt16LE(10), reader.byte()).replaceAll(/\r\n?/g, "\n").trim();
  if (text !== "") found.drawn.push(text);
}
