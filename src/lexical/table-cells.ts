/** A bar between cells; one behind a backslash belongs to a cell. */
const BAR = /(?<!\\)\|/;
const FIRST_BAR = /^\|/;
const LAST_BAR = /(?<!\\)\|$/;
/** What keeps the cells of aligned columns apart. */
const GAP = / {2,}| ?\t\s*/;

/**
 * The cells of a table's row, trimmed, empty ones between bars too; null for a line with neither a bar nor a gap of two
 * blanks. The bars at its beginning and end may be missing, so that a line of prose with a bar has cells as well: whoever
 * asks has to know that it is a row.
 */
export function tableCells(line: string): readonly string[] | null {
  const row = line.trim();
  if (!BAR.test(row)) return GAP.test(row) ? row.split(GAP) : null;
  const inner = row.replace(FIRST_BAR, "").replace(LAST_BAR, "");
  return inner === "" ? null : inner.split(BAR).map((cell) => cell.trim());
}
