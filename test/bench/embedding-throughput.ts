import { once } from "node:events";
import { readFile, readdir } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import { parseJsonObject } from "../../src/domain/json-object.ts";
import { openLocalEmbedder } from "../../src/embedding/local-embedder.ts";
import { createModelTokenizer } from "../../src/embedding/model-tokenizer.ts";
import { bundledModelFolder } from "../../src/embedding/open-embedder.ts";
import type { RawWorkerSettings } from "./embedding-raw-worker.ts";
import { timed, type Times } from "./timed.ts";

/** One way to embed, measured. */
export interface EmbeddingBenchRow {
  readonly name: "raw onnxruntime" | "embedder";
  readonly workers: number;
  readonly texts: number;
  /** Tokens of one round, special tokens included. */
  readonly tokens: number;
  /** Median seconds of a round by the clock. */
  readonly wallSeconds: number;
  /** Median CPU seconds of a round, all threads of the process. */
  readonly cpuSeconds: number;
  readonly tokensPerSecond: number;
  readonly tokensPerCpuSecond: number;
  /** `tokensPerSecond` as a share of the raw runtime's. */
  readonly ofRawByClock: number;
  /** `tokensPerCpuSecond` as a share of the raw runtime's. */
  readonly ofRawByCpu: number;
}

/** Options of {@link benchEmbedding}. */
export interface EmbeddingBenchOptions {
  /**
   * Worker threads on both sides.
   * @default one a core, 4 at most
   */
  readonly workers?: number;
  /**
   * Texts in a round.
   * @default 400
   */
  readonly texts?: number;
  /**
   * Rounds of each side, in turns.
   * @default 5
   */
  readonly rounds?: number;
}

type Round = () => Promise<void>;

const TOKENS_A_TEXT = 130;
const MOST_TOKENS = 256;

/**
 * Compares the embedder, text in and vectors out, with bare runs of the same model file on tokens made beforehand, one
 * text a run, in as many worker threads, by turns in one process.
 */
export async function benchEmbedding(options: EmbeddingBenchOptions = {}): Promise<readonly EmbeddingBenchRow[]> {
  const { workers = Math.min(availableParallelism(), 4), texts: count = 400, rounds = 5 } = options;
  const folder = bundledModelFolder();
  const tokenizer = createModelTokenizer(
    parseJsonObject(await readFile(join(folder, "tokenizer.json"), "utf8")),
    parseJsonObject(await readFile(join(folder, "tokenizer_config.json"), "utf8")),
  );
  const texts = await sampleTexts(count, (text) => tokenizer.count(text));
  const ids = texts.map((text) => tokenizer.encode(text, MOST_TOKENS));
  const tokens = ids.reduce((sum, { length }) => sum + length, 0);

  const raw = await openRawRuntime({ modelFile: join(folder, "onnx", "model_int8.onnx"), texts: ids, workers });
  const embedder = await openLocalEmbedder({ modelPath: folder, workers });
  const embed: Round = async () => {
    await embedder.embed(texts);
  };
  await raw.round();
  await embed();
  const rawTimes: Times[] = [];
  const embedderTimes: Times[] = [];
  for (let round = 0; round < rounds; round += 1) {
    rawTimes.push(await timed(raw.round));
    embedderTimes.push(await timed(embed));
  }
  await Promise.all([raw.close(), embedder.close()]);

  const rawMedian = medians(rawTimes);
  const row = (name: EmbeddingBenchRow["name"], { wall, cpu }: Times): EmbeddingBenchRow => ({
    name,
    workers,
    texts: count,
    tokens,
    wallSeconds: wall,
    cpuSeconds: cpu,
    tokensPerSecond: tokens / wall,
    tokensPerCpuSecond: tokens / cpu,
    ofRawByClock: rawMedian.wall / wall,
    ofRawByCpu: rawMedian.cpu / cpu,
  });
  return [row("raw onnxruntime", rawMedian), row("embedder", medians(embedderTimes))];
}

/** Starts threads that run the bare model over token ids; a round takes all of them once. */
export async function openRawRuntime({
  modelFile,
  texts,
  workers,
}: {
  modelFile: string;
  texts: readonly (readonly number[])[];
  workers: number;
}): Promise<{ round: Round; close: () => Promise<void> }> {
  const next = new Int32Array(new SharedArrayBuffer(4));
  const workerData: RawWorkerSettings = { modelFile, texts, next };
  const script = new URL("./embedding-raw-worker.ts", import.meta.url);
  const threads = Array.from({ length: workers }, () => new Worker(script, { workerData }));
  await Promise.all(threads.map((thread) => once(thread, "message")));
  return {
    async round() {
      next[0] = 0;
      const done = threads.map((thread) => once(thread, "message"));
      for (const thread of threads) thread.postMessage("go", []);
      await Promise.all(done);
    },
    async close() {
      await Promise.all(threads.map((thread) => thread.terminate()));
    },
  };
}

function medians(times: readonly Times[]): Times {
  return { wall: median(times.map(({ wall }) => wall)), cpu: median(times.map(({ cpu }) => cpu)) };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** Prose from the repository's own corpora and sources, in pieces of about 130 tokens, no two the same. */
async function sampleTexts(count: number, countTokens: (text: string) => number): Promise<string[]> {
  const words = (await readSources()).split(/\s+/u).filter((word) => word !== "");
  const texts: string[] = [];
  for (let start = 0; texts.length < count;) {
    let text = "";
    for (let tokens = 0; tokens < TOKENS_A_TEXT; start += 1) {
      const word = words[start % words.length] ?? "word";
      tokens += countTokens(word);
      text += `${word} `;
    }
    texts.push(text);
  }
  return texts;
}

async function readSources(): Promise<string> {
  const root = new URL("../../", import.meta.url);
  const names = await readdir(root, { recursive: false });
  const folders = ["corpora", "src"].filter((name) => names.includes(name));
  const texts: string[] = [];
  for (const folder of folders) {
    const files = (await readdir(new URL(folder, root), { recursive: true })).toSorted();
    for (const file of files.filter((name) => /\.(md|txt|ts)$/u.test(name))) {
      texts.push(await readFile(new URL(`${folder}/${file}`, root), "utf8"));
    }
  }
  return texts.join("\n");
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  console.table(await benchEmbedding());
}
