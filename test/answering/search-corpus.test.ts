import { describe, expect, it } from "vitest";
import { createCheckParts } from "../../src/answering/check-parts.ts";
import { createSearchCorpus } from "../../src/answering/search-corpus.ts";
import { MAX_QUESTION_LENGTH } from "../../src/answering/use-cases.ts";
import { CitewellError } from "../../src/errors.ts";
import type { FindCodeIn } from "../../src/retrieval/code/find-code.ts";
import type { Retrieve, RetrieveOptions } from "../../src/retrieval/retrieve.ts";
import { COLLECTION } from "../server/fake-use-cases.ts";

const search = createSearchCorpus({
  openCollection: async (name) => {
    throw new CitewellError("collection_missing", `opened ${name}`);
  },
});

describe("createSearchCorpus", () => {
  it("refuses an empty query before anything is opened", async () => {
    await expect(search({ query: " \n" })).rejects.toMatchObject({
      code: "usage_invalid",
      problems: [{ path: "query" }],
    });
  });

  it("refuses an over-long query with its length and the limit", async () => {
    await expect(search({ query: "a".repeat(MAX_QUESTION_LENGTH + 1) })).rejects.toMatchObject({
      code: "question_too_long",
      message: expect.stringContaining("8001"),
    });
  });

  it("refuses limits outside their bounds", async () => {
    for (const limit of [0, 101, 1.5, Number.NaN]) {
      await expect(search({ query: "q", limit })).rejects.toMatchObject({
        code: "usage_invalid",
        problems: [{ path: "limit" }],
      });
    }
  });

  it("names the further query that is empty, and says how many are allowed", async () => {
    await expect(search({ query: "q", queries: ["a", " "] })).rejects.toMatchObject({
      message: "The further query 2 is empty. Write what you want to know.",
      problems: [{ path: "queries.1" }],
    });
    await expect(search({ query: "q", queries: Array<string>(9).fill("a") })).rejects.toMatchObject({
      message: "There are 9 further queries, and 8 are allowed. Leave some out, or search twice.",
      problems: [{ path: "queries" }],
    });
  });

  it("gives single chunks where as many as the limit are wanted, and joined ones otherwise", async () => {
    const asked: (RetrieveOptions | undefined)[] = [];
    const retrieve: Retrieve = async (query, options) => {
      asked.push(options);
      const timing = { embedMs: 0, searchMs: 0 };
      return { query, collection: "default", mode: "hybrid", hits: [], evidence: "none", timing };
    };
    const findCode: FindCodeIn = () => Promise.reject(new TypeError("not asked here"));
    const recording = createSearchCorpus({
      openCollection: async () => ({ info: COLLECTION, retrieve, retrieveCode: retrieve, findCode }),
    });
    await recording({ query: "q" });
    await recording({ query: "q", stop: false, limit: 7 });
    expect(asked).toMatchObject([{ join: true }, { join: false, stop: false, limit: 7 }]);
  });

  it("searches the collection named default when none is named", async () => {
    await expect(search({ query: "q" })).rejects.toThrow("opened default");
  });
});

describe("createCheckParts", () => {
  const check = createCheckParts([
    { part: "store", quick: true, check: async () => "answers" },
    {
      part: "embedding model",
      quick: false,
      check: async () => {
        throw new Error("The model's file is missing.");
      },
    },
  ]);

  it("looks at every part and keeps what each says", async () => {
    expect(await check()).toEqual([
      { part: "store", ok: true, detail: "answers" },
      { part: "embedding model", ok: false, detail: "The model's file is missing." },
    ]);
  });

  it("leaves costly parts out when it must be quick", async () => {
    expect((await check({ quick: true })).map(({ part }) => part)).toEqual(["store"]);
  });
});
