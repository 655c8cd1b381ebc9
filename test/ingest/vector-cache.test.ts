import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { createIngestCorpus } from "../../ingest/ingest-corpus.ts";
import type { IngestReport } from "../../src/domain/ingest.ts";
import { createDiskCache } from "../../src/cache/disk-cache.ts";
import { runToEnd } from "../../src/domain/run-to-end.ts";
import { createCachedEmbedder } from "../../src/embedding/cached-embedder.ts";
import { createHashingEmbedder } from "../../src/embedding/hashing-embedder.ts";
import { openEmbeddedStore } from "../../src/store/embedded/embedded-store.ts";
import { createFolder } from "./temporary-folder.ts";

async function openBench() {
  const cacheFolder = await mkdtemp(join(tmpdir(), "citewell-cache-"));
  const file = join(cacheFolder, "vectors.sqlite");
  const corpus = await createFolder({ "a.md": "# One\n\nThe first text.\n", "b.md": "# Two\n\nThe second text.\n" });
  const store = await openEmbeddedStore({ file: ":memory:" });
  onTestFinished(async () => {
    await store.close();
    await rm(cacheFolder, { recursive: true });
  });
  const ingest = async (collection: string): Promise<IngestReport> => {
    const cache = createDiskCache({ file });
    const embedder = createCachedEmbedder(createHashingEmbedder({ dimensions: 16 }), cache);
    const parts = { store, embedder, takeNotes: () => cache.takeNotes() };
    try {
      return await runToEnd(createIngestCorpus(parts)({ collection, roots: [corpus.path] }));
    } finally {
      await embedder.close();
    }
  };
  return { corpus, file, ingest };
}

it("counts chunks as reused whose vectors another collection left in the cache", async () => {
  const { corpus, ingest } = await openBench();
  expect(await ingest("first")).toMatchObject({ chunks: { embedded: 2, reused: 0 } });
  await corpus.write({ "c.md": "# Three\n\nA new text.\n" });
  const second = await ingest("second");
  expect(second).toMatchObject({ chunks: { embedded: 1, reused: 2, total: 3 }, documents: { added: 3 } });
  expect(second.tokens).toBeGreaterThan(0);
  expect(second.notes).toBeUndefined();
});

it("goes on with a damaged cache, and says so in the report", async () => {
  const { file, ingest } = await openBench();
  await writeFile(file, "no database at all".repeat(1_000));
  const report = await ingest("first");
  expect(report.chunks.embedded).toBe(2);
  expect(report.notes).toEqual([expect.stringContaining("made anew")]);
});
