import { afterEach, beforeEach, expect, it } from "vitest";
import { createDocumentCatalogue } from "../../src/retrieval/document-catalogue.ts";
import { openEmbeddedStore } from "../../src/store/embedded/embedded-store.ts";
import { IN_MEMORY } from "../../src/store/embedded/protocol.ts";
import type { VectorStore } from "../../src/store/vector-store.ts";
import { idOf, sampleDocument, sampleSettings } from "../store/store-samples.ts";

const NAME = "docs";
let store: VectorStore;
let listings = 0;

beforeEach(async () => {
  const opened = await openEmbeddedStore({ file: IN_MEMORY });
  listings = 0;
  store = {
    ...opened,
    listDocuments: async (name, options) => {
      listings += 1;
      return opened.listDocuments(name, options);
    },
  };
  await store.createCollection(NAME, sampleSettings());
  await put("a", 0);
});
afterEach(async () => store.close());

async function put(name: string, second: number): Promise<void> {
  const ingestedAt = new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();
  await store.putDocument(NAME, sampleDocument(name, { source: `${name}.md`, ingestedAt }), "Text.");
}

it("reads the documents once, and again when one takes another's place", async () => {
  const catalogue = createDocumentCatalogue(store, NAME);
  const sources = async (): Promise<string[]> => (await catalogue.list()).map(({ source }) => source);
  expect(await sources()).toEqual(["a.md"]);
  const first = await catalogue.list();
  expect(await catalogue.list()).toBe(first);
  expect(listings).toBe(1);
  await put("b", 1);
  await store.deleteDocuments(NAME, [idOf("a")]);
  expect(await sources()).toEqual(["b.md"]);
  expect(listings).toBe(2);
});

it("does not look at the store for as long as it is told to trust what it has", async () => {
  const catalogue = createDocumentCatalogue(store, NAME);
  const known = await catalogue.list();
  await put("b", 1);
  expect(await catalogue.list({ trustMs: 60_000 })).toBe(known);
  expect((await catalogue.list()).map(({ source }) => source)).toEqual(["a.md", "b.md"]);
});

it("lets a caller go who is cancelled, and reads on for the next one", async () => {
  const asked = Promise.withResolvers<string>();
  const catalogue = createDocumentCatalogue({ ...store, documentsVersion: async () => asked.promise }, NAME);
  const cancelled = new AbortController();
  const [first, second] = [catalogue.list({ signal: cancelled.signal }), catalogue.list()];
  cancelled.abort(new Error("enough"));
  await expect(first).rejects.toThrow("enough");
  asked.resolve("1");
  expect((await second).map(({ source }) => source)).toEqual(["a.md"]);
  expect(listings).toBe(1);
});

it("reads again where the listing failed, although nothing has changed", async () => {
  let fails = true;
  const failing: VectorStore = {
    ...store,
    async listDocuments(name, options) {
      if (fails) throw new Error("no answer");
      return store.listDocuments(name, options);
    },
  };
  const catalogue = createDocumentCatalogue(failing, NAME);
  await expect(catalogue.list()).rejects.toThrow("no answer");
  fails = false;
  expect((await catalogue.list()).map(({ source }) => source)).toEqual(["a.md"]);
});

it("reads again after a failure, and says when there is no such collection", async () => {
  const catalogue = createDocumentCatalogue(store, NAME);
  await store.deleteCollection(NAME);
  await expect(catalogue.list()).rejects.toMatchObject({ code: "collection_missing" });
  await store.createCollection(NAME, sampleSettings());
  await put("c", 2);
  expect((await catalogue.list({ trustMs: 60_000 })).map(({ source }) => source)).toEqual(["c.md"]);
});
