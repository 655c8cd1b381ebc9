import type {
  Evidence,
  Interpretation,
  SearchExplanation,
  SearchFilter,
  SearchMode,
  SearchResult,
} from "../domain/hit.ts";
import type { Embedder } from "../embedding/embedder.ts";
import { termIndex } from "../lexical/term-index.ts";
import type { VectorStore } from "../store/vector-store.ts";
import { assembleSpans, type Assembly } from "./assemble-spans.ts";
import { createNamesReader, type NamedDocument } from "./collection-names.ts";
import { fuseRankings } from "./fuse-rankings.ts";
import { interpretQuestion, readQuestion, type Reading } from "./interpret-question.ts";
import { placeHits } from "./place-hits.ts";
import { rankQuery, type RankedQuery } from "./rank-query.ts";
import type { RankingParts } from "./ranking-parts.ts";
import { resolveFilter } from "./resolve-filter.ts";
import type { Retrieve, RetrieveOptions } from "./retrieve.ts";
import { judgeEvidence, SCORE_WEIGHTS, type ScoredChunk } from "./score-candidates.ts";
import { createTitleLinksReader, type TitleLinks } from "./title-links.ts";

/** The walk stops when the score falls under this share of the best; measured with `npm run eval`. */
export const STOP_RATIO = 0.68;
/** Spans of a search that names no limit. */
export const DEFAULT_LIMIT = 5;
/** Tokens that each span of the limit adds to what a search returns at most. */
const TOKENS_PER_SPAN = 300;
const WALK = 60;

/** Options of {@link createRetriever}. */
export interface RetrieverOptions {
  readonly store: VectorStore;
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
}

/**
 * Makes the search of one collection: the question is read, each of its queries ranked by both searches of the store, the
 * rankings become one, and its best chunks are joined to spans and trimmed.
 */
export function createRetriever(options: RetrieverOptions): Retrieve {
  const readLinks = createTitleLinksReader(options.store, options.collection);
  const readNames = createNamesReader(options.store, options.collection);
  return (query, request = {}) => retrieve(query, { ...options, request, readLinks, readNames });
}

interface RetrieveContext extends RetrieverOptions {
  readonly request: RetrieveOptions;
  readonly readLinks: () => Promise<TitleLinks>;
  readonly readNames: () => Promise<readonly NamedDocument[]>;
}

async function retrieve(question: string, context: RetrieveContext): Promise<SearchResult> {
  const { collection, request } = context;
  const { mode = "hybrid", explain: isExplained = false } = request;
  request.signal?.throwIfAborted();
  const started = performance.now();
  const { found, interpretation } = await search(question, context);
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
    ...(isPlain(interpretation) ? {} : { interpretation }),
    ...(isExplained ? { explain: explain({ interpretation, found, assembly, mode }) } : {}),
  };
}

/** Whether nothing was read in a question: it was searched for alone. */
function isPlain({ queries, filter }: Interpretation): boolean {
  return queries.length === 1 && filter === null;
}

/** What the queries of a question found together. */
interface Found {
  readonly ranking: readonly ScoredChunk[];
  readonly queries: readonly RankedQuery[];
  readonly evidence: Evidence;
  readonly embedMs: number;
}

/** Reads a question and ranks; where nothing fits under a filter in its words, once more without it. */
async function search(
  question: string,
  context: RetrieveContext,
): Promise<{ readonly found: Found; readonly interpretation: Interpretation }> {
  const { interpret = true, queries = [], conversation = [], rewriting, filter } = context.request;
  const options = { interpret, queries, conversation, rewriting, filter, readNames: context.readNames };
  const reading = await interpretQuestion(question, options);
  const found = await rankReading(reading, context);
  if (reading.filter === null || found.evidence !== "none") {
    return { found, interpretation: toInterpretation(reading, { found, applied: true }) };
  }
  const whole = readQuestion(question, options);
  const second = await rankReading(whole, context);
  const both = { ...second, embedMs: found.embedMs + second.embedMs };
  const read = { ...whole, filter: reading.filter };
  return { found: both, interpretation: toInterpretation(read, { found: both, applied: false }) };
}

