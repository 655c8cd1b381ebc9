import type { Passage } from "../../domain/answer.ts";
import type { Hit } from "../../domain/hit.ts";
import { pagesOfText, pageStartsOf } from "../../domain/page-at.ts";
import { splitSentences } from "../../lexical/sentences.ts";
import type { SkippedPassage } from "../chat-result.ts";

/** Options of {@link packPassages}. */
export interface PackPassagesOptions {
  /** Tokens that the passages may take together. */
  readonly budget: number;
  /** Number of the first passage. */
  readonly firstMarker: number;
  /** Tokens of a passage as it stands in the prompt. */
  readonly count: (passage: Passage) => number;
}

/** Passages that fit, and those that did not. */
export interface PackedPassages {
  readonly passages: readonly Passage[];
  readonly skipped: readonly SkippedPassage[];
  /** Chunks of spans that cannot fit any prompt: asking for them again is of no use. */
  readonly hopeless: readonly string[];
}

/**
 * Numbers hits as passages, in order, as long as they fit the budget. One that does not fit is passed over for a later,
 * smaller one; only the first is shortened instead, at the end of a sentence.
 */
export function packPassages(
  hits: readonly Hit[],
  { budget, firstMarker, count }: PackPassagesOptions,
): PackedPassages {
  const passages: Passage[] = [];
  const skipped: SkippedPassage[] = [];
  const hopeless: string[] = [];
  let left = budget;
  for (const hit of hits) {
    const marker = firstMarker + passages.length;
    const whole = { marker, hit };
    const passage =
      count(whole) <= left ? whole : passages.length === 0 ? shorten(whole, { budget: left, count }) : null;
    if (passage !== null) {
      if (passage !== whole)
        skipped.push(note(hit, `shortened to lines ${range(passage.hit)} to fit the token budget`));
      passages.push(passage);
      left -= count(passage);
      continue;
    }
    // Nothing was packed before it: not even its first sentence fits an otherwise empty prompt.
    if (passages.length === 0) hopeless.push(...hit.chunkIds);
    skipped.push(note(hit, `needs ${String(count(whole))} tokens where ${String(Math.max(0, left))} were left`));
  }
  return { passages, skipped, hopeless };
}

/** The passage up to the last sentence that fits; null when the first one does not. */
function shorten(
  { marker, hit }: Passage,
  { budget, count }: { budget: number; count: (passage: Passage) => number },
): Passage | null {
  const ends = splitSentences(hit.text).map(({ end }) => end);
  // Counts grow with the text, so the last end that fits is found by halving.
  let low = 0;
  let high = ends.length;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if (count({ marker, hit: cutAt(hit, ends[middle - 1] ?? 0) }) <= budget) low = middle;
    else high = middle - 1;
  }
  const end = ends[low - 1];
  return end === undefined ? null : { marker, hit: cutAt(hit, end) };
}

function cutAt(hit: Hit, length: number): Hit {
  const text = hit.text.slice(0, length);
  const breaks = text.match(/\r\n|\r|\n/g)?.length ?? 0;
  const { pageStarts: _whole, ...rest } = hit;
  const span = { start: hit.span.start, end: hit.span.start + length };
  return {
    ...rest,
    ...pagesOfText(pageStartsOf(hit), { text, span }),
    text,
    span,
    lines: { start: hit.lines.start, end: hit.lines.start + breaks },
  };
}

function note({ source, lines }: Hit, reason: string): SkippedPassage {
  return { source, lines, reason };
}

function range({ lines }: Hit): string {
  return `${String(lines.start)}-${String(lines.end)}`;
}
