import { expect, it, onTestFinished } from "vitest";
import { createIngestCorpus } from "../../ingest/ingest-corpus.ts";
import { runToEnd } from "../../src/domain/run-to-end.ts";
import { createHashingEmbedder } from "../../src/embedding/hashing-embedder.ts";
import { CitewellError } from "../../src/errors.ts";
import type { CollectionInfo } from "../../src/domain/collection.ts";
import type { VectorStore } from "../../src/store/vector-store.ts";
import { openTestStore, storeFiles } from "../support/store-files.ts";
import { createFolder } from "./temporary-folder.ts";

it.each(["a/b", "..", ".hidden", "two words", "n".repeat(101)])("makes no collection called %s", async (collection) => {
  const { store, close } = await openTestStore();
  onTestFinished(close);
  const stored = storeFiles({ "a.md": "text" }, { store, embedder: createHashingEmbedder(), collection });
  await expect(stored).rejects.toMatchObject({
    code: "usage_invalid",
    message: expect.stringContaining("Choose another name"),
  });
  expect(await store.listCollections()).toEqual([]);
});

it.each(["../a.md", "/a.md", ".", "a\nb.md", "\ud800.md"])("stores no document called %j", async (source) => {
  const { store, close } = await openTestStore();
  onTestFinished(close);
  const stored = storeFiles({ [source]: "text" }, { store, embedder: createHashingEmbedder(), collection: "default" });
  await expect(stored).rejects.toMatchObject({ code: "usage_invalid" });
});

it("waits for a collection that is half made, whose maker may have been killed", async () => {
  const { store, close } = await openTestStore();
  onTestFinished(close);
  let refusals = 1;
  const halfMade: VectorStore = {
    ...store,
    createCollection: async (...args) => {
      refusals -= 1;
      if (refusals < 0) return store.createCollection(...args);
      throw new CitewellError("collection_exists", "It is being made.", { retryable: true });
    },
  };
  const parts = { store: halfMade, embedder: createHashingEmbedder(), collection: "default" };
  await storeFiles({ "a.md": "text" }, parts);
  expect((await store.describeCollection("default"))?.documents).toBe(1);
});

it("knows a collection again from a store that loses the last digit of numbers, also one that is re-indexed", async () => {
  const { store, close } = await openTestStore();
  onTestFinished(close);
  const inexact = (info: CollectionInfo | null): CollectionInfo | null => {
    if (info === null) return null;
    const analyser = {
      ...info.settings.analyser,
      averageLength: Number(info.settings.analyser.averageLength.toFixed(9)),
    };
    return { ...info, settings: { ...info.settings, analyser } };
  };
  const losing: VectorStore = {
    ...store,
    describeCollection: async (...args) => inexact(await store.describeCollection(...args)),
  };
  const folder = await createFolder({ "a.md": "An apple a day." });
  const ingest = createIngestCorpus({ store: losing, embedder: createHashingEmbedder() });
  const roots = [folder.path];
  // 0.67 times these sizes has seventeen digits.
  for (const chunkTokens of [140, 180]) {
    await runToEnd(ingest({ collection: "docs", roots, chunkTokens, force: true }));
    const again = await runToEnd(ingest({ collection: "docs", roots }));
    expect(again.documents).toMatchObject({ unchanged: 1, added: 0, changed: 0 });
    expect((await store.describeCollection("docs"))?.settings.chunker.chunkTokens).toBe(chunkTokens);
  }
  expect(await store.listCollections()).toHaveLength(1);
});
