const ROW = /^\s*\|.*\|\s*$/;
/** A bar between cells; one behind a backslash belongs to a cell. */
const BAR = /(?<!\\)\|/;

/** The cells of a table's row that stands between bars, trimmed, empty ones too; null where a line is none. */
export function tableCells(line: string): readonly string[] | null {
  if (!ROW.test(line)) return null;
  const cells = line.trim().split(BAR).slice(1, -1);
  return cells.length === 0 ? null : cells.map((cell) => cell.trim());
}
