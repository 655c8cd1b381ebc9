import { analyse } from "../lexical/analyse.ts";
import { termIndex } from "../lexical/term-index.ts";

/** The words of a query. */
export interface QueryTerms {
  readonly terms: readonly string[];
  readonly indices: readonly number[];
}

/** The distinct terms of a query. */
export function queryTerms(query: string): QueryTerms {
  const terms = [...new Set(analyse(query))];
  return { terms, indices: [...new Set(terms.map(termIndex))] };
}

/** The idf of each term, which a store gives by its number; 0 for one that it does not know. */
export function idfByTerm(terms: readonly string[], idf: ReadonlyMap<number, number>): ReadonlyMap<string, number> {
  return new Map(terms.map((term) => [term, idf.get(termIndex(term)) ?? 0]));
}
