import type { CodeResult } from "../domain/code.ts";
import type { Correction, Interpretation, SearchFilter } from "../domain/hit.ts";
import { listFirst } from "../domain/list-first.ts";

const MOST_NAMES = 3;

/** Sentences for every entry on how a question was read: misspelt words, and the place that was searched. */
export function describeReading(
  interpretation: Interpretation | undefined,
  /** How to search for the words as they are, such as `--as-is`. */
  wayOut: string,
): readonly string[] {
  if (interpretation === undefined) return [];
  const { corrections = [], filter } = interpretation;
  return [
    ...(corrections.length === 0 ? [] : [`Read ${pairsOf(corrections)}; ${wayOut} searches for what was written.`]),
    ...(filter === null ? [] : [describeFilter(filter, wayOut)]),
  ];
}

/** Sentences for every entry on the misspelt words of a code task. */
export function describeTaskReading({ corrections = [] }: Pick<CodeResult, "corrections">): readonly string[] {
  if (corrections.length === 0) return [];
  return [`Read ${pairsOf(corrections)}; a word in backticks is searched for as it is.`];
}

function pairsOf(corrections: readonly Correction[]): string {
  return corrections.map(({ written, read }) => `“${written}” as “${read}”`).join(", ");
}

function describeFilter(
  { filter, words, applied }: NonNullable<Interpretation["filter"]>,
  /** How to search everything, such as `--as-is`. */
  wayOut: string,
): string {
  const place = nameFilter(filter);
  return applied
    ? `Searched in ${place} only, because of “${words}”; ${wayOut} searches everything.`
    : `Little or nothing in ${place} fits, which “${words}” names; everything was searched.`;
}

/** The values of a filter, the first ones of many. */
export function nameFilter({ source, language, root }: SearchFilter): string {
  return [source, language, root]
    .filter((value) => value !== undefined)
    .map((value) => listFirst(typeof value === "string" ? [value] : value, MOST_NAMES))
    .join("; ");
}
