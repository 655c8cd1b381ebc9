import type { Correction, Evidence, Interpretation, SearchFilter, SearchMode } from "../domain/hit.ts";
import { correctQueries } from "./correct-queries.ts";
import { NAMES_TRUST_MS } from "./document-catalogue.ts";
import { embedQueries } from "./embed-queries.ts";
import { fuseRankings } from "./fuse-rankings.ts";
import { interpretQuestion, readQuestion, type Reading } from "./question/interpret-question.ts";
import { rankQuery, searchQuery, type RankedQuery } from "./rank-query.ts";
import { resolveFilter } from "./resolve-filter.ts";
import { judgeEvidence } from "./evidence.ts";
import type { ScoredChunk } from "./scored-chunk.ts";
import type { SearchContext } from "./search-context.ts";

/** What the queries of a question found, fused into one ranking. */
export interface Found {
  readonly ranking: readonly ScoredChunk[];
  readonly queries: readonly RankedQuery[];
  /** Words that were replaced in the queries, as misspelt or by another form. */
  readonly corrections: readonly Correction[];
  readonly evidence: Evidence;
  readonly embedMs: number;
}

/** A passage fits a query if it has this share of the query's best score. */
const FITTING = 0.45;
/** Another document is as good an answer from this share of the best score on. */
const RIVAL = 0.85;

/**
 * Reads a question and ranks chunks for it. If the question's words name a place, the search is kept to that place,
 * unless the whole collection has something that fits better (see {@link fitsBetter}). A short question that is about
 * something new is searched for without its conversation (see {@link isApart}).
 */
export async function searchQuestion(
  question: string,
  context: SearchContext,
): Promise<{ readonly found: Found; readonly interpretation: Interpretation }> {
  const { interpret = true, queries = [], conversation = [], rewriting, filter } = context.request;
  const options = {
    interpret,
    queries,
    conversation,
    rewriting,
    filter,
    readNames: async () => context.catalogue.list({ trustMs: NAMES_TRUST_MS, signal: context.request.signal }),
  };
  const reading = await interpretQuestion(question, options);
  const found = await rankReading(reading, context);
  if (reading.mayStandAlone && isApart(found.queries, context.request.mode)) {
    const apart = await searchQuestion(question, { ...context, request: { ...context.request, conversation: [] } });
    return { ...apart, found: { ...apart.found, embedMs: found.embedMs + apart.found.embedMs } };
  }
  const kept = { found, interpretation: toInterpretation(reading, { found, applied: true }) };
  if (reading.filter === null || found.evidence === "good") return kept;
  const whole = readQuestion(question, options);
  const second = await rankReading(whole, context);
  const embedMs = found.embedMs + second.embedMs;
  if (!fitsBetter(second, found)) return { ...kept, found: { ...found, embedMs } };
  const read = { ...whole, filter: reading.filter };
  const interpretation = toInterpretation(read, { found: second, applied: false });
  return { found: { ...second, embedMs }, interpretation };
}

/**
 * Whether the question fits something, but nothing that also fits it together with its conversation: what is asked is
 * then something new.
 */
function isApart([asked, together]: readonly RankedQuery[], mode: SearchMode = "hybrid"): boolean {
  if (asked === undefined || together === undefined || judgeEvidence(asked.ranking, mode) === "none") return false;
  const idsOf = ({ ranking }: RankedQuery): readonly string[] =>
    ranking.filter(({ score }) => score >= FITTING * (ranking[0]?.score ?? 0)).map(({ chunk }) => chunk.id);
  const [best] = asked.ranking;
  // What several documents answer alike ("who is the director?"), the conversation decides.
  const isRivalled = asked.ranking.some(
    ({ chunk, score }) => chunk.documentId !== best?.chunk.documentId && score >= RIVAL * (best?.score ?? 0),
  );
  const fitting = new Set(idsOf(together));
  return !isRivalled && !idsOf(asked).some((id) => fitting.has(id));
}

/**
 * Whether the search of the whole collection fits better than the filtered one. Words that name a place by accident
 * ("in the settings page" of some program) mostly leave something that fits weakly rather than nothing.
 */
function fitsBetter(everything: Found, filtered: Found): boolean {
  return filtered.evidence === "none" || everything.evidence === "good";
}

function toInterpretation(
  { queries, fusion, filter, standalone }: Reading,
  { found, applied }: { readonly found: Found; readonly applied: boolean },
): Interpretation {
  return {
    queries: queries.map((planned, index) => {
      const { query = planned.query, evidence = "none" } = found.queries[index] ?? {};
      return { ...planned, query, evidence };
    }),
    fusion,
    filter: filter === null ? null : { ...filter, applied },
    standalone,
    ...(found.corrections.length === 0 ? {} : { corrections: found.corrections }),
  };
}

async function rankReading(reading: Reading, context: SearchContext): Promise<Found> {
  const { store, collection, request, limit, stopRatio, readLinks } = context;
  const { mode = "hybrid", exclude = new Set<string>(), signal } = request;
  const [{ vectors, calibrateCosine, embedMs }, filter] = await Promise.all([
    embedQueries(reading.queries, context),
    resolveFilter(mergeFilters(request.filter, reading.filter?.filter), {
      catalogue: context.catalogue,
      signal,
    }),
  ]);
  const parts = context.parts ?? {};
  const options = {
    store,
    collection,
    mode,
    filter,
    limit,
    exclude,
    stopRatio,
    readLinks,
    parts,
    calibrateCosine,
    signal,
  };
  const written = await Promise.all(
    reading.queries.map(async ({ query }, index) => searchQuery({ query, vector: vectors[index] ?? null }, options)),
  );
  const corrected = await correctQueries(written, { context, options });
  const queries = await Promise.all(corrected.found.map(async (candidates) => rankQuery(candidates, options)));
  const ranking = fuseRankings(
    queries.map((ranked, index) => ({
      ranking: ranked.ranking,
      weight: reading.queries[index]?.weight ?? 1,
      fits: ranked.evidence !== "none",
      judges: reading.queries[index]?.reason !== "statement",
    })),
    reading.fusion,
  );
  const remaining = ranking.filter(({ chunk }) => !exclude.has(chunk.id));
  return {
    ranking,
    queries,
    corrections: corrected.corrections,
    evidence: judgeEvidence(remaining, mode),
    embedMs: embedMs + corrected.embedMs,
  };
}

/** Combines both filters. They never share a key: a key that the request filters is not read from the question. */
function mergeFilters(own: SearchFilter | undefined, read: SearchFilter | undefined): SearchFilter | undefined {
  return own === undefined && read === undefined ? undefined : { ...own, ...read };
}
