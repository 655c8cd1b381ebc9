import { damage, openCompoundFile } from "../../compound-file.ts";
import type { LoadedText, Unreadable } from "../../loader.ts";
import type { Sheet } from "../sheet.ts";
import { longestText, renderSheets } from "../sheet-text.ts";
import { summaryTitle } from "../summary-title.ts";
import { readCells } from "./cells.ts";
import { readWorkbook, type XlsWorkbook } from "./workbook.ts";

/**
 * A workbook of Excel 95 to 2003 (`.xls`) as text, sheet by sheet and row by row as newer ones are, with the results that
 * the program stored for its formulas, and what is written in text boxes. Comments and charts are left out.
 */
export function loadXls(bytes: Uint8Array): LoadedText | Unreadable {
  const file = openCompoundFile(bytes);
  const stream = file.stream("Workbook") ?? file.stream("Book");
  if (stream === null) throw damage("its sheets are missing");
  const workbook = readWorkbook(stream);
  if (workbook === null) return { unreadable: "not supported: a workbook of Excel 4 or older; save it as .xlsx" };
  if (workbook.isEncrypted) return { unreadable: "encrypted: an Excel file with a password; save it without one" };
  return renderSheets(readEach(stream, workbook), { title: summaryTitle(file), maxLength: longestText(bytes.length) });
}

/** Each sheet once: in a sound file no two of them begin at the same place. */
function* readEach(stream: Buffer, workbook: XlsWorkbook): Generator<Sheet> {
  const read = new Set<number>();
  for (const sheet of workbook.sheets) {
    if (!sheet.isOrdinary || read.has(sheet.start)) continue;
    read.add(sheet.start);
    yield readCells(stream, sheet, workbook);
  }
}
