/**
 * The beginning of a text with a note of what was left out, together no longer than so many tokens; the text itself when
 * it fits. Where even the note has no room, the bare beginning.
 */
export function shortenWithNote(
  text: string,
  { tokens, count }: { readonly tokens: number; readonly count: (text: string) => number },
): string {
  const total = count(text);
  if (total <= tokens) return text;
  if (tokens <= 0) return "";
  const note = (kept: number): string => `\n[about ${String(Math.max(1, total - kept))} tokens left out]`;
  const noteTokens = count(note(0));
  const keep = tokens > noteTokens * 2 ? tokens - noteTokens : tokens;
  let [fits, over] = [0, text.length];
  while (over - fits > 1) {
    const middle = (fits + over) >> 1;
    if (count(text.slice(0, middle)) <= keep) fits = middle;
    else over = middle;
  }
  // Never between the halves of one character.
  if (/[\uD800-\uDBFF]$/.test(text.slice(0, fits))) fits -= 1;
  const head = text.slice(0, fits).trimEnd();
  if (keep === tokens) return head;
  return head + note(count(head));
}
