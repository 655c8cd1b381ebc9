import { hasHead } from "./table-head.ts";

/** Lines of which a table is drawn, and those that stand between its rows. */
const DRAWN = /^[ \t]*[|+│┃║┌├└╔╠╚┏┣┗╒╞╘╟╓╙]/u;
const DRAWN_RULE = /^[ \t]*(?=.*[-=─━═])[-=+|:─━═│┃║┌┬┐├┼┤└┴┘╔╦╗╠╬╣╚╩╝┏┳┓┣╋┫┗┻┛╒╤╕╞╪╡╘╧╛╟╫╢╓╥╖╙╨╜ \t]+$/u;
const DRAWN_BAR = /[│┃║]/gu;
/** A line of dashes under the names of columns. */
const DASHES = /^[ \t]*[-=]{2,}(?:[ \t]+[-=]{2,})+[ \t]*$/;
const COLUMNS = /\S(?: {2,}|\t)[ \t]*\S/;
/** So many columns of blanks keep cells apart. */
const LEAST_GAP = 2;
/** A table has so many lines. */
const FEWEST_LINES = 3;
const MOST_LINES = 500;

/**
 * The lines of a plain text with its tables as Markdown has them, each row on its line: tables that are drawn with lines, and
 * those whose cells are kept apart by blanks or tabs and whose first row names the columns. Where no line is left for the
 * rule below these names, they move to the empty line above.
 */
export function markTables(lines: readonly string[]): readonly string[] {
  const marked = [...lines];
  for (let at = 0; at < lines.length;) {
    const end = blockEnd(lines, at);
    if (end - at >= FEWEST_LINES) markTable(marked, { lines: lines.slice(at, end), at });
    at = Math.max(at + 1, end);
  }
  return marked;
}

/** Where the lines of a table that may begin on a line end: all are drawn, or all have columns. */
function blockEnd(lines: readonly string[], at: number): number {
  const test = [DRAWN, COLUMNS].find((one) => one.test(lines[at] ?? ""));
  if (test === undefined) return at;
  let end = at + 1;
  while (end < lines.length && end - at < MOST_LINES && (test.test(lines[end] ?? "") || DASHES.test(lines[end] ?? "")))
    end += 1;
  return end;
}

function markTable(marked: string[], { lines, at }: { readonly lines: readonly string[]; readonly at: number }): void {
  const isDrawn = lines.every((line) => DRAWN.test(line));
  const rules = new Set(lines.flatMap((line, index) => ((isDrawn ? DRAWN_RULE : DASHES).test(line) ? index : [])));
  const own = lines.flatMap((_, index) => (rules.has(index) ? [] : index));
  const [head = 0] = own;
  const rows = isDrawn
    ? own.map((index) => drawnCells(lines[index] ?? ""))
    : cellsOf(own.map((index) => lines[index] ?? ""));
  const width = rows?.[0]?.length ?? 0;
  if (rows === null || width < 2 || rows.length < 2) return;
  const hasRule = rules.has(head + 1);
  if (isDrawn) {
    if (!hasRule || rules.size < 2 || rows.some((cells) => cells.length !== width)) return;
  } else if (!hasHead(rows.map((cells) => ({ cells, isMarked: false })))) return;
  const canMove = !hasRule && at > 0 && (marked[at - 1] ?? "").trim() === "";
  if (!hasRule && !canMove) return;
  for (const index of rules) marked[at + index] = "";
  for (const [row, index] of own.entries()) marked[at + index] = `| ${(rows[row] ?? []).join(" | ")} |`;
  if (canMove) marked[at - 1] = marked[at] ?? "";
  marked[at + (hasRule ? head + 1 : head)] = `|${" --- |".repeat(width)}`;
}

function drawnCells(line: string): readonly string[] {
  const cells = line.replaceAll(DRAWN_BAR, "|").trim().replace(/^\|/, "").replace(/\|$/, "");
  return cells.split("|").map((cell) => cell.trim());
}

/** The cells of lines, between tabs or columns of blanks that go through all of them; null where there are none. */
function cellsOf(lines: readonly string[]): readonly (readonly string[])[] | null {
  if (lines.every((line) => line.includes("\t"))) return lines.map((line) => line.trim().split(/\t+/).map(cellText));
  if (lines.some((line) => line.trim().includes("\t"))) return null;
  const width = Math.max(...lines.map(({ length }) => length));
  const isBlank = Array.from({ length: width }, (_, column) => lines.every((line) => (line[column] ?? " ") === " "));
  const starts = isBlank.flatMap((_, column) => {
    const gap = isBlank.slice(Math.max(0, column - LEAST_GAP), column);
    return isBlank[column] === false && gap.every(Boolean) && (gap.length === LEAST_GAP || column === gap.length)
      ? column
      : [];
  });
  return lines.map((line) =>
    starts.map((start, index) => cellText(line.slice(index === 0 ? 0 : start, starts[index + 1]))),
  );
}

/** A bar within a cell would end it. */
function cellText(cell: string): string {
  return cell.trim().replaceAll("|", String.raw`\|`);
}
