import { listAllDocuments } from "../answering/list-all-documents.ts";
import type { UseCases } from "../answering/use-cases.ts";
import { bootstrapMean } from "./bootstrap.ts";
import type { EvalQuestion } from "./eval-question.ts";
import type { EvalReport, QuestionResult } from "./eval-report.ts";
import { measureAnswer } from "./measure-answer.ts";
import { measureCode, measureSearch } from "./measure-search.ts";
import { METRICS } from "./metrics.ts";
import { createLabelResolver, type LabelResolver, type StaleLabel } from "./resolve-labels.ts";

/** What an evaluation calls. */
export type EvaluatedUseCases = Pick<
  UseCases,
  "searchCorpus" | "findCode" | "answerQuestion" | "documents" | "collections"
>;

/** Options of {@link runEvaluation}. */
export interface EvaluationOptions {
  readonly useCases: EvaluatedUseCases;
  readonly questions: readonly EvalQuestion[];
  /** Path of the questions, for the report. */
  readonly questionsFile: string;
  readonly collection: string;
  /** Answers each question too, with this model (null: the default one). Without it, only searches are measured. */
  readonly ask?: { readonly model: string | null };
  readonly signal?: AbortSignal;
  /** Hears how many questions are done. */
  readonly onQuestion?: (done: number) => void;
}

/** Asks every question, one after the other, and measures what comes back. */
export async function runEvaluation(options: EvaluationOptions): Promise<EvalReport> {
  const { useCases, questions, questionsFile, collection, signal } = options;
  const started = performance.now();
  const infos = await useCases.collections.list();
  const records = await listAllDocuments(options.useCases.documents, options);
  const resolver = createLabelResolver({ documents: useCases.documents, collection, records });
  const results: QuestionResult[] = [];
  const stale: StaleLabel[] = [];
  let model: string | null = null;
  for (const question of questions) {
    signal?.throwIfAborted();
    const measured = await measure(question, { ...options, resolver });
    stale.push(...measured.stale);
    model ??= measured.model;
    results.push(measured.result);
    options.onQuestion?.(results.length);
  }
  return {
    version: 1,
    questionsFile,
    collection,
    embeddingModel: infos.find(({ name }) => name === collection)?.settings.embedding.model ?? "",
    createdAt: new Date().toISOString(),
    model,
    questions: questions.length,
    unanswerable: questions.filter(({ unanswerable }) => unanswerable).length,
    stale,
    metrics: summarise(results),
    results,
    seconds: Math.round((performance.now() - started) / 10) / 100,
  };
}

/** Means of all measures that some question has, with their intervals. */
export function summarise(results: readonly QuestionResult[]): EvalReport["metrics"] {
  return Object.fromEntries(
    METRICS.flatMap(({ name }) => {
      const values = results.flatMap(({ metrics }) => metrics[name] ?? []);
      return values.length === 0 ? [] : [[name, bootstrapMean(values)] as const];
    }),
  );
}

async function measure(
  question: EvalQuestion,
  options: EvaluationOptions & { readonly resolver: LabelResolver },
): Promise<{ readonly result: QuestionResult; readonly stale: readonly StaleLabel[]; readonly model: string | null }> {
  const { resolver, ask } = options;
  const { references, stale } = await resolver.resolve(question);
  // Half a set of labels would measure another question.
  const parts = { ...options, question, references: stale.length > 0 ? [] : references };
  const searched = question.kind === "code" ? await measureCode(parts) : await measureSearch(parts);
  const answered =
    ask === undefined || question.kind === "code" ? null : await measureAnswer({ ...parts, model: ask.model });
  const metrics = { ...searched.metrics, ...answered?.metrics };
  return {
    stale,
    model: answered?.model ?? null,
    result: {
      id: question.id,
      question: question.question,
      metrics: Object.fromEntries(
        Object.entries(metrics).map(([name, value]) => [name, Math.round(value * 1e4) / 1e4]),
      ),
      found: searched.found,
      ...(answered === null ? {} : { answer: answered.answer }),
    },
  };
}
