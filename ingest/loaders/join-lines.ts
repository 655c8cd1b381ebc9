/** A text on one line: white space with a line break in it becomes one blank, other white space stays. */
export function joinLines(text: string): string {
  if (!text.includes("\n") && !text.includes("\r")) return text;
  // Whole runs of white space are matched: a pattern for blanks around a break would search a long run again from each
  // of its blanks.
  return text.replaceAll(/\s+/g, (space) => (/[\r\n]/.test(space) ? " " : space));
}
