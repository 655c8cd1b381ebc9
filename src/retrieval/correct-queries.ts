import type { Correction } from "../domain/hit.ts";
import { embedQueries } from "./embed-queries.ts";
import { findCompounds } from "./question/compound-words.ts";
import { correctText, findCorrections } from "./question/misspelt-words.ts";
import { findRelatedWords } from "./question/related-words.ts";
import type { UsualWords } from "./question/usual-words.ts";
import { searchQuery, type QueryCandidates, type RankQueryOptions } from "./rank-query.ts";
import type { SearchContext } from "./search-context.ts";

/** What queries found after their misspelt words were replaced. */
export interface CorrectedQueries {
  readonly found: readonly QueryCandidates[];
  readonly corrections: readonly Correction[];
  /** Milliseconds that embedding the corrected queries took. */
  readonly embedMs: number;
}

/**
 * Searches once more for those queries that have misspelt words, or words that the collection has in other forms only; what
 * they found with these words is dropped.
 */
export async function correctQueries(
  written: readonly QueryCandidates[],
  { context, options }: { readonly context: SearchContext; readonly options: RankQueryOptions },
): Promise<CorrectedQueries> {
  const { request, usualWords, parts = {} } = context;
  const isRead = request.interpret !== false && parts.corrects !== false;
  const corrections = isRead ? readWords(written, usualWords) : [];
  if (corrections.length === 0) return { found: written, corrections, embedMs: 0 };
  const corrected = written.map((before) => ({ before, query: correctText(before.query, corrections) }));
  const changed = corrected.filter(({ before, query }) => query !== before.query);
  const { vectors, embedMs } = await embedQueries(changed, context);
  const vectorOf = new Map(changed.map(({ query }, index) => [query, vectors[index] ?? null]));
  const found = await Promise.all(
    corrected.map(async ({ before, query }) => {
      const vector = vectorOf.get(query);
      return vector === undefined ? before : searchQuery({ query, vector }, options);
    }),
  );
  return { found, corrections, embedMs };
}

/** What words are read as: a word that the passages have in another form comes before one that is a slip away. */
function readWords(written: readonly QueryCandidates[], usualWords: UsualWords): readonly Correction[] {
  const related = [...findRelatedWords(written), ...findCompounds(written)];
  const known = new Set(related.map(({ written: word }) => word));
  return [...related, ...findCorrections(written, usualWords).filter(({ written: word }) => !known.has(word))];
}
