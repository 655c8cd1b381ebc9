import type { MergedCells, Sheet, SheetCell, SheetRow } from "./sheet.ts";
import { oneLine } from "../../../src/domain/one-line.ts";

/** Rows of a block among which its header is looked for. */
const HEADER_WITHIN = 30;
/** Longest name of a column, in characters; what is longer is a text. */
const LONGEST_NAME = 100;
/** Rows whose values tell what kind a column is of. */
const ROWS_JUDGED = 20;

/** The name of a column by its place, from 0. */
export type ColumnName = (column: number) => string;

/** How the columns of a row are named; `header` where it is itself what names them. Rows are asked for in their order. */
export type ColumnNames = (index: number) => ColumnName | "header";

interface Header {
  /** Index of the first of its rows, and behind the last one. */
  readonly start: number;
  readonly end: number;
  readonly names: ReadonlyMap<number, string>;
}

/**
 * Finds the rows that name the columns. A sheet may hold several tables: where a row is left empty, a new header may follow.
 * The first header may be any row of words above the rest; later ones must differ in kind from the rows under them. Rows
 * above a header, such as a title, have no names; where there is no header at all, columns have the letters of the program.
 */
export function createColumnNames({
  rows,
  merged,
  headerRows,
}: Pick<Sheet, "rows" | "merged" | "headerRows">): ColumnNames {
  const areas = merged.filter(({ firstColumn, lastColumn }) => lastColumn !== firstColumn);
  const wide = Map.groupBy(areas, ({ firstRow }) => firstRow);
  const blocks = blocksOf(rows);
  const headers = [...headersOf(blocks, { wide, headerRows })];
  // A lone text, such as the source of the figures, is in no column.
  const bare = new Set(
    blocks.filter(({ rows: block }) => block.every(({ cells }) => cells.length < 2)).flatMap(indexesOf),
  );
  let current: Header | null = null;
  let next = 0;
  return (index) => {
    const following = headers[next];
    if (following !== undefined && index >= following.start) {
      current = following;
      next += 1;
    }
    if (current !== null && index < current.end) return "header";
    if (bare.has(index)) return () => "";
    const names: ReadonlyMap<number, string> | null = current?.names ?? null;
    if (names === null) return headers.length === 0 ? columnLetters : () => "";
    return (column) => names.get(column) ?? columnLetters(column);
  };
}

interface Evidence {
  readonly wide: ReadonlyMap<number, readonly MergedCells[]>;
  readonly headerRows: ReadonlySet<number>;
}

/** Rows with no empty one between them. */
interface Block {
  /** Index of the first row. */
  readonly start: number;
  readonly rows: readonly SheetRow[];
}

function blocksOf(rows: readonly SheetRow[]): readonly Block[] {
  const blocks: Block[] = [];
  for (let start = 0; start < rows.length;) {
    let end = start + 1;
    while (end < rows.length && rows[end]?.number === (rows[end - 1]?.number ?? 0) + 1) end += 1;
    blocks.push({ start, rows: rows.slice(start, end) });
    start = end;
  }
  return blocks;
}

function indexesOf({ start, rows }: Block): readonly number[] {
  return rows.map((_, index) => start + index);
}

function* headersOf(blocks: readonly Block[], evidence: Evidence): Generator<Header> {
  let hasHeader = false;
  for (const { start, rows } of blocks) {
    const known = rows.findIndex(({ number }) => evidence.headerRows.has(number));
    const at = known === -1 ? likelyHeader(rows) : known;
    const header = at === -1 ? null : headerAt(rows, at, evidence);
    if (header === null || (known === -1 && !isConvincing(rows, header, { isFirst: !hasHeader }))) continue;
    hasHeader = true;
    yield { ...header, start: header.start + start, end: header.end + start };
  }
}

/** The first row of a block that is about as wide as those after it; -1 where there is none above others. */
function likelyHeader(block: readonly SheetRow[]): number {
  const head = block.slice(0, HEADER_WITHIN);
  const widest = head.reduce((most, { cells }) => Math.max(most, cells.length), 0);
  const at = head.findIndex(({ cells }) => cells.length >= Math.max(2, widest / 2));
  return at === block.length - 1 ? -1 : at;
}

function headerAt(block: readonly SheetRow[], at: number, { wide }: Evidence): Header | null {
  const row = block[at];
  if (row === undefined) return null;
  const areas = wide.get(row.number) ?? [];
  const names = new Map(row.cells.map(({ column, value }) => [column, value]));
  const below = block[at + 1];
  // A name over several columns has the names of these under it.
  if (areas.length === 0 || below === undefined || row.cells.length < 2 || at + 2 >= block.length) {
    return { start: at, end: at + 1, names: tidied(names) };
  }
  for (const { firstColumn, lastColumn } of areas) {
    const name = names.get(firstColumn) ?? "";
    for (const { column } of below.cells) if (column > firstColumn && column <= lastColumn) names.set(column, name);
  }
  for (const { column, value } of below.cells) {
    const above = names.get(column) ?? "";
    names.set(column, above === value ? value : `${above} ${value}`);
  }
  return { start: at, end: at + 2, names: tidied(names) };
}

function tidied(names: ReadonlyMap<number, string>): ReadonlyMap<number, string> {
  return new Map([...names].map(([column, name]) => [column, oneLine(name)]));
}

function isConvincing(block: readonly SheetRow[], header: Header, { isFirst }: { readonly isFirst: boolean }): boolean {
  const names = [...header.names.values()].map((name) => name.toLowerCase());
  const cells = block.slice(header.start, header.end).flatMap((row) => row.cells);
  if (!cells.every(({ isText }) => isText) || names.length < 2 || new Set(names).size !== names.length) return false;
  // Words with a colon, and long ones, are a form or a text.
  if (names.some((name) => name.endsWith(":") || name.length > LONGEST_NAME)) return false;
  const kinds = kindsOf(block.slice(header.end, header.end + ROWS_JUDGED));
  if ([...kinds.values()].some(({ words, others }) => others > words)) return true;
  // Two columns, the second of this and that: names and values of one thing, not a table.
  const isForm = names.length === 2 && [...kinds.values()].some(({ words, others }) => words > 0 && others > 0);
  return isFirst && !isForm;
}

function kindsOf(rows: readonly SheetRow[]): ReadonlyMap<number, { readonly words: number; readonly others: number }> {
  const kinds = new Map<number, { words: number; others: number }>();
  for (const { column, isText } of rows.flatMap(({ cells }): readonly SheetCell[] => cells)) {
    const kind = kinds.get(column) ?? { words: 0, others: 0 };
    kinds.set(column, kind);
    if (isText) kind.words += 1;
    else kind.others += 1;
  }
  return kinds;
}

/** `A` to `XFD`, as the programs name columns. */
function columnLetters(column: number): string {
  const letter = String.fromCodePoint(65 + (column % 26));
  return column < 26 ? letter : columnLetters(Math.floor(column / 26) - 1) + letter;
}
