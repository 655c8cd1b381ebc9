import { showValue } from "../domain/check-options.ts";
import type { Interpretation, SearchExplanation, SearchMode, SearchResult } from "../domain/hit.ts";
import type { Embedder } from "../embedding/embedder.ts";
import { REFERENCE_SCALE } from "../domain/similarity-scale.ts";
import { termIndex } from "../lexical/term-index.ts";
import type { VectorStore } from "../store/vector-store.ts";
import { assembleSpans, type Assembly } from "./assemble-spans.ts";
import { createDocumentCatalogue, type DocumentCatalogue } from "./document-catalogue.ts";
import { placeHits } from "./place-hits.ts";
import { createUsualWords } from "./question/usual-words.ts";
import type { RankedQuery } from "./rank-query.ts";
import type { RankingParts } from "./ranking-parts.ts";
import type { Retrieve, RetrieveOptions } from "./retrieve.ts";
import { SCORE_WEIGHTS, type ScoredChunk } from "./score-candidates.ts";
import type { SearchContext } from "./search-context.ts";
import { searchQuestion, type Found } from "./search-question.ts";
import { createTitleLinksReader } from "./title-links.ts";

/** The walk stops when the score falls under this share of the best; measured with `npm run eval`. */
export const STOP_RATIO = 0.68;
/** Spans of a search that names no limit. */
export const DEFAULT_LIMIT = 5;
/** Tokens that each span of the limit adds to what a search returns at most. */
const TOKENS_PER_SPAN = 300;
const WALK = 60;

/** Options of {@link createRetriever}. */
export interface RetrieverOptions {
  /** Holds the collection. */
  readonly store: VectorStore;
  /** Embeds queries: the one that the collection was made with. */
  readonly embedder: Embedder;
  /** The collection that is searched. */
  readonly collection: string;
  /** Largest chunk of the collection, in tokens of the embedding model. */
  readonly chunkTokens: number;
  /**
   * Parts that are not as they should be, to measure what they are worth.
   * @default none
   */
  readonly parts?: RankingParts;
  /**
   * The collection's documents, where somebody else needs them too.
   * @default one of its own
   */
  readonly catalogue?: DocumentCatalogue;
}

/**
 * Makes the search of one collection: the question is read, each of its queries ranked by both searches of the store, the
 * rankings become one, and its best chunks are joined to spans and trimmed.
 */
export function createRetriever(options: RetrieverOptions): Retrieve {
  const { catalogue = createDocumentCatalogue(options.store, options.collection) } = options;
  const readLinks = createTitleLinksReader(catalogue);
  const usualWords = createUsualWords((text) => options.embedder.countTokens(text));
  return async (query, request = {}) => {
    checkRequest(query, request);
    const { limit = DEFAULT_LIMIT, stop = true } = request;
    const stopRatio = stop ? STOP_RATIO : 0;
    return retrieve(query, { ...options, catalogue, request, limit, stopRatio, readLinks, usualWords });
  };
}

/** Throws a `TypeError` for what cannot be searched for. */
function checkRequest(query: unknown, { limit, mode = "hybrid" }: RetrieveOptions): void {
  if (typeof query !== "string") throw new TypeError(`A query must be a text, not ${showValue(query)}.`);
  if (!Object.hasOwn(SCORE_WEIGHTS, mode)) {
    throw new TypeError(`mode must be "hybrid", "dense" or "lexical", not ${showValue(mode)}.`);
  }
  if (limit === undefined || (Number.isInteger(limit) && limit >= 1)) return;
  throw new TypeError(`limit must be a whole number from 1, not ${showValue(limit)}.`);
}

async function retrieve(question: string, context: SearchContext): Promise<SearchResult> {
  const { collection, request } = context;
  const { mode = "hybrid", explain: isExplained = false } = request;
  request.signal?.throwIfAborted();
  const started = performance.now();
  const { found, interpretation } = await searchQuestion(question, context);
  const assembly = assemble(found.ranking, context);
  const terms = new Set(found.queries.flatMap((query) => query.terms));
  const hits = await placeHits(assembly.spans, {
    ...context,
    terms,
    trim: request.join !== false && context.parts?.trims !== false,
    signal: request.signal,
  });
  return {
    query: question,
    collection,
    mode,
    hits,
    evidence: found.evidence,
    timing: { embedMs: found.embedMs, searchMs: performance.now() - started - found.embedMs },
    ...(isPlain(question, interpretation) ? {} : { interpretation }),
    ...(isExplained ? { explain: explain({ interpretation, found, assembly, mode }, await cosinesRead(context)) } : {}),
  };
}

/** Whether nothing was read in a question: it was searched for alone, as it is. */
function isPlain(question: string, { queries, filter }: Interpretation): boolean {
  return queries.length === 1 && queries[0]?.query === question && filter === null;
}

function assemble(ranking: readonly ScoredChunk[], context: SearchContext): Assembly {
  const { request, limit, stopRatio, embedder, chunkTokens } = context;
  const { exclude = new Set<string>() } = request;
  return assembleSpans(ranking, {
    limit,
    stopRatio,
    walk: Math.max(WALK, limit * 3),
    tokenBudget: limit * Math.max(TOKENS_PER_SPAN, 2 * chunkTokens),
    // A long piece of code counts as one chunk of prose, or two of them would spend the whole budget.
    tokensOf: (chunk) => Math.min(chunkTokens, embedder.countTokens(chunk.text)),
    join: request.join !== false,
    exclude,
  });
}

/** How cosines were read, to be explained. */
async function cosinesRead({ embedder, request }: SearchContext): Promise<Pick<SearchExplanation, "cosines">> {
  const { mode, signal } = request;
  const model = mode === "lexical" ? undefined : await embedder.similarityScale?.({ signal });
  return model === undefined ? {} : { cosines: { model, countAs: REFERENCE_SCALE } };
}

function explain(
  parts: {
    readonly interpretation: Interpretation;
    readonly found: Found;
    readonly assembly: Assembly;
    readonly mode: SearchMode;
  },
  cosines: Pick<SearchExplanation, "cosines">,
): SearchExplanation {
  const { interpretation, found, assembly, mode } = parts;
  const idf = new Map(found.queries.flatMap((query) => query.terms.map((term) => [term, idfOf(query, term)] as const)));
  return {
    interpretation,
    terms: [...idf].map(([term, value]) => ({ term, idf: value })),
    stopScore: assembly.stopScore,
    weights: SCORE_WEIGHTS[mode],
    ...cosines,
    candidates: found.ranking.map(({ chunk, score, scores }, index) => ({
      chunkId: chunk.id,
      source: chunk.source,
      lines: chunk.lines,
      score,
      scores,
      fate: assembly.fates[index] ?? "over-limit",
    })),
  };
}

function idfOf({ idf }: RankedQuery, term: string): number {
  return idf.get(termIndex(term)) ?? 0;
}
