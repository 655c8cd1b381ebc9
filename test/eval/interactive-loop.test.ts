import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createHashingEmbedder } from "../../src/embedding/hashing-embedder.ts";
import { createRetriever } from "../../src/retrieval/create-retriever.ts";
import type { VectorStore } from "../../src/store/vector-store.ts";
import { runAutogenLoop } from "./autogen-loop.ts";
import { metNeeds, shareOfSentences, type LoopQuestion, type ShownText } from "./loop-question.ts";
import { contextTokens, isComplete, recallWithin } from "./loop-report.ts";
import { runOwnLoop } from "./own-loop.ts";
import { openTestStore, storeFiles, type TestStore } from "../support/store-files.ts";

const COLLECTION = "forty";
const counter = { encoding: "words", count: (text: string): number => text.split(/\s+/).filter(Boolean).length };
const impossible: LoopQuestion = {
  id: "never",
  question: "Which colour has the lamp?",
  needs: [{ source: "absent.md", span: null, sentences: [] }],
};

describe("the measured loops", () => {
  let opened: TestStore;
  let folder: string;
  let store: VectorStore;
  const embedder = createHashingEmbedder();

  beforeAll(async () => {
    opened = await openTestStore();
    ({ folder, store } = opened);
    const lamps = Array.from({ length: 40 }, (_, index) => [
      `lamp-${String(index)}.md`,
      `The lamp of room ${String(index)} has a colour that nobody noted.\n`,
    ]);
    await storeFiles(Object.fromEntries(lamps), { store, embedder, collection: COLLECTION });
  });
  afterAll(() => opened.close());

  const autogen = (budget: number, pageSize = 3) =>
    runAutogenLoop(
      { store, embedder, folder },
      {
        question: impossible,
        options: { collection: COLLECTION, pageSize, contextTokens: budget, maxRounds: 20, count: counter.count },
      },
    );

  it("stop with AutoGen after three times its first page", async () => {
    const { rounds } = await autogen(1_000);
    expect(rounds.map(({ length }) => length)).toEqual([3, 3, 3]);
    expect(new Set(rounds.flat().map(({ source }) => source)).size).toBe(9);
  });

  it("end a context of AutoGen before the first document that does not fit, and never start where all are too large", async () => {
    const [document] = (await autogen(1_000)).rounds.flat();
    const size = document?.tokens ?? 0;
    expect((await autogen(size * 2)).rounds[0]).toHaveLength(2);
    expect((await autogen(size - 1)).rounds).toEqual([]);
  });

  it("reach every document with citewell, each once", async () => {
    const retrieve = createRetriever({ store, embedder, collection: COLLECTION, chunkTokens: 150 });
    const { rounds, sent } = await runOwnLoop(impossible, {
      retrieve,
      tokenCounter: counter,
      maxRounds: 20,
      limit: 3,
      namesQueries: false,
    });
    const sources = rounds.flat().map(({ source }) => source);
    expect(sources).toHaveLength(40);
    expect(new Set(sources).size).toBe(40);
    expect(sent).toHaveLength(rounds.length);
  });

  it("end with the round that completes a question", async () => {
    const retrieve = createRetriever({ store, embedder, collection: COLLECTION, chunkTokens: 150 });
    const needs = [
      { source: "lamp-7.md", span: null, sentences: ["The lamp of room 7 has a colour that nobody noted."] },
    ];
    const question = { id: "seven", question: "Which colour has the lamp of room 7?", needs };
    const trace = await runOwnLoop(question, {
      retrieve,
      tokenCounter: counter,
      maxRounds: 20,
      limit: 3,
      namesQueries: true,
    });
    expect(isComplete(trace)).toBe(true);
    expect(trace.rounds).toHaveLength(1);
    expect(shareOfSentences(trace.needs, trace.rounds.flat())).toBe(1);
  });
});

describe("what counts as read", () => {
  const shown = (start: number, end: number, source = "a.md"): ShownText => ({
    source,
    text: "x".repeat(end - start),
    span: { start, end },
    tokens: 10,
  });
  const need = { source: "a.md", span: { start: 100, end: 200 }, sentences: [] };

  it("is nine tenths of a place, put together from all texts of its document", () => {
    expect(metNeeds([need], [shown(0, 150)])).toEqual([]);
    expect(metNeeds([need], [shown(150, 300), shown(90, 160)])).toEqual([need]);
    expect(metNeeds([need], [shown(100, 188)])).toEqual([]);
    expect(metNeeds([need], [shown(100, 200, "b.md")])).toEqual([]);
  });

  it("is counted up to a number of tokens", () => {
    const trace = {
      id: "q",
      question: "?",
      needs: [need],
      rounds: [[shown(0, 50)], [shown(100, 200)]],
      sent: [20, 30],
    };
    expect([recallWithin(trace, 10), recallWithin(trace, 20), contextTokens(trace)]).toEqual([0, 1, 20]);
  });
});
