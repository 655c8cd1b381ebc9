import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { SearchResult } from "../../../src/domain/hit.ts";
import type { Embedder } from "../../../src/embedding/embedder.ts";
import { createHashingEmbedder } from "../../../src/embedding/hashing-embedder.ts";
import { createRetriever } from "../../../src/retrieval/create-retriever.ts";
import type { Retrieve } from "../../../src/retrieval/retrieve.ts";
import type { VectorStore } from "../../../src/store/vector-store.ts";
import { openTestStore, storeFiles, type TestStore } from "../../support/store-files.ts";

const DOCUMENTS: Readonly<Record<string, string>> = {
  "ferries.md": "# Ferries\n\nThe northern ferry leaves Brask at seven. Tickets are sold on board.\n",
  "winter.md": "# Winter timetable\n\nIn winter the northern ferry leaves Brask at nine, and bicycles are not taken.\n",
  "museum.md": "# Museum\n\nThe glass museum of Ilm opens at noon. Children pay nothing.\n",
  "garden.md": "# Garden\n\nThe botanical garden of Ilm keeps four hundred orchids.\n",
  "bread.md": "# Bread\n\nRye bread is baked twice a day in Sorrel Street.\n",
};
const FERRY = {
  question: "When does the northern ferry leave Brask?",
  answer: "The northern ferry leaves Brask at seven.",
};