function toInterpretation(
  { queries, fusion, filter, standalone }: Reading,
  { found, applied }: { readonly found: Found; readonly applied: boolean },
): Interpretation {
  return {
    queries: queries.map((query, index) => ({ ...query, evidence: found.queries[index]?.evidence ?? "none" })),
    fusion,
    filter: filter === null ? null : { ...filter, applied },
    standalone,
  };
}

async function rankReading(reading: Reading, context: RetrieveContext): Promise<Found> {
  const { store, collection, request, readLinks } = context;
  const { limit = DEFAULT_LIMIT, mode = "hybrid", exclude = new Set<string>(), signal } = request;
  const started = performance.now();
  const [vectors, filter] = await Promise.all([
    embedQueries(reading, context),
    resolveFilter(mergeFilters(request.filter, reading.filter?.filter), {
      store,
      collection,
      ...(signal === undefined ? {} : { signal }),
    }),
  ]);
  const embedMs = performance.now() - started;
  const options = {
    store,
    collection,
    mode,
    filter,
    limit,
    exclude,
    stopRatio: stopRatioOf(request),
    readLinks,
    parts: context.parts ?? {},
    signal,
  };
  const queries = await Promise.all(
    reading.queries.map(({ query }, index) => rankQuery(query, { ...options, vector: vectors[index] ?? null })),
  );
  const ranking = fuseRankings(
    queries.map((ranked, index) => ({
      ranking: ranked.ranking,
      weight: reading.queries[index]?.weight ?? 1,
      fits: ranked.evidence !== "none",
    })),
    reading.fusion,
  );
  const remaining = ranking.filter(({ chunk }) => !exclude.has(chunk.id));
  return { ranking, queries, evidence: judgeEvidence(remaining, mode), embedMs };
}

/** What a request filters and what its words do are different keys: both hold. */
function mergeFilters(own: SearchFilter | undefined, read: SearchFilter | undefined): SearchFilter | undefined {
  return own === undefined && read === undefined ? undefined : { ...own, ...read };
}

async function embedQueries({ queries }: Reading, { embedder, request }: RetrieveContext): Promise<Float32Array[]> {
  if (request.mode === "lexical") return [];
  const vectors = await embedder.embed(
    queries.map(({ query }) => query),
    { purpose: "query", ...(request.signal === undefined ? {} : { signal: request.signal }) },
  );
  if (vectors.length !== queries.length) throw new TypeError("The embedder gave no vector for the query.");
  return [...vectors];
}

function stopRatioOf({ stop }: RetrieveOptions): number {
  return stop === false ? 0 : STOP_RATIO;
}

function assemble(ranking: readonly ScoredChunk[], { request, embedder, chunkTokens }: RetrieveContext): Assembly {
  const { limit = DEFAULT_LIMIT, exclude = new Set<string>() } = request;
  return assembleSpans(ranking, {
    limit,
    stopRatio: stopRatioOf(request),
    walk: Math.max(WALK, limit * 3),
    tokenBudget: limit * Math.max(TOKENS_PER_SPAN, 2 * chunkTokens),
    // A long piece of code counts as one chunk of prose, or two of them would spend the whole budget.
    tokensOf: (chunk) => Math.min(chunkTokens, embedder.countTokens(chunk.text)),
    join: request.join !== false,
    exclude,
  });
}

function explain(parts: {
  readonly interpretation: Interpretation;
  readonly found: Found;
  readonly assembly: Assembly;
  readonly mode: SearchMode;
}): SearchExplanation {
  const { interpretation, found, assembly, mode } = parts;
  const best = found.ranking[0];
  const idf = new Map(found.queries.flatMap((query) => query.terms.map((term) => [term, idfOf(query, term)] as const)));
  return {
    interpretation,
    terms: [...idf].map(([term, value]) => ({ term, idf: value })),
    stopScore: best === undefined ? null : best.score * STOP_RATIO,
    weights: SCORE_WEIGHTS[mode],
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
