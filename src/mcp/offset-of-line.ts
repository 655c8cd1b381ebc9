/** Where a line of a text begins, in UTF-16 code units; lines count from 1. The beginning for one that is not there. */
export function offsetOfLine(text: string, line: number): number {
  const before = line < 2 ? undefined : [...text.matchAll(/\r\n|\n|\r/g)][line - 2];
  return before === undefined ? 0 : before.index + before[0].length;
}
