import { z } from "zod";
import { readFile } from "node:fs/promises";
import { CitewellError } from "../errors.ts";
import type { Interval } from "./bootstrap.ts";

/** What was measured of one question. */
export interface QuestionResult {
  readonly id: string;
  readonly question: string;
  /** Measures by name; those that do not apply are left out. */
  readonly metrics: Readonly<Record<string, number>>;
  /** Places found, best first, as `source:start-end`. */
  readonly found: readonly string[];
  /** The answer; absent without `--ask`. */
  readonly answer?: string;
}

/** Outcome of an evaluation; the file that `eval compare` reads. */
export interface EvalReport {
  readonly version: 1;
  /** Path of the questions as it was given. */
  readonly questionsFile: string;
  readonly collection: string;
  readonly embeddingModel: string;
  /** ISO 8601 time. */
  readonly createdAt: string;
  /** The model that answered; null without `--ask`. */
  readonly model: string | null;
  readonly questions: number;
  readonly unanswerable: number;
  /** Labels that do not fit the collection; they are not measured. */
  readonly stale: readonly { readonly id: string; readonly source: string; readonly reason: string }[];
  readonly metrics: Readonly<Record<string, Interval>>;
  readonly results: readonly QuestionResult[];
  readonly seconds: number;
}

const schema = z.object({
  version: z.literal(1),
  questionsFile: z.string(),
  collection: z.string(),
  embeddingModel: z.string(),
  createdAt: z.string(),
  model: z.string().nullable(),
  questions: z.number(),
  unanswerable: z.number(),
  stale: z.array(z.object({ id: z.string(), source: z.string(), reason: z.string() })),
  metrics: z.record(z.string(), z.object({ mean: z.number(), low: z.number(), high: z.number(), n: z.number() })),
  results: z.array(
    z.object({
      id: z.string(),
      question: z.string(),
      metrics: z.record(z.string(), z.number()),
      found: z.array(z.string()),
      answer: z.string().exactOptional(),
    }),
  ),
  seconds: z.number(),
});

/**
 * Reads a report that an evaluation wrote.
 * @throws CitewellError `path_not_found`, or `usage_invalid` for a file of another kind.
 */
export async function readReport(file: string): Promise<EvalReport> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    throw new CitewellError(
      "path_not_found",
      `${file} cannot be read; make it with: citewell eval run <questions.jsonl> --output <folder>`,
      {
        cause: error,
      },
    );
  }
  try {
    return schema.parse(JSON.parse(text));
  } catch (error) {
    throw new CitewellError(
      "usage_invalid",
      `${file} is no report of citewell eval; give the report.json of an earlier run.`,
      {
        cause: error,
      },
    );
  }
}
