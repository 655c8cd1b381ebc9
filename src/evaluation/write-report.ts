import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { CitewellError, errorMessage } from "../errors.ts";
import type { EvalReport } from "./eval-report.ts";
import { htmlReport } from "./html-report.ts";

/**
 * Writes `report.json` (for `eval compare`), `results.jsonl` (one line a question) and `report.html`.
 * @throws CitewellError `usage_invalid` where the folder cannot be written.
 */
export async function writeReport(report: EvalReport, folder: string): Promise<readonly string[]> {
  const files = {
    "report.json": serialiseReport(report),
    "results.jsonl": report.results.map((result) => `${JSON.stringify(result)}\n`).join(""),
    "report.html": htmlReport(report),
  };
  try {
    await mkdir(folder, { recursive: true });
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  } catch (error) {
    throw new CitewellError(
      "usage_invalid",
      `The report cannot be written to ${folder} (${errorMessage(error)}); give another folder with --output.`,
      {
        cause: error,
      },
    );
  }
  return Object.keys(files).map((name) => join(folder, name));
}

/** A report as text with one line for each question, so that versions of it can be compared line by line. */
export function serialiseReport({ results, ...head }: EvalReport): string {
  const lines = results.map((result) => `    ${JSON.stringify(result)}`).join(",\n");
  return `${JSON.stringify(head, null, 2).slice(0, -2)},\n  "results": [\n${lines}\n  ]\n}\n`;
}
