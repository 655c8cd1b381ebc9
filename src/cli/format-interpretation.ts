import type { Interpretation, SearchFilter } from "../domain/hit.ts";
import type { CommandContext } from "./command-context.ts";
import { formatTable, shorten } from "./text-layout.ts";

const MOST_NAMES = 3;

/** What was read in a question: queries with their weights, a filter, and how a follow-up question is understood. */
export function formatInterpretation(
  { queries, fusion, filter, standalone }: Interpretation,
  { colors, width }: Pick<CommandContext, "colors" | "width">,
): string {
  const rows = queries.map(({ query, reason, weight, evidence }) => [
    weight.toFixed(2),
    reason,
    evidence,
    shorten(query, Math.max(40, width - 32)),
  ]);
  const header = ["weight", "query", "evidence", ""].map((name) => colors.dim(name));
  const how = queries.length === 1 ? "" : ` (scores: ${fusion === "mean" ? "weighted mean" : "best of the queries"})`;
  return [
    `Searched for${how}`,
    formatTable([header, ...rows], { indent: "  ", right: [0] }),
    ...(filter === null
      ? []
      : [
          `Filter: ${nameFilter(filter.filter)}, from “${filter.words}”${filter.applied ? "" : "; nothing fitted, so it was dropped"}`,
        ]),
    ...(standalone === null ? [] : [`Follow-up question, by ${standalone.by}: ${standalone.why}`]),
  ].join("\n");
}

/** What a person should know of a reading without asking for it; empty where nothing was narrowed. */
export function noteFilter({ filter }: Interpretation): string {
  if (filter === null) return "";
  const place = nameFilter(filter.filter);
  return filter.applied
    ? `Searched in ${place} only, because of “${filter.words}”; --as-is searches everything.`
    : `Nothing in ${place} fits, which “${filter.words}” names; everything was searched.`;
}

function nameFilter({ source, language, root }: SearchFilter): string {
  return [source, language, root]
    .filter((value) => value !== undefined)
    .map((value) => {
      const names = typeof value === "string" ? [value] : value;
      const more = names.length - MOST_NAMES;
      return names.slice(0, MOST_NAMES).join(", ") + (more > 0 ? ` and ${more} more` : "");
    })
    .join("; ");
}
