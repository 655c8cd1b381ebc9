import { bootstrapMean, type Interval } from "../../src/evaluation/bootstrap.ts";
import { metNeeds, shareOfSentences, type LoopTrace, type ShownText } from "./loop-question.ts";

/** A way to loop, with what it did for each question, in the same order as the others. */
export interface LoopRun {
  readonly name: string;
  readonly traces: readonly LoopTrace[];
}

/** Tokens of context after which runs with pages of different sizes are compared. */
const BUDGETS = [500, 1_000, 2_000, 4_000];

/** Prints recall and complete questions by round, by tokens of context, and what was spent. */
export function printLoops(runs: readonly LoopRun[], rounds: number): void {
  console.log("\nrecall of needed passages (questions that have all of them), by round");
  for (const { name, traces } of runs) {
    const cells = Array.from({ length: rounds }, (_, index) => {
      const upTo = traces.map((trace) => recallOf(trace, trace.rounds.slice(0, index + 1).flat()));
      return `${percent(mean(upTo))} (${percent(mean(upTo.map((recall) => Number(recall === 1))))})`;
    });
    console.log(`  ${name.padEnd(34)} ${cells.map((cell) => cell.padStart(14)).join("")}`);
  }
  console.log(`\nrecall within the first ${BUDGETS.join(", ")} tokens of context`);
  for (const { name, traces } of runs) {
    const cells = BUDGETS.map((budget) => percent(mean(traces.map((trace) => recallWithin(trace, budget)))));
    console.log(`  ${name.padEnd(34)} ${cells.map((cell) => cell.padStart(8)).join("")}`);
  }
  console.log("\nall rounds: complete, needed sentences read, rounds, tokens of context, tokens sent to the model");
  for (const { name, traces } of runs) {
    const complete = bootstrapMean(traces.map((trace) => Number(isComplete(trace))));
    const sentences = mean(traces.map((trace) => shareOfSentences(trace.needs, trace.rounds.flat())));
    const spent = bootstrapMean(traces.map(contextTokens));
    const sent = mean(traces.map(({ sent: tokens }) => sum(tokens)));
    console.log(
      `  ${name.padEnd(34)} ${interval(complete, percent)}  ${percent(sentences)}  ` +
        `${mean(traces.map(({ rounds: { length } }) => length)).toFixed(2)}  ${interval(spent, whole)}  ${whole(sent)}`,
    );
  }
}

/** Prints how a run differs from another, question by question. */
export function printPaired(run: LoopRun, other: LoopRun): void {
  const pairs = run.traces.flatMap((trace) => {
    const against = other.traces.find(({ id }) => id === trace.id);
    return against === undefined ? [] : [{ trace, against }];
  });
  const paired = (value: (trace: LoopTrace) => number): Interval =>
    bootstrapMean(pairs.map(({ trace, against }) => value(trace) - value(against)));
  const both = pairs.filter(({ trace, against }) => isComplete(trace) && isComplete(against));
  const saved = bootstrapMean(both.map(({ trace, against }) => contextTokens(trace) - contextTokens(against)));
  console.log(`\n${run.name} less ${other.name}, paired over ${String(pairs.length)} questions`);
  for (const round of [1, 2, 3, 4]) {
    const recall = paired((trace) => recallOf(trace, trace.rounds.slice(0, round).flat()));
    console.log(`  recall after round ${String(round)}: ${interval(recall, percent)}`);
  }
  for (const budget of BUDGETS) {
    const recall = paired((trace) => recallWithin(trace, budget));
    console.log(`  recall within ${String(budget)} tokens: ${interval(recall, percent)}`);
  }
  console.log(
    `  complete at the end: ${interval(
      paired((trace) => Number(isComplete(trace))),
      percent,
    )}`,
  );
  console.log(`  tokens of context where both are complete (${String(both.length)}): ${interval(saved, whole)}`);
}

/** Prints the questions that a run never completed, with what was missing. */
export function printIncomplete({ name, traces }: LoopRun): void {
  const open = traces.filter((trace) => !isComplete(trace));
  console.log(`\n${name}: ${String(open.length)} questions never complete`);
  for (const { id, question, needs, rounds } of open) {
    const met = metNeeds(needs, rounds.flat());
    const missing = needs.filter((need) => !met.includes(need)).map(({ source }) => source);
    console.log(`  ${id}: ${question}\n    missing ${missing.join(", ")} after ${String(rounds.length)} rounds`);
  }
}

/** Whether all needs were met in the end. */
export function isComplete(trace: LoopTrace): boolean {
  return recallOf(trace, trace.rounds.flat()) === 1;
}

/** Tokens of all texts that were shown. */
export function contextTokens({ rounds }: LoopTrace): number {
  return sum(rounds.flat().map(({ tokens }) => tokens));
}

/** Share of the needs that the first texts meet, up to a number of tokens. */
export function recallWithin(trace: LoopTrace, budget: number): number {
  let spent = 0;
  const read: ShownText[] = [];
  for (const text of trace.rounds.flat()) {
    spent += text.tokens;
    if (spent > budget) break;
    read.push(text);
  }
  return recallOf(trace, read);
}

function recallOf({ needs }: LoopTrace, shown: readonly ShownText[]): number {
  return metNeeds(needs, shown).length / needs.length;
}

function interval({ mean: middle, low, high }: Interval, show: (value: number) => string): string {
  return `${show(middle)} [${show(low)}, ${show(high)}]`;
}

function percent(share: number): string {
  return (share * 100).toFixed(1);
}

function whole(value: number): string {
  return value.toFixed(0);
}

function mean(values: readonly number[]): number {
  return sum(values) / Math.max(1, values.length);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
