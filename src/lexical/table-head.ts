/** Longest name of a column, in characters; what is longer is a text. */
const LONGEST_NAME = 40;
/** A table without marked names has so many rows at least before its first row is taken for them. */
const FEWEST_ROWS = 3;
const HAS_DIGIT = /\d/;

/** A row of a table: its cells' texts, and whether the markup says that all of them name columns. */
export interface TableRow {
  readonly cells: readonly string[];
  readonly isMarked: boolean;
}

/**
 * Whether the first row of a table names its columns: the markup says so, or it looks like that, since most programs do not
 * mark it. Then it holds short words without digits, each another one, over at least two rows as wide, which have digits in
 * a column or more than two columns.
 */
export function hasHead(rows: readonly TableRow[]): boolean {
  const [first, ...others] = rows;
  if (first === undefined || others.length === 0 || first.cells.length < 2) return false;
  if (first.isMarked) return !others.every(({ isMarked }) => isMarked);
  if (rows.length < FEWEST_ROWS) return false;
  const names = first.cells.map((cell) => cell.trim().toLowerCase());
  if (new Set(names).size < names.length || names.some((name) => !isName(name))) return false;
  if (others.some(({ cells }) => cells.length !== names.length)) return false;
  const isCounted = names.some((_, column) => mostly(others, ({ cells }) => HAS_DIGIT.test(cells[column] ?? "")));
  return isCounted || names.length > 2;
}

function isName(text: string): boolean {
  return text !== "" && text.length <= LONGEST_NAME && !text.endsWith(":") && !HAS_DIGIT.test(text);
}

function mostly<T>(all: readonly T[], test: (one: T) => boolean): boolean {
  return all.filter(test).length * 2 > all.length;
}
