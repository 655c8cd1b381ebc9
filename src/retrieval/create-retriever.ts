import { checkNeeded, checkOptions, oneOf, showValue, type OptionKind } from "../domain/check-options.ts";
import type { Interpretation, SearchExplanation, SearchMode, SearchResult } from "../domain/hit.ts";
import { EMBEDDER_RULE, SIGNAL_RULE, STORE_RULE } from "../domain/part-rules.ts";
import { checkSearchFilter } from "../domain/search-filter.ts";
import type { Embedder } from "../embedding/embedder.ts";
import { REFERENCE_SCALE } from "../domain/similarity-scale.ts";
import type { VectorStore } from "../store/vector-store.ts";
import { assembleSpans, type Assembly } from "./assemble-spans.ts";
import { createDocumentCatalogue, type DocumentCatalogue } from "./document-catalogue.ts";
import { createNamedTest, type NamedTest } from "./named-part.ts";
import { placeHits } from "./place-hits.ts";
import { createUsualWords } from "./question/usual-words.ts";
import type { RankingParts } from "./ranking-parts.ts";
import type { Retrieve, RetrieveOptions } from "./retrieve.ts";
import { createRelatedTest } from "./question/asked-words.ts";
import { idfByTerm } from "./query-terms.ts";
import { SCORE_WEIGHTS } from "./score-candidates.ts";
import type { ScoredChunk } from "./scored-chunk.ts";
import type { SearchContext } from "./search-context.ts";
import { searchQuestion, type Found } from "./search-question.ts";
import { createTitleLinksReader } from "./title-links.ts";

/** The walk down the ranking stops where the score falls under this share of the best; chosen by `npm run eval`. */
export const STOP_RATIO = 0.68;
/** How many spans a search returns at most if it names no limit. */
export const DEFAULT_LIMIT = 5;
/** The token budget of a result is this number, or twice the chunk size if that is more, for each span of the limit. */
const TOKENS_PER_SPAN = 300;
/** How many candidates the walk looks at, unless the limit of the search wants more. */
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
   * Parts of the ranking to replace or switch off, to measure what each is worth.
   * @default none
   */
  readonly parts?: RankingParts | undefined;
  /**
   * The list of the collection's documents, to share one with others that need it.
   * @default one of its own
   */
  readonly catalogue?: DocumentCatalogue | undefined;
}

/**
 * Makes the search of one collection. It reads the question, ranks chunks for each of its queries by words and by
 * vectors, fuses these rankings, joins the best chunks to spans and trims them.
 */
export function createRetriever(options: RetrieverOptions): Retrieve {
  checkParts(options);
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

const PARTS: Readonly<Record<keyof RetrieverOptions, OptionKind>> = {
  store: true,
  embedder: true,
  collection: true,
  chunkTokens: true,
  parts: "object",
  catalogue: "object",
};

/** Throws a `TypeError` for parts that nothing can be searched with. */
function checkParts(options: RetrieverOptions): void {
  const owner = "createRetriever";
  const instead = { limit: "give it to each search: retrieve(query, { limit })" };
  checkOptions(options, { owner, known: PARTS, instead });
  checkNeeded(`${owner}.store`, options.store, STORE_RULE);
  checkNeeded(`${owner}.embedder`, options.embedder, EMBEDDER_RULE);
  checkNeeded(`${owner}.collection`, options.collection, "name");
  checkNeeded(`${owner}.chunkTokens`, options.chunkTokens, "count");
}

const REQUEST: Readonly<Record<keyof RetrieveOptions, OptionKind>> = {
  limit: "count",
  mode: oneOf("hybrid", "dense", "lexical"),
  filter: true,
  queries: "list",
  interpret: "flag",
  conversation: "list",
  rewriting: "object",
  stop: "flag",
  join: "flag",
  exclude: "object",
  explain: "flag",
  signal: SIGNAL_RULE,
};

/** Throws a `TypeError` for what cannot be searched for, and for an option that would change nothing. */
function checkRequest(query: unknown, request: RetrieveOptions): void {
  if (typeof query !== "string") throw new TypeError(`A query must be a text, not ${showValue(query)}.`);
  checkOptions(request, { owner: "retrieve", known: REQUEST, instead: LIMIT_NAMES });
  if (request.filter !== undefined) checkSearchFilter(request.filter, "retrieve.filter");
}

const LIMIT_NAMES: Readonly<Record<string, string>> = {
  nResults: "write limit",
  topK: "write limit",
  k: "write limit",
};

async function retrieve(question: string, context: SearchContext): Promise<SearchResult> {
  const { collection, request } = context;
  const { mode = "hybrid", explain: isExplained = false } = request;
  request.signal?.throwIfAborted();
  const started = performance.now();
  const { found, interpretation } = await searchQuestion(question, context);
  const isNamed = createNamedTest(found.queries);
  const assembly = assemble(found.ranking, { ...context, isNamed });
  const terms = new Set(found.queries.flatMap((query) => query.terms));
  const hits = await placeHits(assembly.spans, {
    ...context,
    terms,
    isRelated: createRelatedTest(question),
    isNamed,
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
    ...(isExplained
      ? { explain: explain({ interpretation, found, assembly, mode }, await describeCalibration(context)) }
      : {}),
  };
}

/** Whether the question was searched for as it is, with nothing read from its words. */
function isPlain(question: string, { queries, filter }: Interpretation): boolean {
  return queries.length === 1 && queries[0]?.query === question && filter === null;
}

function assemble(ranking: readonly ScoredChunk[], context: SearchContext & { readonly isNamed: NamedTest }): Assembly {
  const { request, limit, stopRatio, embedder, chunkTokens, isNamed } = context;
  const { exclude = new Set<string>(), join = true } = request;
  return assembleSpans(ranking, {
    limit,
    stopRatio,
    isNamed,
    // Whoever wants single chunks without a stop wants so many of them; a next context holds nothing that does not fit.
    floor: stopRatio === 0 && !join ? -Infinity : 0,
    walk: Math.max(WALK, limit * 3),
    tokenBudget: limit * Math.max(TOKENS_PER_SPAN, 2 * chunkTokens),
    // Code comes in longer chunks than prose. Each counts as one chunk of prose at most, or two of them would spend the
    // whole budget.
    tokensOf: (chunk) => Math.min(chunkTokens, embedder.countTokens(chunk.text)),
    join,
    exclude,
  });
}

/** For the explanation: from which scale cosines were converted to which. */
async function describeCalibration({ embedder, request }: SearchContext): Promise<Pick<SearchExplanation, "cosines">> {
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
  const idf = new Map(found.queries.flatMap((query) => [...idfByTerm(query.terms, query.idf)]));
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
