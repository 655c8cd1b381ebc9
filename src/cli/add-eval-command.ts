import type { Command } from "commander";
import { addHelpCommand } from "./add-help-command.ts";
import type { EvalFlags } from "./commands/eval-command.ts";
import type { RunCommand } from "./program-parts.ts";

/** Adds `eval` with what it can do. */
export function addEvalCommand(program: Command, runCommand: RunCommand): void {
  const command = program
    .command("eval")
    .summary("measure searches and answers against questions")
    .description("Measures how well a collection answers a file of questions, and whether that got worse.");
  command
    .command("run")
    .description("Measures searches, and with --ask answers, against a JSONL file of questions.")
    .argument("<questions.jsonl>", "one question a line, with what has to be found")
    .option("--ask", "answer each question too, with the configured model or the built-in assistant")
    .option("--model <name>", "answer with this model; `extractive` for the built-in one")
    .option("--output <folder>", "write report.json, results.jsonl and report.html there")
    .action(async (file: string, flags: EvalFlags) => {
      const { runEval } = await import("./commands/eval-command.ts");
      await runCommand((context) => runEval(context, { file, flags }));
    });
  command
    .command("compare")
    .description(
      "Compares with an earlier report; without a second one, its questions are asked anew. Exit code 5: worse.",
    )
    .argument("<baseline.json>", "report.json of an earlier run")
    .argument("[report.json]", "a report to compare with it")
    .option("--model <name>", "answer with this model, where the baseline holds answers")
    .option("--output <folder>", "write the new report there")
    .action(async (baselineFile: string, reportFile: string | undefined, flags: EvalFlags) => {
      const { runEvalCompare } = await import("./commands/eval-command.ts");
      await runCommand((context) => runEvalCompare(context, { baselineFile, flags, reportFile }));
    });
  command
    .command("diff")
    .description("Lists the questions that went differently in two reports, and why.")
    .argument("<baseline.json>", "report.json of an earlier run")
    .argument("<report.json>", "report.json of a later run")
    .action(async (baselineFile: string, reportFile: string) => {
      const { runEvalDiff } = await import("./commands/eval-command.ts");
      await runCommand((context) => runEvalDiff(context, { baselineFile, reportFile }));
    });
  addHelpCommand(command);
}
