import { CitewellError } from "../errors.ts";
import { bootstrapMean, type Interval } from "./bootstrap.ts";
import type { EvalReport, QuestionResult } from "./eval-report.ts";
import { METRICS, type Metric } from "./metrics.ts";
import { pairedTest } from "./paired-test.ts";

/** One measure in two reports, over the questions that both have. */
export interface MetricComparison {
  readonly name: string;
  readonly baseline: number;
  readonly current: number;
  /** The current value minus that of the baseline, over the questions. */
  readonly difference: Interval;
  /** The probability that chance alone makes such a difference; see `pairedTest`. */
  readonly p: number;
  /** How many questions got better by this measure. */
  readonly won: number;
  readonly lost: number;
  /**
   * `worse` or `better` if the whole interval lies on one side of zero, and p is at most 0.05 where it can be that
   * small.
   */
  readonly verdict: "worse" | "better" | "same";
}

/** Two reports side by side. */
export interface Comparison {
  readonly metrics: readonly MetricComparison[];
  /**
   * Measures of the baseline that no question has any more, because all labels are out of date. That counts as a
   * regression.
   */
  readonly unmeasured: readonly string[];
  /** Whether a measure got worse, or can no longer be measured. */
  readonly regressed: boolean;
  /** How many questions were compared: those in both reports with the same words. */
  readonly questions: number;
  /** Ids that only the baseline has, or only the current report. */
  readonly onlyBaseline: readonly string[];
  readonly onlyCurrent: readonly string[];
  /** Ids of questions whose words changed; they are not compared. */
  readonly reworded: readonly string[];
  /** Why the two reports are hard to compare, in sentences. */
  readonly remarks: readonly string[];
}

/** Differences with a p up to this are not taken for chance. */
const SIGNIFICANT = 0.05;
/** With fewer questions p cannot reach 0.05, so that the interval alone decides. */
const FEWEST_TO_TEST = 6;
/** Values are compared to four digits, since reports may have been rounded. */
const PRECISION = 1e4;

/**
 * Compares two reports question by question, which is far more sensitive than comparing two means.
 * @throws CitewellError `usage_invalid` where they share no question.
 */
export function compareReports(baseline: EvalReport, current: EvalReport): Comparison {
  const before = new Map(baseline.results.map((result) => [result.id, result]));
  const after = new Map(current.results.map((result) => [result.id, result]));
  const shared = baseline.results.filter(({ id }) => after.has(id));
  const isReworded = ({ id, question }: QuestionResult): boolean => after.get(id)?.question !== question;
  const same = shared.filter((result) => !isReworded(result));
  if (same.length === 0) {
    const why =
      shared.length === 0 ? "have no question in common" : "share ids, but not one question in the same words";
    throw new CitewellError("usage_invalid", `The two reports ${why}; compare reports of the same set.`);
  }
  const pairs = same.map((left) => [left.metrics, after.get(left.id)?.metrics ?? {}] as const);
  const metrics = METRICS.flatMap((metric) => compareMetric(metric, pairs) ?? []);
  const unmeasured = current.stale.length > baseline.stale.length ? vanished(pairs) : [];
  return {
    metrics,
    unmeasured,
    regressed: unmeasured.length > 0 || metrics.some(({ verdict }) => verdict === "worse"),
    questions: same.length,
    onlyBaseline: [...before.keys()].filter((id) => !after.has(id)),
    onlyCurrent: [...after.keys()].filter((id) => !before.has(id)),
    reworded: shared.filter(isReworded).map(({ id }) => id),
    remarks: remarksOn({ baseline, current, questions: same.length }),
  };
}

/** Two values of one measure that count as the same. */
export function isSameValue(left: number, right: number): boolean {
  return Math.round(left * PRECISION) === Math.round(right * PRECISION);
}

type Metrics = QuestionResult["metrics"];

/** Measures that some question of the baseline has, and none of the current report. */
function vanished(results: readonly (readonly [Metrics, Metrics])[]): readonly string[] {
  return METRICS.map(({ name }) => name).filter(
    (name) =>
      results.some(([before]) => before[name] !== undefined) && results.every(([, after]) => after[name] === undefined),
  );
}

function compareMetric(
  { name, isBetterHigh }: Metric,
  results: readonly (readonly [Metrics, Metrics])[],
): MetricComparison | null {
  const pairs = results.flatMap(([before, after]) => {
    const [left, right] = [before[name], after[name]];
    return left === undefined || right === undefined ? [] : [{ left, right }];
  });
  if (pairs.length === 0) return null;
  const differences = pairs.map(({ left, right }) => (isSameValue(left, right) ? 0 : right - left));
  const difference = bootstrapMean(differences);
  const p = pairedTest(differences);
  const sign = isBetterHigh ? 1 : -1;
  const isSure = p <= SIGNIFICANT || pairs.length < FEWEST_TO_TEST;
  const isBelow = Math.max(difference.low * sign, difference.high * sign) < 0;
  const isAbove = Math.min(difference.low * sign, difference.high * sign) > 0;
  const mean = (side: "left" | "right"): number => pairs.reduce((sum, pair) => sum + pair[side], 0) / pairs.length;
  return {
    name,
    baseline: mean("left"),
    current: mean("right"),
    difference,
    p,
    won: differences.filter((one) => one * sign > 0).length,
    lost: differences.filter((one) => one * sign < 0).length,
    verdict: isSure && isBelow ? "worse" : isSure && isAbove ? "better" : "same",
  };
}

function remarksOn({
  baseline,
  current,
  questions,
}: {
  readonly baseline: EvalReport;
  readonly current: EvalReport;
  readonly questions: number;
}): readonly string[] {
  const remarks: string[] = [];
  if (questions < FEWEST_TO_TEST) {
    const count = questions === 1 ? "Only one question is" : `Only ${questions} questions are`;
    remarks.push(`${count} compared: too few for a test of significance, so a difference may well be chance.`);
  }
  if (baseline.embeddingModel !== current.embeddingModel) {
    remarks.push(
      `The embedding models differ: "${baseline.embeddingModel}" in the baseline, "${current.embeddingModel}" now.`,
    );
  }
  if (baseline.model !== null && current.model !== null && baseline.model !== current.model) {
    remarks.push(`Other models answered: "${baseline.model}" in the baseline, "${current.model}" now.`);
  }
  for (const [name, report] of [
    ["The baseline", baseline],
    ["The newer report", current],
  ] as const) {
    if (report.interrupted === true) remarks.push(`${name} is of an interrupted run, and not complete.`);
  }
  const stale = current.stale.length - baseline.stale.length;
  if (stale > 0)
    remarks.push(`More labels are out of date than in the baseline: ${stale}; their questions are not ranked.`);
  return remarks;
}
