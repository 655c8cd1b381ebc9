/** A bar between cells; one behind a backslash belongs to a cell. */
const BAR = /(?<!\\)\|/;
const FIRST_BAR = /^\|/;
const LAST_BAR = /(?<!\\)\|$/;

/**
 * The cells of a table's row, trimmed, empty ones too; null for a line without a bar. The bars at its beginning and end
 * may be missing, so that a line of prose with a bar has cells as well: whoever asks has to know that it is a row.
 */
export function tableCells(line: string): readonly string[] | null {
  const row = line.trim();
  if (!BAR.test(row)) return null;
  const inner = row.replace(FIRST_BAR, "").replace(LAST_BAR, "");
  return inner === "" ? null : inner.split(BAR).map((cell) => cell.trim());
}
