import { joinLines } from "./join-lines.ts";

/** Longest line that a row becomes, in characters: about two in three of a chunk. Longer rows go on in further lines. */
const LONGEST_ROW_LINE = 360;

/** One cell of a row with the name of its column. */
export interface NamedCell {
  /** Empty where the column has none; the value then stands alone. */
  readonly name: string;
  readonly value: string;
}

/**
 * A row as a line such as `| row 17 | city: Paris | people: 2102650 |`. Every line names its row and its columns, so that a
 * passage can be read alone wherever the text is cut. Empty cells are left out.
 */
export function formatRow(label: string, cells: readonly NamedCell[]): string {
  const lines: string[] = [];
  let line = `| ${label} |`;
  let isBare = true;
  for (const { name, value } of cells) {
    // A line break within a cell would make a row of its own.
    const flat = joinLines(value).trim();
    if (flat === "") continue;
    const cell = name === "" ? ` ${flat} |` : ` ${name}: ${flat} |`;
    if (!isBare && line.length + cell.length > LONGEST_ROW_LINE) {
      lines.push(line);
      line = `| ${label}, continued |`;
    }
    line += cell;
    isBare = false;
  }
  lines.push(line);
  return `${lines.join("\n")}\n`;
}
