import { existsSync } from "node:fs";
import { join } from "node:path";
import { ExtractiveAssistant } from "../../src/agents/extractive/extractive-assistant.ts";
import { RetrieveUserProxyAgent } from "../../src/agents/retrieve/retrieve-user-proxy-agent.ts";
import { runRetrieveChat } from "../../src/agents/retrieve/run-retrieve-chat.ts";
import { squash } from "../../src/evaluation/answer-metrics.ts";
import { bootstrapMean } from "../../src/evaluation/bootstrap.ts";
import type { EvalQuestion } from "../../src/evaluation/eval-question.ts";
import { readQuestions } from "../../src/evaluation/read-questions.ts";
import { createRetriever } from "../../src/retrieval/create-retriever.ts";
import { DATA, type EvalArguments, type EvalWorkspace } from "./eval-workspace.ts";
import { ingestSet } from "./measure-sets.ts";

interface ExtractiveSet {
  readonly name: string;
  readonly collection: string;
  readonly root: string;
  readonly file: string;
  /** Whether the questions are about other texts than those of the collection. */
  readonly isOffTopic?: true;
}

const CHUNK_TOKENS = 150;
const SENTENCES = [1, 2, 3] as const;
const SETS: readonly ExtractiveSet[] = [
  {
    name: "handbook",
    collection: "handbook",
    root: "corpora/handbook/documents",
    file: "corpora/handbook/questions.jsonl",
  },
  {
    name: "squad",
    collection: "squad",
    root: join(DATA, "squad/corpora"),
    file: join(DATA, "squad/questions.jsonl"),
  },
  {
    name: "squad-unanswerable",
    collection: "squad",
    root: join(DATA, "squad/corpora"),
    file: join(DATA, "squad/unanswerable.jsonl"),
  },
  {
    name: "squad-off-topic",
    collection: "squad",
    root: join(DATA, "squad/corpora"),
    file: join(DATA, "chroma/questions.jsonl"),
    isOffTopic: true,
  },
];

/** What became of one question. */
interface Outcome {
  readonly isRefused: boolean;
  /** Whether the first one, two and three quoted sentences hold an answer. */
  readonly held: readonly boolean[];
  readonly length: number;
}

/**
 * Measures the extractive assistant as its users meet it: whether the first one, two or three sentences of its answer hold
 * an answer word for word (a refusal holds none), and how often it refuses, rightly and wrongly. Names of sets pick some.
 */
export async function measureExtractive(workspace: EvalWorkspace, { names }: EvalArguments): Promise<void> {
  const filled = new Set<string>();
  for (const set of SETS) {
    if (names.length > 0 && !names.includes(set.name)) continue;
    if (!existsSync(set.file)) {
      console.log(`\n${set.name}: skipped, its data is not part of the repository`);
      continue;
    }
    if (!filled.has(set.collection)) await ingestSet(workspace, set);
    filled.add(set.collection);
    await measureSet(workspace, set);
  }
}

async function measureSet(
  workspace: EvalWorkspace,
  { name, collection, file, isOffTopic }: ExtractiveSet,
): Promise<void> {
  const questions = await readQuestions(file);
  const answerable: Outcome[] = [];
  const unanswerable: Outcome[] = [];
  for (const question of questions) {
    const outcome = await askOne(workspace, { question, collection });
    (isOffTopic === true || question.unanswerable ? unanswerable : answerable).push(outcome);
  }
  console.log(`\n${name}: ${String(questions.length)} questions`);
  if (answerable.length > 0) {
    for (const [index, count] of SENTENCES.entries()) {
      print(
        `holds the answer in ${String(count)}`,
        answerable.map(({ held }) => held[index] === true),
      );
    }
    print(
      "wrongly refused",
      answerable.map(({ isRefused }) => isRefused),
    );
    const characters = answerable.reduce((sum, { length }) => sum + length, 0) / answerable.length;
    console.log(`  ${"characters, mean".padEnd(24)} ${characters.toFixed(0).padStart(6)}`);
  }
  if (unanswerable.length > 0)
    print(
      "rightly refused",
      unanswerable.map(({ isRefused }) => isRefused),
    );
}

async function askOne(
  { store, embedder }: EvalWorkspace,
  { question, collection }: { readonly question: EvalQuestion; readonly collection: string },
): Promise<Outcome> {
  const retrieve = createRetriever({ store, embedder, collection, chunkTokens: CHUNK_TOKENS });
  const proxy = new RetrieveUserProxyAgent({ name: "proxy", humanInputMode: "NEVER", retrieve });
  const chat = runRetrieveChat({
    proxy,
    assistant: new ExtractiveAssistant({ embedder }),
    question: question.question,
  });
  let step = await chat.next();
  while (step.done !== true) step = await chat.next();
  const { answer, status } = step.value;
  const right = (
    question.answers.length > 0 ? question.answers : question.references.flatMap(({ text }) => text ?? [])
  ).map(plain);
  const held = SENTENCES.map((count) => right.some((one) => holds(plain(firstSentences(answer, count)), one)));
  return { isRefused: status === "insufficient", held, length: answer.length };
}

/** The answer up to its n-th marker, with the list or code that stands in between. */
function firstSentences(answer: string, count: number): string {
  const markers = [...answer.matchAll(/\[\d+\]/g)];
  const last = markers[count - 1] ?? markers.at(-1);
  return last === undefined ? "" : answer.slice(0, last.index);
}

/** Whether a text holds an answer; of an answer that is a table's row, each cell in order, since rows are read out. */
function holds(text: string, answer: string): boolean {
  let from = 0;
  return answer.split("|").every((part) => {
    const at = text.indexOf(part.trim(), from);
    from = at + part.trim().length;
    return at !== -1;
  });
}

function plain(text: string): string {
  return squash(text.replaceAll(/\[\d+\]/g, " "));
}

function print(label: string, values: readonly boolean[]): void {
  const { mean, low, high, n } = bootstrapMean(values.map(Number));
  const [middle, from, to] = [mean, low, high].map((share) => (share * 100).toFixed(1));
  console.log(`  ${label.padEnd(24)} ${String(middle).padStart(6)}  [${String(from)}, ${String(to)}]  ${String(n)}`);
}
