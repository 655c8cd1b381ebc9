import { bestLines, weightOf, type WordWeights } from "../answering/best-lines.ts";
import { symbolOfLine } from "../answering/symbol-of-line.ts";
import type { ToolHit } from "./tool-outputs.ts";

/** What a result takes beside its hits. */
const FRAME_TOKENS = 80;
/** How often a snippet stands in a result: as text and as data, its line breaks and quotes escaped. */
const COPIES = 2.2;
/** Where snippets would get shorter on average, fewer hits share the room, but so many do in any case. */
const FEWEST_TOKENS = 60;
const FEWEST_HITS = 5;
/** A hit below this share of the best score gets as little room as says something. */
const WEAK = 0.6;
const WEAK_TOKENS = 40;

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
export function shareRoom(hits: readonly ToolHit[], options: ShareRoomOptions): readonly FittedHit[] {
  const { countTokens, words } = options;
  const { sharing, room: whole } = sharingHits(hits, options);
  const isWeak = ({ score }: ToolHit): boolean => score < WEAK * (hits[0]?.score ?? 0);
  const weak = sharing.filter(isWeak).length;
  const average = whole / Math.max(1, sharing.length);
  const little = Math.min(average, WEAK_TOKENS);
  const room = (whole - weak * little) / Math.max(1, sharing.length - weak);
  return hits.map((found) => {
    const measured = { room: Math.max(1, isWeak(found) ? little : room), sizeOf: countTokens, words };
    return { found, shown: shortenTo(found, measured) ?? found };
  });
}

/** The hits that share the room, and how much of it is left for their snippets. */
function sharingHits(
  hits: readonly ToolHit[],
  { limit, maxTokens, countTokens }: ShareRoomOptions,
): { readonly sharing: readonly ToolHit[]; readonly room: number } {
  // A place stands there twice too.
  const frames = hits
    .slice(0, limit)
    .map(
      (hit) => countTokens(JSON.stringify({ ...hit, snippet: "" })) + countTokens(`${hit.path} ${hit.symbol ?? ""}`),
    );
  for (let count = frames.length; ; count -= 1) {
    const taken = frames.slice(0, count).reduce((sum, frame) => sum + frame, FRAME_TOKENS);
    const room = Math.max(0, maxTokens - taken) / COPIES;
    if (count <= FEWEST_HITS || room / count >= FEWEST_TOKENS) return { sharing: hits.slice(0, count), room };
  }
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
  const end = start + best.count - 1;
  // A piece with several definitions is named after one of them, which may not be the one that is shown.
  const symbol = symbolOfLine(hit.symbol, {
    text: hit.snippet,
    line: best.beforeBest,
    until: best.before + best.count,
  });
  return { ...hit, symbol, snippet: best.text, start_line: start, end_line: end, shortened: true };
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
