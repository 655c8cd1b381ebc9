import type { Span } from "../domain/document.ts";
import { tableCells } from "./table-cells.ts";
import { hasHead } from "./table-head.ts";

/** What a line is in a table: the names of the columns, the rule below them, or a row. */
export type TableLine = "header" | "rule" | "row";

/** Cells of dashes, with bars between them; those at the ends may be missing. */
const RULE = /^\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?$/;
/** The same below columns that blanks keep apart: a line of dashes for each, or one below all of them. */
const ALIGNED_RULE = /^(?:-{2,}|={2,})(?:[ \t]+(?:-{2,}|={2,}))*$/;
const GAP = / {2}|\t/;
/** What names a column: no code, no end of a sentence. */
const COLUMN_NAME = /^\p{L}[^"'`*<>{}=;|\\]*(?<![.,:;!?~])$/u;
const HAS_DIGIT = /\d/;
const LINE = /[^\r\n]+/g;
/** What is indented so far may be code. */
const MAY_BE_CODE = /^(?: {4}|\t)/;
/** So many lines of as many cells at the beginning of a part of a text are rows. */
const FEWEST_ROWS = 2;

interface Line extends Span {
  readonly text: string;
  /** How many cells it has; 0 without a bar. */
  readonly cells: number;
  /** The cells that blanks keep apart; fewer than two where no columns are aligned. */
  readonly aligned: readonly string[];
}

interface PlacedLine extends Span {
  readonly kind: TableLine;
}

/**
 * Finds the lines of a text's tables, whose bars at the beginning and end of lines may be missing: `Name | Size` over
 * `--- | ---`. Since prose and code have bars too, only that rule proves a table, which goes on to the first line without a
 * bar. A part of a text may begin within one, with lines that have as many cells as each other. Columns that only blanks
 * keep apart are a table where the first line names them.
 *
 * @returns what stands at an offset; null outside of tables
 */
export function createTablePlaces(
  text: string,
  { isPart = false }: { readonly isPart?: boolean } = {},
): (offset: number) => TableLine | null {
  const hasBars = text.includes("|");
  if (!hasBars && !GAP.test(text)) return () => null;
  const lines = [...linesOf(text)];
  const placed: PlacedLine[] = isPart && hasBars ? leadingRows(text, lines) : [];
  let before: Line | null = null;
  for (const [at, line] of lines.entries()) {
    if (line.aligned.length > 1 && !isBelowColumns(text, before, line)) placed.push(...alignedTable(text, lines, at));
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
    const found = tableCells(line) ?? [];
    const hasBar = line.includes("|");
    const [cells, aligned] = hasBar ? [found.length, []] : [0, found];
    yield { start: index, end: index + line.length, text: line, cells, aligned };
  }
}

function isBelowColumns(text: string, before: Line | null, line: Line): boolean {
  return before !== null && before.aligned.length > 1 && isNext(text, before, line);
}

/** The table whose columns begin with a line and are kept apart by blanks; empty where the line does not name them. */
function alignedTable(text: string, lines: readonly Line[], at: number): readonly PlacedLine[] {
  const [head, ruleOrRow] = [lines[at], lines[at + 1]];
  if (head === undefined || ruleOrRow === undefined || !isNext(text, head, ruleOrRow)) return [];
  const isMarked = ALIGNED_RULE.test(ruleOrRow.text.trim());
  const first = isMarked ? at + 2 : at + 1;
  let end = first;
  for (let line = lines[end]; line !== undefined && line.aligned.length > 1; line = lines[(end += 1)]) {
    if (!isNext(text, lines[end - 1] ?? line, line)) break;
  }
  const rows = lines.slice(first, end);
  const full = rows.filter((row) => isAligned(head, row));
  const cells = full.map(({ aligned }) => ({ cells: aligned, isMarked: false }));
  // Without a rule only numbers below names tell the first line of a table from that of a list in columns.
  const counted = full.filter((row) => HAS_DIGIT.test(row.text));
  if (full.length * 2 <= rows.length || (!isMarked && counted.length * 2 <= full.length)) return [];
  if (!head.aligned.every((name) => COLUMN_NAME.test(name))) return [];
  if (!hasHead([{ cells: head.aligned, isMarked }, ...cells])) return [];
  const kinds: readonly TableLine[] = isMarked ? ["header", "rule"] : ["header"];
  return lines.slice(at, end).map(({ start, end: to }, index) => ({ start, end: to, kind: kinds[index] ?? "row" }));
}

/** Whether each cell of a row stands below that of the head. */
function isAligned(head: Line, row: Line): boolean {
  if (row.aligned.length !== head.aligned.length) return false;
  const [above, below] = [placesOf(head), placesOf(row)];
  return above.every(({ start, end }, index) => (below[index]?.start ?? 0) <= end && (below[index]?.end ?? 0) >= start);
}

function placesOf({ text, aligned }: Line): readonly Span[] {
  let from = 0;
  return aligned.map((cell) => {
    const start = text.indexOf(cell, from);
    from = start + cell.length;
    return { start, end: from };
  });
}

function isNext(text: string, before: Span, { start }: Span): boolean {
  return /^(?:\r\n|\r|\n)$/.test(text.slice(before.end, start));
}

function isRuleBelow(header: Line, rule: Line): boolean {
  const isRule = rule.cells > 0 && rule.cells === header.cells && RULE.test(rule.text.trim());
  return isRule && !RULE.test(header.text.trim());
}

/** The rows that a part of a text begins with, the header of which stands before it. */
function leadingRows(text: string, lines: readonly Line[]): PlacedLine[] {
  const rows: Line[] = [];
  for (const line of lines) {
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
