import { afterAll, beforeAll, expect, it } from "vitest";
import { createHashingEmbedder } from "../../src/embedding/hashing-embedder.ts";
import { openTestStore, storeFiles, type TestStore } from "../support/store-files.ts";
import { createReadingTrace } from "./reading-trace.ts";
import { createCallContext, readBySearch } from "./search-reader.ts";

const COLLECTION = "harbour";
const FILES = {
  "src/lease.ts": "export function renewLease() {\n  return writeHolder();\n}\n",
  "src/lamp.ts": "export function lightLamp() {\n  return burnOil();\n}\n",
};
const countTokens = (text: string): number => text.split(/\s+/).filter(Boolean).length;
const embedder = createHashingEmbedder();
let opened: TestStore;

beforeAll(async () => {
  opened = await openTestStore();
  await storeFiles(FILES, { store: opened.store, embedder, collection: COLLECTION });
});
afterAll(() => opened.close());

it("finds a file by what search_code says, and counts what it read until then", async () => {
  const task = { id: "lamp", text: "lightLamp burns no oil", relevant: ["src/lamp.ts"] };
  const trace = createReadingTrace({
    task,
    files: new Map(Object.entries(FILES)),
    window: "file",
    countTokens,
  });
  const context = createCallContext({ store: opened.store, embedder, countTokens }, COLLECTION);
  await readBySearch(trace, { text: task.text, context, maxTokens: 2_000 });
  const { found, searches, opened: files, tokens } = trace.outcome();
  expect({ found, searches, files }).toEqual({ found: true, searches: 1, files: 1 });
  expect(tokens).toBeGreaterThan(countTokens(FILES["src/lamp.ts"]));
});
