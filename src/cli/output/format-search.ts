import {
  hitLabel,
  type ExplainedCandidate,
  type Hit,
  type HitScores,
  type SearchExplanation,
  type SearchResult,
} from "../../domain/hit.ts";
import { formatPages } from "../../domain/page-at.ts";
import { hitLines } from "../../domain/reading-form.ts";
import type { CommandContext } from "../command-context.ts";
import { formatInterpretation } from "./format-interpretation.ts";
import { createResultMatcher, type WordMatcher } from "../../domain/match-words.ts";
import { markWords, pickLines } from "./pick-lines.ts";
import { formatPlace } from "./source-link.ts";
import { formatTable, printableName, shorten } from "./text-layout.ts";

const INDENT = "   ";

/** The hits for a person: rank, score, place and title, and the lines that match best. */
export function formatSearch(result: SearchResult, context: CommandContext): string {
  const matcher = createResultMatcher(result);
  return result.hits.map((hit) => formatHit(hit, { matcher, context })).join("\n\n");
}

/** Why a search returned what it returned. */
export function formatExplanation(
  { interpretation, terms, stopScore, candidates, weights, cosines }: SearchExplanation,
  { colors, width }: Pick<CommandContext, "colors" | "width">,
): string {
  const words = terms.map(({ term, idf }) => `${term} ${idf.toFixed(2)}`).join(", ");
  const { lexical, sentence, dense } = weights;
  const header = ["score", "dense", "lexical", "sentence", "fate", "place"].map((name) => colors.dim(name));
  const rows = candidates.map((candidate) => explainRow(candidate, colors));
  return [
    formatInterpretation(interpretation, { colors, width }),
    "",
    `Terms (idf): ${words || "none"}`,
    `Score = ${lexical} × lexical + ${sentence} × sentence + ${dense} × dense; ${
      stopScore === null ? "nothing is cut for its score" : `cut below ${stopScore.toFixed(3)}`
    }`,
    ...formatCosines(cosines),
    "",
    formatTable([header, ...rows], { right: [0, 1, 2, 3] }),
  ].join("\n");
}

function formatCosines(cosines: SearchExplanation["cosines"]): readonly string[] {
  if (cosines === undefined) return [];
  const { model, countAs } = cosines;
  const say = (part: "unrelated" | "related"): string =>
    `${model[part].toFixed(3)} counts as ${countAs[part].toFixed(3)}`;
  return [`Dense is the model's cosine; ${say("unrelated")} (unrelated texts), ${say("related")} (related ones)`];
}

function explainRow(candidate: ExplainedCandidate, colors: CommandContext["colors"]): readonly string[] {
  const { score, scores, fate, source, lines } = candidate;
  const isUsed = fate === "opened" || fate === "joined";
  const parts = (["dense", "lexical", "sentence"] as const).map((name: keyof HitScores) => formatScore(scores[name]));
  const cells = [score.toFixed(3), ...parts, fate, `${printableName(source)}:${lines.start}-${lines.end}`];
  return isUsed ? cells : cells.map((cell) => colors.dim(cell));
}

function formatScore(score: number | null): string {
  return score === null ? "–" : score.toFixed(3);
}

function formatHit(hit: Hit, { matcher, context }: { matcher: WordMatcher; context: CommandContext }): string {
  const { colors, width } = context;
  const pages = formatPages(hit);
  const label = hitLabel(hit);
  const head = [
    `${hit.rank}.`,
    colors.dim(hit.score.toFixed(2)),
    formatPlace(hit, context) + (pages === null ? "" : ` p. ${pages}`),
  ];
  if (label !== null) head.push(colors.dim(shorten(label, 60)));
  const read = hitLines(hit).map((line) => line.text);
  const snippet = { matcher, width: width - INDENT.length, firstLine: hit.lines.start };
  const lines = pickLines(read.join("\n"), snippet);
  return [head.join("  "), ...lines.map(({ text }) => INDENT + markWords(text, { matcher, colors }))].join("\n");
}
