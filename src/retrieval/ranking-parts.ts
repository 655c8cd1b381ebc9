import type { ScoreWeights } from "./score-candidates.ts";

/** Parts of a search that can be changed or left out, to measure what each is worth. */
export interface RankingParts {
  /**
   * What the parts of the score count.
   * @default those of the search's mode
   */
  readonly weights?: ScoreWeights;
  /**
   * Whether documents that the best chunks name by title are searched too.
   * @default true
   */
  readonly followsTitles?: boolean;
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
