import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createHashingEmbedder } from "../../src/embedding/hashing-embedder.ts";
import { createRetriever } from "../../src/retrieval/create-retriever.ts";
import { followLinks, type FollowLinksOptions } from "../../src/retrieval/follow-links.ts";
import type { RankingParts } from "../../src/retrieval/ranking-parts.ts";
import type { Retrieve } from "../../src/retrieval/retrieve.ts";
import { queryTerms } from "../../src/retrieval/query-terms.ts";
import type { ScoredChunk } from "../../src/retrieval/scored-chunk.ts";
import { createTitleLinks } from "../../src/retrieval/title-links.ts";
import { openEmbeddedStore } from "../../src/store/embedded/embedded-store.ts";
import { IN_MEMORY } from "../../src/store/embedded/protocol.ts";
import type { StoreQuery, VectorStore } from "../../src/store/vector-store.ts";
import { makeChunk } from "../support/make-chunk.ts";
import { openTestStore, storeFiles, type TestStore } from "../support/store-files.ts";

const QUESTION = "Who painted the harbour mural of Vellin?";
const DOCUMENTS: Readonly<Record<string, string>> = {
  "mural.md": "# The mural\n\nThe harbour mural of Vellin was painted by Odra Kesh.\n",
  "kesh.md": "# Odra Kesh\n\nBorn in the valley, she studied glass.\n",
  "near.md": "# Boats\n\nBoats of all colours lie in every harbour along the coast, and nobody counts them.\n",
  "people.jsonl": ["Mara Lund", "Ivo Stahl"]
    .map(
      (title) =>
        `${JSON.stringify({ title, text: `Came to the island as a child. ${"Years went by. ".repeat(15)}` })}\n`,
    )
    .join(""),
  "tower.md": "# The tower\n\nThe copper tower of Harn was built by the mason Ivo Stahl.\n",
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

  it("lead to one article of a file that holds many", async () => {
    const question = "Where did the builder of the copper tower of Harn come from as a child?";
    const first = await retrieve(question, { limit: 1 });
    expect(first.hits.map(({ source }) => source)).toEqual(["tower.md"]);
    const exclude = new Set(first.hits.flatMap(({ chunkIds }) => chunkIds));
    const second = await retrieve(question, { limit: 1, stop: false, exclude });
    expect(second.hits[0]?.text).toContain("# Ivo Stahl");
  });
});

describe("names that passages share", () => {
  const FILES: Readonly<Record<string, string>> = {
    "tower.md": "# The copper tower\n\nThe copper tower of Harn was built by the mason Ivo Stahl.\n",
    "guild.md": "# A guild\n\nIvo Stahl went to school at the Old Stone Hall.\n",
    "town.md": "# Places\n\nA town without a school is no town.\n",
    "school.md": "# Teaching\n\nNo school of this town teaches a builder.\n",
    "metal.md": "# Metal\n\nCopper comes to town by boat.\n",
  };
  let opened: TestStore;

  beforeAll(async () => {
    opened = await openTestStore();
    await storeFiles(FILES, { store: opened.store, embedder: createHashingEmbedder(), collection: "links" });
  });
  afterAll(() => opened.close());

  async function ranked(parts: RankingParts): Promise<string[]> {
    const embedder = createHashingEmbedder();
    const retrieve = createRetriever({ store: opened.store, embedder, collection: "links", chunkTokens: 150, parts });
    const question = "Which town has the school of the builder of the copper tower of Harn?";
    const { hits } = await retrieve(question, { limit: 10, stop: false, join: false });
    return hits.map(({ source }) => source);
  }

  it("lift a passage among the others", async () => {
    const [plain, linked] = [await ranked({ followsLinks: false }), await ranked({})];
    expect(plain).toEqual(["tower.md", "school.md", "metal.md", "town.md", "guild.md"]);
    expect(linked).toEqual(["tower.md", "school.md", "guild.md", "metal.md", "town.md"]);
  });
});

