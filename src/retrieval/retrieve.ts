import type { ConversationTurn } from "../domain/conversation.ts";
import type { SearchFilter, SearchMode, SearchResult } from "../domain/hit.ts";

/** The result of asking a language model to make a follow-up question understandable by itself. */
export type Rewriting =
  | { readonly text: string; readonly model: string }
  /** Why its text could not be used. Rules take its place, and the result says so. */
  | { readonly problem: string };

/** Options of {@link Retrieve}. */
export interface RetrieveOptions {
  /**
   * Spans at most; fewer when the rest is much weaker.
   * @default 5
   */
  readonly limit?: number | undefined;
  /** @default "hybrid" */
  readonly mode?: SearchMode | undefined;
  /** Narrows the search to sources, languages or roots. Default: the whole collection. */
  readonly filter?: SearchFilter | undefined;
  /**
   * Further queries, searched for together with the first one: other wordings, or other parts of what is wanted. The best
   * hit of each counts as much as the best of all.
   * @default none
   */
  readonly queries?: readonly string[] | undefined;
  /**
   * Whether the query's words are read: a filter in them ("in the API docs"), several questions in one, what a
   * follow-up question takes from `conversation`, and misspelt words.
   * @default true
   */
  readonly interpret?: boolean | undefined;
  /** The conversation before the query, oldest first. @default none */
  readonly conversation?: readonly ConversationTurn[] | undefined;
  /** The query as a language model understands it from the conversation; without it, rules decide. */
  readonly rewriting?: Rewriting | undefined;
  /**
   * Stops the walk down the ranking when the score falls under 0.68 of the best; off means always `limit` spans.
   * @default true
   */
  readonly stop?: boolean | undefined;
  /**
   * Joins neighbouring chunks and trims what is returned to the query's terms; off gives single chunks as they are
   * stored.
   * @default true
   */
  readonly join?: boolean | undefined;
  /** Ids of chunks that the caller has seen: they are left out, and the walk goes on behind them. Default: none. */
  readonly exclude?: ReadonlySet<string> | undefined;
  /**
   * Adds an explanation to the result: every candidate's scores, and why it was left out.
   * @default false
   */
  readonly explain?: boolean | undefined;
  /** Cancels the search; the signal's reason is thrown as it is. */
  readonly signal?: AbortSignal | undefined;
}

/** Finds spans for a query in one collection. No hits on a non-empty `exclude` means that the ranking is exhausted. */
export type Retrieve = (query: string, options?: RetrieveOptions) => Promise<SearchResult>;
