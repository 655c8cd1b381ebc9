import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { countOf } from "../../domain/count-of.ts";
import { compareReports } from "../../evaluation/compare-reports.ts";
import { diffReports } from "../../evaluation/diff-reports.ts";
import { readReport, type EvalReport } from "../../evaluation/eval-report.ts";
import { readQuestions } from "../../evaluation/read-questions.ts";
import { runEvaluation } from "../../evaluation/run-evaluation.ts";
import { writeReport } from "../../evaluation/write-report.ts";
import type { CommandContext } from "../command-context.ts";
import { EXIT_DONE, EXIT_REGRESSED } from "../exit-codes.ts";
import { formatComparison, formatDifference, formatReport } from "../output/format-eval.ts";
import { createStatusLine } from "../output/status-line.ts";

/** Flags of `eval run` and `eval compare`. */
export interface EvalFlags {
  readonly ask?: boolean;
  readonly model?: string;
  readonly output?: string;
}

/** How many stale labels are listed on a terminal. */
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

/** Lists the questions whose results differ in two reports. */
export async function runEvalDiff(
  context: CommandContext,
  { baselineFile, reportFile }: { readonly baselineFile: string; readonly reportFile: string },
): Promise<number> {
  const { cwd } = context.io;
  const baseline = await readReport(resolve(cwd, baselineFile));
  const current = await readReport(resolve(cwd, reportFile));
  const differences = diffReports(baseline, current);
  if (context.flags.json) context.printJson({ questions: differences });
  else if (differences.length === 0) context.print("No question went differently.");
  else context.print(differences.map((difference) => formatDifference(difference, context)).join("\n\n"));
  return EXIT_DONE;
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
  const status = createStatusLine(context, { needsTerminal: true });
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
      onQuestion: (done) => status.update(() => `${done}/${countOf(questions.length, "question")}`),
      onFailure: (partial) => {
        unfinished = partial;
      },
    });
    status.clear();
  } catch (error) {
    status.clear();
    if (unfinished !== null) await keepUnfinished(context, { report: unfinished, flags, all: questions.length });
    throw error;
  }
  noteProblems(context, report);
  await writeFiles(context, { report, flags });
  return report;
}

/** Writes what was measured before the run was interrupted or failed. */
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

/** The path of the questions was given in a working folder that may have been another one. */
function questionsOf({ questionsFile }: EvalReport, baselineFile: string, cwd: string): string {
  if (existsSync(resolve(cwd, questionsFile))) return questionsFile;
  const beside = resolve(cwd, dirname(baselineFile), questionsFile);
  return existsSync(beside) ? beside : questionsFile;
}
