import { expect, it, onTestFinished } from "vitest";
import { createHashingEmbedder } from "../../src/embedding/hashing-embedder.ts";
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
