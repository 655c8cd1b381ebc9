import { nameFilter } from "../../answering/describe-reading.ts";
import type { Interpretation } from "../../domain/hit.ts";
import type { CommandContext } from "../command-context.ts";
import { formatTable, shorten } from "./text-layout.ts";

/**
 * What was read from a question: queries with their weights, words that stand for others, a filter, and how a follow-up question is
 * understood.
 */
export function formatInterpretation(
  { queries, fusion, filter, standalone, corrections = [] }: Interpretation,
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
    ...corrections.map(({ written, read }) => `Read “${written}” as “${read}”`),
    ...(filter === null
      ? []
      : [
          `Filter: ${nameFilter(filter.filter)}, from “${filter.words}”${filter.applied ? "" : "; dropped, since the whole collection fits better"}`,
        ]),
    ...(standalone === null ? [] : [`Follow-up question, by ${standalone.by}: ${standalone.why}`]),
  ].join("\n");
}
