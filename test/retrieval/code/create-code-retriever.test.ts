import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createSubmitDocuments } from "../../../ingest/submit-documents.ts";
import { CODE_LANGUAGES } from "../../../src/domain/code.ts";
import { createHashingEmbedder } from "../../../src/embedding/hashing-embedder.ts";
import { createCodeRetriever } from "../../../src/retrieval/code/create-code-retriever.ts";
import { createRetriever } from "../../../src/retrieval/create-retriever.ts";
import { createCodeFinder } from "../../../src/retrieval/code/find-code.ts";
import type { Retrieve } from "../../../src/retrieval/retrieve.ts";
import { openEmbeddedStore } from "../../../src/store/embedded/embedded-store.ts";
import type { VectorStore } from "../../../src/store/vector-store.ts";
import { makeHit } from "../../support/make-chunk.ts";

const LONG_BODY = Array.from({ length: 80 }, (_, index) => `  wait(${String(index)});\n`).join("");
const CODE: Readonly<Record<string, string>> = {
  "src/retry-policy.ts": `/** The retry policy of requests. */\nexport function retryPolicy(total: number): number {\n${LONG_BODY}  return total;\n}\n`,
  "src/http-client.ts":
    "import { retryPolicy } from './retry-policy.ts';\n\nexport class HttpClient {\n  send(): void {\n    retryPolicy(2);\n  }\n}\n",
  "src/invoices.ts": "export function printInvoice(total: number): string {\n  return `Total ${total}`;\n}\n",
  "src/queue.ts": "export function drainQueue(): void {\n  // a retry of the queue\n}\n",
  "test/retry-policy.test.ts": "test('retry policy', () => expect(retryPolicy(2)).toBe(4));\n",
};
const DOCS: Readonly<Record<string, string>> = {
  "docs/billing.md": "# Invoices\n\nInvoices are printed at the end of the month and sent by post.\n",
  "docs/retry.md": "# Retry\n\nA request is tried again; the retry policy is a setting.\n",
};

describe("createCodeRetriever", () => {
  let folder: string;
  let store: VectorStore;
  let code: Retrieve;
  let docs: Retrieve;
  let plainDocs: Retrieve;

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "citewell-code-task-"));
    store = await openEmbeddedStore({ file: path.join(folder, "store.sqlite") });
    const embedder = createHashingEmbedder();
    const open = async (collection: string, files: Readonly<Record<string, string>>) => {
      const documents = Object.entries(files).map(([source, content]) => ({ source, content, metadata: { source } }));
      for await (const event of createSubmitDocuments({ store, embedder })({ collection, documents })) void event;
      const retrieve = createRetriever({ store, embedder, collection, chunkTokens: 150 });
      const findCode = createCodeFinder({ store, embedder, collection });
      const countTokens = (text: string): number => embedder.countTokens(text);
      return { retrieve, code: createCodeRetriever({ store, collection, retrieve, findCode, countTokens }) };
    };
    code = (await open("both", { ...CODE, ...DOCS })).code;
    ({ code: docs, retrieve: plainDocs } = await open("docs", DOCS));
  });
  afterAll(async () => {
    await store.close();
    await rm(folder, { recursive: true, force: true });
  });

  it("gives the ranked files' places, a definition as a whole, with exact lines and spans", async () => {
    const { hits } = await code("fix: retry policy counts one attempt too few");
    const [first] = hits;
    expect(first).toMatchObject({ rank: 1, source: "src/retry-policy.ts", symbol: "retryPolicy", score: 1 });
    expect(first?.text).toContain("export function retryPolicy");
    expect(first?.text).toContain("return total;\n}");
    expect(first?.chunkIds.length).toBeGreaterThan(1);
    const file = CODE["src/retry-policy.ts"] ?? "";
    expect(file.slice(first?.span.start, first?.span.end)).toBe(first?.text);
    expect(first?.lines.start).toBe(file.slice(0, first?.span.start).split("\n").length);
    expect(hits.map(({ metadata }) => metadata)).toEqual(hits.map(({ source }) => ({ source })));
  });

  it("shows nothing twice and goes on to other files, then to whatever is left", async () => {
    const seen = new Set<string>();
    const sources: string[][] = [];
    for (let round = 0; round < 12; round += 1) {
      const { hits } = await code("retry policy", { limit: 2, stop: round === 0, exclude: seen });
      for (const id of hits.flatMap(({ chunkIds }) => chunkIds)) {
        expect(seen).not.toContain(id);
        seen.add(id);
      }
      sources.push(hits.map(({ source }) => source));
      if (hits.length === 0) break;
    }
    expect(sources.at(-1)).toEqual([]);
    expect(new Set(sources.flat())).toEqual(new Set([...Object.keys(CODE), ...Object.keys(DOCS)]));
    expect(new Set(sources.slice(0, 2).flat()).size).toBeGreaterThan(2);
  });

  it("lets prose in by how well it fits beside the code", async () => {
    const about = async (task: string): Promise<number> => {
      const { hits } = await code(task);
      return hits.filter(({ language }) => !CODE_LANGUAGES.has(language)).length;
    };
    expect(await about("drain the queue: drainQueue")).toBe(0);
    expect(await about("When are invoices printed and sent by post at the end of the month?")).toBeGreaterThan(0);
  });

  it("gives more prose to who asks than to who tells what to change", async () => {
    const embedder = createHashingEmbedder();
    const prose = ["a", "b", "c"].map((id) => makeHit({ text: id, score: 0.5, chunkIds: [id] }));
    const search = createCodeRetriever({
      store,
      collection: "both",
      retrieve: async (query) => ({
        query,
        collection: "both",
        mode: "hybrid",
        hits: [makeHit({ text: "code", language: "typescript", score: 0.5 }), ...prose],
        evidence: "good",
        timing: { embedMs: 0, searchMs: 0 },
      }),
      findCode: createCodeFinder({ store, embedder, collection: "both" }),
      countTokens: (text) => embedder.countTokens(text),
    });
    const proseIn = async (task: string): Promise<number> =>
      (await search(task)).hits.filter(({ language }) => language === "markdown").length;
    expect(await proseIn("How do I set the retry policy")).toBe(2);
    expect(await proseIn("The retry policy: where is it set?")).toBe(2);
    expect(await proseIn("fix: retry policy is set too late")).toBe(0);
  });

  it("is the plain search where there is no code, or none is wanted", async () => {
    const question = "Is the retry policy a setting?";
    const texts = async (retrieve: Retrieve): Promise<string[]> =>
      (await retrieve(question)).hits.map(({ text }) => text);
    expect(await texts(docs)).toEqual(await texts(plainDocs));
    const { hits } = await code(question, { filter: { language: "markdown" } });
    expect(hits.map(({ source }) => source)).toContain("docs/retry.md");
    expect(hits.every(({ language }) => language === "markdown")).toBe(true);
    const dense = await code(question, { mode: "dense" });
    expect(dense.hits[0]?.scores.dense).not.toBeNull();
  });

  it("keeps to a filter of the request", async () => {
    const { hits } = await code("retry policy", { filter: { source: "src/http-client.ts" } });
    expect(new Set(hits.map(({ source }) => source))).toEqual(new Set(["src/http-client.ts"]));
  });

  it("stops when told to", async () => {
    const signal = AbortSignal.abort(new Error("stop"));
    await expect(code("retry policy", { signal })).rejects.toThrow("stop");
  });
});
