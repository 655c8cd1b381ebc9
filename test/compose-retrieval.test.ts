import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { openRetrieval } from "../src/compose-retrieval.ts";
import { openVectorStore } from "../src/store/open-vector-store.ts";
import { sampleSettings } from "./store/store-samples.ts";

it("closes the store that it opened where the embedding function fails", async () => {
  const dataFolder = await mkdtemp(join(tmpdir(), "citewell-retrieval-"));
  const store = await openVectorStore({ store: "embedded", dataFolder });
  await store.createCollection("docs", sampleSettings());
  await store.close();
  const embeddingFunction = (): number[][] => {
    throw new Error("no model");
  };
  const config = { vectorDb: "embedded", dbConfig: { dataFolder }, collectionName: "docs", embeddingFunction };
  await expect(openRetrieval(config)).rejects.toMatchObject({ code: "embedding_failed" });
  // Beside the file of an open database lie others.
  expect(await readdir(dataFolder)).toEqual(["citewell.sqlite"]);
  await rm(dataFolder, { recursive: true });
});
