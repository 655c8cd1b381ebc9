import { z } from "zod";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { markedText } from "../domain/marked-text.ts";
import { CitewellError, errorMessage } from "../errors.ts";
import type { Interval } from "./bootstrap.ts";

/** A span that a search returned. */
export interface FoundSpan {
  readonly source: string;
  /** Place in the document's text, in characters; `end` is exclusive. */
  readonly start: number;
  readonly end: number;
  readonly score: number;
  /** The parts of the score; null if the search did not need them. */
  readonly dense: number | null;
  readonly lexical: number | null;
  readonly sentence: number | null;
}

/** A reference that had to be found, and whether it was. */
export interface MeasuredReference {
  readonly source: string;
  /** Place in the document's text; null where the whole document is meant. */
  readonly start: number | null;
  readonly end: number | null;
  /** Its rank in a ranking of ten, from 1; null if it is not among them. */
  readonly rank: number | null;
  /** The result that found it; null if none did, and for files of code. */
  readonly found: FoundSpan | null;
  /** Hash of the document as it was then. */
  readonly contentHash: string;
}

/** What was measured of one question. */
export interface QuestionResult {
  readonly id: string;
  readonly question: string;
  /** Measures by name; those that do not apply are left out. */
  readonly metrics: Readonly<Record<string, number>>;
  /** The places that were found, best first, as `source:start-end`. */
  readonly found: readonly string[];
  /** The exact spans that a plain search returned, from which the span measures are computed. */
  readonly spans?: readonly FoundSpan[];
  /** The references; absent if the question is unanswerable or a label is out of date. */
  readonly references?: readonly MeasuredReference[];
  /** The answer; absent without `--ask`. */
  readonly answer?: string;
}

/** Outcome of an evaluation; the file that `eval compare` reads. */
export interface EvalReport {
  readonly version: 1;
  /** True if the run was interrupted, so that the last questions are missing. */
  readonly interrupted?: true;
  /** Why the figures are doubtful, in sentences. */
  readonly remarks?: readonly string[];
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
  /** Labels that do not fit the collection; their questions are not measured. */
  readonly stale: readonly { readonly id: string; readonly source: string; readonly reason: string }[];
  readonly metrics: Readonly<Record<string, Interval>>;
  readonly results: readonly QuestionResult[];
  readonly seconds: number;
}

const foundSpan = z.object({
  source: z.string(),
  start: z.number(),
  end: z.number(),
  score: z.number(),
  dense: z.number().nullable(),
  lexical: z.number().nullable(),
  sentence: z.number().nullable(),
});
const reference = z.object({
  source: z.string(),
  start: z.number().nullable(),
  end: z.number().nullable(),
  rank: z.number().nullable(),
  found: foundSpan.nullable(),
  contentHash: z.string(),
});
const schema = z.object({
  version: z.literal(1),
  interrupted: z.literal(true).exactOptional(),
  remarks: z.array(z.string()).exactOptional(),
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
      spans: z.array(foundSpan).exactOptional(),
      references: z.array(reference).exactOptional(),
      answer: z.string().exactOptional(),
    }),
  ),
  seconds: z.number(),
});

function problemOf(error: unknown): string {
  if (!(error instanceof z.ZodError)) return errorMessage(error);
  const [issue] = error.issues;
  return `${issue?.path.join(".") ?? ""}: ${issue?.message ?? ""}`;
}

/**
 * Reads a report that an evaluation wrote: the file, or the folder that it was written to.
 * @throws CitewellError `path_not_found`, or `usage_invalid` for a file of another kind.
 */
export async function readReport(path: string): Promise<EvalReport> {
  // `--output` takes a folder, so that one is given here as well.
  const isFolder = (await stat(path).catch(() => null))?.isDirectory() === true;
  const file = isFolder ? join(path, "report.json") : path;
  let text: string;
  try {
    text = markedText(await readFile(file));
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
      `${file} is no report of citewell eval (${problemOf(error)}); give the report.json of an earlier run.`,
      {
        cause: error,
      },
    );
  }
}
