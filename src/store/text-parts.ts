import type { Span } from "../domain/document.ts";

/** One less than the 32,768 UTF-16 units that a part may have, since a part may start one unit early. */
export const PART_LENGTH = 32_767;

/** A stretch of a document's text, as it is stored. */
export interface TextPart {
  /** Its position among the parts of the text, from 0. */
  readonly part: number;
  /** Offset of its first UTF-16 unit in the text. */
  readonly start: number;
  readonly text: string;
}

/**
 * Cuts a text into parts that can be found by their offset alone: part n starts at n × 32,767, or one unit earlier
 * where a cut would tear a surrogate pair (its halves could not be stored). An empty text has no parts.
 */
export function cutText(text: string): TextPart[] {
  const parts: TextPart[] = [];
  for (let part = 0, start = 0; start < text.length; part += 1) {
    const end = cutPlace(text, (part + 1) * PART_LENGTH);
    parts.push({ part, start, text: text.slice(start, end) });
    start = end;
  }
  return parts;
}

/** `at`, or one unit before it where a cut would tear a surrogate pair. */
function cutPlace(text: string, at: number): number {
  return (text.codePointAt(at - 1) ?? 0) > 0xffff ? at - 1 : at;
}

/** Numbers of the parts that may hold something of a span, for a text of `textLength` units. */
export function partsOfSpan({ start, end }: Span, textLength: number): number[] {
  const last = Math.min(end, textLength);
  if (start >= last) return [];
  const first = Math.floor(start / PART_LENGTH);
  // The part after the one that should hold the last unit may have started one unit early. The last part of a text has
  // no part after it.
  const final = Math.min(Math.floor(last / PART_LENGTH), Math.ceil(textLength / PART_LENGTH) - 1);
  return Array.from({ length: final - first + 1 }, (_, index) => first + index);
}

/** Joins a span from its parts, in their order. */
export function joinSpan(parts: readonly Omit<TextPart, "part">[], { start, end }: Span): string {
  return parts.map((part) => part.text.slice(Math.max(0, start - part.start), Math.max(0, end - part.start))).join("");
}
