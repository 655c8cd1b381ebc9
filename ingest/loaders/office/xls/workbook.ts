import { damage } from "../../compound-file.ts";
import { builtInFormat, type NumberFormat, readFormatCode } from "../number-format.ts";
import { type BiffRecord, readRecords, RECORD } from "./records.ts";
import { createBiffReader, readText, type TextForm } from "./strings.ts";

/** A sheet as the workbook names it. */
export interface NamedSheet {
  readonly name: string;
  readonly isHidden: boolean;
  /** Whether it has cells, not a chart or macros. */
  readonly isOrdinary: boolean;
  /** Where it begins in the stream. */
  readonly start: number;
  /** Numbers of rows that a filter stands on: they name the columns. */
  readonly headerRows: ReadonlySet<number>;
}

/** What the sheets of a workbook share. */
export interface XlsWorkbook extends TextForm {
  readonly isEncrypted: boolean;
  readonly is1904: boolean;
  readonly sheets: readonly NamedSheet[];
  readonly strings: readonly string[];
  /** How numbers are shown, by the number of a cell's look. */
  readonly formats: readonly NumberFormat[];
}

const EXCEL_97 = 0x0600;
const EXCEL_95 = 0x0500;
/** The name that a filter gives to its cells, and what stands for one area in a formula. */
const BUILT_IN = 0x20;
const FILTER = 0x0d;
const AREA = 0x3b;

/** What is found on the way. */
interface Found {
  codePage: number;
  isEncrypted: boolean;
  is1904: boolean;
  strings: readonly string[];
  readonly isUnicode: boolean;
  readonly sheets: Omit<NamedSheet, "headerRows">[];
  readonly looks: number[];
  readonly codes: Map<number, NumberFormat>;
  /** By the number of the sheet, from 1. */
  readonly headerRows: Map<number, Set<number>>;
}

/** Reads what stands before the sheets; null for files before Excel 95, whose records are others. */
export function readWorkbook(stream: Buffer): XlsWorkbook | null {
  if (stream.length < 8 || stream.readUInt16LE(0) !== RECORD.begin) throw damage("its beginning is missing");
  const version = stream.readUInt16LE(4);
  if (version < EXCEL_95) return null;
  const found: Found = {
    codePage: 1_252,
    isEncrypted: false,
    is1904: false,
    strings: [],
    isUnicode: version >= EXCEL_97,
    sheets: [],
    looks: [],
    codes: new Map(),
    headerRows: new Map(),
  };
  for (const record of readRecords(stream, 0)) {
    takeRecord(found, record);
    // What follows cannot be read.
    if (found.isEncrypted) break;
  }
  const { looks, codes, headerRows, sheets, ...rest } = found;
  return {
    ...rest,
    sheets: sheets.map((sheet, index) => ({ ...sheet, headerRows: headerRows.get(index + 1) ?? new Set<number>() })),
    formats: looks.map((id) => codes.get(id) ?? builtInFormat(id)),
  };
}

function takeRecord(found: Found, record: BiffRecord): void {
  const { type, data } = record;
  if (type === RECORD.password) found.isEncrypted = true;
  else if (type === RECORD.codePage) found.codePage = data.readUInt16LE(0);
  else if (type === RECORD.dates) found.is1904 = data.readUInt16LE(0) === 1;
  else if (type === RECORD.strings) found.strings = readStrings(record);
  else if (type === RECORD.cellLook) found.looks.push(data.readUInt16LE(2));
  else if (type === RECORD.format) {
    const code = readText(record, { ...found, at: 2, lengthBytes: found.isUnicode ? 2 : 1 });
    found.codes.set(data.readUInt16LE(0), readFormatCode(code));
  } else if (type === RECORD.sheet) {
    found.sheets.push({
      name: readText(record, { ...found, at: 6, lengthBytes: 1 }),
      isHidden: ((data[4] ?? 0) & 3) !== 0,
      isOrdinary: data[5] === 0,
      start: data.readUInt32LE(0),
    });
  } else if (type === RECORD.name) takeFilter(found, data);
}

/** The texts that cells share. How many there are is not believed. */
function readStrings(record: BiffRecord): readonly string[] {
  const reader = createBiffReader(record);
  reader.skip(8);
  const strings: string[] = [];
  while (reader.hasMore) strings.push(reader.string());
  return strings;
}

/** The first row of the cells that a filter stands on. */
function takeFilter({ isUnicode, headerRows }: Found, data: Buffer): void {
  const isFilter = isUnicode && data.length >= 21 && ((data[0] ?? 0) & BUILT_IN) !== 0 && data[15] === FILTER;
  if (!isFilter || data[16] !== AREA) return;
  const sheet = data.readUInt16LE(8);
  headerRows.set(sheet, (headerRows.get(sheet) ?? new Set<number>()).add(data.readUInt16LE(19) + 1));
}