describe("followLinks", () => {
  const links = createTitleLinks([
    { id: "fjord", title: "Oslo Fjord" },
    { id: "gate", title: "Blue Gate" },
    { id: "wiki", title: null, articles: ["Harn Tower", "Vellin Bay"] },
  ]);
  const query = queryTerms("lamp tower");
  const idf = new Map(query.indices.map((index, at) => [index, at === 0 ? 9 : 1]));
  const scored = (documentId: string, score: number, text: string): ScoredChunk => ({
    chunk: makeChunk({ documentId, text }),
    score,
    evidenceScore: score,
    scores: { dense: score, lexical: null, sentence: null },
  });
  let asked: StoreQuery[];
  let opened: VectorStore;

  beforeAll(async () => {
    opened = await openEmbeddedStore({ file: IN_MEMORY });
  });
  afterAll(async () => opened.close());

  /** Scores by document; the linked documents' own chunks have 0.2. */
  async function follow(
    ranking: readonly ScoredChunk[],
    { texts = {}, ...options }: Partial<FollowLinksOptions> & { texts?: Readonly<Record<string, string>> } = {},
  ): Promise<Record<string, number>> {
    asked = [];
    const store: VectorStore = {
      ...opened,
      async search(_name, searched) {
        asked.push(searched);
        const candidates = (searched.filter?.documentIds ?? []).map((documentId) => ({
          chunk: makeChunk({
            documentId,
            text: texts[documentId] ?? "Something.",
            heading: searched.filter?.headings?.[0] ?? null,
          }),
          dense: 0.2,
          lexical: 0,
        }));
        return { candidates, idf, absent: new Set(), chunkCount: 100 };
      },
    };
    const found = await followLinks(ranking, {
      store,
      collection: "links",
      query,
      vector: new Float32Array([1]),
      filter: undefined,
      mode: "dense",
      idf,
      readLinks: async () => links,
      shown: new Set(),
      weights: undefined,
      calibrateCosine: undefined,
      ...options,
    });
    return Object.fromEntries(
      found.map(({ chunk: { documentId, heading }, score }) => [
        heading === null ? documentId : `${documentId}: ${heading}`,
        score,
      ]),
    );
  }

  it("gives what the best chunk names 0.3 more, and less for a weaker one", async () => {
    const scores = await follow([
      scored("a", 1, "From the Oslo Fjord."),
      scored("b", 0.7, "To the Blue Gate and the Oslo Fjord."),
    ]);
    expect(scores["fjord"]).toBeCloseTo(0.5, 10);
    expect(scores["gate"]).toBeCloseTo(0.2 + 0.3 * Math.exp(-1), 10);
  });

  it("lifts an article of a document, and nothing else of that document", async () => {
    const plain = scored("wiki", 0.3, "Something else.");
    const other = { ...plain, chunk: { ...plain.chunk, id: "other" } };
    const scores = await follow([scored("a", 1, "From Harn Tower to the Oslo Fjord."), other]);
    expect(asked).toMatchObject([
      { filter: { documentIds: ["fjord"] }, denseLimit: 4 },
      { filter: { documentIds: ["wiki"], headings: ["Harn Tower"] }, denseLimit: 4 },
    ]);
    expect(asked[0]?.filter).not.toHaveProperty("headings");
    expect(scores["fjord"]).toBeCloseTo(0.5, 10);
    expect(scores["wiki: Harn Tower"]).toBeCloseTo(0.5, 10);
    expect(scores["wiki"]).toBe(0.3);
  });

  it("goes on from what it found, once", async () => {
    const texts = { fjord: "From here to the Blue Gate.", gate: "From here to Vellin Bay." };
    const scores = await follow([scored("a", 1, "From the Oslo Fjord.")], { texts });
    expect(scores["fjord"]).toBeCloseTo(0.5, 10);
    expect(scores["gate"]).toBeCloseTo(0.2 + 0.3 * Math.exp(-0.5 / 0.3), 10);
    expect(scores).not.toHaveProperty("wiki: Vellin Bay");
  });

  it("puts what would pass the best chunk right below it, in its order", async () => {
    const ranking = [scored("a", 0.3, "From the Oslo Fjord to the Blue Gate."), scored("fjord", 0.29, "Something.")];
    const { a = 0, fjord = 0, gate = 0 } = await follow(ranking);
    expect(a).toBe(0.3);
    expect(fjord).toBeLessThan(a);
    expect(gate).toBeLessThan(fjord);
    expect(gate).toBeGreaterThan(0.29);
  });

  it("is for a best chunk that leaves a tenth of the question open, by the weight of its words", async () => {
    await follow([scored("a", 1, "A lamp of the Oslo Fjord.")]);
    expect(asked).toHaveLength(1);
    await follow([scored("a", 1, "A lamp of the tower at the Oslo Fjord.")]);
    expect(asked).toHaveLength(0);
  });

  it("reads the first five chunks, and those that were shown", async () => {
    const plain = ["a", "b", "c", "d", "e"].map((id, at) => scored(id, 1 - at / 100, "Nothing."));
    const sixth = scored("f", 0.9, "The Oslo Fjord.");
    expect(await follow([...plain, sixth])).not.toHaveProperty("fjord");
    expect(await follow([...plain, sixth], { shown: new Set([sixth.chunk.id]) })).toHaveProperty("fjord");
    expect(await follow([...plain.slice(1), sixth])).toHaveProperty("fjord");
  });

  it("keeps to the filter of the search", async () => {
    const ranking = [scored("a", 1, "From the Oslo Fjord to the Blue Gate.")];
    await follow(ranking, { filter: { languages: ["text"], documentIds: ["gate", "a"] } });
    expect(asked).toMatchObject([{ filter: { languages: ["text"], documentIds: ["gate"] } }]);
    await follow(ranking, { filter: { documentIds: ["a"] } });
    expect(asked).toEqual([]);
  });

  it("does not wait for the titles once the search is cancelled", async () => {
    const cancelled = new AbortController();
    const { promise: never } = Promise.withResolvers<never>();
    const following = follow([scored("a", 1, "Nothing.")], { readLinks: () => never, signal: cancelled.signal });
    cancelled.abort(new Error("enough"));
    await expect(following).rejects.toThrow("enough");
  });
});
