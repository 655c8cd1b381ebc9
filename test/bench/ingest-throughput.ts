import { readFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import type { Embedder } from "../../src/embedding/embedder.ts";
import { parseJsonObject } from "../../src/domain/json-object.ts";
import { openLocalEmbedder } from "../../src/embedding/local-embedder.ts";
import { createModelTokenizer } from "../../src/embedding/model-tokenizer.ts";
import { bundledModelFolder } from "../../src/embedding/open-embedder.ts";
import { openEmbeddedStore } from "../../src/store/embedded/embedded-store.ts";
import { type Bench, type BenchTable, median } from "./bench-table.ts";
import { openRawRuntime } from "./embedding-throughput.ts";
import { writeCorpus } from "./made-up-text.ts";
import { writeMixedCorpus } from "./mixed-corpus.ts";
import { ingestAll, withFolder } from "./temporary.ts";
import { timed, type Times } from "./timed.ts";

const CORPUS_BYTES = 250_000;
const FILE_BYTES = 10_000;
const ROUNDS = 5;

/**
 * A whole ingestion, files in and stored chunks out, beside bare runs of the model on the very token ids that the
 * ingestion embeds, in as many threads.
 */
export const benchIngestThroughput: Bench = async () => [
  await measure("Ingestion of Markdown", writeCorpus),
  await measure("Ingestion of all formats", writeMixedCorpus),
];

async function measure(title: string, write: typeof writeCorpus): Promise<BenchTable> {
  return await withFolder(async (folder) => {
    const workers = Math.min(availableParallelism(), 4);
    const corpus = join(folder, "corpus");
    const files = await write(corpus, { bytes: CORPUS_BYTES, fileBytes: FILE_BYTES });
    const model = bundledModelFolder();
    const embedder = await openLocalEmbedder({ modelPath: model, workers });
    const store = await openEmbeddedStore({ file: join(folder, "store.sqlite") });
    const texts: string[] = [];
    const recording: Embedder = {
      ...embedder,
      async embed(given, options) {
        texts.push(...given);
        return await embedder.embed(given, options);
      },
    };
    const report = await ingestAll({ store, embedder: recording }, { collection: "warm-up", roots: [corpus] });
    if (report.documents.added !== files) throw new Error(`${report.documents.added} of ${files} files were read.`);
    const ids = await encode(model, texts, embedder.maxTokens);
    const tokens = ids.reduce((sum, { length }) => sum + length, 0);
    const raw = await openRawRuntime({ modelFile: join(model, "onnx", "model_int8.onnx"), texts: ids, workers });
    await raw.round();
    const rawTimes: Times[] = [];
    const ingestTimes: Times[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      rawTimes.push(await timed(raw.round));
      ingestTimes.push(
        await timed(async () => {
          await ingestAll({ store, embedder }, { collection: `round-${round}`, roots: [corpus] });
        }),
      );
    }
    await Promise.all([raw.close(), embedder.close(), store.close()]);
    const row = (side: string, times: readonly Times[]): readonly (string | number)[] => {
      const [wall, cpu] = [median(times.map((time) => time.wall)), median(times.map((time) => time.cpu))];
      return [
        side,
        workers,
        tokens,
        wall.toFixed(2),
        Math.round(tokens / wall),
        median(times.map((time, round) => (rawTimes[round]?.wall ?? Number.NaN) / time.wall)).toFixed(3),
        median(times.map((time, round) => (rawTimes[round]?.cpu ?? Number.NaN) / time.cpu)).toFixed(3),
        ((1_000 * cpu) / report.chunks.embedded).toFixed(2),
      ];
    };
    return {
      title,
      head: [
        "side",
        "workers",
        "tokens",
        "seconds",
        "tokens/s",
        "of raw by clock",
        "of raw by CPU",
        "CPU s/1,000 chunks",
      ],
      rows: [row("raw onnxruntime", rawTimes), row("ingestion", ingestTimes)],
      notes: [
        `${files} files of ${FILE_BYTES / 1_000} kB, ${report.chunks.embedded} chunks; medians of ${ROUNDS} rounds of each side, by turns in one process. ` +
          "An ingestion finds, reads, cuts, tokenises, embeds and stores; the raw side runs the model on token ids made beforehand.",
      ],
    };
  });
}

async function encode(model: string, texts: readonly string[], maxTokens: number): Promise<number[][]> {
  const read = async (name: string) => parseJsonObject(await readFile(join(model, name), "utf8"));
  const tokenizer = createModelTokenizer(await read("tokenizer.json"), await read("tokenizer_config.json"));
  return texts.map((text) => tokenizer.encode(text, maxTokens));
}
