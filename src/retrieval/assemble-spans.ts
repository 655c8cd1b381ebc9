import type { Chunk } from "../domain/chunk.ts";
import type { ExplainedCandidate } from "../domain/hit.ts";
import { hasSlides } from "../domain/slides.ts";
import type { NamedTest } from "./named-part.ts";
import type { ScoredChunk } from "./scored-chunk.ts";

/** Share of the best score under which the walk stops for the parts of a document or section that the query names. */
const NAMED_STOP_RATIO = 0.4;

/** Options of {@link assembleSpans}. */
export interface AssembleOptions {
  /** How many spans to open at most. */
  readonly limit: number;
  /** The walk stops under this share of the best score; 0 never stops. */
  readonly stopRatio: number;
  /** The walk stops at this score: at 0, or at -Infinity where just so many chunks are wanted, however weak. @default 0 */
  readonly floor?: number;
  /**
   * Whether the query names what a chunk is part of: such chunks are taken down to {@link NAMED_STOP_RATIO}.
   * @default no chunk is named
   */
  readonly isNamed?: NamedTest;
  /** How many candidates to look at. */
  readonly walk: number;
  /** Tokens that all spans together may take. */
  readonly tokenBudget: number;
  /** The tokens that a chunk takes of the budget. */
  readonly tokensOf: (chunk: Chunk) => number;
  /** Whether neighbouring chunks become one span. */
  readonly join: boolean;
  /** Chunks that are neither returned nor used to fill a gap. */
  readonly exclude: ReadonlySet<string>;
}

/** Neighbouring chunks of one document, joined. */
export interface AssembledSpan {
  /** The chunk that opened the span; it has the span's score. */
  readonly best: ScoredChunk;
  /** In the order of the document; a gap of one chunk may lie between two. */
  readonly chunks: readonly Chunk[];
}

/** An {@link AssembledSpan} that may still grow. */
interface OpenSpan {
  readonly best: ScoredChunk;
  readonly chunks: Chunk[];
}

/** Spans in the order of their best chunk, and what became of every candidate. */
export interface Assembly {
  readonly spans: readonly AssembledSpan[];
  readonly fates: readonly ExplainedCandidate["fate"][];
  /** The score under which the walk stopped; null where there was nothing to walk, or no score to stop at. */
  readonly stopScore: number | null;
}

/**
 * Walks a ranking: a chunk next to a chosen span, or with one chunk between, joins it; another opens a span while there
 * are fewer than `limit`. The walk stops when the score falls under `stopRatio` of the best, or the budget is spent.
 */
export function assembleSpans(ranking: readonly ScoredChunk[], options: AssembleOptions): Assembly {
  const spans: OpenSpan[] = [];
  const fates: ExplainedCandidate["fate"][] = [];
  const excludedPlaces = placesOf(ranking, options.exclude);
  const { floor = 0 } = options;
  let spent = 0;
  let stopped: ExplainedCandidate["fate"] | null = null;
  let walked = 0;
  const first = ranking.find(({ chunk }) => !options.exclude.has(chunk.id));
  const stopScore = (first?.score ?? 0) * options.stopRatio;
  const isTooLow = (score: number): boolean => score <= floor || (options.stopRatio > 0 && score < stopScore);
  const namedStopScore = (first?.score ?? 0) * Math.min(options.stopRatio, NAMED_STOP_RATIO);
  const isNamedPart = ({ score, chunk }: ScoredChunk): boolean =>
    score > floor && score >= namedStopScore && options.isNamed?.(chunk) === true;
  for (const candidate of ranking) {
    const { chunk } = candidate;
    if (options.exclude.has(chunk.id)) {
      fates.push("excluded");
      continue;
    }
    walked += 1;
    if (stopped === null && isTooLow(candidate.score) && !isNamedPart(candidate)) {
      fates.push("below-stop");
      continue;
    }
    if (stopped === null && walked > options.walk) stopped = "over-limit";
    // Counting tokens costs more than the rest of the walk, so nothing is counted once the walk has stopped.
    const tokens = stopped === null ? options.tokensOf(chunk) : 0;
    if (stopped === null && spans.length > 0 && spent + tokens > options.tokenBudget) stopped = "over-budget";
    if (stopped !== null) {
      fates.push(stopped);
      continue;
    }
    const home = options.join ? spans.find((span) => isNear(chunk, span.chunks, excludedPlaces)) : undefined;
    if (home === undefined && spans.length >= options.limit) {
      fates.push("over-limit");
      continue;
    }
    spent += tokens;
    if (home === undefined) spans.push({ best: candidate, chunks: [chunk] });
    else insert(chunk, home.chunks);
    fates.push(home === undefined ? "opened" : "joined");
  }
  return {
    spans: options.join ? mergeTouching(spans) : spans,
    fates,
    stopScore: first === undefined || options.stopRatio === 0 ? null : stopScore,
  };
}

/** The places of excluded chunks: no gap between two chunks is filled with one of them. */
function placesOf(ranking: readonly ScoredChunk[], exclude: ReadonlySet<string>): ReadonlySet<string> {
  if (exclude.size === 0) return exclude;
  return new Set(ranking.filter(({ chunk }) => exclude.has(chunk.id)).map(({ chunk }) => placeOf(chunk, 0)));
}

function placeOf(chunk: Chunk, offset: number): string {
  return `${chunk.documentId}#${String(chunk.ordinal + offset)}`;
}

/**
 * Whether two chunks may be parts of one span. Slides are cited by their page, so no span goes over from one slide to
 * the next.
 */
function canJoin(one: Chunk, other: Chunk): boolean {
  return one.documentId === other.documentId && (one.page === other.page || !hasSlides(one.language));
}

function isNear(chunk: Chunk, chunks: readonly Chunk[], excludedPlaces: ReadonlySet<string>): boolean {
  return chunks.some((other) => {
    if (!canJoin(other, chunk)) return false;
    const distance = other.ordinal - chunk.ordinal;
    if (Math.abs(distance) <= 1) return true;
    return Math.abs(distance) === 2 && !excludedPlaces.has(placeOf(chunk, distance / 2));
  });
}

function insert(chunk: Chunk, chunks: Chunk[]): void {
  const place = chunks.findIndex((other) => other.ordinal > chunk.ordinal);
  chunks.splice(place === -1 ? chunks.length : place, 0, chunk);
}

/**
 * Merges spans that have come to touch each other when a chunk joined one of them; later spans go into the earliest
 * one.
 */
function mergeTouching(spans: readonly OpenSpan[]): AssembledSpan[] {
  let merged: OpenSpan[] = [];
  for (const span of spans) {
    const [home, ...others] = merged.filter((earlier) => span.chunks.some((chunk) => touches(chunk, earlier.chunks)));
    if (home === undefined) {
      merged.push(span);
      continue;
    }
    for (const { chunks } of [span, ...others]) for (const chunk of chunks) insert(chunk, home.chunks);
    merged = merged.filter((earlier) => !others.includes(earlier));
  }
  return merged;
}

function touches(chunk: Chunk, chunks: readonly Chunk[]): boolean {
  return chunks.some((other) => canJoin(other, chunk) && Math.abs(other.ordinal - chunk.ordinal) <= 1);
}
