import { bestLines, weightOf, type WordWeights } from "../answering/best-lines.ts";
import { symbolOfLine } from "../answering/symbol-of-line.ts";
import type { ToolHit } from "./tool-outputs.ts";

/** Tokens that a result takes beside its hits. */
const FRAME_TOKENS = 80;
/**
 * How many times its own tokens a snippet takes in a result: it is there as text and as data, with line breaks and
 * quotes escaped.
 */
const COPIES = 2.2;
/**
 * If snippets would get shorter than this on average, fewer hits share the room, but never fewer than {@link
 * FEWEST_HITS}.
 */
const FEWEST_TOKENS = 60;
const FEWEST_HITS = 5;
/** A hit below this share of the best score gets just enough room to say something. */
const WEAK = 0.6;
const WEAK_TOKENS = 40;

/** A hit, shortened to be shown, and as it was found. */
export interface FittedHit {
  readonly shown: ToolHit;
  readonly found: ToolHit;
}

/** Options of {@link shareRoom}. */
export interface ShareRoomOptions {
  /** How many hits share the room. */
  readonly limit: number;
  readonly maxTokens: number;
  readonly countTokens: (text: string) => number;
  /** The words that a snippet should still show. */
  readonly words: WordWeights;
}

/**
 * Shortens snippets so that long ones do not push other hits out: the best `limit` hits share the room, and most of it
 * goes to those that fit well.
 */
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
  // A hit's place is in the result twice too.
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
  // Each line has the same size here.
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
  // A piece of several definitions is named after one of them, and another one may be shown.
  const symbol = symbolOfLine(hit.symbol, {
    text: hit.snippet,
    line: best.beforeBest,
    until: best.before + best.count,
  });
  return { ...hit, symbol, snippet: best.text, start_line: start, end_line: end, shortened: true };
}

/** A snippet of fewer characters than this is not cut any more. */
const SHORTEST_SNIPPET = 60;

/** A hit of one line, cut to the half that holds more of the words; null if the half would say nothing. */
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
