/** The text on one line, without white space at its ends; every run of white space in it becomes one blank. */
export function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, " ").trim();
}
