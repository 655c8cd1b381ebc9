/** Whether a text is the word `TERMINATE`, or ends with it. */
export function endsWithTermination(text: string): boolean {
  return /(?:^|\s)TERMINATE\.?$/.test(text.trim());
}

/** A text without the word `TERMINATE`, wherever it stands. */
export function withoutTerminationWord(text: string): string {
  return text.replaceAll(/\bTERMINATE\b/g, "").trim();
}
