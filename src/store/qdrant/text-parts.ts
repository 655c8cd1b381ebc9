import type { Span } from "../../domain/document.ts";
import { cutPlace } from "../cut-place.ts";
import type { TextPart } from "./document-payload.ts";

// One less than the 32,768 units that a part may have, since a part may start one unit early.
const PART_LENGTH = 32_767;

/**
 * Cuts a text into parts that can be found by their offset alone: part n starts at n × 32,767, or one unit earlier
 * where a cut would tear a surrogate pair (its halves could not be stored). An empty text has no parts.
 */
export function cutText(documentId: string, text: string): TextPart[] {
  const parts: TextPart[] = [];
  for (let part = 0; part * PART_LENGTH < text.length; part += 1) {
    const start = cutPlace(text, part * PART_LENGTH);
    const end = cutPlace(text, Math.min((part + 1) * PART_LENGTH, text.length));
    parts.push({ documentId, part, start, text: text.slice(start, end) });
  }
  return parts;
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

/** Joins a span from the parts that {@link partsOfSpan} named, in their order. */
export function joinSpan(parts: readonly TextPart[], { start, end }: Span): string {
  return parts.map((part) => part.text.slice(Math.max(0, start - part.start), Math.max(0, end - part.start))).join("");
}
