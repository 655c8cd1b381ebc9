import { describe, expect, it } from "vitest";
import { createCollectionOpener } from "../../src/answering/open-collection.ts";
import { createHashingEmbedder } from "../../src/embedding/hashing-embedder.ts";
import { openStoreKind } from "../support/open-store-kind.ts";
import { sampleSettings } from "../store/store-samples.ts";

async function sentenceAbout(name: string, stored: readonly string[]): Promise<string> {
  const store = await openStoreKind("embedded");
  for (const one of stored) await store.createCollection(one, sampleSettings());
  const error: unknown = await createCollectionOpener({ store, embedder: createHashingEmbedder({ dimensions: 64 }) })(
    name,
  ).catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code: "collection_missing" });
  return error instanceof Error ? error.message : "";
}

describe("createCollectionOpener", () => {
  it("names the collections that there are, and how the missing one is made", async () => {
    expect(await sentenceAbout("notes", ["docs"])).toBe(
      'There is no collection "notes". There are: docs. Make it with: citewell ingest <folder> --collection notes',
    );
    expect(await sentenceAbout("notes", [])).toBe(
      "Nothing is stored yet. Add documents first: citewell ingest <folder> --collection notes",
    );
  });

  it("gives no command to make a collection whose name none can have", async () => {
    const rule =
      "A collection cannot have this name: it begins with a letter or digit and has at most 100 letters, digits, dots, hyphens and underscores.";
    expect(await sentenceAbout("my notes", ["docs"])).toBe(
      `There is no collection "my notes". There are: docs. ${rule}`,
    );
    expect(await sentenceAbout("my notes", [])).toBe(`There is no collection "my notes". ${rule}`);
  });
});
