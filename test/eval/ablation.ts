import { existsSync } from "node:fs";
import { indexChunks } from "../../ingest/index-chunks.ts";
import type { Embedder } from "../../src/embedding/embedder.ts";
import { compareReports } from "../../src/evaluation/compare-reports.ts";
import type { EvalReport } from "../../src/evaluation/eval-report.ts";
import { runEvaluation } from "../../src/evaluation/run-evaluation.ts";
import { FIELD_WEIGHTS, type FieldWeights } from "../../src/lexical/term-weights.ts";
import { createRetriever } from "../../src/retrieval/create-retriever.ts";
import type { RankingParts } from "../../src/retrieval/ranking-parts.ts";
import type { Retrieve, RetrieveOptions } from "../../src/retrieval/retrieve.ts";
import { SCORE_WEIGHTS } from "../../src/retrieval/score-candidates.ts";
import { allDocuments } from "../../src/store/all-documents.ts";
import type { VectorStore } from "../../src/store/vector-store.ts";
import type { EvalArguments, EvalWorkspace } from "./eval-workspace.ts";
import { CHUNK_TOKENS, type EvalSet, ingestSet, listSets, useCasesOf } from "./measure-sets.ts";

/** The search without one of its parts. */
interface Variant {
  readonly name: string;
  /** Where terms count, when something else than the default is indexed. */
  readonly fields?: FieldWeights;
  readonly parts?: RankingParts;
  /** What every search asks for. */
  readonly request?: Pick<RetrieveOptions, "mode">;
  /** What only the plain search asks for, not the ranking of single chunks. */
  readonly plain?: Pick<RetrieveOptions, "stop" | "join">;
}

const SETS = ["handbook", "chroma", "squad", "multihop"];
const SHOWN = ["recallAt1", "recallAt5", "recallAt10", "spanRecall", "iou"];
const { hybrid } = SCORE_WEIGHTS;

const VARIANTS: readonly Variant[] = [
  { name: "vectors", request: { mode: "lexical" } },
  { name: "words", request: { mode: "dense" } },
  { name: "neighbours' words", fields: { ...FIELD_WEIGHTS, neighbour: 0 } },
  { name: "words of title and headings", fields: { ...FIELD_WEIGHTS, title: 0, heading: 0 } },
  { name: "best sentence (V)", parts: { weights: { ...hybrid, sentence: 0 } } },
  { name: "links by title and name", parts: { followsLinks: false } },
  { name: "stop", plain: { stop: false } },
  { name: "joining and trimming", plain: { join: false } },
  { name: "trimming", parts: { trims: false } },
];

/**
 * Takes one part out of the search at a time and prints what changes, as a Markdown table with 95 % intervals over the
 * same questions. Sets whose data is not there are left out.
 */
export async function measureAblation(workspace: EvalWorkspace, options: EvalArguments): Promise<void> {
  const wanted = options.names.length === 0 ? SETS : options.names;
  const embedder = rememberQueries(workspace.embedder);
  for (const set of listSets(options)) {
    if (!wanted.includes(set.name) || set.root === null) continue;
    if (!existsSync(set.root)) console.log(`\n${set.name}: skipped, its data is not part of the repository`);
    else await measureSet({ ...workspace, embedder }, { set, root: set.root });
  }
}

async function measureSet(
  workspace: EvalWorkspace,
  { set, root }: { readonly set: EvalSet; readonly root: string },
): Promise<void> {
  const { collection } = set;
  await ingestSet(workspace, { collection, root });
  const whole = await measure(workspace, { set, variant: { name: "" } });
  const columns = SHOWN.filter((name) => whole.metrics[name] !== undefined);
  console.log(`\n${set.name}, ${String(whole.questions)} questions\n`);
  printRow(["without", ...columns]);
  printRow(["---", ...columns.map(() => "---")]);
  printRow(["nothing", ...columns.map((name) => percent(whole.metrics[name]?.mean ?? 0))]);
  for (const variant of VARIANTS) {
    if (variant.fields !== undefined) await weighAnew(workspace.store, { collection, fields: variant.fields });
    const { metrics } = compareReports(whole, await measure(workspace, { set, variant }));
    if (variant.fields !== undefined) await weighAnew(workspace.store, { collection, fields: FIELD_WEIGHTS });
    const cells = columns.map((name) => {
      const difference = metrics.find((metric) => metric.name === name)?.difference;
      if (difference === undefined) return "";
      const { mean, low, high } = difference;
      return mean === 0 && low === 0 && high === 0 ? "0" : `${signed(mean)} [${signed(low)}, ${signed(high)}]`;
    });
    printRow([variant.name, ...cells]);
  }
}

async function measure(
  { store, embedder }: EvalWorkspace,
  { set, variant }: { readonly set: EvalSet; readonly variant: Variant },
): Promise<EvalReport> {
  const { collection } = set;
  const { parts = {}, request = {}, plain = {} } = variant;
  const search = createRetriever({ store, embedder, collection, chunkTokens: CHUNK_TOKENS, parts });
  const retrieve: Retrieve = (query, { stop, join, ...given } = {}) =>
    search(query, {
      ...given,
      ...request,
      ...(stop === false ? { stop, join: false } : { stop: true, join, ...plain }),
    });
  return runEvaluation({
    useCases: useCasesOf({ store, embedder }, { collection, retrieve }),
    questions: await set.questions(),
    questionsFile: set.name,
    collection,
  });
}

/** Gives every chunk of a collection the term weights that other places of terms make; the vectors stay. */
async function weighAnew(
  store: VectorStore,
  { collection, fields }: { readonly collection: string; readonly fields: FieldWeights },
): Promise<void> {
  const info = await store.describeCollection(collection);
  if (info === null) throw new TypeError(`There is no collection ${collection}.`);
  // A length that counts less of the neighbours is shorter for every chunk alike.
  const share = (1 + 2 * fields.neighbour) / (1 + 2 * FIELD_WEIGHTS.neighbour);
  const averageLength = info.settings.analyser.averageLength * share;
  for await (const { id } of allDocuments(store, collection)) {
    const chunks = (await store.listChunks(collection, id)).map((chunk) => ({ chunk, embeddedText: "", prefix: "" }));
    const indexed = [...indexChunks(chunks, { averageLength, weights: fields })].map((chunk) => chunk.indexed);
    for (let start = 0; start < indexed.length; start += store.maxBatchSize) {
      await store.refreshChunks(collection, indexed.slice(start, start + store.maxBatchSize));
    }
  }
}

/** Every variant asks the same questions: their vectors are made once. */
function rememberQueries(embedder: Embedder): Embedder {
  const known = new Map<string, Float32Array>();
  return {
    ...embedder,
    async embed(texts, options = {}) {
      if (options.purpose !== "query") return embedder.embed(texts, options);
      const missing = texts.filter((text) => !known.has(text));
      const vectors = missing.length === 0 ? [] : await embedder.embed(missing, options);
      for (const [index, text] of missing.entries()) known.set(text, vectors[index] ?? new Float32Array());
      return texts.map((text) => known.get(text) ?? new Float32Array());
    },
  };
}

function printRow(cells: readonly string[]): void {
  console.log(`| ${cells.join(" | ")} |`);
}

function signed(share: number): string {
  return `${share < 0 ? "−" : "+"}${percent(Math.abs(share))}`;
}

function percent(share: number): string {
  return (share * 100).toFixed(1);
}
