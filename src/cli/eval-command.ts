import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { compareReports, diffReports, type Comparison } from "../evaluation/compare-reports.ts";
import { readReport, type EvalReport } from "../evaluation/eval-report.ts";
import { METRICS } from "../evaluation/metrics.ts";
import { readQuestions } from "../evaluation/read-questions.ts";
import { runEvaluation } from "../evaluation/run-evaluation.ts";
import { writeReport } from "../evaluation/write-report.ts";
import type { CommandContext } from "./command-context.ts";
import { EXIT_DONE, EXIT_REGRESSED } from "./exit-codes.ts";
import { countOf, formatTable, shorten } from "./text-layout.ts";

/** Flags of `eval run` and `eval compare`. */
export interface EvalFlags {
  readonly ask?: boolean;
  readonly model?: string;
  readonly output?: string;
}

/** Stale labels that a terminal lists. */
const STALE_SHOWN = 10;

/** Measures searches, and with `--ask` answers, against a file of questions. */
export async function runEval(
  context: CommandContext,
  { file, flags }: { readonly file: string; readonly flags: EvalFlags },
): Promise<number> {
  const report = await evaluate(context, { file, flags, collection: context.config.collection });
  if (context.flags.json) context.printJson(report);
  else context.print(formatReport(report, context));
  return EXIT_DONE;
}

/** Compares a report with a baseline, or runs the baseline's questions anew; a regression has an exit code of its own. */
export async function runEvalCompare(
  context: CommandContext,
  {
    baselineFile,
    reportFile,
    flags,
  }: { readonly baselineFile: string; readonly reportFile?: string; readonly flags: EvalFlags },
): Promise<number> {
  const { config, io } = context;
  const baseline = await readReport(resolve(io.cwd, baselineFile));
  const current =
    reportFile === undefined
      ? await evaluate(context, {
          file: questionsOf(baseline, baselineFile, io.cwd),
          flags: { ...flags, ...(baseline.model === null ? {} : { ask: true, model: flags.model ?? baseline.model }) },
          collection: config.origins.collection.kind === "default" ? baseline.collection : config.collection,
        })
      : await readReport(resolve(io.cwd, reportFile));
  const comparison = compareReports(baseline, current);
  if (context.flags.json)
    context.printJson({ ...comparison, baseline: baseline.createdAt, current: current.createdAt });
  else context.print(formatComparison(comparison, context));
  return comparison.regressed ? EXIT_REGRESSED : EXIT_DONE;
}

/** Lists the questions that went differently in two reports. */
export async function runEvalDiff(
  context: CommandContext,
  { baselineFile, reportFile }: { readonly baselineFile: string; readonly reportFile: string },
): Promise<number> {
  const [baseline, current] = await Promise.all(
    [baselineFile, reportFile].map((file) => readReport(resolve(context.io.cwd, file))),
  );
  if (baseline === undefined || current === undefined) throw new TypeError("Two reports are needed.");
  const differences = diffReports(baseline, current);
  if (context.flags.json) {
    context.printJson({ questions: differences });
    return EXIT_DONE;
  }
  const blocks = differences.map(({ id, question, metrics }) => {
    const changes = Object.entries(metrics).map(([name, [before, after]]) => `  ${name} ${before} → ${after}`);
    return [`${context.colors.bold(id)}  ${shorten(question, context.width - id.length - 2)}`, ...changes].join("\n");
  });
  context.print(blocks.length === 0 ? "No question went differently." : blocks.join("\n"));
  return EXIT_DONE;
}

async function evaluate(
  context: CommandContext,
  { file, flags, collection }: { readonly file: string; readonly flags: EvalFlags; readonly collection: string },
): Promise<EvalReport> {
  const { io, signal } = context;
  const questions = await readQuestions(resolve(io.cwd, file));
  const useCases = await context.useCases();
  const isShown = io.isTerminal.stderr && !context.flags.quiet;
  const report = await runEvaluation({
    useCases,
    questions,
    questionsFile: file,
    collection,
    signal,
    ...(flags.ask === true || flags.model !== undefined ? { ask: { model: flags.model ?? null } } : {}),
    onQuestion: (done) => void (isShown && io.stderr.write(`\r${done}/${questions.length} questions`)),
  });
  if (isShown) io.stderr.write("\r\u001b[K");
  for (const { id, source, reason } of report.stale.slice(0, STALE_SHOWN)) {
    context.note(`Label out of date: ${id}: ${source}: ${reason}`);
  }
  if (report.stale.length > 0) {
    context.note(
      `${countOf(report.stale.length, "label")} do not fit the collection "${collection}"; their questions are not ranked.`,
    );
  }
  if (flags.output !== undefined) {
    const files = await writeReport(report, resolve(io.cwd, flags.output));
    context.note(`Written: ${files.join(", ")}`);
  }
  return report;
}

/** The questions' path was given from a working folder, which may have been another one. */
function questionsOf({ questionsFile }: EvalReport, baselineFile: string, cwd: string): string {
  if (existsSync(resolve(cwd, questionsFile))) return questionsFile;
  const beside = resolve(cwd, dirname(baselineFile), questionsFile);
  return existsSync(beside) ? beside : questionsFile;
}

function formatReport(report: EvalReport, { colors }: CommandContext): string {
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

function formatComparison(comparison: Comparison, { colors }: CommandContext): string {
  const { metrics, questions, onlyBaseline, onlyCurrent } = comparison;
  const rows = metrics.map(({ name, baseline, current, difference, verdict }) => {
    const word = verdict === "worse" ? colors.red("worse") : verdict === "better" ? colors.green("better") : "";
    const interval = `${signed(difference.low)} to ${signed(difference.high)}`;
    return [name, percent(baseline), percent(current), signed(difference.mean), interval, word];
  });
  const header = ["measure", "baseline", "now", "difference", "95 % interval", ""].map((title) => colors.dim(title));
  const others = [
    ...(onlyBaseline.length === 0
      ? []
      : [`${countOf(onlyBaseline.length, "question")} only in the baseline: ${onlyBaseline.join(", ")}`]),
    ...(onlyCurrent.length === 0
      ? []
      : [`${countOf(onlyCurrent.length, "question")} not in the baseline: ${onlyCurrent.join(", ")}`]),
  ];
  const verdict = comparison.regressed ? "Worse than the baseline." : "No regression.";
  return [
    `${countOf(questions, "question")} in both, compared in pairs`,
    formatTable([header, ...rows], { right: [1, 2, 3, 4] }),
    ...others,
    verdict,
  ].join("\n");
}

function percent(share: number): string {
  return (share * 100).toFixed(1);
}

function signed(share: number): string {
  return `${share > 0 ? "+" : ""}${percent(share)}`;
}
