import { listFirst } from "../../src/domain/list-first.ts";
import { errorMessage } from "../../src/errors.ts";
import { articleFields, formatArticle } from "./articles.ts";
import type { LoadedText } from "./loader.ts";
import { formatRow, type NamedCell } from "./table-rows.ts";
import { oneLine } from "../../src/domain/one-line.ts";

/** Characters that separate cells; the earlier one wins a tie. */
const DELIMITERS = [",", "\t", ";", "|"] as const;
/** Characters from which the separator is told. */
const SNIFF_LENGTH = 65_536;
const SNIFF_ROWS = 100;
/** Longest name of a column, in characters: it is repeated in every row. */
const LONGEST_NAME = 300;
/** Row numbers that a note lists. */
const ROWS_NAMED = 5;
/** On this share of the rows, columns at the end without names may have values and are none yet. */
const STRAY_SHARE = 0.1;

const READING = { bom: true, relax_column_count: true, relax_quotes: true } as const;

interface Row {
  readonly cells: readonly string[];
  /** Number in the table, the header being row 1, as spreadsheets count. */
  readonly number: number;
  /** The line of the file on which it begins, from 1. */
  readonly line: number;
}

/**
 * A table as articles if its rows have titles and texts, else as one line of text a row, with the name of its column before
 * each value. Rows are counted as a spreadsheet does: the header is row 1. A row stands on its line of the file, so that it
 * can be cited, unless rows before it became several lines. What has no table in it (one column) is taken as it is.
 */
export async function loadTable(text: string): Promise<LoadedText> {
  const { parse } = await import("csv-parse/sync");
  const read = (content: string, delimiter: string, to?: number): string[][] =>
    parse(content, { ...READING, delimiter, to });
  const delimiter = sniffDelimiter(text, read);
  if (delimiter === null)
    return { text, title: null, notes: ["no separator was found in it, so it was taken as plain text"] };
  let records: string[][];
  /** The line of the file on which each record ends. */
  const ends: number[] = [];
  try {
    const noteEnd = (record: string[], { lines }: { readonly lines: number }): string[] => {
      ends.push(lines);
      return record;
    };
    // The parser counts a break of two characters within a cell as two lines.
    records = parse(text.replaceAll("\r\n", "\n"), { ...READING, delimiter, on_record: noteEnd });
  } catch (error) {
    // Such as a quote that is never closed; the text itself is still worth having.
    return {
      text,
      title: null,
      notes: [`taken as plain text, since it cannot be read as a table: ${errorMessage(error)}`],
    };
  }
  const rows = records
    .map((cells, index): Row => ({ cells, number: index + 1, line: (ends[index - 1] ?? 0) + 1 }))
    .filter(({ cells }) => cells.some(isFilled));
  return renderTable(rows);
}

function isFilled(cell: string): boolean {
  return cell.trim() !== "";
}

function renderTable(rows: readonly Row[]): LoadedText {
  const above = linesAbove(rows);
  const [first, ...rest] = rows.slice(above.length);
  if (first === undefined) return { text: "", title: null };
  const names = namesIn(first.cells, rest);
  const hasHeader = isHeader(names, rest);
  const width = first.cells.length;
  const nameOf = (index: number): string => {
    const name = hasHeader ? oneLine(names[index] ?? "") : "";
    if (name === "") return `column ${index + 1}`;
    const before = names.slice(0, index).filter((one) => oneLine(one) === name).length;
    return before === 0 ? name : `${name} (${before + 1})`;
  };
  const body = hasHeader && rest.length > 0 ? rest : [first, ...rest];
  const records = body.map(({ cells }) => cells.map((value, index): NamedCell => ({ name: nameOf(index), value })));
  const fields = articleFields(records);
  const ragged = [first, ...rest].filter(({ cells }) => cells.length !== width).map(({ number }) => number);
  const format = (index: number): string => {
    const title = above[index];
    if (title !== undefined) return `${title.cells.filter(isFilled).map(oneLine).join(", ")}\n`;
    const at = index - above.length;
    return formatRow(`row ${body[at]?.number}`, records[at] ?? []);
  };
  const text =
    fields === null
      ? onTheirLines([...above, ...body], format)
      : records.map((record) => formatArticle(record, fields)).join("\n");
  return { text, title: null, notes: ragged.length === 0 ? [] : [raggedNote(ragged, width)] };
}

