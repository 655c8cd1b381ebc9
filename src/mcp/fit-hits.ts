import { bestLines, weightOf, type WordWeights } from "./best-lines.ts";
import type { ToolHit } from "./tool-outputs.ts";

/** What a hit takes beside its snippet, which stands there twice: as text and as data. */
const FRAME_TOKENS = 110;
/** A snippet that is cut further says nothing; better fewer of them. */
const FEWEST_TOKENS = 100;

/** A hit below this share of the best score gets as little room as says something. */
const WEAK = 0.6;
const WEAK_TOKENS = 50;

/** A hit as it is shown, and as it was found. */
export interface FittedHit {
  readonly shown: ToolHit;
  readonly found: ToolHit;
}

/** Options of {@link shareRoom}. */
export interface ShareRoomOptions {
  /** Hits that share the room. */
  readonly limit: number;
  readonly maxTokens: number;
  readonly countTokens: (text: string) => number;
  /** What a snippet should still show. */
  readonly words: WordWeights;
}

/** Long snippets would push the other hits out: the best `limit` ones share the room, most of it those that fit well. */
export function shareRoom(
  hits: readonly ToolHit[],
  { limit, maxTokens, countTokens, words }: ShareRoomOptions,
): readonly FittedHit[] {
  const sharing = hits.slice(0, Math.max(1, limit));
  const isWeak = ({ score }: ToolHit): boolean => score < WEAK * (hits[0]?.score ?? 0);
  const weak = sharing.filter(isWeak).length;
  const share = Math.max(FEWEST_TOKENS, (maxTokens / Math.max(1, sharing.length) - FRAME_TOKENS) / 2);
  const spared = weak * Math.max(0, share - WEAK_TOKENS);
  const room = share + spared / Math.max(1, sharing.length - weak);
  return hits.map((found) => {
    const options = { room: isWeak(found) ? Math.min(share, WEAK_TOKENS) : room, sizeOf: countTokens, words };
    return { found, shown: shortenTo(found, options) ?? found };
  });
}

/** A hit with the half of its lines that shows most of the words; null for a single line. */
export function halveHit(hit: ToolHit, words: WordWeights): ToolHit | null {
  const lines = hit.snippet.split(/\r\n|\n|\r/).length;
  // Each line counts alike here.
  const sizeOf = (text: string): number => (text === hit.snippet ? lines : 0);
  return shortenTo(hit, { room: Math.ceil(lines / 2), sizeOf, words });
}

function shortenTo(
  hit: ToolHit,
  options: { readonly room: number; readonly sizeOf: (text: string) => number; readonly words: WordWeights },
): ToolHit | null {
  const best = bestLines(hit.snippet, options);
  if (best === null) return null;
  const start = hit.start_line + best.before;
  return { ...hit, snippet: best.text, start_line: start, end_line: start + best.count - 1, shortened: true };
}

/** Characters of a snippet that is not cut further. */
const SHORTEST_SNIPPET = 60;

/** A hit of one line with the half of it in which more of the words stand; null where that would say nothing. */
export function cutLine(hit: ToolHit, words: WordWeights): ToolHit | null {
  const { snippet } = hit;
  if (snippet.length < 2 * SHORTEST_SNIPPET) return null;
  const middle = Math.floor(snippet.length / 2);
  const space = snippet.lastIndexOf(" ", middle);
  const at = space < SHORTEST_SNIPPET / 2 ? middle : space + 1;
  const [first, second] = [snippet.slice(0, at).trimEnd(), snippet.slice(at)];
  const better = weightOf(second, words) > weightOf(first, words) ? second : first;
  return { ...hit, snippet: better.toWellFormed(), shortened: true };
}
