import type { Hit, SearchExplanation, SearchMode, SearchResult } from "../domain/hit.ts";
import type { Embedder } from "../embedding/embedder.ts";
import { termIndex } from "../lexical/term-index.ts";
import type { VectorStore } from "../store/vector-store.ts";
import { assembleSpans, type AssembledSpan, type Assembly } from "./assemble-spans.ts";
import { followTitles } from "./follow-titles.ts";
import { resolveFilter } from "./resolve-filter.ts";
import type { Retrieve, RetrieveOptions } from "./retrieve.ts";
import {
  judgeEvidence,
  queryTerms,
  scoreCandidates,
  SCORE_WEIGHTS,
  type QueryTerms,
  type ScoredChunk,
} from "./score-candidates.ts";
import { createTitleLinksReader, type TitleLinks } from "./title-links.ts";
import { trimToTerms, type PlacedText } from "./trim-span.ts";

/** The walk stops when the score falls under this share of the best; measured with `npm run eval`. */
export const STOP_RATIO = 0.68;
/** Spans of a search that names no limit. */
export const DEFAULT_LIMIT = 5;
/** Tokens that each span of the limit adds to what a search returns at most. */
const TOKENS_PER_SPAN = 300;
const WALK = 60;
const DENSE_POOL = 50;
const LEXICAL_POOL = 100;

/** Options of {@link createRetriever}. */
export interface RetrieverOptions {
  readonly store: VectorStore;
  readonly embedder: Embedder;
  /** The collection that is searched. */
  readonly collection: string;
  /** Largest chunk of the collection, in tokens of the embedding model. */
  readonly chunkTokens: number;
}

/** Makes the search of one collection: both rankings of the store, scored, joined to spans and trimmed. */
export function createRetriever(options: RetrieverOptions): Retrieve {
  const readLinks = createTitleLinksReader(options.store, options.collection);
  return (query, request = {}) => retrieve(query, { ...options, request, readLinks });
}

interface RetrieveContext extends RetrieverOptions {
  readonly request: RetrieveOptions;
  readonly readLinks: () => Promise<TitleLinks>;
}

async function retrieve(query: string, context: RetrieveContext): Promise<SearchResult> {
  const { store, collection, request } = context;
  const { limit = DEFAULT_LIMIT, mode = "hybrid", exclude = new Set<string>(), signal } = request;
  const stopRatio = request.stop === false ? 0 : STOP_RATIO;
  signal?.throwIfAborted();
  const words = queryTerms(query);
  const started = performance.now();
  const [vector, filter] = await Promise.all([
    embedQuery(query, context, mode),
    resolveFilter(request.filter, { store, collection, ...(signal === undefined ? {} : { signal }) }),
  ]);
  const embedded = performance.now();
  const found = await store.search(
    collection,
    {
      vector,
      terms: mode === "dense" ? [] : words.indices,
      denseLimit: Math.max(DENSE_POOL, limit * 2) + exclude.size,
      lexicalLimit: Math.max(LEXICAL_POOL, limit * 2) + exclude.size,
      ...(filter === undefined ? {} : { filter }),
    },
    signal === undefined ? {} : { signal },
  );
  const firstHop = scoreCandidates(found, { mode, query: words, stopRatio });
  const ranking = await followTitles(firstHop, {
    store,
    collection,
    query: words,
    vector,
    filter,
    mode,
    idf: found.idf,
    readLinks: context.readLinks,
    shown: exclude,
    ...(signal === undefined ? {} : { signal }),
  });
  const assembly = assembleSpans(ranking, {
    limit,
    stopRatio,
    walk: Math.max(WALK, limit * 3),
    tokenBudget: limit * Math.max(TOKENS_PER_SPAN, 2 * context.chunkTokens),
    // A long piece of code counts as one chunk of prose, or two of them would spend the whole budget.
    tokensOf: (chunk) => Math.min(context.chunkTokens, context.embedder.countTokens(chunk.text)),
    join: request.join !== false,
    exclude,
  });
  const hits = await toHits(assembly.spans, { context, words });
  const remaining = ranking.filter(({ chunk }) => !exclude.has(chunk.id));
  return {
    query,
    collection,
    mode,
    hits,
    evidence: judgeEvidence(remaining, mode),
    timing: { embedMs: embedded - started, searchMs: performance.now() - embedded },
    ...(request.explain === true ? { explain: explain({ ranking, assembly, words, idf: found.idf, mode }) } : {}),
  };
}

