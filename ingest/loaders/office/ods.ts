import type { LoadedText, Unreadable } from "../loader.ts";
import { openDocumentFile, type OpenDocumentStyles } from "./open-document.ts";
import { isDrawn, readBlocks, readInline, type TextReading } from "./open-document-text.ts";
import { showNumber } from "./number-format.ts";
import type { MergedCells, Sheet, SheetCell, SheetRow } from "./sheet.ts";
import { createSheetWriter, longestText } from "./sheet-text.ts";
import { childrenOf, eachXmlElement, type XmlNode } from "../xml-elements.ts";

interface GrowingSheet extends Sheet {
  readonly rows: SheetRow[];
  readonly merged: MergedCells[];
  readonly drawn: string[];
}

interface OpenSheet {
  readonly table: XmlNode;
  readonly sheet: GrowingSheet;
  /** Number of the row that was read last. */
  last: number;
  /** Whether it is a copy of another file's sheet. */
  isForeign: boolean;
}

const SHEET_ELEMENTS: ReadonlySet<string> = new Set(["table-row", "table-source", "shapes"]);
/** Columns and rows that a sheet may have. */
const MAX_COLUMNS = 16_384;
const MAX_ROWS = 1_048_576;

/** An OpenDocument spreadsheet (`.ods`) as text, sheet by sheet and row by row. Comments and charts are left out. */
export function loadOds(bytes: Uint8Array): LoadedText | Unreadable {
  const file = openDocumentFile(bytes);
  if ("unreadable" in file) return file;
  const writer = createSheetWriter({ maxLength: longestText(bytes.length) });
  // Sheets follow one another: a new one ends the one before, so that only one stands in memory.
  let open: OpenSheet | undefined;
  const openOf = (table: XmlNode): OpenSheet => {
    if (open?.table === table) return open;
    if (open !== undefined) writer.add(open.sheet);
    open = { table, sheet: newSheet(table, file.styles), last: 0, isForeign: false };
    return open;
  };
  // A chart's values stand in the cells.
  const reading = { ...file, objectAt: () => undefined, footnotes: [] };
  eachXmlElement(file.content, SHEET_ELEMENTS, (element, around) => {
    const table = around.find(({ name }) => name === "table");
    if (table === undefined || around.some(({ name }) => name === "tracked-changes")) return;
    addElement(openOf(table), element, reading);
  });
  for (const { sheet } of [open ?? []].flat()) writer.add(sheet);
  return writer.finish(file.title);
}

function addElement(open: OpenSheet, element: XmlNode, reading: TextReading): void {
  // A copy of another file's sheet.
  if (element.name === "table-source") open.isForeign = true;
  if (open.isForeign) return;
  const { sheet } = open;
  const drawn =
    element.name === "shapes" ? [element] : childrenOf(element).flatMap((cell) => childrenOf(cell).filter(isDrawn));
  sheet.drawn.push(...readBlocks(drawn, reading));
  if (element.name !== "table-row") return;
  const number = open.last + 1;
  const times = repeated(element, "table:number-rows-repeated", MAX_ROWS);
  open.last = number + times - 1;
  addRow(sheet, element, { number, times, reading });
}

function newSheet({ attributes }: XmlNode, styles: OpenDocumentStyles): GrowingSheet {
  const isHidden = styles.propertyOf(attributes["table:style-name"], "table:display") === "false";
  return { name: attributes["table:name"] ?? "", isHidden, rows: [], merged: [], headerRows: new Set(), drawn: [] };
}

function addRow(
  { rows, merged }: GrowingSheet,
  row: XmlNode,
  { number, times, reading }: { readonly number: number; readonly times: number; readonly reading: TextReading },
): void {
  const cells: SheetCell[] = [];
  let column = 0;
  for (const cell of childrenOf(row)) {
    if (cell.name !== "table-cell" && cell.name !== "covered-table-cell") continue;
    const across = repeated(cell, "table:number-columns-repeated", MAX_COLUMNS - column);
    const { value, isText } = readCell(cell, reading);
    if (value.trim() !== "") {
      for (let index = 0; index < across; index += 1) cells.push({ column: column + index, value, isText });
      const lastRow = number + repeated(cell, "table:number-rows-spanned", MAX_ROWS) - 1;
      const lastColumn = column + repeated(cell, "table:number-columns-spanned", MAX_COLUMNS) - 1;
      if (lastRow > number || lastColumn > column) {
        merged.push({ firstRow: number, lastRow, firstColumn: column, lastColumn });
      }
    }
    column += across;
  }
  if (cells.length === 0) return;
  for (let index = 0; index < times && number + index <= MAX_ROWS; index += 1)
    rows.push({ number: number + index, cells });
}

function readCell(cell: XmlNode, reading: TextReading): Pick<SheetCell, "value" | "isText"> {
  const { attributes } = cell;
  const shown = childrenOf(cell, "p")
    .map((line) => readInline(line, reading).text)
    .join("\n");
  const type = attributes["office:value-type"] ?? "string";
  const raw = Number(attributes["office:value"] ?? Number.NaN);
  if (type === "date")
    return {
      value: (attributes["office:date-value"] ?? shown).replace("T", " ").replace(/(\d:\d\d):00(?:\.0+)?$/, "$1"),
      isText: false,
    };
  if (type === "time") return { value: shown, isText: false };
  if (type === "boolean")
    return { value: attributes["office:boolean-value"] === "true" ? "TRUE" : "FALSE", isText: false };
  if (type === "string" || !Number.isFinite(raw))
    return { value: shown === "" ? (attributes["office:string-value"] ?? "") : shown, isText: type === "string" };
  const currency = attributes["office:currency"] ?? "";
  return { value: showNumber(raw, { kind: type === "percentage" ? "percent" : "number", currency }), isText: false };
}

function repeated({ attributes }: XmlNode, name: string, most: number): number {
  const times = Number(attributes[name] ?? 1);
  return Number.isSafeInteger(times) ? Math.min(Math.max(times, 1), Math.max(most, 1)) : 1;
}
