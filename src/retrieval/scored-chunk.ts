import type { Chunk } from "../domain/chunk.ts";
import type { DocumentMetadata } from "../domain/document-metadata.ts";
import type { HitScores } from "../domain/hit.ts";

/** A candidate with its score. */
export interface ScoredChunk {
  readonly chunk: Chunk;
  readonly score: number;
  readonly scores: HitScores;
  /** The evidence that it gives by itself, weighted by `EVIDENCE_WEIGHTS`. */
  readonly evidenceScore: number;
  /** The metadata of its document; absent where it has none. */
  readonly metadata?: DocumentMetadata;
}

/**
 * Factor by which lifted scores are compressed above the best score: they keep their order, and the stop, a share of
 * the best score, hardly moves.
 */
const OVER_BEST = 0.001;

/** Adds what a later stage gives to a score. Above the best score only so much is added that the order is decided. */
export function liftScore(score: number, { gain, best }: { readonly gain: number; readonly best: number }): number {
  const lifted = score + gain;
  return lifted <= best ? lifted : Math.max(score, best + OVER_BEST * (lifted - best));
}

/** A ranking in which the chunks that pass a test have a higher score; see {@link liftScore}. */
export function liftWhere(
  test: (scored: ScoredChunk) => boolean,
  { ranking, gain }: { readonly ranking: readonly ScoredChunk[]; readonly gain: number },
): readonly ScoredChunk[] {
  const best = ranking[0]?.score ?? 0;
  return ranking
    .map((scored) => (test(scored) ? { ...scored, score: liftScore(scored.score, { gain, best }) } : scored))
    .toSorted(compareScored);
}

/** Best first; equal scores in the order of their ids. */
export function compareScored(left: ScoredChunk, right: ScoredChunk): number {
  return right.score - left.score || (left.chunk.id < right.chunk.id ? -1 : 1);
}
