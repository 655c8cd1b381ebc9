import { afterAll, beforeAll, expect, it } from "vitest";
import { createHashingEmbedder } from "../../src/embedding/hashing-embedder.ts";
import { createRetriever } from "../../src/retrieval/create-retriever.ts";
import type { Retrieve } from "../../src/retrieval/retrieve.ts";
import { openTestStore, storeFiles, type TestStore } from "../support/store-files.ts";

const FILES = {
  "mill.md": "# Mill\n\nThe lease of the mill ends in March.\n\nThe rent of the mill is nine hundred a month.",
  "barge.md": "# Barge\n\nThe skipper of the barge is Ada Fenwick.",
  "ferry.md": "# Ferry\n\nThe cook of the ferry is Bo Quist.",
  "lock.md": "# Lock\n\nThe cook of the lock is Cy Thorn.",
};
const LEASE = { question: "When does the lease of the mill end?", answer: "The lease of the mill ends in March." };
const FERRY = { question: "Where does the ferry land?", answer: "The ferry lands at the old pier." };

let opened: TestStore;
let retrieve: Retrieve;

beforeAll(async () => {
  opened = await openTestStore();
  const parts = { store: opened.store, embedder: createHashingEmbedder(), collection: "harbour" };
  await storeFiles(FILES, parts);
  retrieve = createRetriever({ ...parts, chunkTokens: 16 });
});
afterAll(() => opened.close());

it("searches for a short question alone that is about something new", async () => {
  const { hits, interpretation } = await retrieve("Who is the skipper?", { conversation: [LEASE] });
  expect([hits[0]?.source, interpretation?.standalone ?? null]).toEqual(["barge.md", null]);
});

it("reads one from the conversation whose passage fits that, too", async () => {
  const { hits, interpretation } = await retrieve("What is the rent?", { conversation: [LEASE] });
  expect([hits[0]?.source, interpretation?.standalone?.by]).toEqual(["mill.md", "rules"]);
});

it("reads one from the conversation that several documents answer alike, or none", async () => {
  const { hits, interpretation } = await retrieve("Who is the cook?", { conversation: [FERRY] });
  expect([hits[0]?.source, interpretation?.standalone?.by]).toEqual(["ferry.md", "rules"]);
  const other = await retrieve("What is the colour?", { conversation: [LEASE] });
  expect(other.interpretation?.standalone?.by).toBe("rules");
});
