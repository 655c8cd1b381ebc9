/** A text on one line: white space with a line break in it becomes one blank, other white space stays. */
export function joinLines(text: string): string {
  if (!text.includes("\n") && !text.includes("\r")) return text;
  // Runs of white space as a whole: a pattern for blanks around a break would look through a long run at each of its blanks.
  return text.replaceAll(/\s+/g, (space) => (/[\r\n]/.test(space) ? " " : space));
}
