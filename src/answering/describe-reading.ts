import type { CodeResult } from "../domain/code.ts";
import type { Correction, Interpretation } from "../domain/hit.ts";
import { describeFilter } from "./describe-filter.ts";

/** Sentences for every entry on how a question was read: misspelt words, and the place that was searched. */
export function describeReading(
  interpretation: Interpretation | undefined,
  /** How to search for the words as they are, such as `--as-is`. */
  wayOut: string,
): readonly string[] {
  if (interpretation === undefined) return [];
  const { corrections = [] } = interpretation;
  const filter = describeFilter(interpretation, wayOut);
  return [
    ...(corrections.length === 0 ? [] : [`Read ${pairsOf(corrections)}; ${wayOut} searches for what was written.`]),
    ...(filter === null ? [] : [filter]),
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
