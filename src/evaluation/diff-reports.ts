import { isSameValue } from "./compare-reports.ts";
import type { EvalReport, FoundSpan, MeasuredReference, QuestionResult } from "./eval-report.ts";
import { METRICS } from "./metrics.ts";

/** One question whose measures differ. */
export interface QuestionDifference {
  readonly id: string;
  readonly question: string;
  readonly metrics: Readonly<Record<string, readonly [baseline: number, current: number]>>;
  /** Why the results differ, as far as the reports tell, in sentences. */
  readonly reasons: readonly string[];
}

/** The questions whose results differ, those that lost most first. */
export function diffReports(baseline: EvalReport, current: EvalReport): readonly QuestionDifference[] {
  const before = new Map(baseline.results.map((result) => [result.id, result]));
  return current.results
    .flatMap((after) => {
      const earlier = before.get(after.id);
      if (earlier === undefined) return [];
      const changed = METRICS.flatMap(({ name, isBetterHigh }) => {
        const [left, right] = [earlier.metrics[name], after.metrics[name]];
        if (left === undefined || right === undefined || isSameValue(left, right)) return [];
        return [{ name, pair: [left, right] as const, gain: (right - left) * (isBetterHigh ? 1 : -1) }];
      });
      const isStale =
        current.stale.some(({ id }) => id === after.id) !== baseline.stale.some(({ id }) => id === after.id);
      if (changed.length === 0 && !isStale) return [];
      const gain = changed.reduce((sum, one) => sum + one.gain, 0);
      const metrics = Object.fromEntries(changed.map(({ name, pair }) => [name, pair]));
      const reasons = reasonsFor(earlier, after, { baseline, current });
      return [{ gain, difference: { id: after.id, question: after.question, metrics, reasons } }];
    })
    .toSorted((left, right) => left.gain - right.gain)
    .map(({ difference }) => difference);
}

function reasonsFor(
  before: QuestionResult,
  after: QuestionResult,
  { baseline, current }: { readonly baseline: EvalReport; readonly current: EvalReport },
): readonly string[] {
  const reasons: string[] = [];
  if (before.question !== after.question) reasons.push(`The question was "${before.question}".`);
  const known = new Set(baseline.stale.flatMap(({ id, source }) => (id === after.id ? [source] : [])));
  const stale = current.stale.filter(({ id, source }) => id === after.id && !known.has(source));
  for (const { source, reason } of stale) reasons.push(`The label is out of date: ${source}: ${reason}.`);
  const isMended = known.size > 0 && !current.stale.some(({ id }) => id === after.id);
  if (isMended) reasons.push("The label was out of date, and fits now.");
  const pairs = (after.references ?? []).flatMap((now, index) => {
    const old = before.references?.[index];
    return old?.source === now.source ? [{ old, now }] : [];
  });
  for (const { old, now } of pairs) reasons.push(...referenceReasons(old, now));
  const sources = [before, after].map(({ found }) => found.map((place) => place.replace(/:\d+-\d+$/, "")));
  const [then = [], now = []] = sources;
  if (pairs.length === 0 && stale.length === 0 && then[0] !== now[0]) {
    reasons.push(`The first result was ${before.found[0] ?? "nothing"}, and is ${after.found[0] ?? "nothing"}.`);
  }
  const isSpread = pairs.every((pair) => pair.old.rank === pair.now.rank) && stale.length === 0;
  if (isSpread && before.found.join("\n") !== after.found.join("\n")) {
    reasons.push(`A plain search found ${listOf(before.found)}, and finds ${listOf(after.found)}.`);
  }
  return reasons;
}

function referenceReasons(then: MeasuredReference, now: MeasuredReference): readonly string[] {
  const reasons: string[] = [];
  const place = now.start === null ? now.source : `${now.source} at ${now.start}`;
  if (then.rank !== now.rank) {
    reasons.push(`${place}: ${rankOf(then.rank)} → ${rankOf(now.rank)}${partsOf(then.found, now.found)}`);
  }
  if (then.contentHash !== now.contentHash) reasons.push(`${now.source} has changed in between.`);
  else if (then.start !== now.start || then.end !== now.end)
    reasons.push(`${now.source}: the label marks another place.`);
  return reasons;
}

function rankOf(rank: number | null): string {
  return rank === null ? "not among ten" : `rank ${rank}`;
}

/** The parts of the score that changed by more than rounding, the largest change first. */
function partsOf(then: FoundSpan | null, now: FoundSpan | null): string {
  if (then === null || now === null) return "";
  const moved = (["score", "dense", "lexical", "sentence"] as const)
    .flatMap((part) => {
      const [left, right] = [then[part], now[part]];
      return left === null || right === null || left.toFixed(2) === right.toFixed(2) ? [] : [{ part, left, right }];
    })
    .toSorted((one, other) => Math.abs(other.right - other.left) - Math.abs(one.right - one.left))
    .map(({ part, left, right }) => `${part} ${left.toFixed(2)} → ${right.toFixed(2)}`);
  return moved.length === 0 ? " (its own score is the same: others passed it)" : ` (${moved.join(", ")})`;
}

function listOf(places: readonly string[]): string {
  return places.length === 0 ? "nothing" : places.join(", ");
}
