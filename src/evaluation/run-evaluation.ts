import { listAllDocuments } from "../answering/list-all-documents.ts";
import type { UseCases } from "../answering/use-cases.ts";
import type { DocumentRecord } from "../domain/document.ts";
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
  /** The same as an absolute path, to notice if the file is itself in the collection. */
  readonly questionsPath?: string;
  readonly collection: string;
  /** Answers each question too, with this model (null: the default one). Without it, only searches are measured. */
  readonly ask?: { readonly model: string | null };
  readonly signal?: AbortSignal;
  /** Is told how many questions are done. */
  readonly onQuestion?: (done: number) => void;
  /** Receives what was measured before the run was aborted or failed; the reason is thrown afterwards. */
  readonly onFailure?: (report: EvalReport) => void;
}

/** Asks the questions one after the other, and measures what comes back. */
export async function runEvaluation(options: EvaluationOptions): Promise<EvalReport> {
  const { useCases, questions, collection, signal } = options;
  const started = performance.now();
  const infos = await useCases.collections.list();
  const records = await listAllDocuments(options.useCases.documents, options);
  const resolver = createLabelResolver({ documents: useCases.documents, collection, records });
  const embeddingModel = infos.find(({ name }) => name === collection)?.settings.embedding.model ?? "";
  const remarks = remarksOn(records, options);
  const measured: MeasuredQuestion[] = [];
  const report = (): EvalReport => toReport(measured, { ...options, embeddingModel, remarks, started });
  try {
    for (const question of questions) {
      signal?.throwIfAborted();
      measured.push(await measure(question, { ...options, resolver }));
      options.onQuestion?.(measured.length);
    }
  } catch (error) {
    if (measured.length > 0) options.onFailure?.({ ...report(), interrupted: true });
    throw error;
  }
  return report();
}

function toReport(
  measured: readonly MeasuredQuestion[],
  options: EvaluationOptions & {
    readonly embeddingModel: string;
    readonly remarks: readonly string[];
    readonly started: number;
  },
): EvalReport {
  const { questions, questionsFile, collection, embeddingModel, remarks, started } = options;
  const results = measured.map(({ result }) => result);
  const asked = questions.slice(0, measured.length);
  return {
    version: 1,
    ...(remarks.length === 0 ? {} : { remarks }),
    questionsFile,
    collection,
    embeddingModel,
    createdAt: new Date().toISOString(),
    model: measured.find(({ model }) => model !== null)?.model ?? null,
    questions: asked.length,
    unanswerable: asked.filter(({ unanswerable }) => unanswerable).length,
    stale: measured.flatMap(({ stale }) => stale),
    metrics: summarise(results),
    results,
    seconds: Math.round((performance.now() - started) / 10) / 100,
  };
}

function remarksOn(
  records: readonly DocumentRecord[],
  { questionsPath, collection }: EvaluationOptions,
): readonly string[] {
  const own = records.find(({ root, source }) => root === questionsPath || `${root}/${source}` === questionsPath);
  if (own === undefined) return [];
  return [
    `The questions' own file, ${own.source}, is in the collection "${collection}": searches find the questions instead of what they ask for. Remove it: citewell remove ${own.source} --collection ${collection}`,
  ];
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

interface MeasuredQuestion {
  readonly result: QuestionResult;
  readonly stale: readonly StaleLabel[];
  readonly model: string | null;
}

async function measure(
  question: EvalQuestion,
  options: EvaluationOptions & { readonly resolver: LabelResolver },
): Promise<MeasuredQuestion> {
  const { resolver, ask } = options;
  const { references, stale } = await resolver.resolve(question);
  // With only some of its labels, the question would measure something else.
  const parts = { ...options, question, references: stale.length > 0 ? [] : references };
  const { metrics, ...searched } = question.kind === "code" ? await measureCode(parts) : await measureSearch(parts);
  const answered =
    ask === undefined || question.kind === "code" ? null : await measureAnswer({ ...parts, model: ask.model });
  return {
    stale,
    model: answered?.model ?? null,
    result: {
      id: question.id,
      question: question.question,
      metrics: { ...metrics, ...answered?.metrics },
      ...searched,
      ...(answered === null ? {} : { answer: answered.answer }),
    },
  };
}
