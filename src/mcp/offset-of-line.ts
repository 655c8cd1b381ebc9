/**
 * Offset at which a line of a text begins, in UTF-16 code units; lines count from 1. For a line that does not exist it
 * is 0.
 */
export function offsetOfLine(text: string, line: number): number {
  const before = line < 2 ? undefined : [...text.matchAll(/\r\n|\n|\r/g)][line - 2];
  return before === undefined ? 0 : before.index + before[0].length;
}