/** The rows as text, each on its line of the file where that is not behind already. */
function onTheirLines(rows: readonly Row[], format: (index: number) => string): string {
  let next = 1;
  return rows
    .map(({ line }, index) => {
      const text = format(index);
      const gap = Math.max(0, line - next);
      next += gap + text.split("\n").length - 1;
      return "\n".repeat(gap) + text;
    })
    .join("");
}

/** What stands above a table: rows with one cell, above one with most of the cells that the rows have. */
function linesAbove(rows: readonly Row[]): readonly Row[] {
  const width = usualWidth(rows.slice(0, SNIFF_ROWS).map(({ cells }) => cells));
  const first = rows.findIndex(({ cells }) => cells.filter(isFilled).length > 1);
  const isTable = width > 1 && (rows[first]?.cells.filter(isFilled).length ?? 0) * 2 > width;
  return isTable ? rows.slice(0, first) : [];
}

/** The number of cells that most rows have, the greater of equally frequent ones. */
function usualWidth(rows: readonly (readonly string[])[]): number {
  const counts = new Map<number, number>();
  for (const { length } of rows) counts.set(length, (counts.get(length) ?? 0) + 1);
  const [[width] = [1]] = [...counts].toSorted((left, right) => right[1] - left[1] || right[0] - left[0]);
  return width;
}

/** The cells of a first row without those at its end that are empty, in hardly any row of which anything stands. */
function namesIn(first: readonly string[], rest: readonly Row[]): readonly string[] {
  const width = first.findLastIndex(isFilled) + 1;
  const strays = rest.filter(({ cells }) => cells.slice(width).some(isFilled)).length;
  return strays <= rest.length * STRAY_SHARE ? first.slice(0, width) : first;
}

function raggedNote(ragged: readonly number[], width: number): string {
  const named = listFirst(ragged, ROWS_NAMED);
  return `${ragged.length === 1 ? "row" : "rows"} ${named} ${ragged.length === 1 ? "has" : "have"} not as many cells as the ${width} of the first`;
}

/**
 * Whether the first row names the columns: few words each, above rows that may hold numbers. Where a name comes twice, rows
 * that hold numbers have to follow.
 */
function isHeader(first: readonly string[], rest: readonly Row[]): boolean {
  const names = first.map((cell) => cell.trim().toLowerCase());
  const isNumber = (cell: string): boolean => cell !== "" && Number.isFinite(Number(cell.replaceAll(",", "")));
  const isName = (cell: string): boolean => cell.length <= LONGEST_NAME && !isNumber(cell);
  if (rest.length === 0 || !names.every(isName)) return false;
  if (new Set(names).size === names.length) return true;
  const hasDigit = (text: string): boolean => /\d/.test(text);
  return !names.some(hasDigit) && names.some((_, column) => rest.every(({ cells }) => hasDigit(cells[column] ?? "")));
}

/** The separator that cuts most rows into the same number of cells, two at least; null where none does. */
function sniffDelimiter(
  text: string,
  read: (content: string, delimiter: string, to: number) => readonly (readonly string[])[],
): string | null {
  // The last line of a part may end anywhere.
  const head =
    text.length <= SNIFF_LENGTH ? text : text.slice(0, text.lastIndexOf("\n", SNIFF_LENGTH) + 1 || SNIFF_LENGTH);
  let best: { readonly delimiter: string; readonly score: number } | null = null;
  for (const delimiter of DELIMITERS) {
    if (!head.includes(delimiter)) continue;
    let rows: readonly (readonly string[])[];
    try {
      rows = read(head, delimiter, SNIFF_ROWS);
    } catch {
      // Under a wrong separator quotes may make no sense; then it is not this one.
      rows = head.split(/\r\n|\r|\n/, SNIFF_ROWS).map((line) => line.split(delimiter));
    }
    const filled = rows.filter((cells) => cells.some((cell) => cell !== ""));
    const width = usualWidth(filled);
    const same = filled.filter(({ length }) => length === width).length / Math.max(1, filled.length);
    const score = width < 2 ? 0 : same + Math.min(width, 50) / 1_000;
    if (score > (best?.score ?? 0)) best = { delimiter, score };
  }
  return best?.delimiter ?? null;
}
