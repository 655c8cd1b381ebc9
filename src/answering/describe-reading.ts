import type { Interpretation } from "../domain/hit.ts";
import { describeFilter } from "./describe-filter.ts";

/** What everybody should know of how a question was read: misspelt words, and where was searched. */
export function describeReading(
  interpretation: Interpretation | undefined,
  /** How to search for the words as they are, such as `--as-is`. */
  wayOut: string,
): readonly string[] {
  if (interpretation === undefined) return [];
  const { corrections = [] } = interpretation;
  const read = corrections.map(({ written, read: meant }) => `“${written}” as “${meant}”`).join(", ");
  const filter = describeFilter(interpretation, wayOut);
  return [
    ...(corrections.length === 0 ? [] : [`Read ${read}; ${wayOut} searches for what was written.`]),
    ...(filter === null ? [] : [filter]),
  ];
}
