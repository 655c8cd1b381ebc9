import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Embedder } from "../../src/embedding/embedder.ts";
import { createHashingEmbedder } from "../../src/embedding/hashing-embedder.ts";
import { openEmbeddedStore } from "../../src/store/embedded/embedded-store.ts";
import { type Bench, median } from "./bench-table.ts";
import { createMadeUpText, writeCorpus } from "./made-up-text.ts";
import { ingestAll, withFolder } from "./temporary.ts";

const FILES = 5_000;
const FILE_BYTES = 2_000;
const LINES = 2_000;
const RERUNS = 5;

/** What it costs to ingest again. */
export const benchIngestRerun: Bench = async () =>
  await withFolder(async (folder) => {
    const store = await openEmbeddedStore({ file: join(folder, "store.sqlite") });
    const hashing = createHashingEmbedder({ dimensions: 384 });
    const counts = { texts: 0 };
    const embedder: Embedder = {
      ...hashing,
      async embed(texts, options) {
        counts.texts += texts.length;
        return await hashing.embed(texts, options);
      },
    };
    const ingest = async (collection: string, root: string): Promise<{ seconds: number; texts: number }> => {
      counts.texts = 0;
      const { seconds } = await ingestAll({ store, embedder }, { collection, roots: [root] });
      return { seconds, texts: counts.texts };
    };
    const tree = join(folder, "tree");
    await writeCorpus(tree, { bytes: FILES * FILE_BYTES, fileBytes: FILE_BYTES });
    // A file that changed a moment ago may change again without another time, so it would be read again.
    await sleep(2_500);
    const first = await ingest("tree", tree);
    const again = [];
    for (let run = 0; run < RERUNS; run += 1) again.push(await ingest("tree", tree));
    const edited = await editOneLine(join(folder, "lines"), (root) => ingest("lines", root));
    await store.close();
    return [
      {
        title: "Ingesting again",
        head: ["what", "seconds", "texts embedded"],
        rows: [
          [`${FILES} files for the first time`, first.seconds.toFixed(1), first.texts],
          [
            "the same, unchanged",
            median(again.map(({ seconds }) => seconds)).toFixed(2),
            Math.max(...again.map(({ texts }) => texts)),
          ],
          [`one line edited in a file of ${LINES} lines`, edited.seconds.toFixed(2), edited.texts],
        ],
        notes: ["With the hashing embedder, so that the seconds are those of everything but the model."],
      },
    ];
  });

async function editOneLine(
  folder: string,
  ingest: (root: string) => Promise<{ seconds: number; texts: number }>,
): Promise<{ seconds: number; texts: number }> {
  const text = createMadeUpText(7);
  const file = join(folder, "long.md");
  await mkdir(folder);
  await writeFile(file, Array.from({ length: LINES }, (_, at) => (at % 6 === 5 ? "" : text.sentence())).join("\n"));
  await ingest(folder);
  const lines = (await readFile(file, "utf8")).split("\n");
  lines[LINES / 2] = "This line says something else now.";
  await writeFile(file, lines.join("\n"));
  return await ingest(folder);
}
