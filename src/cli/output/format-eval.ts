import { countOf } from "../../domain/count-of.ts";
import { listFirst } from "../../domain/list-first.ts";
import type { Comparison } from "../../evaluation/compare-reports.ts";
import type { QuestionDifference } from "../../evaluation/diff-reports.ts";
import type { EvalReport } from "../../evaluation/eval-report.ts";
import { METRICS, percent } from "../../evaluation/metrics.ts";
import type { CommandContext } from "../command-context.ts";
import { formatTable, shorten } from "./text-layout.ts";

/** A report as a table of its measures. */
export function formatReport(report: EvalReport, { colors }: CommandContext): string {
  const { questionsFile, collection, questions, unanswerable, model } = report;
  const head = `${countOf(questions, "question")} of ${questionsFile} on "${collection}", ${unanswerable} unanswerable${model === null ? "" : `, answered by ${model}`}`;
  const rows = METRICS.flatMap(({ name, about }) => {
    const interval = report.metrics[name];
    if (interval === undefined) return [];
    const { mean, low, high, n } = interval;
    return [[name, percent(mean), `${percent(low)} to ${percent(high)}`, String(n), colors.dim(about)]];
  });
  const header = ["measure", "%", "95 % interval", "questions", ""].map((title) => colors.dim(title));
  return `${head}\n${formatTable([header, ...rows], { right: [1, 2, 3] })}`;
}

/** Two reports as a table of what differs, with a verdict. */
export function formatComparison(comparison: Comparison, { colors }: CommandContext): string {
  const { metrics, questions, onlyBaseline, onlyCurrent, reworded, remarks } = comparison;
  const rows = metrics.map(({ name, baseline, current, difference, p, won, lost, verdict }) => {
    const word = verdict === "worse" ? colors.red("worse") : verdict === "better" ? colors.green("better") : "";
    const interval = `${signed(difference.low)} to ${signed(difference.high)}`;
    const counts = `${won} / ${lost}`;
    return [name, percent(baseline), percent(current), signed(difference.mean), interval, counts, p.toFixed(3), word];
  });
  const header = ["measure", "baseline", "now", "difference", "95 % interval", "better / worse", "p", ""];
  const others = [
    { ids: onlyBaseline, what: "only in the baseline" },
    { ids: onlyCurrent, what: "not in the baseline" },
    { ids: reworded, what: "in other words than in the baseline, not compared" },
  ].flatMap(({ ids, what }) =>
    ids.length === 0 ? [] : [`${countOf(ids.length, "question")} ${what}: ${listFirst(ids, IDS_SHOWN)}`],
  );
  return [
    `${countOf(questions, "question")} in both, compared in pairs`,
    formatTable([header.map((title) => colors.dim(title)), ...rows], { right: [1, 2, 3, 4, 5, 6] }),
    ...others,
    ...remarks,
    verdictOf(comparison),
  ].join("\n");
}

function verdictOf({ metrics, unmeasured }: Comparison): string {
  if (unmeasured.length > 0) {
    return `Nothing measures these any more, since all labels are out of date: ${unmeasured.join(", ")}. Correct the questions, or ingest the documents they are about.`;
  }
  if (metrics.some(({ verdict }) => verdict === "worse")) {
    const worse = metrics.filter(({ verdict }) => verdict === "worse").map(({ name }) => name);
    return `Worse than the baseline: ${worse.join(", ")}.`;
  }
  const lost = Math.max(0, ...metrics.map((metric) => metric.lost));
  return lost === 0
    ? "No regression."
    : "No regression: what got worse is within chance. `citewell eval diff` lists the questions.";
}

/** How many ids are listed on a terminal. */
const IDS_SHOWN = 8;

/** What differs between two results for one question. */
export function formatDifference(
  { id, question, metrics, reasons }: QuestionDifference,
  { colors, width }: CommandContext,
): string {
  const changes = Object.entries(metrics).map(([name, [before, after]]) => {
    return [name, percent(before), "→", percent(after)];
  });
  return [
    `${colors.bold(id)}  ${shorten(question, width - id.length - 2)}`,
    ...(changes.length === 0 ? [] : [formatTable(changes, { right: [1, 3], indent: "  " })]),
    ...reasons.map((reason) => `  ${colors.dim(reason)}`),
  ].join("\n");
}

function signed(share: number): string {
  return `${share > 0 ? "+" : ""}${percent(share)}`;
}
