import type { Chunk } from "../domain/chunk.ts";
import { analyse } from "../lexical/analyse.ts";
import type { RankedQuery } from "./rank-query.ts";
import { idfByTerm } from "./query-terms.ts";

/** From this share of a query's idf on, a title with the headings below it says what the whole query is about. */
const LEAST_SHARE = 0.6;

/** Tells whether a query names the document or section that a chunk is part of. */
export type NamedTest = (chunk: Pick<Chunk, "title" | "heading">) => boolean;

/**
 * Makes the test whether one of the queries names what a chunk is part of, as "How do I make bean soup?" names the page
 * "Bean soup". Such a question is about the page as a whole: its words do not tell which parts are meant, and the parts
 * that repeat the name are not the better ones.
 */
export function createNamedTest(queries: readonly Pick<RankedQuery, "terms" | "idf">[]): NamedTest {
  const known = new Map<string, boolean>();
  const wanted = queries.map(({ terms, idf }) => {
    const worth = idfByTerm(terms, idf);
    return { worth, least: LEAST_SHARE * sumOf(worth.values()) };
  });
  const isNamedBy = (names: string): boolean => {
    const own = new Set(analyse(names));
    return wanted.some(({ worth, least }) => least > 0 && sumOf([...own].map((term) => worth.get(term) ?? 0)) >= least);
  };
  return ({ title, heading }) => {
    const names = [title, heading].filter((part) => part !== null).join("\n");
    const isNamed = known.get(names) ?? isNamedBy(names);
    known.set(names, isNamed);
    return isNamed;
  };
}

function sumOf(values: Iterable<number>): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}
