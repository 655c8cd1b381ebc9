import { writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createIngestCorpus } from "../../ingest/ingest-corpus.ts";
import { createManageCollections } from "../../src/answering/manage-collections.ts";
import { createManageDocuments } from "../../src/answering/manage-documents.ts";
import { createSettings } from "../../ingest/collection-settings.ts";
import { compareReports } from "../../src/evaluation/compare-reports.ts";
import type { EvalQuestion } from "../../src/evaluation/eval-question.ts";
import { readReport, type EvalReport } from "../../src/evaluation/eval-report.ts";
import { METRICS } from "../../src/evaluation/metrics.ts";
import { readQuestions } from "../../src/evaluation/read-questions.ts";
import { runEvaluation, type EvaluatedUseCases } from "../../src/evaluation/run-evaluation.ts";
import { serialiseReport, writeReport } from "../../src/evaluation/write-report.ts";
import { createRetriever } from "../../src/retrieval/create-retriever.ts";
import type { Retrieve } from "../../src/retrieval/retrieve.ts";
import { createCodeFinder } from "../../src/retrieval/code/find-code.ts";
import { DATA, type EvalArguments, type EvalWorkspace } from "./eval-workspace.ts";
import { ingestPassages } from "./ingest-passages.ts";

/** A set of questions and the texts that they are about. */
export interface EvalSet {
  readonly name: string;
  readonly collection: string;
  /** Folder to ingest; null where an earlier set has done it. */
  readonly root: string | null;
  readonly questions: () => Promise<readonly EvalQuestion[]>;
}

/** Largest chunk of the collections that are measured, in tokens. */
export const CHUNK_TOKENS = 150;
const HANDBOOK = "corpora/handbook";
const BASELINE = fileURLToPath(new URL("baseline.json", import.meta.url));

/** Measures the evaluation sets: the handbook's, and public ones where they lie beside the repository. */
export async function measureSets(workspace: EvalWorkspace, options: EvalArguments): Promise<void> {
  const { names, output } = options;
  const wanted = options.compare || options.updateBaseline ? ["handbook"] : names;
  const isWanted = (name: string): boolean => wanted.length === 0 || wanted.some((one) => name.startsWith(one));
  for (const set of listSets(options)) {
    if (!isWanted(set.name)) continue;
    if (set.root !== null && !existsSync(set.root)) {
      console.log(`\n${set.name}: skipped, its data is not part of the repository`);
      continue;
    }
    const report = await measure(workspace, set);
    print(set.name, report);
    if (output !== undefined) await writeReport(report, join(output, set.name));
    if (options.updateBaseline) await writeFile(BASELINE, serialiseReport({ ...report, seconds: 0 }));
    if (options.compare) compare(await readReport(BASELINE), report);
  }
}

/** Every set, whether its data is there or not. */
export function listSets({ codeFolder }: EvalArguments): readonly EvalSet[] {
  const data = (path: string): string => join(DATA, path);
  const off = async (): Promise<readonly EvalQuestion[]> =>
    (await readQuestions(data("chroma/questions.jsonl"))).map((one) => ({
      ...one,
      references: [],
      unanswerable: true,
    }));
  return [
    {
      name: "handbook",
      collection: "handbook",
      root: `${HANDBOOK}/documents`,
      questions: () => readQuestions(`${HANDBOOK}/questions.jsonl`),
    },
    {
      name: "chroma",
      collection: "chroma",
      root: data("chroma/corpora"),
      questions: () => readQuestions(data("chroma/questions.jsonl")),
    },
    {
      name: "squad",
      collection: "squad",
      root: data("squad/corpora"),
      questions: () => readQuestions(data("squad/questions.jsonl")),
    },
    {
      name: "squad-unanswerable",
      collection: "squad",
      root: data("squad/corpora"),
      questions: () => readQuestions(data("squad/unanswerable.jsonl")),
    },
    { name: "squad-off-topic", collection: "squad", root: data("squad/corpora"), questions: off },
    {
      name: "multihop",
      collection: "multihop",
      root: data("multihop"),
      questions: () => readQuestions(data("multihop/questions.jsonl")),
    },
    {
      name: "flaml",
      collection: "flaml",
      root: data("flaml/corpora"),
      questions: () => readQuestions(data("flaml/questions.jsonl")),
    },
    {
      name: "code",
      collection: "code",
      root: codeFolder ?? data("code/corpus"),
      questions: () => readQuestions(data("code/queries.jsonl")),
    },
  ];
}

async function measure(workspace: EvalWorkspace, { collection, root, questions, name }: EvalSet): Promise<EvalReport> {
  if (root !== null) await ingestSet(workspace, { collection, root });
  return runEvaluation({
    useCases: useCasesOf(workspace, { collection }),
    questions: await questions(),
    questionsFile: name === "handbook" ? `${HANDBOOK}/questions.jsonl` : name,
    collection,
  });
}

/** Fills a set's collection. */
export async function ingestSet(
  workspace: EvalWorkspace,
  { collection, root }: { readonly collection: string; readonly root: string },
): Promise<void> {
  if (collection === "multihop") return ingestPassages(workspace, { collection, root });
  for await (const event of createIngestCorpus(workspace)({ collection, roots: [root] })) {
    if (event.type === "ingest-end" && event.report.documents.failed > 0) throw new Error(`Ingesting ${root} failed.`);
  }
}

/** What an evaluation calls, over one collection; with another search where one is given. */
export function useCasesOf(
  { store, embedder }: Pick<EvalWorkspace, "store" | "embedder">,
  {
    collection,
    retrieve = createRetriever({ store, embedder, collection, chunkTokens: CHUNK_TOKENS }),
  }: { readonly collection: string; readonly retrieve?: Retrieve },
): EvaluatedUseCases {
  const findCode = createCodeFinder({ store, embedder, collection });
  return {
    // Rankings are of single chunks, as in published evaluations; what a user gets is joined and stopped.
    searchCorpus: ({ query, collection: _searched, ...options }) =>
      retrieve(query, { ...options, join: options.stop !== false }),
    findCode: ({ task, ...options }) => findCode(task, options),
    answerQuestion: () => {
      throw new TypeError("Only searches are measured here.");
    },
    documents: createManageDocuments({ store }),
    collections: createManageCollections({ store, currentSettings: async () => createSettings(embedder) }),
  };
}

function print(name: string, { metrics, questions, stale }: EvalReport): void {
  console.log(`\n${name}: ${questions} questions${stale.length === 0 ? "" : `, ${stale.length} labels out of date`}`);
  for (const metric of METRICS) {
    const interval = metrics[metric.name];
    if (interval === undefined) continue;
    const { mean, low, high, n } = interval;
    console.log(`  ${metric.name.padEnd(16)} ${percent(mean).padStart(6)}  [${percent(low)}, ${percent(high)}]  ${n}`);
  }
}

function compare(baseline: EvalReport, current: EvalReport): void {
  const { metrics, regressed, questions } = compareReports(baseline, current);
  const changed = metrics.filter(({ verdict }) => verdict !== "same");
  for (const { name, verdict, difference } of changed) {
    console.log(
      `${name} is ${verdict}: ${percent(difference.mean)} [${percent(difference.low)}, ${percent(difference.high)}]`,
    );
  }
  if (current.stale.length > 0)
    console.log(`${current.stale.length} labels of the handbook's questions are out of date.`);
  console.log(regressed ? "Worse than the baseline." : `No regression in ${questions} questions.`);
  if (regressed) process.exitCode = 5;
}

function percent(share: number): string {
  return (share * 100).toFixed(1);
}
