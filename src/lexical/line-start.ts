/**
 * The offset at which the line of an offset begins. A carriage return alone ends a line too; looked for by itself, a mark
 * that the text has not would be looked for up to its beginning at each line.
 */
export function lineStart(text: string, offset: number): number {
  let start = offset;
  while (start > 0 && text[start - 1] !== "\n" && text[start - 1] !== "\r") start -= 1;
  return start;
}
