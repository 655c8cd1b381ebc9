import { readFile } from "node:fs/promises";
import { z } from "zod";
import { CitewellError } from "../errors.ts";
import type { EvalQuestion, EvalReference } from "./eval-question.ts";

const place = z.object({ start: z.int().optional(), end: z.int().optional(), text: z.string().optional() });
const line = z
  .object({
    id: z.string(),
    question: z.string().optional(),
    query: z.string().optional(),
    query_noscope: z.string().optional(),
    corpus: z.string().optional(),
    unanswerable: z.boolean().optional(),
    references: z.array(place.extend({ source: z.string().optional() })).optional(),
    answers: z.array(z.union([z.string(), place])).optional(),
    evidence: z.array(z.object({ doc: z.string() })).optional(),
    sources: z.array(z.string()).optional(),
    relevant: z.array(z.string()).optional(),
    must: z.array(z.string()).optional(),
    facts: z.array(z.string()).optional(),
    task: z.enum(["qa", "code", "default"]).optional(),
  })
  .refine(({ question, query }) => question !== undefined || query !== undefined, "question is missing");

type Line = z.infer<typeof line>;

/**
 * Reads an evaluation set, one JSON object a line: `question` with `references` (`{source, text}`, or `{start, end, text}` in
 * the document `corpus`), `evidence` (`{doc}`), `sources` or nothing where it is unanswerable; or `query` with `relevant`
 * files for code.
 *
 * @throws CitewellError `usage_invalid` naming the line that is wrong.
 */
export async function readQuestions(file: string): Promise<readonly EvalQuestion[]> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    throw new CitewellError("path_not_found", `${file} cannot be read; give a JSONL file of questions.`, {
      cause: error,
    });
  }
  const questions = parseQuestions(text, file);
  if (questions.length === 0) throw new CitewellError("usage_invalid", `${file} holds no question.`);
  return questions;
}

/** Questions in the text of a JSONL file; `name` is for messages. */
export function parseQuestions(text: string, name: string): readonly EvalQuestion[] {
  const ids = new Set<string>();
  return text.split(/\r?\n/).flatMap((content, index) => {
    if (content.trim() === "") return [];
    const where = `${name}, line ${index + 1}`;
    const question = toQuestion(parseLine(content, where));
    if (ids.has(question.id))
      throw new CitewellError("usage_invalid", `${where}: the id ${question.id} is there twice.`);
    ids.add(question.id);
    return [question];
  });
}

function parseLine(content: string, where: string): Line {
  let data: unknown;
  try {
    data = JSON.parse(content);
  } catch (error) {
    throw new CitewellError("usage_invalid", `${where} is not JSON; each line is one object.`, { cause: error });
  }
  const parsed = line.safeParse(data);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new CitewellError("usage_invalid", `${where}: ${issue?.path.join(".") ?? ""} ${issue?.message ?? "is wrong"}`);
}

function toQuestion(data: Line): EvalQuestion {
  const references = referencesOf(data);
  const hasTarget = references.length > 0 || (data.must?.length ?? 0) > 0 || (data.facts?.length ?? 0) > 0;
  return {
    id: data.id,
    question: data.query_noscope ?? data.query ?? data.question ?? "",
    kind: data.relevant === undefined ? "passages" : "code",
    unanswerable: data.unanswerable ?? !hasTarget,
    references,
    answers: (data.answers ?? []).map((answer) => (typeof answer === "string" ? answer : (answer.text ?? ""))),
    must: (data.must ?? []).map((forms) => forms.split("|")),
    facts: data.facts ?? [],
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
