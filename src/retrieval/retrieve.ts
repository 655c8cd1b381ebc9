import type { SearchFilter, SearchMode, SearchResult } from "../domain/hit.ts";

/** Options of {@link Retrieve}. */
export interface RetrieveOptions {
  /**
   * Spans at most; fewer when the rest is much weaker.
   * @default 5
   */
  readonly limit?: number;
  /** @default "hybrid" */
  readonly mode?: SearchMode;
  readonly filter?: SearchFilter;
  /**
   * Stops the walk down the ranking when the score falls under 0.68 of the best; off means always `limit` spans.
   * @default true
   */
  readonly stop?: boolean;
  /**
   * Joins neighbouring chunks and trims what is returned to the query's terms; off gives single chunks as they are
   * stored.
   * @default true
   */
  readonly join?: boolean;
  /** Chunks that were seen already: they are left out, and the walk goes on behind them. */
  readonly exclude?: ReadonlySet<string>;
  /**
   * Adds every score and what was cut.
   * @default false
   */
  readonly explain?: boolean;
  readonly signal?: AbortSignal;
}

/** Finds spans for a query in one collection. No hits on a non-empty `exclude` means that the ranking is exhausted. */
export type Retrieve = (query: string, options?: RetrieveOptions) => Promise<SearchResult>;
