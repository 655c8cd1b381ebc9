import type { ScoreWeights } from "./score-candidates.ts";

/** Parts of a search that an evaluation may replace or switch off, to measure what each is worth. */
export interface RankingParts {
  /**
   * The weights of the score.
   * @default those of the search's mode
   */
  readonly weights?: ScoreWeights;
  /**
   * Whether documents that the best chunks name by title, and chunks that share a name with them, are searched too.
   * @default true
   */
  readonly followsLinks?: boolean;
  /**
   * Whether joined passages are trimmed to sentences near the query's terms.
   * @default true
   */
  readonly trims?: boolean;
  /**
   * Whether misspelt words of a question are corrected.
   * @default true
   */
  readonly corrects?: boolean;
}
