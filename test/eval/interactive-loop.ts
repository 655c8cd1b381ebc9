import { existsSync } from "node:fs";
import { createSettings } from "../../ingest/collection-settings.ts";
import { createRetriever } from "../../src/retrieval/create-retriever.ts";
import { createGptTokenCounter } from "../../src/tokens/gpt-token-counter.ts";
import { runAutogenLoop } from "./autogen-loop.ts";
import type { EvalArguments, EvalWorkspace } from "./eval-workspace.ts";
import type { LoopQuestion, LoopTrace } from "./loop-question.ts";
import { printIncomplete, printLoops, printPaired, type LoopRun } from "./loop-report.ts";
import { LOOP_SETS, type LoopSet } from "./loop-sets.ts";
import { runOwnLoop } from "./own-loop.ts";

const CHUNK_TOKENS = 150;
const AUTOGEN_CHUNK_TOKENS = 2_000;
/** Four fifths of what AutoGen takes for the window of gpt-4 and its successors; ours is the same number. */
const CONTEXT_TOKENS = 6_400;
const ROUNDS = 8;
const PAGE = 5;
/** Documents that AutoGen shows when nobody says how many. */
const AUTOGEN_PAGE = 20;

/**
 * Measures the loop of questions, passages and `UPDATE CONTEXT` with a scripted reader that asks until it has read all
 * that it needs, against AutoGen's loop over the same texts and the same embedding model. Names of sets pick some.
 */
export async function measureLoop(workspace: EvalWorkspace, { names }: EvalArguments): Promise<void> {
  for (const set of LOOP_SETS) {
    if (names.length > 0 && !names.includes(set.name)) continue;
    if (existsSync(set.root)) await measureSet(workspace, set);
    else console.log(`\n${set.name}: skipped, its data is not part of the repository`);
  }
}

async function measureSet(workspace: EvalWorkspace, set: LoopSet): Promise<void> {
  const { store, embedder } = workspace;
  const own = `loop-${set.name}`;
  const autogen = `loop-autogen-${set.name}`;
  await set.ingest(workspace, own);
  await store.createCollection(
    autogen,
    createSettings(embedder, { chunker: "autogen", chunkTokens: AUTOGEN_CHUNK_TOKENS }),
  );
  await set.ingest(workspace, autogen);
  const questions = await set.questions();
  const run = async (name: string, loop: Loop): Promise<LoopRun> => ({ name, traces: await runAll(questions, loop) });
  const plain = await run("citewell", ownLoop(workspace, { collection: own, namesQueries: false }));
  const naming = await run("citewell, reader names words", ownLoop(workspace, { collection: own, namesQueries: true }));
  const page = await run(
    `AutoGen, pages of ${String(PAGE)}`,
    autogenLoop(workspace, { collection: autogen, pageSize: PAGE }),
  );
  const whole = await run(
    `AutoGen, pages of ${String(AUTOGEN_PAGE)}`,
    autogenLoop(workspace, { collection: autogen, pageSize: AUTOGEN_PAGE }),
  );
  console.log(`\n${set.name}: ${String(questions.length)} questions`);
  printLoops([plain, naming, page, whole], ROUNDS);
  printPaired(plain, page);
  printPaired(plain, whole);
  printPaired(naming, plain);
  for (const each of [plain, naming, page, whole]) printIncomplete(each);
}

type Loop = (question: LoopQuestion) => Promise<LoopTrace>;

async function runAll(questions: readonly LoopQuestion[], loop: Loop): Promise<LoopTrace[]> {
  const traces: LoopTrace[] = [];
  for (const question of questions) traces.push(await loop(question));
  return traces;
}

function ownLoop(
  { store, embedder }: EvalWorkspace,
  { collection, namesQueries }: { readonly collection: string; readonly namesQueries: boolean },
): Loop {
  const retrieve = createRetriever({ store, embedder, collection, chunkTokens: CHUNK_TOKENS });
  const tokenCounter = createGptTokenCounter();
  return (question) => runOwnLoop(question, { retrieve, tokenCounter, maxRounds: ROUNDS, limit: PAGE, namesQueries });
}

function autogenLoop(workspace: EvalWorkspace, page: { readonly collection: string; readonly pageSize: number }): Loop {
  const counter = createGptTokenCounter();
  const options = {
    ...page,
    contextTokens: CONTEXT_TOKENS,
    maxRounds: ROUNDS,
    count: (text: string): number => counter.count(text),
  };
  return (question) => runAutogenLoop(workspace, { question, options });
}