async function embedQuery(
  query: string,
  { embedder, request }: RetrieveContext,
  mode: SearchMode,
): Promise<Float32Array | null> {
  if (mode === "lexical") return null;
  const [vector] = await embedder.embed([query], {
    purpose: "query",
    ...(request.signal === undefined ? {} : { signal: request.signal }),
  });
  if (vector === undefined) throw new TypeError("The embedder gave no vector for the query.");
  return vector;
}

async function toHits(
  spans: readonly AssembledSpan[],
  { context, words }: { readonly context: RetrieveContext; readonly words: QueryTerms },
): Promise<Hit[]> {
  const placed = await placeSpans(spans, context);
  const terms = new Set(words.terms);
  return spans.map((span, index): Hit => {
    const whole = placed[index] ?? placeOfBest(span);
    const { text, span: range, lines } = context.request.join === false ? whole : trimToTerms(whole, terms);
    const first = span.chunks[0] ?? span.best.chunk;
    const { chunk } = span.best;
    return {
      rank: index + 1,
      score: span.best.score,
      root: chunk.root,
      source: chunk.source,
      title: chunk.title,
      lines,
      span: range,
      page: first.page,
      language: chunk.language,
      symbol: chunk.symbol,
      text,
      scores: span.best.scores,
      documentId: chunk.documentId,
      chunkIds: span.chunks.map(({ id }) => id),
    };
  });
}

function placeOfBest({ best: { chunk } }: AssembledSpan): PlacedText {
  return { text: chunk.text, span: chunk.span, lines: chunk.lines };
}

/** The whole text of each span; what lies between joined chunks is read from the stored document. */
async function placeSpans(spans: readonly AssembledSpan[], context: RetrieveContext): Promise<PlacedText[]> {
  const joined = spans.filter(({ chunks }) => chunks.length > 1);
  const requests = joined.map(({ best, chunks }) => ({
    documentId: best.chunk.documentId,
    span: {
      start: Math.min(...chunks.map(({ span }) => span.start)),
      end: Math.max(...chunks.map(({ span }) => span.end)),
    },
  }));
  const { store, collection, request } = context;
  const texts =
    requests.length === 0
      ? []
      : await store.readSpans(collection, requests, request.signal === undefined ? {} : { signal: request.signal });
  return spans.map((span): PlacedText => {
    const place = joined.indexOf(span);
    const text = texts[place];
    const range = requests[place]?.span;
    // A document that is replaced right now may be without its text for a moment: its best chunk stands alone then.
    if (typeof text !== "string" || range === undefined || !text.includes(span.best.chunk.text))
      return placeOfBest(span);
    const lines = {
      start: Math.min(...span.chunks.map((chunk) => chunk.lines.start)),
      end: Math.max(...span.chunks.map((chunk) => chunk.lines.end)),
    };
    return { text, span: range, lines };
  });
}

function explain(parts: {
  readonly ranking: readonly ScoredChunk[];
  readonly assembly: Assembly;
  readonly words: QueryTerms;
  readonly idf: ReadonlyMap<number, number>;
  readonly mode: SearchMode;
}): SearchExplanation {
  const { ranking, assembly, words, idf, mode } = parts;
  const best = ranking[0];
  return {
    terms: words.terms.map((term) => ({ term, idf: idf.get(termIndex(term)) ?? 0 })),
    stopScore: best === undefined ? null : best.score * STOP_RATIO,
    weights: SCORE_WEIGHTS[mode],
    candidates: ranking.map(({ chunk, score, scores }, index) => ({
      chunkId: chunk.id,
      source: chunk.source,
      lines: chunk.lines,
      score,
      scores,
      fate: assembly.fates[index] ?? "over-limit",
    })),
  };
}
