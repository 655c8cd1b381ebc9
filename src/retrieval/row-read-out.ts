import type { Span } from "../domain/document.ts";
import { tableCells } from "../lexical/table-cells.ts";
import { visibleText } from "../lexical/visible-text.ts";

/** A row is read out by a statement that its cells make up to this share. */
const LEAST_OF_ROW = 0.4;

const LINE = /(?<=^[ \t]*)\|.*$/gm;

/** The row whose every cell stands in the statement, in order, and makes up much of it: the one with most characters. */
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
