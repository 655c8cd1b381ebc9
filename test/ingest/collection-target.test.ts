import { expect, it, onTestFinished } from "vitest";
import { createHashingEmbedder } from "../../src/embedding/hashing-embedder.ts";
import { CitewellError } from "../../src/errors.ts";
import type { VectorStore } from "../../src/store/vector-store.ts";
import { openTestStore, storeFiles } from "../support/store-files.ts";

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
