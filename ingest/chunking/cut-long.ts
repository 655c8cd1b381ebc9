import type { Span } from "../../src/domain/document.ts";
import { type SizeOptions, tokensWithin } from "./measure.ts";
import { type TextUnit, trimmedSpan } from "./text-unit.ts";

/** Patterns for good places to cut a stretch of text, the best first; the cut comes after the match. */
const SEAMS: readonly RegExp[] = [/;\s|；/g, /,\s|[，、]/g, /\|\s/g, /\s/g];
/** How many characters before and after the middle are searched for a seam. */
const REACH = 2_000;
/** Longest run of combining characters that stays with its letter. */
const LONGEST_CLUSTER = 32;

/**
 * Cuts a stretch of text that is over the budget in half, at the best seam near the middle, and each half again until every
 * piece is within it; what is left of each is trimmed. A single character over the budget stays whole.
 */
export function* cutLong(text: string, span: Span, size: SizeOptions): Generator<TextUnit> {
  const waiting: Span[] = [span];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const piece = trimmedSpan(text, next);
    if (piece === null) continue;
    const tokens = tokensWithin(text, piece, size);
    const cut = tokens === null ? findCut(text, piece) : null;
    if (cut === null) yield { ...piece, tokens: tokens ?? size.measure(text.slice(piece.start, piece.end)) };
    else waiting.push({ start: cut, end: piece.end }, { start: piece.start, end: cut });
  }
}

function findCut(text: string, { start, end }: Span): number | null {
  const middle = Math.floor((start + end) / 2);
  const length = end - start;
  for (const [index, seam] of SEAMS.entries()) {
    // A blank is taken anywhere in reach, any other seam only if neither half becomes small.
    const reach = Math.min(index === SEAMS.length - 1 ? length : length / 4, REACH);
    const from = Math.max(start, Math.floor(middle - reach));
    const region = text.slice(from, Math.min(end, Math.ceil(middle + reach)));
    const cut = nearest(region, seam, middle - from);
    if (cut !== null && from + cut < end) return from + cut;
  }
  return insideWord(text, { start, end }, middle);
}

/** Where the match nearest to a place ends, within the text. */
function nearest(region: string, seam: RegExp, place: number): number | null {
  let best: number | null = null;
  for (const match of region.matchAll(seam)) {
    const end = match.index + match[0].length;
    if (best !== null && Math.abs(end - place) >= Math.abs(best - place)) {
      if (end > place) break;
      continue;
    }
    best = end;
  }
  return best;
}

function insideWord(text: string, { start, end }: Span, middle: number): number | null {
  let cut = middle;
  while (cut < end && cut - middle < LONGEST_CLUSTER && !isBoundary(text, cut)) cut += 1;
  if (cut <= start || cut >= end || !isBoundary(text, cut)) cut = splitsPair(text, middle) ? middle + 1 : middle;
  return cut > start && cut < end ? cut : null;
}

/** Whether a cut here tears no character as a reader sees it. */
function isBoundary(text: string, index: number): boolean {
  if (splitsPair(text, index)) return false;
  const after = String.fromCodePoint(text.codePointAt(index) ?? 0);
  return text[index - 1] !== "\u200d" && !/^(?:\p{M}|\p{Emoji_Modifier}|\u200d)/u.test(after);
}

function splitsPair(text: string, index: number): boolean {
  return (text.codePointAt(index - 1) ?? 0) > 0xffff;
}
