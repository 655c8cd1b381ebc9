import { tableCells } from "../../lexical/table-cells.ts";
import type { PassageSentence } from "./passage-sentence.ts";

/**
 * A table's row as a line that can be read without its table: the first cell, then each other one behind its column's
 * name. The cells stay word for word, so that the row is found again; empty ones are left out. Without a head, or with one
 * of another length, the cells alone.
 */
export function readTableRow(row: string, head: readonly string[] | undefined): string {
  const cells = tableCells(row);
  if (cells === null) return row;
  const names = head?.length === cells.length ? head : [];
  const [first, ...others] = cells
    .map((cell, index) => ({ cell, name: names[index] ?? "" }))
    .filter(({ cell }) => cell !== "");
  if (first === undefined) return row;
  const rest = others.map(({ cell, name }) => (name === "" ? cell : `${name}: ${cell}`));
  return rest.length === 0 ? first.cell : `${first.cell} — ${rest.join("; ")}`;
}

/** A cell with so many words says something by itself. */
const WORDS_OF_STATEMENT = 8;

/** Whether a sentence is a row without a statement in it: names and values, which say little without their table. */
export function isBareRow({ kind, text }: Pick<PassageSentence, "kind" | "text">): boolean {
  return kind === "table" && !(tableCells(text) ?? []).some((cell) => cell.split(/\s+/).length >= WORDS_OF_STATEMENT);
}
