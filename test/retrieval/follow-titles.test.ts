import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createHashingEmbedder } from "../../src/embedding/hashing-embedder.ts";
import { createRetriever } from "../../src/retrieval/create-retriever.ts";
import type { Retrieve } from "../../src/retrieval/retrieve.ts";
import type { VectorStore } from "../../src/store/vector-store.ts";
import { openTestStore, storeFiles, type TestStore } from "../support/store-files.ts";

const QUESTION = "Who painted the harbour mural of Vellin?";
const DOCUMENTS: Readonly<Record<string, string>> = {
  "mural.md": "# The mural\n\nThe harbour mural of Vellin was painted by Odra Kesh.\n",
  "kesh.md": "# Odra Kesh\n\nBorn in the valley, she studied glass.\n",
  "near.md": "# Boats\n\nBoats of all colours lie in every harbour along the coast, and nobody counts them.\n",
  "far.md": "# Walls\n\nStone walls, brick walls, glass walls and a mural now and then.\n",
};

describe("title links in later rounds", () => {
  let opened: TestStore;
  let store: VectorStore;
  let retrieve: Retrieve;

  beforeAll(async () => {
    opened = await openTestStore();
    ({ store } = opened);
    const embedder = createHashingEmbedder();
    await storeFiles(DOCUMENTS, { store, embedder, collection: "links" });
    retrieve = createRetriever({ store, embedder, collection: "links", chunkTokens: 150 });
  });
  afterAll(() => opened.close());

  async function round(exclude: readonly string[]): Promise<{ sources: string[]; chunkIds: readonly string[] }> {
    const { hits } = await retrieve(QUESTION, {
      limit: 1,
      stop: exclude.length === 0,
      ...(exclude.length === 0 ? {} : { exclude: new Set(exclude) }),
    });
    return { sources: hits.map(({ source }) => source), chunkIds: hits.flatMap(({ chunkIds }) => chunkIds) };
  }

  it("are followed from a passage with all of the question's words once it was not enough", async () => {
    const first = await round([]);
    expect(first.sources).toEqual(["mural.md"]);
    const second = await round(first.chunkIds);
    expect(second.sources).toEqual(["kesh.md"]);
  });
});
