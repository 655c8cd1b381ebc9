import type { WordMatcher } from "../domain/match-words.ts";

/** A line on the page: one of the text, or a piece of up to 100 characters of a longer one, broken at a space. */
const LINE = /[^\n]{1,100}(?!\S)|[^\n]{1,100}/g;
/** How many lines fit. */
const SHOWN = 5;
/** How many lines in a row must hold the words. */
const LINES = 3;
/** How far in front of those lines a sentence may begin for it to be shown from its beginning. */
const LEAD_IN = 150;
const SENTENCE_START = /(?<=[.!?:]\s+|\n\s*)\S(?=[^\n]*$)/g;

/**
 * Where to show a passage from, when it has more lines than fit: at the first of the few lines in a row that hold the
 * most different words of the query, or the beginning of its sentence. An offset in code units; 0 where the first lines
 * are as good as any.
 */
export function excerptStart(text: string, matcher: WordMatcher): number {
  const lines = Array.from(text.matchAll(LINE), ({ 0: line, index }) => ({ index, words: matcher.find(line) }));
  if (lines.length <= SHOWN) return 0;
  let best = { index: 0, count: 0 };
  for (const [place, { index, words }] of lines.entries()) {
    if (place > 0 && words.length === 0) continue;
    const count = new Set(lines.slice(place, place + LINES).flatMap((line) => line.words)).size;
    if (count > best.count) best = { index, count };
  }
  const from = Math.max(0, best.index - LEAD_IN);
  const sentence = Array.from(text.slice(from, best.index + 1).matchAll(SENTENCE_START)).at(-1);
  if (sentence !== undefined) return from + sentence.index;
  return from === 0 ? 0 : best.index;
}
