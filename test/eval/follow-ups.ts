import { readFile } from "node:fs/promises";
import { createIngestCorpus } from "../../ingest/ingest-corpus.ts";
import { createAnswerQuestion } from "../../src/answering/answer-question.ts";
import { createCollectionOpener } from "../../src/answering/open-collection.ts";
import type { AnswerQuestion } from "../../src/answering/use-cases.ts";
import { createFileConversationStore } from "../../src/conversations/file-conversation-store.ts";
import type { Answer } from "../../src/domain/answer.ts";
import type { Hit } from "../../src/domain/hit.ts";
import { runToEnd } from "../../src/domain/run-to-end.ts";
import { bootstrapMean } from "../../src/evaluation/bootstrap.ts";
import { createGptTokenCounter } from "../../src/tokens/gpt-token-counter.ts";
import type { EvalWorkspace } from "./eval-workspace.ts";

const FILE = "corpora/handbook/follow-ups.jsonl";
const DOCUMENTS = "corpora/handbook/documents";
const COLLECTION = "handbook";

/** A question that comes after others, and the passage that answers it. */
interface FollowUp {
  readonly id: string;
  /** The questions before it. */
  readonly conversation: readonly string[];
  readonly question: string;
  /** Whether it cannot be understood without them; if not, they must not get in its way. */
  readonly leans: boolean;
  readonly references: readonly { readonly source: string; readonly text: string }[];
}

/** What one follow-up question led to. */
interface Outcome {
  readonly followUp: FollowUp;
  readonly found: number;
  readonly first: number;
  readonly cited: number;
  readonly isRead: boolean;
}

/**
 * Asks the handbook's follow-up questions behind their conversations, once as they are and once made standalone by
 * rules, and prints how often the passages that are found, and the answer's citations, hold what is asked for. The
 * built-in assistant answers, so no model is needed.
 */
export async function measureFollowUps(workspace: EvalWorkspace): Promise<void> {
  await runToEnd(createIngestCorpus(workspace)({ collection: COLLECTION, roots: [DOCUMENTS] }));
  const answerQuestion = createAnswerQuestion({
    ...workspace,
    openCollection: createCollectionOpener(workspace),
    conversations: createFileConversationStore({ folder: workspace.folder }),
    tokenCounter: createGptTokenCounter(),
    modelNames: async () => ["extractive"],
    openModel: () => Promise.reject(new TypeError("No model is asked here.")),
  });
  const followUps = await readFollowUps();
  const asked = await askAll(followUps, { answerQuestion, interpret: false });
  const read = await askAll(followUps, { answerQuestion, interpret: true });
  for (const leans of [true, false]) {
    const ofKind = (outcomes: readonly Outcome[]): Outcome[] => outcomes.filter((one) => one.followUp.leans === leans);
    console.log(`\n${leans ? "questions that lean on the conversation" : "questions that stand alone"}`);
    print("as asked", ofKind(asked));
    print("read from the conversation", ofKind(read));
    printDifference(ofKind(asked), ofKind(read));
  }
  const missed = read.filter(({ found }) => found === 0).map(({ followUp }) => followUp.id);
  console.log(`\nnot found: ${missed.join(", ") || "none"}`);
}

async function readFollowUps(): Promise<FollowUp[]> {
  const lines = (await readFile(FILE, "utf8")).split("\n").filter((line) => line !== "");
  return lines.map((line): FollowUp => JSON.parse(line));
}

interface AskOptions {
  readonly answerQuestion: AnswerQuestion;
  readonly interpret: boolean;
}

async function askAll(followUps: readonly FollowUp[], options: AskOptions): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const followUp of followUps) outcomes.push(await ask(followUp, options));
  return outcomes;
}

async function ask(followUp: FollowUp, { answerQuestion, interpret }: AskOptions): Promise<Outcome> {
  let conversationId: string | undefined;
  for (const question of followUp.conversation) {
    const { answer } = await answerOf(answerQuestion, { question, conversationId, interpret: true });
    conversationId = answer.conversationId;
  }
  const { hits, answer } = await answerOf(answerQuestion, { question: followUp.question, conversationId, interpret });
  const [reference] = followUp.references;
  if (reference === undefined) throw new TypeError(`The follow-up question ${followUp.id} has no reference.`);
  const holds = (hit: Pick<Hit, "source" | "text">): boolean =>
    hit.source === reference.source && flat(hit.text).includes(flat(reference.text));
  const quotes = answer.citations.filter(({ source }) => source === reference.source).map(({ quote }) => flat(quote));
  return {
    followUp,
    found: Number(hits.some(holds)),
    first: Number(hits[0] !== undefined && holds(hits[0])),
    cited: Number(quotes.some((quote) => flat(reference.text).includes(quote) || quote.includes(flat(reference.text)))),
    isRead: answer.searches[0]?.interpretation?.standalone !== undefined,
  };
}

async function answerOf(
  answerQuestion: AnswerQuestion,
  turn: { readonly question: string; readonly conversationId: string | undefined; readonly interpret: boolean },
): Promise<{ readonly hits: readonly Hit[]; readonly answer: Answer }> {
  const { question, conversationId, interpret } = turn;
  const beginning = conversationId === undefined ? { collection: COLLECTION } : { conversationId };
  const events = answerQuestion({ question, interpret, ...beginning });
  let hits: readonly Hit[] | null = null;
  for (;;) {
    const next = await events.next();
    if (next.done === true) return { hits: hits ?? [], answer: next.value };
    // The first search only: further rounds would hide what it missed.
    if (next.value.type === "retrieval") hits ??= next.value.hits;
  }
}

function print(name: string, outcomes: readonly Outcome[]): void {
  const read = outcomes.filter(({ isRead }) => isRead).length;
  console.log(
    `  ${name.padEnd(28)} recall@5 ${share(outcomes.map(({ found }) => found))}  hit@1 ${share(outcomes.map(({ first }) => first))}  cited ${share(outcomes.map(({ cited }) => cited))}  (${String(outcomes.length)} questions, ${String(read)} made standalone)`,
  );
}

function printDifference(before: readonly Outcome[], after: readonly Outcome[]): void {
  const gains = after.map(({ found }, index) => found - (before[index]?.found ?? 0));
  const citing = after.map(({ cited }, index) => cited - (before[index]?.cited ?? 0));
  console.log(`  ${"paired difference".padEnd(28)} recall@5 ${share(gains)}  cited ${share(citing)}`);
}

function share(values: readonly number[]): string {
  const { mean, low, high } = bootstrapMean(values);
  const percent = (value: number): string => (value * 100).toFixed(1);
  return `${percent(mean)} [${percent(low)}, ${percent(high)}]`;
}

function flat(text: string): string {
  return text.replaceAll(/\s+/g, " ").trim();
}
