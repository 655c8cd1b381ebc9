import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createSubmitDocuments } from "../../ingest/submit-documents.ts";
import { createHashingEmbedder } from "../../src/embedding/hashing-embedder.ts";
import { createRetriever } from "../../src/retrieval/create-retriever.ts";
import type { Retrieve } from "../../src/retrieval/retrieve.ts";
import { openEmbeddedStore } from "../../src/store/embedded/embedded-store.ts";
import type { VectorStore } from "../../src/store/vector-store.ts";

const QUESTION = "Who painted the harbour mural of Vellin?";
const DOCUMENTS: Readonly<Record<string, string>> = {
  "mural.md": "# The mural\n\nThe harbour mural of Vellin was painted by Odra Kesh.\n",
  "kesh.md": "# Odra Kesh\n\nBorn in the valley, she studied glass.\n",
  "near.md": "# Boats\n\nBoats of all colours lie in every harbour along the coast, and nobody counts them.\n",
  "far.md": "# Walls\n\nStone walls, brick walls, glass walls and a mural now and then.\n",
};

describe("title links in later rounds", () => {
  let folder: string;
  let store: VectorStore;
  let retrieve: Retrieve;

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "citewell-links-"));
    store = await openEmbeddedStore({ file: path.join(folder, "store.sqlite") });
    const embedder = createHashingEmbedder();
    const documents = Object.entries(DOCUMENTS).map(([source, content]) => ({ source, content }));
    for await (const event of createSubmitDocuments({ store, embedder })({ collection: "links", documents }))
      void event;
    retrieve = createRetriever({ store, embedder, collection: "links", chunkTokens: 150 });
  });
  afterAll(async () => {
    await store.close();
    await rm(folder, { recursive: true, force: true });
  });

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
