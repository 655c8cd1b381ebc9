import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createIngestCorpus } from "../../ingest/ingest-corpus.ts";
import { createCollectionOpener } from "../../src/answering/open-collection.ts";
import { runToEnd } from "../../src/domain/run-to-end.ts";
import type { Retrieve } from "../../src/retrieval/retrieve.ts";
import { createGptTokenCounter } from "../../src/tokens/gpt-token-counter.ts";
import { DATA, type EvalArguments, type EvalWorkspace } from "./eval-workspace.ts";
import type { LoopQuestion, LoopTrace } from "./loop-question.ts";
import { printLoops, printPaired, type LoopRun } from "./loop-report.ts";
import { runOwnLoop } from "./own-loop.ts";

const COLLECTION = "code-task";
const ROUNDS = 3;
const PAGE = 5;

/**
 * Measures what contexts of the task `code` hold: whether the files to change for a task are in them, round by round and
 * within a number of tokens, against the plain search over the same code and its documentation. Needs `--code-folder`.
 */
export async function measureCodeTask(workspace: EvalWorkspace, { codeFolder }: EvalArguments): Promise<void> {
  const file = join(DATA, "code/queries.jsonl");
  if (codeFolder === undefined || !existsSync(codeFolder) || !existsSync(file)) {
    console.log("code-task: skipped, it needs the tasks and, as --code-folder, the code that they are about");
    return;
  }
  await runToEnd(createIngestCorpus(workspace)({ collection: COLLECTION, roots: [codeFolder] }));
  const { retrieve, retrieveCode } = await createCollectionOpener(workspace)(COLLECTION);
  const tasks = await readTasks(file);
  const plain = { name: "plain search", traces: await runAll(tasks, retrieve) };
  const code = { name: "task code", traces: await runAll(tasks, retrieveCode) };
  console.log(`\ncode-task: ${String(tasks.length)} tasks; a need is a file to change`);
  printLoops([code, plain], ROUNDS);
  printAny([code, plain]);
  printPaired(code, plain);
}

async function runAll(tasks: readonly LoopQuestion[], retrieve: Retrieve): Promise<LoopTrace[]> {
  const tokenCounter = createGptTokenCounter();
  const options = { retrieve, tokenCounter, maxRounds: ROUNDS, limit: PAGE, namesQueries: false };
  const traces: LoopTrace[] = [];
  for (const task of tasks) traces.push(await runOwnLoop(task, options));
  return traces;
}

function printAny(runs: readonly LoopRun[]): void {
  console.log("\ntasks with a file to change in the first context");
  for (const { name, traces } of runs) {
    const held = traces.filter(({ needs, rounds: [first = []] }) =>
      needs.some(({ source }) => first.some((text) => text.source === source)),
    );
    console.log(`  ${name.padEnd(34)} ${((100 * held.length) / traces.length).toFixed(1)}`);
  }
}

async function readTasks(file: string): Promise<LoopQuestion[]> {
  const lines = (await readFile(file, "utf8")).split("\n").filter((line) => line !== "");
  return lines.map((line) => {
    const { id, repo, query_noscope: question, relevant }: TaskLine = JSON.parse(line);
    const folder = repo.replace("/", "+");
    return {
      id,
      question,
      needs: relevant.map((path) => ({ source: `${folder}/${path}`, span: null, sentences: [] })),
    };
  });
}

interface TaskLine {
  readonly id: string;
  readonly repo: string;
  /** The task without the scope that a commit's subject may begin with. */
  readonly query_noscope: string;
  readonly relevant: readonly string[];
}
