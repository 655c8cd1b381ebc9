import { readFile } from "node:fs/promises";
import { z } from "zod";
import { markedText } from "../domain/marked-text.ts";
import { CitewellError, errorMessage } from "../errors.ts";
import type { EvalQuestion, EvalReference } from "./eval-question.ts";

/** Fields that say what is right. A line without any of them is a mistake, not an unanswerable question. */
const TARGETS = ["references", "answers", "evidence", "sources", "relevant", "must", "facts"] as const;
const TARGETS_LIST = TARGETS.map((name) => `\`${name}\``).join(", ");

const place = z
  .object({ start: z.int().min(0).optional(), end: z.int().min(0).optional(), text: z.string().min(1).optional() })
  .refine(({ start, end }) => (start === undefined) === (end === undefined), "start and end belong together")
  .refine(({ start, end }) => start === undefined || end === undefined || start < end, "end must lie behind start");
const line = z
  .object({
    id: z.union([z.string().min(1), z.number().transform(String)], "must be a text or a number"),
    question: z.string().min(1).optional(),
    query: z.string().min(1).optional(),
    query_noscope: z.string().optional(),
    corpus: z.string().optional(),
    unanswerable: z.boolean().optional(),
    references: z.array(place.safeExtend({ source: z.string().optional() })).optional(),
    answers: z.array(z.union([z.string(), place])).optional(),
    evidence: z.array(z.object({ doc: z.string() })).optional(),
    sources: z.array(z.string()).optional(),
    relevant: z.array(z.string()).optional(),
    must: z.array(z.string()).optional(),
    facts: z.array(z.string()).optional(),
    task: z.enum(["qa", "code", "default"]).optional(),
  })
  .refine(({ question, query }) => question !== undefined || query !== undefined, {
    path: ["question"],
    error: "is missing",
  })
  .refine((data) => data.unanswerable !== undefined || TARGETS.some((name) => data[name] !== undefined), {
    error: `what is right is missing: give one of ${TARGETS_LIST}, or "unanswerable": true`,
  })
  .refine(({ references, corpus }) => (references ?? []).every(({ source }) => (source ?? corpus) !== undefined), {
    path: ["references"],
    error: "name no document: each needs a `source`, or the line a `corpus`",
  });

type Line = z.infer<typeof line>;

/**
 * Reads an evaluation set, one JSON object a line: `question` with `references` (`{source, text}`, or `{start, end, text}` in
 * the document `corpus`), `evidence` (`{doc}`), `sources`, or `"unanswerable": true`; or `query` with `relevant` files for
 * code.
 *
 * @throws CitewellError `usage_invalid` naming the line that is wrong.
 */
export async function readQuestions(file: string): Promise<readonly EvalQuestion[]> {
  let text: string;
  try {
    text = markedText(await readFile(file));
  } catch (error) {
    throw new CitewellError("path_not_found", `${file} cannot be read; give a JSONL file of questions.`, {
      cause: error,
    });
  }
  const questions = parseQuestions(text, file);
  if (questions.length === 0)
    throw new CitewellError("usage_invalid", `${file} holds no question; each line is one, as a JSON object.`);
  return questions;
}

/** Questions in the text of a JSONL file; `name` is for messages. */
export function parseQuestions(text: string, name: string): readonly EvalQuestion[] {
  const ids = new Map<string, number>();
  return text.split(/\r?\n/).flatMap((content, index) => {
    if (content.trim() === "") return [];
    const where = `${name}, line ${index + 1}`;
    const question = toQuestion(parseLine(content, where));
    const earlier = ids.get(question.id);
    if (earlier !== undefined) {
      const message = `${where}: the id ${question.id} is that of line ${earlier} too; give each question its own.`;
      throw new CitewellError("usage_invalid", message);
    }
    ids.set(question.id, index + 1);
    return [question];
  });
}

/** Left out is the place within the line, which would read as another line of the file. */
function reasonOf(error: unknown): string {
  return errorMessage(error).replace(/ \(line \d+ column \d+\)/, "");
}

function parseLine(content: string, where: string): Line {
  let data: unknown;
  try {
    data = JSON.parse(content);
  } catch (error) {
    const message = `${where} is not JSON (${reasonOf(error)}); each line must be one whole object.`;
    throw new CitewellError("usage_invalid", message, { cause: error });
  }
  const parsed = line.safeParse(data);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const [problem, field] = [issue?.message ?? "is wrong", issue?.path.join(".") ?? ""];
  throw new CitewellError("usage_invalid", `${where}: ${field === "" ? problem : `\`${field}\`: ${problem}`}.`);
}

function toQuestion(data: Line): EvalQuestion {
  const references = referencesOf(data);
  const { answers = [], must = [], facts = [] } = data;
  const hasTarget = references.length + answers.length + must.length + facts.length > 0;
  return {
    id: data.id,
    question: data.query_noscope ?? data.query ?? data.question ?? "",
    kind: data.relevant === undefined ? "passages" : "code",
    unanswerable: data.unanswerable ?? !hasTarget,
    references,
    answers: answers.flatMap((answer) => (typeof answer === "string" ? answer : (answer.text ?? []))),
    must: must.map((forms) => forms.split("|")),
    facts,
    ...(data.task === undefined ? {} : { task: data.task }),
  };
}

function referencesOf({ corpus, references, evidence, sources, relevant }: Line): readonly EvalReference[] {
  const whole = [...(evidence ?? []).map(({ doc }) => doc), ...(sources ?? []), ...(relevant ?? [])];
  const passages = (references ?? []).map(({ source = corpus ?? "", start, end, text = null }): EvalReference => ({
    source,
    span: start === undefined || end === undefined ? null : { start, end },
    text,
  }));
  return [...passages, ...whole.map((source): EvalReference => ({ source, span: null, text: null }))];
}
