import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Hit } from "../../src/domain/hit.ts";
import { createHashingEmbedder } from "../../src/embedding/hashing-embedder.ts";
import { createRetriever } from "../../src/retrieval/create-retriever.ts";
import type { RankingParts } from "../../src/retrieval/ranking-parts.ts";
import type { VectorStore } from "../../src/store/vector-store.ts";
import { openTestStore, storeFiles, type TestStore } from "../support/store-files.ts";

const QUESTION = "In which valley was the painter of the harbour mural born?";
const DOCUMENTS: Readonly<Record<string, string>> = {
  "mural.md":
    "# Rain and colours\n\nIt rains. It snows. It is cold. The harbour mural was made by a painter, Odra Kesh.\n",
  "kesh.md": "# Odra Kesh\n\nShe comes from Tarn.\n",
  "boats.md": "# Boats\n\nBoats of all colours lie in every harbour along the coast.\n",
};

describe("a search without one of its parts", () => {
  const embedder = createHashingEmbedder();
  let opened: TestStore;
  let store: VectorStore;

  beforeAll(async () => {
    opened = await openTestStore();
    ({ store } = opened);
    await storeFiles(DOCUMENTS, { store, embedder, collection: "parts" });
  });
  afterAll(() => opened.close());

  async function hitsOf(parts: RankingParts): Promise<readonly Hit[]> {
    const retrieve = createRetriever({ store, embedder, collection: "parts", chunkTokens: 150, parts });
    return (await retrieve(QUESTION, { stop: false, limit: 3 })).hits;
  }

  const scoreOf = (hits: readonly Hit[], source: string): number =>
    hits.find((hit) => hit.source === source)?.score ?? 0;

  it("gives as many single chunks as are asked for without a stop, also where nothing fits", async () => {
    const retrieve = createRetriever({ store, embedder, collection: "parts", chunkTokens: 150 });
    const counts = ["Zebra?", "quantum tariffs", QUESTION].map(async (query) => {
      const { hits } = await retrieve(query, { stop: false, join: false, limit: 3 });
      return hits.length;
    });
    expect(await Promise.all(counts)).toEqual([3, 3, 3]);
  });

  it("gives a named document no more than its own score where titles are not followed", async () => {
    const [whole, part] = [await hitsOf({}), await hitsOf({ followsLinks: false })];
    expect(scoreOf(whole, "kesh.md")).toBeGreaterThan(scoreOf(part, "kesh.md") + 0.2);
    expect(scoreOf(whole, "mural.md")).toBeCloseTo(scoreOf(part, "mural.md"), 6);
  });

  it.each([
    [[5], "A query must be a text, not 5."],
    [["mural", { mode: "bogus" }], 'mode must be "hybrid", "dense" or "lexical", not "bogus".'],
    [["mural", { limit: 0 }], "limit must be a whole number from 1, not 0."],
  ])("refuses %j", async (args, sentence) => {
    const retrieve = createRetriever({ store, embedder, collection: "parts", chunkTokens: 150 });
    const search: unknown = Reflect.apply(retrieve, undefined, args);
    await expect(search).rejects.toThrow(TypeError);
    await expect(search).rejects.toThrow(sentence);
  });

  it("keeps sentences far from the question's words where nothing is trimmed", async () => {
    const textOf = (hits: readonly Hit[]): string => hits.find(({ source }) => source === "mural.md")?.text ?? "";
    expect(textOf(await hitsOf({}))).not.toContain("It rains.");
    expect(textOf(await hitsOf({ trims: false }))).toContain("It rains.");
  });

  it("scores by the weights given", async () => {
    const weights = { lexical: 0, sentence: 1, dense: 0 };
    const hits = await hitsOf({ weights, followsLinks: false });
    expect(hits[0]?.scores.sentence).toBeGreaterThan(0);
    for (const { score, scores } of hits) {
      expect(score).toBeCloseTo(scores.sentence ?? 0, 10);
    }
  });
});
