import { listFirst } from "../../../src/domain/list-first.ts";
import type { LoadedText, Unreadable } from "../loader.ts";
import { builtInFormat, type NumberFormat, readFormatCode, showNumber } from "./number-format.ts";
import { readDrawing } from "./pptx-shapes.ts";
import { type OfficePackage, openOfficePackage, relationId } from "./office-package.ts";
import type { MergedCells, Sheet, SheetCell, SheetRow } from "./sheet.ts";
import { longestText, renderSheets } from "./sheet-text.ts";
import { childAt, childrenOf, eachXmlElement, textOf, type XmlNode } from "../xml-elements.ts";

/** What the sheets of a workbook share. */
interface Workbook {
  readonly file: OfficePackage;
  readonly strings: readonly string[];
  /** How numbers are shown, by the number of the cell's style. */
  readonly formats: readonly NumberFormat[];
  readonly is1904: boolean;
  /** Places of cells whose text is not among the shared strings. */
  readonly withoutText: string[];
}

/** Places of cells that a note lists. */
const PLACES_NAMED = 5;
const SHEET_ELEMENTS: ReadonlySet<string> = new Set(["row", "mergeCell", "autoFilter"]);

/**
 * An Excel workbook (`.xlsx`, `.xlsm`) as text, sheet by sheet and row by row, with the results that the program stored for
 * its formulas, and what is written in text boxes. Comments and the pictures themselves are left out.
 */
export function loadXlsx(bytes: Uint8Array): LoadedText | Unreadable {
  const file = openOfficePackage(bytes);
  if (file === null) return { unreadable: "too large when unpacked" };
  const tree = file.tree(file.main);
  const relations = new Map(file.relationsOf(file.main).map((relation) => [relation.id, relation]));
  const targetOf = (type: string): string => [...relations.values()].find((one) => one.type === type)?.target ?? "";
  const workbook: Workbook = {
    file,
    strings: readStrings(file.part(targetOf("sharedStrings"))),
    formats: readFormats(file.tree(targetOf("styles"))),
    is1904: isTrue(childAt(tree, "workbookPr")?.attributes["date1904"]),
    withoutText: [],
  };
  const missing: string[] = [];
  const sheets = childrenOf(childAt(tree, "sheets"), "sheet").flatMap((sheet) => {
    const relation = relations.get(relationId(sheet));
    const name = sheet.attributes["name"] ?? "";
    const content = relation?.type === "worksheet" ? file.part(relation.target) : undefined;
    // A sheet of another kind holds a chart, a dialogue or macros.
    if (content === undefined && (relation === undefined || relation.type === "worksheet")) missing.push(name);
    if (content === undefined || relation === undefined) return [];
    const isHidden = (sheet.attributes["state"] ?? "visible") !== "visible";
    return [{ name, isHidden, content, part: relation.target }];
  });
  // One after the other, so that only one stands in memory.
  const read = sheets.values().map((sheet) => readSheet(sheet, workbook));
  const loaded = renderSheets(read, { title: file.title, maxLength: longestText(bytes.length) });
  const notes = [
    ...(missing.length === 0
      ? []
      : [`the workbook lacks its ${missing.length === 1 ? "sheet" : "sheets"} ${missing.join(", ")}`]),
    ...(workbook.withoutText.length === 0 ? [] : [withoutTextNote(workbook.withoutText)]),
  ];
  return { ...loaded, notes: [...notes, ...(loaded.notes ?? [])] };
}

function withoutTextNote(places: readonly string[]): string {
  return `the workbook lacks the text of ${places.length === 1 ? "cell" : "cells"} ${listFirst(places, PLACES_NAMED)}`;
}

interface FoundSheet {
  readonly name: string;
  readonly isHidden: boolean;
  readonly content: Uint8Array;
  readonly part: string;
}

function readSheet({ name, isHidden, content, part }: FoundSheet, workbook: Workbook): Sheet {
  const rows: SheetRow[] = [];
  const merged: MergedCells[] = [];
  const headerRows = new Set<number>();
  let last = 0;
  eachXmlElement(content, SHEET_ELEMENTS, (element) => {
    if (element.name === "row") {
      last = Number(element.attributes["r"]) || last + 1;
      const cells = readCells(element, workbook);
      if (cells.length > 0) rows.push({ number: last, cells });
      return;
    }
    const area = readArea(element.attributes["ref"] ?? "");
    if (area === null) return;
    if (element.name === "mergeCell") merged.push(area);
    else headerRows.add(area.firstRow);
  });
  const drawn: string[] = [];
  for (const { type, target } of workbook.file.relationsOf(part)) {
    if (type === "drawing") drawn.push(...readDrawing({ file: workbook.file, part: target }));
    if (type !== "table") continue;
    const attributes = workbook.file.tree(target)?.attributes;
    const area = readArea(attributes?.["ref"] ?? "");
    if (area !== null && attributes?.["headerRowCount"] !== "0") headerRows.add(area.firstRow);
  }
  return { name, isHidden, rows, merged, headerRows, drawn };
}

