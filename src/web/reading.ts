import { nameFilter } from "../answering/describe-reading.ts";
import type { Interpretation } from "../domain/hit.ts";

/** What was read in a question before it was searched for, in sentences; none where it was taken as it stands. */
export function readingWords(interpretation: Interpretation | undefined): readonly string[] {
  if (interpretation === undefined) return [];
  const { standalone, filter, queries, corrections = [] } = interpretation;
  const read = corrections.map(({ written, read: meant }) => `“${written}” as “${meant}”`);
  const parts = queries
    .filter(({ reason }) => reason === "part" || reason === "statement")
    .map(({ query }) => `“${query}”`);
  return [
    ...(read.length === 0 ? [] : [`Read ${read.join(", ")}.`]),
    ...(standalone === null ? [] : [`Understood together with what was said before: “${standalone.text}”`]),
    ...(filter === null ? [] : [filterWords(filter.words, { ...filter, place: nameFilter(filter.filter) })]),
    ...(parts.length === 0
      ? []
      : [`${parts.length === 1 ? "Read as the question" : "Searched part by part"}: ${parts.join(", ")}`]),
  ];
}

function filterWords(words: string, { applied, place }: { readonly applied: boolean; readonly place: string }): string {
  return applied
    ? `Searched in ${place} only, because of “${words}”.`
    : `Little in ${place} fits, which “${words}” names; everything was searched.`;
}
