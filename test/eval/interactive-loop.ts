import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createSettings } from "../../ingest/collection-target.ts";
import { createRetriever } from "../../src/retrieval/create-retriever.ts";
import { createGptTokenCounter } from "../../src/tokens/gpt-token-counter.ts";
import { runAutogenLoop } from "./autogen-loop.ts";
import { DATA, type EvalArguments, type EvalWorkspace } from "./eval-workspace.ts";
import { ingestPassages } from "./ingest-passages.ts";
import type { LoopQuestion, LoopTrace } from "./loop-question.ts";
import { printIncomplete, printLoops, printPaired, type LoopRun } from "./loop-report.ts";
import { runOwnLoop } from "./own-loop.ts";

const COLLECTION = "loop";
const AUTOGEN_COLLECTION = "loop-autogen";
const CHUNK_TOKENS = 150;
const AUTOGEN_CHUNK_TOKENS = 2_000;
/** Four fifths of what AutoGen takes for the window of gpt-4 and its successors; ours is the same number. */
const CONTEXT_TOKENS = 6_400;
const ROUNDS = 8;
const PAGE = 5;

/**
 * Measures the loop of questions, passages and `UPDATE CONTEXT` on questions that need several passages, with a scripted
 * reader, against AutoGen's loop over the same texts and the same embedding model.
 */
export async function measureLoop(workspace: EvalWorkspace, options: EvalArguments): Promise<void> {
  const root = join(DATA, "multihop");
  if (!existsSync(root)) {
    console.log("loop: skipped, its data is not part of the repository");
    return;
  }
  const questions = await readMultihop(join(root, "questions.jsonl"));
  const { store, embedder } = workspace;
  await ingestPassages(workspace, { collection: COLLECTION, root });
  await store.createCollection(
    AUTOGEN_COLLECTION,
    createSettings(embedder, { chunker: "autogen", chunkTokens: AUTOGEN_CHUNK_TOKENS }),
  );
  await ingestPassages(workspace, { collection: AUTOGEN_COLLECTION, root });
  const own = await runAll(questions, ownLoop(workspace, { namesQueries: false }));
  const naming = await runAll(questions, ownLoop(workspace, { namesQueries: true }));
  const page = await runAll(questions, autogenLoop(workspace, PAGE));
  const whole = await runAll(questions, autogenLoop(workspace, 20));
  const runs: LoopRun[] = [
    { name: "citewell", traces: own },
    { name: "citewell, reader names words", traces: naming },
    { name: `AutoGen, pages of ${String(PAGE)}`, traces: page },
    { name: "AutoGen, pages of 20 (default)", traces: whole },
  ];
  const [first, second, ...others] = runs;
  printLoops(runs, ROUNDS);
  for (const other of others) if (first !== undefined) printPaired(first, other);
  if (first !== undefined && second !== undefined) printPaired(second, first);
  for (const run of runs) printIncomplete(run);
  void options;
}

type Loop = (question: LoopQuestion) => Promise<LoopTrace>;

async function runAll(questions: readonly LoopQuestion[], loop: Loop): Promise<LoopTrace[]> {
  const traces: LoopTrace[] = [];
  for (const question of questions) traces.push(await loop(question));
  return traces;
}

function ownLoop({ store, embedder }: EvalWorkspace, { namesQueries }: { readonly namesQueries: boolean }): Loop {
  const retrieve = createRetriever({ store, embedder, collection: COLLECTION, chunkTokens: CHUNK_TOKENS });
  const tokenCounter = createGptTokenCounter();
  return (question) => runOwnLoop(question, { retrieve, tokenCounter, maxRounds: ROUNDS, limit: PAGE, namesQueries });
}

function autogenLoop(workspace: EvalWorkspace, pageSize: number): Loop {
  const counter = createGptTokenCounter();
  const options = {
    collection: AUTOGEN_COLLECTION,
    pageSize,
    contextTokens: CONTEXT_TOKENS,
    maxRounds: ROUNDS,
    count: (text: string): number => counter.count(text),
  };
  return (question) => runAutogenLoop(workspace, { question, options });
}

async function readMultihop(file: string): Promise<LoopQuestion[]> {
  const lines = (await readFile(file, "utf8")).split("\n").filter((line) => line !== "");
  return lines.map((line) => {
    const {
      id,
      question,
      evidence,
    }: { id: string; question: string; evidence: { doc: string; sentences: string[] }[] } = JSON.parse(line);
    return { id, question, needs: evidence.map(({ doc, sentences }) => ({ source: `${doc}.md`, span: null, sentences })) };
  });
}
