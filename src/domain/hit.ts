import { HEADING_SEPARATOR } from "./chunk.ts";
import type { DocumentMetadata, MetadataFilter } from "./document-metadata.ts";
import type { LineRange, PageStart, Span } from "./document.ts";
import type { SimilarityScale } from "./similarity-scale.ts";

/** How a search ranks: both scores, the vector alone, or the words alone. */
export type SearchMode = "hybrid" | "dense" | "lexical";

/** Narrows a search. Several values of one key are alternatives; several keys must all hold. */
export interface SearchFilter {
  /** Glob patterns over `source` (`guide/**`), or exact sources. */
  readonly source?: string | readonly string[] | undefined;
  /** Language names (`typescript`, `markdown`). */
  readonly language?: string | readonly string[] | undefined;
  /** Roots, exact. */
  readonly root?: string | readonly string[] | undefined;
  /** Values of the documents' metadata (`{ team: "docs", year: [2024, 2025] }`); documents without a key are left out. */
  readonly metadata?: MetadataFilter | undefined;
}

/** A span found for a query: one chunk, or neighbouring chunks of one document joined. */
export interface Hit {
  /** From 1. */
  readonly rank: number;
  /** The absolute score S of its best chunk, in the mode of the search. */
  readonly score: number;
  readonly root: string;
  readonly source: string;
  readonly title: string | null;
  /** The headings below the title that all of `text` stands under (`Stores > Qdrant`); absent where there are none. */
  readonly heading?: string;
  readonly lines: LineRange;
  readonly span: Span;
  /** Page on which `text` begins, for a paged document. */
  readonly page: number | null;
  /** Where further pages begin within `span`; absent where it lies on one page. */
  readonly pageStarts?: readonly PageStart[];
  readonly language: string;
  readonly symbol: string | null;
  /** The stored text of `span`. */
  readonly text: string;
  readonly scores: HitScores;
  readonly documentId: string;
  /** The chunks it is made of, in the order of the document. */
  readonly chunkIds: readonly string[];
  /** Its document's metadata, see `DocumentRecord.metadata`; absent where it has none. */
  readonly metadata?: DocumentMetadata;
}

/** What a hit is about: the symbol that it defines, else its document's title with the headings below it; else null. */
export function hitLabel({
  symbol,
  title,
  heading = null,
}: Pick<Hit, "symbol" | "title"> & { readonly heading?: string | null }): string | null {
  const path = [title, heading].filter((part) => part !== null);
  return symbol ?? (path.length === 0 ? null : path.join(HEADING_SEPARATOR));
}

/** The parts of a hit's score; null where the mode of the search did not need it. */
export interface HitScores {
  /** Cosine of query and best window. */
  readonly dense: number | null;
  /** BM25 divided by the query's idf sum: 0 to (k1 + 1). */
  readonly lexical: number | null;
  /** Largest share of the query's idf in one sentence: 0 to 1. */
  readonly sentence: number | null;
}

/** How well the best hit fits: `none` means that nothing fitting was found. */
export type Evidence = "good" | "weak" | "none";

/** One candidate in a search's trace. */
export interface ExplainedCandidate {
  readonly chunkId: string;
  readonly source: string;
  readonly lines: LineRange;
  readonly score: number;
  readonly scores: HitScores;
  /** What became of it: opened a span, joined one, or why it was left out. */
  readonly fate: "opened" | "joined" | "below-stop" | "over-budget" | "over-limit" | "excluded";
}

/**
 * Where a query of a search comes from: `asked` in the request, `given` beside that, made `standalone` from the
 * conversation, one `part` of a text that asks several things or asks and tells, one `statement` of a long question, or the
 * question with its `date` in another form.
 */
export type QueryReason = "asked" | "given" | "standalone" | "part" | "statement" | "date";

/** One query that was searched for. */
export interface SearchedQuery {
  readonly query: string;
  readonly reason: QueryReason;
  /** Its weight among the queries, 0 to 1. */
  readonly weight: number;
  /** How well the best chunk fits this query alone. */
  readonly evidence: Evidence;
}

/** A filter that was read from the words of a question. */
export interface QuestionFilter {
  /** The words that it was read from; they were not searched for. */
  readonly words: string;
  readonly filter: SearchFilter;
  /**
   * False if nothing that it lets through fits, or if the whole collection fits better: then everything was searched.
   */
  readonly applied: boolean;
}

/** A follow-up question, made understandable without the conversation. */
export interface StandaloneQuestion {
  readonly text: string;
  /** `rules`, or the name of the language model that wrote it. */
  readonly by: string;
  /** The words that make it a follow-up question; if a model was asked first and failed, also why. */
  readonly why: string;
}

/** A word of a question that was taken for misspelt, or that the collection has in another form only. */
export interface Correction {
  readonly written: string;
  /** What was searched for in its place. */
  readonly read: string;
}

/** How a question was read before it was searched for. */
export interface Interpretation {
  /** At least one; only the question itself if nothing was read from it. */
  readonly queries: readonly SearchedQuery[];
  /**
   * How scores of several queries are combined: their weighted `mean`, or the `best` one after each query's scores were
   * scaled so that its best hit is worth as much as the best of all.
   */
  readonly fusion: "mean" | "best";
  readonly filter: QuestionFilter | null;
  /** Null if the question can be understood alone, or if there is no conversation. */
  readonly standalone: StandaloneQuestion | null;
  /** Words that were replaced in `queries`, as misspelt or by another form; absent if there are none. */
  readonly corrections?: readonly Correction[];
}

/** Why a search returned what it returned. */
export interface SearchExplanation {
  readonly interpretation: Interpretation;
  readonly terms: readonly { readonly term: string; readonly idf: number }[];
  /** The score under which candidates are cut; null where there are none, or the stop is off. */
  readonly stopScore: number | null;
  readonly candidates: readonly ExplainedCandidate[];
  readonly weights: { readonly lexical: number; readonly sentence: number; readonly dense: number };
  /**
   * The scale of the embedding model's cosines, and the scale to which they were converted. Absent if they were not
   * converted, and in mode `lexical`.
   */
  readonly cosines?: { readonly model: SimilarityScale; readonly countAs: SimilarityScale };
}

/** The outcome of one search. */
export interface SearchResult {
  readonly query: string;
  readonly collection: string;
  readonly mode: SearchMode;
  readonly hits: readonly Hit[];
  readonly evidence: Evidence;
  readonly timing: { readonly embedMs: number; readonly searchMs: number };
  /** Present where something else was searched than the query alone. */
  readonly interpretation?: Interpretation;
  /** Present when asked for. */
  readonly explain?: SearchExplanation;
}
