import type { Span } from "../domain/document.ts";
import { tableCells } from "../lexical/table-cells.ts";
import { visibleText } from "../lexical/visible-text.ts";

/** A statement reads a row out if the row's cells make up at least this share of it. */
const LEAST_OF_ROW = 0.4;

const LINE = /(?=\S)(?<=^[ \t]*).*(?:\||\S {2,}\S|\t).*$/gm;

/**
 * Finds the row of a table that a statement reads out: all its cells stand in the statement, in order, and make up much
 * of it. Of several, the one with most characters.
 */
export function rowReadOut(words: string, passage: string): Span | null {
  const statement = visibleText(words.slice(words.lastIndexOf("\n\n") + 1)).text;
  let best: Span | null = null;
  let most = statement.length * LEAST_OF_ROW;
  for (const line of passage.matchAll(LINE)) {
    const [text] = line;
    const cells = tableCells(visibleText(text).text)?.filter((cell) => cell !== "") ?? [];
    const length = cells.reduce((sum, cell) => sum + cell.length, 0);
    if (cells.length > 1 && length > most && standInOrder(cells, statement)) {
      most = length;
      best = { start: line.index, end: line.index + text.trimEnd().length };
    }
  }
  return best;
}

function standInOrder(cells: readonly string[], text: string): boolean {
  let from = 0;
  return cells.every((cell) => {
    const at = text.indexOf(cell, from);
    from = at + cell.length;
    return at !== -1;
  });
}
