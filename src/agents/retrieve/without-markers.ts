/** A text without the numbers of passages, such as `[1]` or `[2, 3]`; links stay. */
export function withoutMarkers(text: string): string {
  return text.replaceAll(/ ?\[\d{1,4}(?:\s*,\s*\d{1,4})*\](?!\()/g, "");
}
