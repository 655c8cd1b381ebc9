import type { Span } from "../domain/document.ts";
import { tableCells } from "./table-cells.ts";

/** What a line is in a table of Markdown: the names of the columns, the rule below them, or a row. */
export type TableLine = "header" | "rule" | "row";

/** Cells of dashes, with bars between them; those at the ends may be missing. */
const RULE = /^\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?$/;
const LINE = /[^\r\n]+/g;
/** What is indented so far may be code. */
const MAY_BE_CODE = /^(?: {4}|\t)/;
/** So many lines of as many cells at the beginning of a part of a text are rows. */
const FEWEST_ROWS = 2;

interface Line extends Span {
  readonly text: string;
  /** How many cells it has; 0 without a bar. */
  readonly cells: number;
}

interface PlacedLine extends Span {
  readonly kind: TableLine;
}

/**
 * Finds the lines of a text's tables, whose bars at the beginning and end of lines may be missing: `Name | Size` over
 * `--- | ---`. Since prose and code have bars too, only that rule proves a table, which goes on to the first line without a
 * bar. A part of a text may begin within one, with lines that have as many cells as each other.
 *
 * @returns what stands at an offset; null outside of tables
 */
export function createTablePlaces(
  text: string,
  { isPart = false }: { readonly isPart?: boolean } = {},
): (offset: number) => TableLine | null {
  if (!text.includes("|")) return () => null;
  const placed: PlacedLine[] = isPart ? leadingRows(text) : [];
  let before: Line | null = null;
  for (const line of linesOf(text)) {
    const last = placed.at(-1);
    if (before !== null && isNext(text, before, line)) {
      if (isRuleBelow(before, line)) {
        if (last?.start === before.start) placed.pop();
        placed.push({ start: before.start, end: before.end, kind: "header" });
        placed.push({ start: line.start, end: line.end, kind: "rule" });
      } else if (line.cells > 0 && last?.start === before.start) {
        placed.push({ start: line.start, end: line.end, kind: "row" });
      }
    }
    before = line;
  }
  return (offset) => lineAt(placed, offset)?.kind ?? null;
}

function* linesOf(text: string): Generator<Line> {
  for (const { 0: line, index } of text.matchAll(LINE)) {
    const cells = line.includes("|") ? (tableCells(line)?.length ?? 0) : 0;
    yield { start: index, end: index + line.length, text: line, cells };
  }
}

function isNext(text: string, before: Span, { start }: Span): boolean {
  return /^(?:\r\n|\r|\n)$/.test(text.slice(before.end, start));
}

function isRuleBelow(header: Line, rule: Line): boolean {
  const isRule = rule.cells > 0 && rule.cells === header.cells && RULE.test(rule.text.trim());
  return isRule && !RULE.test(header.text.trim());
}

/** The rows that a part of a text begins with, the header of which stands before it. */
function leadingRows(text: string): PlacedLine[] {
  const rows: Line[] = [];
  for (const line of linesOf(text)) {
    const [first = line, last] = [rows[0], rows.at(-1)];
    if (last !== undefined && !isNext(text, last, line)) break;
    // The line above is a header, and so none before it is a row.
    if (last !== undefined && isRuleBelow(last, line)) return [];
    if (line.cells < 2 || line.cells !== first.cells || MAY_BE_CODE.test(line.text)) break;
    rows.push(line);
  }
  return rows.length < FEWEST_ROWS ? [] : rows.map(({ start, end }) => ({ start, end, kind: "row" }));
}

function lineAt(lines: readonly PlacedLine[], offset: number): PlacedLine | undefined {
  let [from, to] = [0, lines.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((lines[middle]?.end ?? 0) < offset) from = middle + 1;
    else to = middle;
  }
  const line = lines[from];
  return line !== undefined && line.start <= offset ? line : undefined;
}
