import type { HitScores } from "../domain/hit.ts";
import { compareScored, type ScoredChunk } from "./scored-chunk.ts";

/** What one query found, best first. */
export interface QueryRanking {
  readonly ranking: readonly ScoredChunk[];
  /**
   * With `mean`, the weight of its scores. With `best`, what its best chunk is worth as a share of the best of all
   * rankings.
   */
  readonly weight: number;
  /** Whether it found anything that fits. Only then are its scores scaled up. */
  readonly fits: boolean;
  /**
   * Whether it says how well its chunks fit the question as a whole.
   * @default true
   */
  readonly judges?: boolean;
}

/**
 * Fuses several rankings into one.
 *
 * `mean`: the weighted mean of the scores; a chunk that a query did not find has 0 from it. `best`: the best score
 * counts, after each query's scores were scaled so that its best chunk is worth as much as the best of all, times its
 * weight. Without that, a question of two parts would be answered only by the part that is easier to find. The evidence
 * is never scaled, and that of a query that does not judge is left out: any document may hold one of the things that a
 * question is about.
 */
export function fuseRankings(rankings: readonly QueryRanking[], fusion: "mean" | "best"): readonly ScoredChunk[] {
  const [only] = rankings;
  if (only !== undefined && rankings.length === 1) return only.ranking;
  const fused = fusion === "mean" ? fuseByMean(rankings) : fuseByBest(rankings);
  return [...fused.values()].toSorted(compareScored);
}

function fuseByMean(rankings: readonly QueryRanking[]): Map<string, ScoredChunk> {
  const total = rankings.reduce((sum, { weight }) => sum + weight, 0);
  const fused = new Map<string, ScoredChunk>();
  for (const { ranking, weight } of rankings) {
    const share = weight / total;
    for (const scored of ranking) {
      const known = fused.get(scored.chunk.id);
      fused.set(scored.chunk.id, {
        ...scored,
        score: (known?.score ?? 0) + share * scored.score,
        evidenceScore: (known?.evidenceScore ?? 0) + share * scored.evidenceScore,
        scores: addScores(known?.scores, scored.scores, share),
      });
    }
  }
  return fused;
}

function addScores(known: HitScores | undefined, scores: HitScores, share: number): HitScores {
  const add = (name: keyof HitScores): number | null => {
    const [before, more] = [known?.[name] ?? null, scores[name]];
    return before === null && more === null ? null : (before ?? 0) + share * (more ?? 0);
  };
  return { dense: add("dense"), lexical: add("lexical"), sentence: add("sentence") };
}

function fuseByBest(rankings: readonly QueryRanking[]): Map<string, ScoredChunk> {
  const best = Math.max(...rankings.map(topOf));
  const fused = new Map<string, ScoredChunk>();
  for (const query of rankings) {
    const top = topOf(query);
    const lift = query.fits && top > 0 ? (query.weight * best) / top : query.weight;
    for (const scored of query.ranking) {
      const known = fused.get(scored.chunk.id);
      const score = scored.score * lift;
      const own = query.judges === false ? 0 : scored.evidenceScore;
      const evidenceScore = Math.max(own, known?.evidenceScore ?? 0);
      fused.set(
        scored.chunk.id,
        known !== undefined && known.score >= score ? { ...known, evidenceScore } : { ...scored, score, evidenceScore },
      );
    }
  }
  return fused;
}

function topOf({ ranking }: QueryRanking): number {
  return ranking[0]?.score ?? 0;
}
