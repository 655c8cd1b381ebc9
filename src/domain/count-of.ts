/** A number with thousands separated: `12,345`. */
export function formatNumber(value: number): string {
  return Math.round(value).toLocaleString("en-US");
}

/** A number with its noun: `1 file`, `1,200 files`; `plural` where that is not the noun with an s. */
export function countOf(value: number, noun: string, plural = `${noun}s`): string {
  return `${formatNumber(value)} ${value === 1 ? noun : plural}`;
}