function readCells(row: XmlNode, workbook: Workbook): readonly SheetCell[] {
  const cells: SheetCell[] = [];
  let last = -1;
  for (const cell of childrenOf(row, "c")) {
    last = columnOf(cell.attributes["r"] ?? "") ?? last + 1;
    const { value, isText } = readCell(cell, workbook);
    if (value.trim() !== "") cells.push({ column: last, value, isText });
  }
  return cells;
}

function readCell(
  cell: XmlNode,
  { strings, formats, is1904, withoutText }: Workbook,
): Pick<SheetCell, "value" | "isText"> {
  const type = cell.attributes["t"] ?? "n";
  const raw = textOf(childAt(cell, "v"));
  if (type === "s") {
    const value = raw.trim() === "" ? "" : strings[Number(raw)];
    if (value === undefined) withoutText.push(cell.attributes["r"] ?? "?");
    return { value: value ?? "", isText: true };
  }
  if (type === "inlineStr") return { value: stringOf(childAt(cell, "is")), isText: true };
  if (type === "str") return { value: unescaped(raw), isText: true };
  if (type === "b") return { value: raw === "" ? "" : isTrue(raw) ? "TRUE" : "FALSE", isText: false };
  if (type === "d") return { value: raw.replace(/T00:00:00(?:\.0+)?Z?$/, "").replace("T", " "), isText: false };
  const number = Number(raw);
  if (type === "e" || raw.trim() === "" || !Number.isFinite(number)) return { value: raw, isText: false };
  const format = formats[Number(cell.attributes["s"] ?? 0)] ?? builtInFormat(0);
  return { value: showNumber(number, format, { is1904 }), isText: false };
}

function readStrings(content: Uint8Array | undefined): readonly string[] {
  const strings: string[] = [];
  if (content !== undefined) eachXmlElement(content, new Set(["si"]), (item) => strings.push(stringOf(item)));
  return strings;
}

/** The words of a string, without those that only say how others are pronounced. */
function stringOf(item: XmlNode | undefined): string {
  const parts = childrenOf(item).map((child) =>
    child.name === "t" ? child : child.name === "r" ? childAt(child, "t") : undefined,
  );
  return unescaped(parts.map(textOf).join(""));
}

/** Characters that XML does not allow stand as `_x000D_`. */
function unescaped(text: string): string {
  return text.includes("_x")
    ? text.replaceAll(/_x([\dA-F]{4})_/gi, (_, digits: string) => String.fromCodePoint(Number.parseInt(digits, 16)))
    : text;
}

function readFormats(styles: XmlNode | undefined): readonly NumberFormat[] {
  const own = new Map(
    childrenOf(childAt(styles, "numFmts"), "numFmt").map(({ attributes }) => [
      attributes["numFmtId"] ?? "",
      readFormatCode(attributes["formatCode"] ?? ""),
    ]),
  );
  return childrenOf(childAt(styles, "cellXfs"), "xf").map(({ attributes }) => {
    const id = attributes["numFmtId"] ?? "0";
    return own.get(id) ?? builtInFormat(Number(id));
  });
}

function readArea(reference: string): MergedCells | null {
  const [, from = "", firstRow, to = from, lastRow = firstRow] =
    /^\$?([A-Z]+)\$?(\d+)(?::\$?([A-Z]+)\$?(\d+))?$/i.exec(reference) ?? [];
  const [firstColumn, lastColumn] = [columnOf(from), columnOf(to)];
  if (firstColumn === null || lastColumn === null) return null;
  return { firstRow: Number(firstRow), lastRow: Number(lastRow), firstColumn, lastColumn };
}

/** The column of a place such as `AB12`, from 0; null where it names none. */
function columnOf(place: string): number | null {
  const letters = /^[A-Z]{1,3}/i.exec(place)?.[0].toUpperCase();
  if (letters === undefined) return null;
  return Array.from(letters).reduce((column, letter) => column * 26 + (letter.codePointAt(0) ?? 0) - 64, 0) - 1;
}

function isTrue(value: string | undefined): boolean {
  return value === "1" || value === "true";
}
