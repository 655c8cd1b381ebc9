import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createIngestCorpus } from "../../ingest/ingest-corpus.ts";
import { DATA, type EvalWorkspace } from "./eval-workspace.ts";
import { ingestPassages } from "./ingest-passages.ts";
import type { LoopQuestion } from "./loop-question.ts";
import { runToEnd } from "../../src/domain/run-to-end.ts";

/** Questions for the loop, with the texts that they are about. */
export interface LoopSet {
  readonly name: string;
  readonly root: string;
  /** Ingests the texts into a collection, which may exist already. */
  ingest(workspace: EvalWorkspace, collection: string): Promise<void>;
  questions(): Promise<readonly LoopQuestion[]>;
}

/** Questions over several passages first; then questions over one document, whose evidence is marked in it. */
export const LOOP_SETS: readonly LoopSet[] = [
  {
    name: "multihop",
    root: join(DATA, "multihop"),
    ingest: (workspace, collection) => ingestPassages(workspace, { collection, root: join(DATA, "multihop") }),
    questions: async () => (await readLines<MultihopLine>("multihop/questions.jsonl")).map(fromMultihop),
  },
  markedSet("chroma"),
  markedSet("squad"),
];

interface MultihopLine {
  readonly id: string;
  readonly question: string;
  readonly evidence: readonly { readonly doc: string; readonly sentences: readonly string[] }[];
}

interface MarkedLine {
  readonly id: string;
  readonly question: string;
  readonly corpus: string;
  readonly references: readonly { readonly start: number; readonly end: number }[];
}

function markedSet(name: string): LoopSet {
  const root = join(DATA, name, "corpora");
  return {
    name,
    root,
    async ingest(workspace, collection) {
      await runToEnd(createIngestCorpus(workspace)({ collection, roots: [root] }));
    },
    questions: async () => (await readLines<MarkedLine>(`${name}/questions.jsonl`)).map(fromMarked),
  };
}

function fromMultihop({ id, question, evidence }: MultihopLine): LoopQuestion {
  return {
    id,
    question,
    needs: evidence.map(({ doc, sentences }) => ({ source: `${doc}.md`, span: null, sentences })),
  };
}

function fromMarked({ id, question, corpus, references }: MarkedLine): LoopQuestion {
  const needs = references.map(({ start, end }) => ({ source: `${corpus}.md`, span: { start, end }, sentences: [] }));
  return { id, question, needs };
}

async function readLines<Line>(path: string): Promise<Line[]> {
  const text = await readFile(join(DATA, path), "utf8");
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line): Line => JSON.parse(line));
}
