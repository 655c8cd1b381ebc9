import { describe, expect, it } from "vitest";
import type { Embedder } from "../../src/embedding/embedder.ts";
import { createHashingEmbedder } from "../../src/embedding/hashing-embedder.ts";
import { createRetriever } from "../../src/retrieval/create-retriever.ts";
import type { RankingParts } from "../../src/retrieval/ranking-parts.ts";
import type { Retrieve } from "../../src/retrieval/retrieve.ts";
import { openStoreKind, STORE_KINDS } from "../support/open-store-kind.ts";
import { storeFiles } from "../support/store-files.ts";

const DOCUMENTS: Readonly<Record<string, string>> = {
  "ferries.md": "# Ferries\n\nThe northern ferry leaves Brask at seven. Tickets are sold on board.\n",
  "museum.md": "# Museum\n\nThe glass museum of Ilm opens at noon. Children pay nothing.\n",
  "garden.md": "# Garden\n\nThe botanical garden of Ilm keeps four hundred orchids.\n",
};
/** Words that the tokenizer below has whole; the rest is taken to pieces. */
const WHOLE = new Set([
  "information",
  "northern",
  "ferry",
  "leave",
  "museum",
  "garden",
  "pay",
  "bread",
  "noon",
  "does",
]);

interface Opened {
  readonly retrieve: Retrieve;
  readonly embedded: string[];
}

async function open(kind: string, parts: RankingParts = {}): Promise<Opened> {
  const store = await openStoreKind(kind);
  const hashing = createHashingEmbedder();
  const embedded: string[] = [];
  const embedder: Embedder = {
    ...hashing,
    countTokens: (text) => (WHOLE.has(text.trim()) ? 1 : hashing.countTokens(text) * 2),
    async embed(texts, options) {
      if (options?.purpose === "query") embedded.push(...texts);
      return hashing.embed(texts, options);
    },
  };
  await storeFiles(DOCUMENTS, { store, embedder, collection: "isle" });
  return { retrieve: createRetriever({ store, embedder, collection: "isle", chunkTokens: 150, parts }), embedded };
}

describe.each(STORE_KINDS)("a search with misspelt words, over %s", (kind) => {
  it("searches for what was meant, and tells", async () => {
    const { retrieve } = await open(kind);
    const meant = await retrieve("when does the northern ferry leave Brask");
    const result = await retrieve("when does the nothern ferrry leave Barsk");
    expect(result.interpretation).toEqual({
      queries: [
        { query: "when does the northern ferry leave Brask", reason: "asked", weight: 1, evidence: meant.evidence },
      ],
      fusion: "best",
      filter: null,
      standalone: null,
      corrections: [
        { written: "nothern", read: "northern" },
        { written: "ferrry", read: "ferry" },
        { written: "Barsk", read: "Brask" },
      ],
    });
    expect(result.query).toBe("when does the nothern ferrry leave Barsk");
    expect(result.hits).toEqual(meant.hits);
    expect(result.evidence).toBe(meant.evidence);
  });

  it("searches once where every word is known, or nothing is near", async () => {
    const { retrieve, embedded } = await open(kind);
    for (const query of ["the northern ferry", "the ferry with bread", "the ferry with xylophones"]) {
      expect((await retrieve(query)).interpretation).toBeUndefined();
    }
    expect(embedded).toHaveLength(3);
  });

  it("searches for the words as they are where nothing is to be read, and by vectors alone", async () => {
    const { retrieve: uncorrected } = await open(kind, { corrects: false });
    expect((await uncorrected("the nothern ferry")).interpretation).toBeUndefined();
    const { retrieve } = await open(kind);
    for (const request of [{ interpret: false }, { mode: "dense" }] as const) {
      expect((await retrieve("the nothern ferry", request)).interpretation).toBeUndefined();
    }
    const byWords = await retrieve("the nothern ferry", { mode: "lexical" });
    expect(byWords.interpretation?.corrections).toEqual([{ written: "nothern", read: "northern" }]);
  });

  it("searches once more for those parts of a question only that have a misspelt word", async () => {
    const { retrieve, embedded } = await open(kind);
    const question = "When does the nothern ferry leave Brask? When does the museum open at noon?";
    const { hits } = await retrieve(question);
    expect(embedded.slice(3)).toEqual([
      "When does the northern ferry leave Brask? When does the museum open at noon?",
      "When does the northern ferry leave Brask?",
    ]);
    expect(hits).toEqual((await retrieve(question.replace("nothern", "northern"))).hits);
  });

  it("corrects a word in every part of a question", async () => {
    const { retrieve } = await open(kind);
    const { interpretation } = await retrieve(
      "When does the nothern ferry leave Brask? When does the musuem open at noon?",
    );
    expect(interpretation?.queries.map(({ query }) => query)).toEqual([
      "When does the northern ferry leave Brask? When does the museum open at noon?",
      "When does the northern ferry leave Brask?",
      "When does the museum open at noon?",
    ]);
  });
});
