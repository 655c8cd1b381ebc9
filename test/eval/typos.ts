import { existsSync } from "node:fs";
import type { Correction } from "../../src/domain/hit.ts";
import { bootstrapMean } from "../../src/evaluation/bootstrap.ts";
import type { EvalQuestion } from "../../src/evaluation/eval-question.ts";
import type { EvalReport } from "../../src/evaluation/eval-report.ts";
import { percent } from "../../src/evaluation/metrics.ts";
import { runEvaluation } from "../../src/evaluation/run-evaluation.ts";
import { createRetriever } from "../../src/retrieval/create-retriever.ts";
import type { Retrieve } from "../../src/retrieval/retrieve.ts";
import type { EvalArguments, EvalWorkspace } from "./eval-workspace.ts";
import { CHUNK_TOKENS, type EvalSet, ingestSet, listSets, useCasesOf } from "./measure-sets.ts";
import { mistype } from "./mistype.ts";

const SETS = ["handbook", "chroma", "squad", "multihop"];
const SHOWN = ["recallAt1", "recallAt5", "spanRecall", "wrongRefusal"];
/** Each question is mistyped so often, differently. */
const TIMES = 3;

/**
 * Asks the questions of all sets as they are and with typing mistakes, with and without correction, and prints what is
 * found; then the corrections that questions without made mistakes got, and how many questions of the other sets, which a
 * collection does not answer, are still refused. Sets whose data is not there are left out.
 */
export async function measureTypos(workspace: EvalWorkspace, options: EvalArguments): Promise<void> {
  const wanted = options.names.length === 0 ? SETS : options.names;
  const sets = listSets(options).filter(({ name, root }) => SETS.includes(name) && root !== null && existsSync(root));
  for (const set of sets.filter(({ name }) => wanted.includes(name))) {
    const { collection, root } = set;
    if (root !== null) await ingestSet(workspace, { collection, root });
    await measureSet(workspace, set);
    const others = await Promise.all(sets.filter((other) => other !== set).map(({ questions }) => questions()));
    await measureOffTopic(workspace, { set, questions: others.flat() });
  }
}

async function measureSet(workspace: EvalWorkspace, set: EvalSet): Promise<void> {
  const questions = (await set.questions()).filter(({ unanswerable }) => !unanswerable);
  const mistyped = questions.flatMap((question, at) =>
    Array.from({ length: TIMES }, (_, time) => mistypeQuestion(question, at * TIMES + time)),
  );
  const asked = [
    { name: "as they are, not corrected", questions, corrects: false },
    { name: "as they are", questions, corrects: true },
    { name: "mistyped, not corrected", questions: mistyped, corrects: false },
    { name: "mistyped", questions: mistyped, corrects: true },
  ];
  console.log(`\n${set.name}: ${String(questions.length)} questions, each mistyped ${String(TIMES)} times`);
  const reports: EvalReport[] = [];
  for (const { name, questions: those, corrects } of asked) {
    const { report, corrected } = await measure(workspace, { set, questions: those, corrects });
    reports.push(report);
    const cells = SHOWN.map((metric) => `${metric} ${percent(report.metrics[metric]?.mean ?? 0).padStart(5)}`);
    console.log(`  ${name.padEnd(28)} ${cells.join("  ")}  (${String(corrected.length)} words corrected)`);
    if (those === questions && corrects) console.log(`    ${listOf(corrected)}`);
  }
  for (const metric of SHOWN) console.log(`  ${`difference, ${metric}`.padEnd(28)} ${difference(reports, metric)}`);
}

function mistypeQuestion(question: EvalQuestion, seed: number): EvalQuestion {
  const text = mistype(question.question, seed)?.text ?? question.question;
  return { ...question, id: `${question.id}#${String(seed % TIMES)}`, question: text };
}

/** Of mistyped questions, what correcting gains. */
function difference([, , before, after]: readonly EvalReport[], metric: string): string {
  const known = new Map(before?.results.map(({ id, metrics }) => [id, metrics[metric]]));
  const gains = (after?.results ?? []).flatMap(({ id, metrics }) => {
    const [was, is] = [known.get(id), metrics[metric]];
    return was === undefined || is === undefined ? [] : [is - was];
  });
  const { mean, low, high } = bootstrapMean(gains);
  return `${percent(mean)} [${percent(low)}, ${percent(high)}]`;
}

async function measureOffTopic(
  workspace: EvalWorkspace,
  { set, questions }: { readonly set: EvalSet; readonly questions: readonly EvalQuestion[] },
): Promise<void> {
  if (questions.length === 0) return;
  const off = questions.map((question) => ({ ...question, references: [], unanswerable: true }));
  const before = await measure(workspace, { set, questions: off, corrects: false });
  const after = await measure(workspace, { set, questions: off, corrects: true });
  const refused = [before, after].map(({ report }) => percent(report.metrics["rightRefusal"]?.mean ?? 0));
  console.log(`  ${String(off.length)} questions of the other sets: refused ${refused.join(", corrected ")}`);
  console.log(`    ${listOf(after.corrected)}`);
}

async function measure(
  { store, embedder }: EvalWorkspace,
  options: { readonly set: EvalSet; readonly questions: readonly EvalQuestion[]; readonly corrects: boolean },
): Promise<{ readonly report: EvalReport; readonly corrected: readonly Correction[] }> {
  const { set, questions, corrects } = options;
  const { collection } = set;
  const parts = { corrects };
  const search = createRetriever({ store, embedder, collection, chunkTokens: CHUNK_TOKENS, parts });
  const corrected: Correction[] = [];
  const retrieve: Retrieve = async (query, request = {}) => {
    const result = await search(query, request);
    // Each question is searched for once as a user would, and once for its ranking.
    if (request.stop !== false) corrected.push(...(result.interpretation?.corrections ?? []));
    return result;
  };
  const useCases = useCasesOf({ store, embedder }, { collection, retrieve });
  const report = await runEvaluation({ useCases, questions, questionsFile: set.name, collection });
  return { report, corrected };
}

function listOf(corrections: readonly Correction[]): string {
  const pairs = corrections.map(({ written, read }) => `${written} → ${read}`);
  return `corrected: ${[...new Set(pairs)].join(", ") || "nothing"}`;
}
