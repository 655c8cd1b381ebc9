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
  const [first, ...rest] = rows;
  if (first === undefined) return { text: "", title: null };
  const names = namesIn(first.cells, rest);
  const hasHeader = isHeader(names, rest[0]?.cells);
  const width = first.cells.length;
  const nameOf = (index: number): string => {
    const name = hasHeader ? oneLine(names[index] ?? "") : "";
    return name === "" ? `column ${index + 1}` : name;
  };
  const body = hasHeader && rest.length > 0 ? rest : rows;
  const records = body.map(({ cells }) => cells.map((value, index): NamedCell => ({ name: nameOf(index), value })));
  const fields = articleFields(records);
  const ragged = rows.filter(({ cells }) => cells.length !== width).map(({ number }) => number);
  const text =
    fields === null
      ? onTheirLines(body, (index) => formatRow(`row ${body[index]?.number}`, records[index] ?? []))
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

/** Whether the first row names the columns: few words each, each once, above rows that may hold numbers. */
function isHeader(first: readonly string[], second: readonly string[] | undefined): boolean {
  const names = first.map((cell) => cell.trim().toLowerCase());
  const isNumber = (cell: string): boolean => cell !== "" && Number.isFinite(Number(cell.replaceAll(",", "")));
  const isName = (cell: string): boolean => cell.length <= LONGEST_NAME && !isNumber(cell);
  return second !== undefined && new Set(names).size === names.length && names.every(isName);
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
    const width = filled[0]?.length ?? 1;
    const same = filled.filter(({ length }) => length === width).length / Math.max(1, filled.length);
    const score = width < 2 ? 0 : same + Math.min(width, 50) / 1_000;
    if (score > (best?.score ?? 0)) best = { delimiter, score };
  }
  return best?.delimiter ?? null;
}
