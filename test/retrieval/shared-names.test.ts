import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Chunk } from "../../src/domain/chunk.ts";
import { createHashingEmbedder } from "../../src/embedding/hashing-embedder.ts";
import { queryTerms } from "../../src/retrieval/query-terms.ts";
import { findSharers, namesIn, type FindSharersOptions } from "../../src/retrieval/shared-names.ts";
import { makeChunk } from "../support/make-chunk.ts";
import { openTestStore, storeFiles, type TestStore } from "../support/store-files.ts";

describe("namesIn", () => {
  it.each([
    ["The mural was painted by Odra Kesh, and Odra Kesh alone.", ["Odra Kesh"]],
    ["The Blue Gate opened. In Blue Gate, nobody lives.", ["Blue Gate"]],
    [
      "It is by Ludwig van Beethoven and the Bank of England's\nOld Choir.",
      ["Ludwig van Beethoven", "Bank of England s Old Choir"],
    ],
    ["See [Odra Kesh](kesh.md) | Ivo Stahl |", ["Odra Kesh", "Ivo Stahl"]],
    ["Apollo 11 landed on March 4, in Windows 95 or on 20 July 1969.", []],
    ["A harbour. Boats lie there, says Mara.", []],
  ])("finds names of several words: %j", (text, names) => {
    expect(namesIn(text)).toEqual(names);
  });
});

describe("findSharers", () => {
  const FILES: Readonly<Record<string, string>> = {
    "kesh.md": "Born in the valley, Odra Kesh studied glass.\n",
    "glass.md": "The glass school was led by Odra\nKesh for a year, and by Ivo Stahl.\n",
    "odra.md": "Kesh is a town on the river Odra.\n",
    "code.ts": "// Written by Odra Kesh\nexport const glass = 1;\n",
    ...Object.fromEntries(Array.from({ length: 26 }, (_, at) => [`common-${at}.md`, `Made by Mara Lund in ${at}.\n`])),
  };
  let opened: TestStore;

  beforeAll(async () => {
    opened = await openTestStore();
    await storeFiles(FILES, { store: opened.store, embedder: createHashingEmbedder(), collection: "names" });
  });
  afterAll(() => opened.close());

  async function sharers(
    chunk: Partial<Chunk> & Pick<Chunk, "text">,
    { question = "Where was the painter born?", ...options }: { question?: string } & Partial<FindSharersOptions> = {},
  ): Promise<Record<string, number>> {
    const asked = new Set(queryTerms(question).indices);
    const found = await findSharers([{ chunk: makeChunk({ title: null, ...chunk }), weight: 0.3 }], {
      store: opened.store,
      collection: "names",
      asked,
      filter: undefined,
      ...options,
    });
    const { documents } = await opened.store.listDocuments("names", { limit: 100 });
    const sources = new Map(documents.map(({ id, source }) => [id, source]));
    return Object.fromEntries(found.map(({ documentId, weight }) => [sources.get(documentId) ?? "", weight]));
  }

  it("finds the chunks that hold a name whole, each for the less the more there are", async () => {
    const found = await sharers({ text: "The mural was painted by Odra Kesh." });
    expect(Object.keys(found).toSorted()).toEqual(["code.ts", "glass.md", "kesh.md"]);
    expect(found["kesh.md"]).toBeCloseTo(0.3 / Math.sqrt(3), 10);
    expect(await sharers({ text: "The tower was built by Ivo Stahl and Odra Kesh." })).toMatchObject({
      "glass.md": 0.3,
    });
  });

  it("looks for no name that the question or the passage's title has", async () => {
    const text = "The mural was painted by Odra Kesh.";
    expect(await sharers({ text }, { question: "What did Odra Kesh paint?" })).toEqual({});
    expect(await sharers({ text, title: "Odra Kesh" })).toEqual({});
  });

  it("leaves out what very many chunks share, and what stands in code", async () => {
    expect(await sharers({ text: "The mural was painted by Mara Lund." })).toEqual({});
    expect(await sharers({ text: "// Painted by Odra Kesh", language: "typescript" })).toEqual({});
  });

  it("keeps to the filter of the search", async () => {
    const text = "The mural was painted by Odra Kesh.";
    expect(Object.keys(await sharers({ text }, { filter: { languages: ["typescript"] } }))).toEqual(["code.ts"]);
  });
});
