import type { LoadedText } from "../loader.ts";
import { hiddenNotes } from "./hidden-notes.ts";
import type { Sheet, SheetCell, SheetRow } from "./sheet.ts";
import { createColumnNames } from "./sheet-header.ts";
import { formatRow } from "../table-rows.ts";
import { oneLine } from "../../../src/domain/one-line.ts";

/** Longest text that is made of a spreadsheet, in characters. */
const MAX_TEXT_LENGTH = 100_000_000;
/** A text of this length is made of any. */
const SURE_TEXT_LENGTH = 2_000_000;
/** Most characters for each byte of a file: ordinary ones make some tens at most, repeated values any number. */
const MOST_GROWTH = 200;

/** Most values of tall merged cells that are repeated in further rows of a sheet. */
const MAX_FILLED = 2_000_000;

/** Writes sheets one after the other, so that no more than one has to stand in memory. */
export interface SheetWriter {
  add(sheet: Sheet): void;
  finish(title: string | null): LoadedText;
}

/**
 * Sheets as text: each a heading, each row a line with the names of its columns as in a table of text, so that a row can be
 * read alone. Empty rows and sheets are left out, and what is left out for its length is said.
 */
export function renderSheets(
  sheets: Iterable<Sheet>,
  { title, ...options }: SheetWriterOptions & { readonly title: string | null },
): LoadedText {
  const writer = createSheetWriter(options);
  for (const sheet of sheets) writer.add(sheet);
  return writer.finish(title);
}

/** Options of {@link createSheetWriter}. */
export interface SheetWriterOptions {
  /**
   * Longest text, in characters; what is beyond is left out, and a note says so. See {@link longestText}.
   */
  readonly maxLength: number;
}

/** The longest text that is made of a spreadsheet of so many bytes, in characters. */
export function longestText(bytes: number): number {
  return Math.min(MAX_TEXT_LENGTH, Math.max(SURE_TEXT_LENGTH, bytes * MOST_GROWTH));
}

/** A writer of the text that {@link renderSheets} makes. */
export function createSheetWriter({ maxLength }: SheetWriterOptions): SheetWriter {
  const hidden: string[] = [];
  const texts: string[] = [];
  const cut: string[] = [];
  let left = maxLength;
  return {
    add(sheet) {
      if (cut.length > 0 || (sheet.rows.length === 0 && sheet.drawn.length === 0)) return;
      if (sheet.isHidden) hidden.push(sheet.name);
      const name = oneLine(sheet.name);
      let text = `# ${name}${sheet.isHidden ? " (hidden sheet)" : ""}\n\n`;
      for (const part of partsOf(sheet)) {
        if (text.length + part.length > left) {
          cut.push(cutNote(maxLength, name));
          break;
        }
        text += part;
      }
      left -= text.length;
      texts.push(text);
    },
    finish: (title) => ({ text: texts.join("\n"), title, notes: [...hiddenNotes("sheet", hidden), ...cut] }),
  };
}

function cutNote(maxLength: number, sheet: string): string {
  return `cut in sheet ${sheet}: its rows make more than ${maxLength.toLocaleString("en")} characters, which is the most for a file of its size; split the file`;
}

/** Lines of the rows, and what is drawn behind them. */
function* partsOf(sheet: Sheet): Generator<string> {
  yield* rowsOf(sheet);
  for (const [index, text] of sheet.drawn.entries()) yield `${index > 0 || sheet.rows.length > 0 ? "\n" : ""}${text}\n`;
}

function* rowsOf(sheet: Sheet): Generator<string> {
  const rows = fillDown(sheet);
  const namesAt = createColumnNames({ ...sheet, rows });
  for (const [index, { number, cells }] of rows.entries()) {
    const nameOf = namesAt(index);
    if (nameOf === "header") continue;
    yield formatRow(
      `row ${number}`,
      cells.map(({ column, value }) => ({ name: nameOf(column), value })),
    );
  }
}

/** The rows with the value of cells that are merged over several rows in each of them. */
function fillDown({ rows, merged }: Pick<Sheet, "rows" | "merged">): readonly SheetRow[] {
  const tall = merged.filter(({ firstRow, lastRow }) => lastRow > firstRow).toSorted((a, b) => a.firstRow - b.firstRow);
  if (tall.length === 0) return rows;
  let next = 0;
  let left = MAX_FILLED;
  /** By their columns. */
  const open = new Map<number, { readonly lastRow: number; readonly cell: SheetCell }>();
  return rows.map((row) => {
    for (const [column, { lastRow }] of open) if (lastRow < row.number) open.delete(column);
    const own = new Map(row.cells.map((cell) => [cell.column, cell]));
    const added = [...open.values()].map(({ cell }) => cell).filter(({ column }) => !own.has(column));
    for (let area = tall[next]; area !== undefined && area.firstRow <= row.number; area = tall[(next += 1)]) {
      const cell = own.get(area.firstColumn);
      if (cell !== undefined && area.firstRow === row.number) open.set(cell.column, { lastRow: area.lastRow, cell });
    }
    left -= added.length;
    // Whole columns that are merged and filled would make a small file endless; the value itself stands in its first row.
    if (added.length === 0 || left < 0) return row;
    return { number: row.number, cells: [...row.cells, ...added].toSorted((a, b) => a.column - b.column) };
  });
}
