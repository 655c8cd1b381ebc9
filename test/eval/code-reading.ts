import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { createIngestCorpus } from "../../ingest/ingest-corpus.ts";
import { listAllDocuments } from "../../src/answering/list-all-documents.ts";
import { createManageDocuments } from "../../src/answering/manage-documents.ts";
import { createDiskCache } from "../../src/cache/disk-cache.ts";
import { CODE_LANGUAGES } from "../../src/domain/code.ts";
import { runToEnd } from "../../src/domain/run-to-end.ts";
import { createCachedEmbedder } from "../../src/embedding/cached-embedder.ts";
import { bootstrapMean } from "../../src/evaluation/bootstrap.ts";
import { createGptTokenCounter } from "../../src/tokens/gpt-token-counter.ts";
import { DATA, type EvalArguments, type EvalWorkspace } from "./eval-workspace.ts";
import { createGrepFiles, readByGrep, type GrepHabit } from "./grep-reader.ts";
import {
  createReadingTrace,
  type ReadingOutcome,
  type ReadingTask,
  type ReadingWindow,
  type SourceFiles,
} from "./reading-trace.ts";
import { createCallContext, readBySearch } from "./search-reader.ts";

const COLLECTION = "code-reading";
const BUDGETS: readonly number[] = [5_000, 10_000, 20_000];
/** `max_tokens` of a search, the tool's default first. */
const MAX_TOKENS: readonly number[] = [2_000, 4_000];
const WINDOWS: readonly ReadingWindow[] = ["window", "file"];
const HABITS: Readonly<Record<string, GrepHabit>> = {
  "grep 1 word, lines": { words: 1, output: "lines" },
  "grep 3 words, lines": { words: 3, output: "lines" },
  "grep 1 word, counts": { words: 1, output: "counts" },
  "grep 3 words, counts": { words: 3, output: "counts" },
};

const task = z.object({ id: z.string(), query: z.string(), query_noscope: z.string(), relevant: z.array(z.string()) });

/** Outcomes of one way to read, in the order of the tasks. */
interface Reading {
  readonly name: string;
  readonly outcomes: readonly ReadingOutcome[];
}

/**
 * Measures how many tokens are read until a file that a commit changed is open: with `search_code`, and with grep. The tasks
 * are those of the set `code`, or of the JSONL file named behind the part's name; `--code-folder` holds the code.
 */
export async function measureCodeReading(workspace: EvalWorkspace, options: EvalArguments): Promise<void> {
  const file = options.names[0] ?? join(DATA, "code/queries.jsonl");
  const { codeFolder } = options;
  if (codeFolder === undefined || !existsSync(file)) {
    console.log("code-reading: skipped, it needs --code-folder and tasks, which are not part of the repository");
    return;
  }
  const lines = (await readFile(file, "utf8")).split("\n").filter((line) => line !== "");
  const tasks = lines.map((line): ReadingTask => {
    const { id, query_noscope: text, relevant } = task.parse(JSON.parse(line));
    return { id, text, relevant };
  });
  const files = await ingest(workspace, { folder: codeFolder, output: options.output });
  const known = tasks.filter(({ relevant }) => relevant.some((path) => files.has(path)));
  if (known.length < tasks.length)
    console.log(`${tasks.length - known.length} tasks are about files that are not there`);
  const rows: unknown[] = [];
  for (const window of WINDOWS) {
    const readings = await readAll(workspace, { tasks: known, files, window });
    print(window, readings);
    for (const { name, outcomes } of readings) {
      rows.push(...outcomes.map((outcome, index) => ({ id: known[index]?.id, window, name, ...outcome })));
    }
  }
  if (options.output === undefined) return;
  await writeFile(join(options.output, "readings.jsonl"), rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
}

/** Indexes the folder, and gives the source files in it: both readers see the same ones. */
async function ingest(
  { store, embedder }: EvalWorkspace,
  { folder, output }: { readonly folder: string; readonly output: string | undefined },
): Promise<SourceFiles> {
  const cache = output === undefined ? null : createDiskCache({ file: join(output, "vectors.sqlite") });
  const parts = { store, embedder: cache === null ? embedder : createCachedEmbedder(embedder, cache) };
  await runToEnd(createIngestCorpus(parts)({ collection: COLLECTION, roots: [folder] }));
  await cache?.close();
  const documents = await listAllDocuments(createManageDocuments({ store }), { collection: COLLECTION });
  const sources = documents.filter(({ language }) => CODE_LANGUAGES.has(language)).map(({ source }) => source);
  return new Map(
    await Promise.all(sources.map(async (source) => [source, await readFile(join(folder, source), "utf8")] as const)),
  );
}

async function readAll(
  { store, embedder }: EvalWorkspace,
  {
    tasks,
    files,
    window,
  }: { readonly tasks: readonly ReadingTask[]; readonly files: SourceFiles; readonly window: ReadingWindow },
): Promise<readonly Reading[]> {
  const counter = createGptTokenCounter();
  const countTokens = (text: string): number => counter.count(text);
  const context = createCallContext({ store, embedder, countTokens }, COLLECTION);
  const readings: Reading[] = [];
  for (const maxTokens of MAX_TOKENS) {
    const outcomes: ReadingOutcome[] = [];
    for (const one of tasks) {
      const trace = createReadingTrace({ task: one, files, window, countTokens });
      await readBySearch(trace, { text: one.text, context, maxTokens });
      outcomes.push(trace.outcome());
    }
    readings.push({ name: `search_code ${maxTokens}`, outcomes });
  }
  const grepFiles = createGrepFiles(files);
  const byGrep = Object.entries(HABITS).map(([name, habit]): Reading => {
    const outcomes = tasks.map((one) => {
      const trace = createReadingTrace({ task: one, files, window, countTokens });
      readByGrep(trace, { text: one.text, files: grepFiles, habit });
      return trace.outcome();
    });
    return { name, outcomes };
  });
  return [...readings, ...byGrep];
}

function print(window: ReadingWindow, readings: readonly Reading[]): void {
  const [own, ...others] = readings;
  if (own === undefined) return;
  console.log(`\n${window === "file" ? "whole files" : "200 lines around the place"}, ${own.outcomes.length} tasks`);
  console.log(
    `  ${"".padEnd(22)} median    mean  files  ${BUDGETS.map((budget) => `in ${budget / 1_000}k`).join("  ")}`,
  );
  for (const { name, outcomes } of readings) {
    const tokens = outcomes.map((outcome) => outcome.tokens).toSorted((left, right) => left - right);
    const within = BUDGETS.map((budget) => outcomes.filter((one) => one.found && one.tokens <= budget).length);
    const shares = within.map((some) => ((100 * some) / outcomes.length).toFixed(0).padStart(5));
    const opened = bootstrapMean(outcomes.map((outcome) => outcome.opened)).mean;
    console.log(
      `  ${name.padEnd(22)} ${inColumn(tokens[Math.floor(tokens.length / 2)] ?? 0)} ${inColumn(bootstrapMean(tokens).mean)} ` +
        `${opened.toFixed(1).padStart(6)}  ${shares.join(" ")}`,
    );
  }
  for (const { name, outcomes } of others) {
    const saved = outcomes.map((outcome, index) => outcome.tokens - (own.outcomes[index]?.tokens ?? 0));
    const { mean, low, high } = bootstrapMean(saved);
    console.log(
      `  more tokens by ${name} than by ${own.name}: ${inColumn(mean)} [${inColumn(low)}, ${inColumn(high)}]`,
    );
  }
}

function inColumn(tokens: number): string {
  return String(Math.round(tokens)).padStart(7);
}