describe("a search that reads its question", () => {
  let opened: TestStore;
  let store: VectorStore;
  let retrieve: Retrieve;
  const embedded: string[][] = [];

  beforeAll(async () => {
    opened = await openTestStore();
    ({ store } = opened);
    const plain = createHashingEmbedder();
    const embedder: Embedder = {
      ...plain,
      async embed(texts, options) {
        if (options?.purpose === "query") embedded.push([...texts]);
        return plain.embed(texts, options);
      },
    };
    await storeFiles(DOCUMENTS, { store, embedder, collection: "isle" });
    retrieve = createRetriever({ store, embedder, collection: "isle", chunkTokens: 150 });
  });
  afterAll(() => opened.close());

  const sourcesOf = ({ hits }: SearchResult): string[] => hits.map(({ source }) => source);

  it("says nothing of a plain question but in its explanation", async () => {
    const result = await retrieve("northern ferry Brask", { explain: true });
    expect(result.interpretation).toBeUndefined();
    expect(result.explain?.interpretation).toEqual({
      queries: [{ query: "northern ferry Brask", reason: "asked", weight: 1, evidence: "good" }],
      fusion: "best",
      filter: null,
      standalone: null,
    });
  });

  it("searches for the question in a text that tells something too, and less for the whole", async () => {
    const question = "When does the northern ferry leave Brask?";
    const text = `We are four friends from a rowing club, and have a dog. ${question}`;
    const result = await retrieve(text);
    expect(result.interpretation?.queries).toEqual([
      expect.objectContaining({ query: text, reason: "asked", weight: 0.7 }),
      { query: question, reason: "part", weight: 1, evidence: "good" },
    ]);
    expect(sourcesOf(result)[0]).toBe("ferries.md");
    expect(result.evidence).toBe("good");
    const clause = await retrieve(`We are four friends from a rowing club, ${question.toLowerCase()}`);
    expect(clause.interpretation?.queries.map(({ weight }) => weight)).toEqual([1, 1]);
    const leaning = await retrieve("The glass museum is in Ilm. Who pays nothing there for tickets?");
    expect(leaning.interpretation?.queries.map(({ weight }) => weight)).toEqual([1, 0.4]);
  });

  it("searches only where the words say, and not for those words", async () => {
    const question = "When does the northern ferry leave, on the winter timetable page?";
    const result = await retrieve(question);
    expect(sourcesOf(result)).toEqual(["winter.md"]);
    expect(result.query).toBe(question);
    expect(result.interpretation).toMatchObject({
      queries: [{ query: "When does the northern ferry leave?" }],
      filter: { words: "on the winter timetable page", filter: { source: ["winter.md"] }, applied: true },
    });
    const everywhere = await retrieve(question, { interpret: false, stop: false });
    expect(sourcesOf(everywhere)).toContain("ferries.md");
    expect(everywhere.interpretation).toBeUndefined();
  });

  it("searches everything where nothing fits under the filter, and says so", async () => {
    const result = await retrieve("When does the northern ferry leave Brask in the museum guide?");
    expect(sourcesOf(result)).toContain("ferries.md");
    expect(result.interpretation).toMatchObject({
      queries: [{ query: "When does the northern ferry leave Brask in the museum guide?" }],
      filter: { filter: { source: ["museum.md"] }, applied: false },
    });
  });

  it("searches everything where a filter leaves weak hits and the collection holds good ones", async () => {
    const question =
      "When does the northern ferry leave Brask with tickets sold on board at noon, in the museum guide?";
    const result = await retrieve(question);
    expect(sourcesOf(result)[0]).toBe("ferries.md");
    expect(result.interpretation?.filter).toMatchObject({ filter: { source: ["museum.md"] }, applied: false });
  });

  it("keeps a filter of the request whatever the words say", async () => {
    const request = { filter: { source: "ferries.md" } };
    const result = await retrieve("When does the northern ferry leave on the winter timetable page?", request);
    expect(sourcesOf(result)).toEqual(["ferries.md"]);
    expect(result.interpretation).toBeUndefined();
  });

  it("finds what a follow-up question means, and both queries are embedded together", async () => {
    embedded.length = 0;
    const asked = await retrieve("And in winter?", { interpret: false, conversation: [FERRY] });
    expect(asked.interpretation).toBeUndefined();
    const result = await retrieve("And at what time in the dark months?", { conversation: [FERRY] });
    expect(sourcesOf(result)[0]).toMatch(/ferries|winter/);
    expect(result.interpretation).toMatchObject({
      queries: [
        { query: "And at what time in the dark months?", reason: "asked", weight: 0.4 },
        { reason: "standalone", weight: 0.6 },
      ],
      fusion: "mean",
      standalone: { by: "rules", why: "it begins as a continuation" },
    });
    expect(embedded.map((texts) => texts.length)).toEqual([1, 2]);
  });

  it("takes a filter out of a follow-up question before it is made standalone", async () => {
    const result = await retrieve("And in the winter timetable page?", { conversation: [FERRY] });
    expect(sourcesOf(result)).toEqual(["winter.md"]);
    expect(result.interpretation?.standalone?.text).toBe(`${FERRY.question} And in the winter timetable page?`);
  });

  it("is not coloured by the conversation where the question stands alone", async () => {
    const question = "How many orchids does the botanical garden keep?";
    const result = await retrieve(question, { conversation: [FERRY] });
    expect(result.interpretation).toBeUndefined();
    expect(result.hits).toEqual((await retrieve(question)).hits);
  });

  it("searches for what a model made of the question", async () => {
    const rewriting = { text: "When does the northern ferry leave Brask in winter?", model: "writer" };
    const result = await retrieve("And in winter?", { conversation: [FERRY], rewriting });
    expect(sourcesOf(result)[0]).toBe("winter.md");
    expect(result.interpretation).toMatchObject({
      queries: [{ query: "And in winter?" }, { query: rewriting.text, reason: "standalone" }],
      standalone: { text: rewriting.text, by: "writer" },
    });
    const unchanged = await retrieve("Rye bread?", {
      conversation: [FERRY],
      rewriting: { text: "rye bread", model: "m" },
    });
    expect(unchanged.interpretation).toBeUndefined();
  });

  it("says that rules took the place of a model that failed", async () => {
    const rewriting = { problem: "the model gave no text" };
    const result = await retrieve("And in winter?", { conversation: [FERRY], rewriting });
    expect(result.interpretation?.standalone).toMatchObject({
      by: "rules",
      why: "it begins as a continuation; no model rewrote it: the model gave no text",
    });
  });

  it("finds something for each of several questions, and says how well each fits", async () => {
    const question = "When does the northern ferry leave Brask? How many orchids does the garden of Ilm keep?";
    const result = await retrieve(question, { limit: 2 });
    expect(sourcesOf(result)).toContain("garden.md");
    expect(result.interpretation).toMatchObject({ fusion: "best" });
    expect(result.interpretation?.queries.map(({ reason }) => reason)).toEqual(["asked", "part", "part"]);
    expect(result.interpretation?.queries.at(-1)?.evidence).toBe("good");
  });

  const LONG =
    "Which island company, whose northern ferry leaves Brask at seven with its tickets sold on board, is also the keeper of four hundred orchids in the botanical garden of Ilm, and has a bakery van in Sorrel Street?";

  it("searches for what a long question states one after the other, too", async () => {
    const result = await retrieve(LONG, { limit: 2, stop: false });
    expect(sourcesOf(result).toSorted()).toEqual(["ferries.md", "garden.md"]);
    expect(result.interpretation?.queries).toEqual([
      expect.objectContaining({ query: LONG, reason: "asked", weight: 1 }),
      expect.objectContaining({ reason: "statement", weight: 0.85 }),
      {
        query: "is also the keeper of four hundred orchids in the botanical garden of Ilm",
        reason: "statement",
        weight: 0.85,
        evidence: "good",
      },
    ]);
  });

  it("does not take a long question for answered since one of its statements is", async () => {
    const question =
      "Which retired astronomer, whose telescope mirror cracked during careless transport across a desert plateau last decade before any insurance policy covered scientific instruments, is also keeper of a botanical garden with four hundred orchids?";
    const whole = await retrieve(question, { interpret: false });
    const parted = await retrieve(question);
    expect(parted.interpretation?.queries.at(-1)?.evidence).toBe("good");
    expect(whole.evidence).not.toBe("good");
    expect(parted.evidence).toBe(whole.evidence);
  });

  it("searches for several given queries together, whatever is read otherwise", async () => {
    const queries = ["rye bread Sorrel Street", "glass museum Ilm noon", "northern ferry Brask"];
    const result = await retrieve("northern ferry Brask", { queries, interpret: false, limit: 3 });
    expect(new Set(sourcesOf(result))).toEqual(new Set(["ferries.md", "bread.md", "museum.md"]));
    expect(result.interpretation?.queries.map(({ reason }) => reason)).toEqual(["asked", "given", "given"]);
  });
});
