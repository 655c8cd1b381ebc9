import type { ToolHit } from "./tool-outputs.ts";
import { betterHalf, countWords } from "./tool-result.ts";

/** What a hit takes beside its snippet, which stands there twice: as text and as data. */
const FRAME_TOKENS = 110;
/** A snippet that is cut further says nothing; better fewer of them. */
const FEWEST_TOKENS = 100;

/** Options of {@link shareRoom}. */
export interface ShareRoomOptions {
  /** Hits that share the room. */
  readonly limit: number;
  readonly maxTokens: number;
  readonly countTokens: (text: string) => number;
  /** What a snippet should still show. */
  readonly words: readonly string[];
}

/** Long snippets would push the other hits out: the best `limit` ones share the room. */
export function shareRoom(
  hits: readonly ToolHit[],
  { limit, maxTokens, countTokens, words }: ShareRoomOptions,
): readonly ToolHit[] {
  const share = (maxTokens / Math.max(1, Math.min(limit, hits.length)) - FRAME_TOKENS) / 2;
  return hits.map((hit) => {
    let short = hit;
    while (countTokens(short.snippet) > Math.max(share, FEWEST_TOKENS)) {
      const half = shortenHit(short, words);
      if (half === null) break;
      short = half;
    }
    return short;
  });
}

/** A hit with the better half of its lines; null for a single line. */
export function shortenHit(hit: ToolHit, words: readonly string[]): ToolHit | null {
  const half = betterHalf(hit.snippet, words);
  if (half === null) return null;
  const start = hit.start_line + half.before;
  return { ...hit, snippet: half.text, start_line: start, end_line: start + half.count - 1, shortened: true };
}

/** Characters of a snippet that is not cut further. */
const SHORTEST_SNIPPET = 60;

/** A hit of one line with the half of it in which more of the words stand; null where that would say nothing. */
export function cutLine(hit: ToolHit, words: readonly string[]): ToolHit | null {
  const { snippet } = hit;
  if (snippet.length < 2 * SHORTEST_SNIPPET) return null;
  const middle = Math.floor(snippet.length / 2);
  const space = snippet.lastIndexOf(" ", middle);
  const at = space < SHORTEST_SNIPPET / 2 ? middle : space + 1;
  const [first, second] = [snippet.slice(0, at).trimEnd(), snippet.slice(at)];
  const better = countWords(second, words) > countWords(first, words) ? second : first;
  return { ...hit, snippet: better.toWellFormed(), shortened: true };
}
