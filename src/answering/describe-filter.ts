import type { Interpretation, SearchFilter } from "../domain/hit.ts";
import { listFirst } from "../domain/list-first.ts";

const MOST_NAMES = 3;

/** What everybody should know of a filter that was read in a question's words; null where there was none. */
export function describeFilter(
  { filter }: Pick<Interpretation, "filter">,
  /** How to search everything, such as `--as-is`. */
  wayOut: string,
): string | null {
  if (filter === null) return null;
  const place = nameFilter(filter.filter);
  return filter.applied
    ? `Searched in ${place} only, because of “${filter.words}”; ${wayOut} searches everything.`
    : `Little or nothing in ${place} fits, which “${filter.words}” names; everything was searched.`;
}

/** The values of a filter, the first ones of many. */
export function nameFilter({ source, language, root }: SearchFilter): string {
  return [source, language, root]
    .filter((value) => value !== undefined)
    .map((value) => listFirst(typeof value === "string" ? [value] : value, MOST_NAMES))
    .join("; ");
}
