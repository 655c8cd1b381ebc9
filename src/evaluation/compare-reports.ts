import { CitewellError } from "../errors.ts";
import { bootstrapMean, type Interval } from "./bootstrap.ts";
import type { EvalReport } from "./eval-report.ts";
import { METRICS } from "./metrics.ts";

/** One measure in two reports, over the questions that both have. */
export interface MetricComparison {
  readonly name: string;
  readonly baseline: number;
  readonly current: number;
  /** Current less baseline, question by question. */
  readonly difference: Interval;
  /** `worse` and `better` where the whole interval lies on one side of zero. */
  readonly verdict: "worse" | "better" | "same";
}

/** Two reports side by side. */
export interface Comparison {
  readonly metrics: readonly MetricComparison[];
  readonly regressed: boolean;
  /** Questions that both have. */
  readonly questions: number;
  /** Ids that only the baseline has, or only the current report. */
  readonly onlyBaseline: readonly string[];
  readonly onlyCurrent: readonly string[];
}

/**
 * Compares two reports by pairs of the same question, which is far sharper than comparing two means.
 * @throws CitewellError `usage_invalid` where they share no question.
 */
export function compareReports(baseline: EvalReport, current: EvalReport): Comparison {
  const before = new Map(baseline.results.map((result) => [result.id, result.metrics]));
  const after = new Map(current.results.map((result) => [result.id, result.metrics]));
  const shared = [...before.keys()].filter((id) => after.has(id));
  if (shared.length === 0) {
    throw new CitewellError(
      "usage_invalid",
      "The two reports have no question in common; compare reports of the same set.",
    );
  }
  const metrics = METRICS.flatMap(({ name, isBetterHigh }): MetricComparison[] => {
    const pairs = shared.flatMap((id) => {
      const [left, right] = [before.get(id)?.[name], after.get(id)?.[name]];
      return left === undefined || right === undefined ? [] : [{ left, right }];
    });
    if (pairs.length === 0) return [];
    const difference = bootstrapMean(pairs.map(({ left, right }) => right - left));
    const sign = isBetterHigh ? 1 : -1;
    const verdict =
      Math.max(difference.low * sign, difference.high * sign) < 0
        ? "worse"
        : Math.min(difference.low * sign, difference.high * sign) > 0
          ? "better"
          : "same";
    const mean = (side: "left" | "right"): number => pairs.reduce((sum, pair) => sum + pair[side], 0) / pairs.length;
    return [{ name, baseline: mean("left"), current: mean("right"), difference, verdict }];
  });
  return {
    metrics,
    regressed: metrics.some(({ verdict }) => verdict === "worse"),
    questions: shared.length,
    onlyBaseline: [...before.keys()].filter((id) => !after.has(id)),
    onlyCurrent: [...after.keys()].filter((id) => !before.has(id)),
  };
}

/** One question whose measures differ. */
export interface QuestionDifference {
  readonly id: string;
  readonly question: string;
  readonly metrics: Readonly<Record<string, readonly [baseline: number, current: number]>>;
}

/** Questions that went differently, those that lost most first. */
export function diffReports(baseline: EvalReport, current: EvalReport): readonly QuestionDifference[] {
  const before = new Map(baseline.results.map((result) => [result.id, result.metrics]));
  return current.results
    .flatMap(({ id, question, metrics }): (QuestionDifference & { readonly gain: number })[] => {
      const earlier = before.get(id);
      if (earlier === undefined) return [];
      const changed = METRICS.flatMap(({ name, isBetterHigh }) => {
        const [left, right] = [earlier[name], metrics[name]];
        if (left === undefined || right === undefined || left === right) return [];
        return [{ name, pair: [left, right] as const, gain: (right - left) * (isBetterHigh ? 1 : -1) }];
      });
      if (changed.length === 0) return [];
      const gain = changed.reduce((sum, one) => sum + one.gain, 0);
      return [{ id, question, gain, metrics: Object.fromEntries(changed.map(({ name, pair }) => [name, pair])) }];
    })
    .toSorted((left, right) => left.gain - right.gain)
    .map(({ id, question, metrics }) => ({ id, question, metrics }));
}
