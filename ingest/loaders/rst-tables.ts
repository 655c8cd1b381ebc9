import { convertRstInline, type LinkTargets } from "./rst-inline.ts";
import { isBlank, type MarkupLines } from "./markup-lines.ts";

const GRID_BORDER = /^\s*\+(?:[-=]+\+)+\s*$/;
const GRID_HEADER = /^\s*\+(?:=+\+)+\s*$/;
const SIMPLE_BORDER = /^\s*=+(?: +=+)+\s*$/;
const SIMPLE_SPAN = /^\s*-+(?: +-+)*\s*$/;
const EMPTY_ROW = "|  |";
/** Lines in which the end of a simple table is looked for. */
const MOST_LINES = 2_000;

/** Turns the table that begins on a line into Markdown's rows, one a line; gives the line behind it, or null for no table. */
export function convertRstTable(lines: MarkupLines, from: number, targets: LinkTargets): number | null {
  const line = lines.source[from] ?? "";
  if (GRID_BORDER.test(line)) return convertGrid(lines, from, targets);
  return SIMPLE_BORDER.test(line) ? convertSimple(lines, from, targets) : null;
}

function convertGrid({ source, out }: MarkupLines, from: number, targets: LinkTargets): number {
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

function convertSimple({ source, out }: MarkupLines, from: number, targets: LinkTargets): number | null {
  const border = source[from] ?? "";
  const isBorder = (line: number): boolean => SIMPLE_BORDER.test(source[line] ?? "");
  const window = Math.min(source.length, from + MOST_LINES);
  let end = from + 1;
  while (end < window && !(isBorder(end) && isBlank(source[end + 1]) && end > from + 1)) end += 1;
  if (end >= window) return null;
  const columns = [...border.matchAll(/=+/g)].map(({ index }) => index);
  for (let line = from + 1; line < end; line += 1) {
    const content = source[line] ?? "";
    if (isBorder(line)) out[line] = ruleOf(columns.length);
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
