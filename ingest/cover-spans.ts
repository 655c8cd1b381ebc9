import type { Span } from "../src/domain/document.ts";

/** A text with a mark in place of each character of some spans, which are in order. Line breaks stay, and so do all offsets. */
export function coverSpans(text: string, spans: readonly Span[], mark: string): string {
  const parts: string[] = [];
  let from = 0;
  for (const { start, end } of spans) {
    parts.push(text.slice(from, start), text.slice(start, end).replaceAll(/[^\r\n]/g, mark));
    from = end;
  }
  return parts.join("") + text.slice(from);
}
