import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { compareReports, type Comparison } from "../evaluation/compare-reports.ts";
import { diffReports, type QuestionDifference } from "../evaluation/diff-reports.ts";
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
  if (context.flags.json) context.printJson({ questions: differences });
  else if (differences.length === 0) context.print("No question went differently.");
  else context.print(differences.map((difference) => formatDifference(difference, context)).join("\n\n"));
  return EXIT_DONE;
}

function formatDifference(
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

interface Run {
  readonly file: string;
  readonly flags: EvalFlags;
  readonly collection: string;
}

async function evaluate(context: CommandContext, { file, flags, collection }: Run): Promise<EvalReport> {
  const { io, signal } = context;
  const questionsPath = resolve(io.cwd, file);
  const questions = await readQuestions(questionsPath);
  const useCases = await context.useCases();
  const isShown = io.isTerminal.stderr && !context.flags.quiet;
  const clear = (): void => void (isShown && io.stderr.write("\r\u001b[K"));
  let unfinished: EvalReport | null = null;
  let report: EvalReport;
  try {
    report = await runEvaluation({
      useCases,
      questions,
      questionsFile: file,
      questionsPath: questionsPath.replaceAll("\\", "/"),
      collection,
      signal,
      ...(flags.ask === true || flags.model !== undefined ? { ask: { model: flags.model ?? null } } : {}),
      onQuestion: (done) => void (isShown && io.stderr.write(`\r${done}/${questions.length} questions`)),
      onFailure: (partial) => {
        unfinished = partial;
      },
    });
    clear();
  } catch (error) {
    clear();
    if (unfinished !== null) await keepUnfinished(context, { report: unfinished, flags, all: questions.length });
    throw error;
  }
  noteProblems(context, report);
  await writeFiles(context, { report, flags });
  return report;
}

/** What was measured before the run was interrupted, or failed, is not thrown away. */
async function keepUnfinished(
  context: CommandContext,
  { report, flags, all }: { readonly report: EvalReport; readonly flags: EvalFlags; readonly all: number },
): Promise<void> {
  context.note(`${report.questions} of ${countOf(all, "question")} were measured before the end.`);
  if (context.flags.json) context.printJson(report);
  else context.print(formatReport(report, context));
  await writeFiles(context, { report, flags });
}

async function writeFiles(
  context: CommandContext,
  { report, flags }: { readonly report: EvalReport; readonly flags: EvalFlags },
): Promise<void> {
  if (flags.output === undefined) return;
  const files = await writeReport(report, resolve(context.io.cwd, flags.output));
  context.note(`Written: ${files.join(", ")}`);
}

function noteProblems(context: CommandContext, { stale, collection, remarks = [] }: EvalReport): void {
  for (const remark of remarks) context.note(remark);
  const shown = context.flags.verbose ? stale : stale.slice(0, STALE_SHOWN);
  for (const { id, source, reason } of shown) context.note(`Label out of date: ${id}: ${source}: ${reason}`);
  if (stale.length === 0) return;
  const rest = stale.length - shown.length;
  const more = rest === 0 ? "" : ` (${rest} more with --verbose)`;
  context.note(
    `${countOf(stale.length, "label")} ${stale.length === 1 ? "does" : "do"} not fit the collection "${collection}"${more}; the questions are not ranked.`,
  );
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
    ids.length === 0 ? [] : [`${countOf(ids.length, "question")} ${what}: ${listIds(ids)}`],
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
    return `Not to be told any more, since all labels are out of date: ${unmeasured.join(", ")}. Mend the questions, or ingest the documents they are about.`;
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

/** Ids that a terminal lists. */
const IDS_SHOWN = 8;

function listIds(ids: readonly string[]): string {
  const more = ids.length > IDS_SHOWN ? ` and ${ids.length - IDS_SHOWN} more` : "";
  return `${ids.slice(0, IDS_SHOWN).join(", ")}${more}`;
}

function percent(share: number): string {
  return (share * 100).toFixed(1);
}

function signed(share: number): string {
  return `${share > 0 ? "+" : ""}${percent(share)}`;
}
