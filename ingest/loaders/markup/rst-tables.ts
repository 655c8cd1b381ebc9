import { convertRstInline, type LinkTargets } from "./rst-inline.ts";
import { isBlank, type MarkupLines } from "./markup-lines.ts";

const GRID_BORDER = /^\s*\+(?:[-=]+\+)+\s*$/;
const GRID_HEADER = /^\s*\+(?:=+\+)+\s*$/;
const SIMPLE_BORDER = /^\s*=+(?: +=+)+\s*$/;
const SIMPLE_SPAN = /^\s*-+(?: +-+)*\s*$/;
const EMPTY_ROW = "|  |";
/** Longest simple table, in lines: a border further away belongs to another one. */
const MOST_LINES = 2_000;

/** For each line, the first one from there on that ends a simple table; null where there is none. */
export function findTableEnds(source: readonly string[]): readonly (number | null)[] {
  const ends: (number | null)[] = source.map(() => null);
  let end: number | null = null;
  for (let line = source.length - 1; line >= 0; line -= 1) {
    if (isBlank(source[line + 1]) && SIMPLE_BORDER.test(source[line] ?? "")) end = line;
    ends[line] = end;
  }
  return ends;
}

/** What is needed to convert tables. */
interface TableReading extends MarkupLines {
  readonly targets: LinkTargets;
  /** See {@link findTableEnds}. */
  readonly tableEnds: readonly (number | null)[];
}

/** Turns the table that begins on a line into Markdown's rows, one a line; gives the line behind it, or null for no table. */
export function convertRstTable(reading: TableReading, from: number): number | null {
  const line = reading.source[from] ?? "";
  if (GRID_BORDER.test(line)) return convertGrid(reading, from);
  return SIMPLE_BORDER.test(line) ? convertSimple(reading, from) : null;
}

function convertGrid({ source, out, targets }: TableReading, from: number): number {
  let line = from;
  for (; /^\s*[+|]/.test(source[line] ?? ""); line += 1) {
    const content = source[line] ?? "";
    const isEdge = line === from || !/^\s*[+|]/.test(source[line + 1] ?? "");
    if (GRID_HEADER.test(content)) out[line] = ruleOf(content.split("+").length - 2);
    else if (GRID_BORDER.test(content)) out[line] = isEdge ? "" : EMPTY_ROW;
    else out[line] = convertRstInline(`| ${withoutEdges(content)} |`, targets);
  }
  return line;
}

function convertSimple({ source, out, targets, tableEnds }: TableReading, from: number): number | null {
  const border = source[from] ?? "";
  const end = tableEnds[from + 2] ?? null;
  if (end === null || end - from > MOST_LINES) return null;
  const columns = [...border.matchAll(/=+/g)].map(({ index }) => index);
  for (let line = from + 1; line < end; line += 1) {
    const content = source[line] ?? "";
    if (SIMPLE_BORDER.test(content)) out[line] = ruleOf(columns.length);
    else if (isBlank(content) || SIMPLE_SPAN.test(content)) out[line] = EMPTY_ROW;
    else out[line] = convertRstInline(`| ${cellsOf(content, columns).join(" | ")} |`, targets);
  }
  return end + 1;
}

/** The cells of a line; a line that is written across the columns is one cell. */
function cellsOf(line: string, columns: readonly number[]): readonly string[] {
  const isAcross = columns.some((column) => column > 0 && /\S/.test(line[column - 1] ?? " "));
  const cells = isAcross ? [line] : columns.map((column, index) => line.slice(column, columns[index + 1]));
  return cells.map((cell) => cell.trim().replaceAll("|", String.raw`\|`));
}

/** A line of a grid without its first and last bar. */
function withoutEdges(line: string): string {
  const content = line.trim().slice(1);
  return (/[|+]$/.test(content) ? content.slice(0, -1) : content).trim();
}

function ruleOf(columns: number): string {
  return `|${" --- |".repeat(columns)}`;
}
