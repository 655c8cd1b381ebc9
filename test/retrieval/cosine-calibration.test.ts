import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ExtractiveAssistant } from "../../src/agents/extractive/extractive-assistant.ts";
import { RetrieveUserProxyAgent } from "../../src/agents/retrieve/retrieve-user-proxy-agent.ts";
import { runRetrieveChat } from "../../src/agents/retrieve/run-retrieve-chat.ts";
import type { SearchMode, SearchResult } from "../../src/domain/hit.ts";
import type { Embedder } from "../../src/embedding/embedder.ts";
import { createHashingEmbedder } from "../../src/embedding/hashing-embedder.ts";
import { REFERENCE_SCALE } from "../../src/domain/similarity-scale.ts";
import { createCodeFinder } from "../../src/retrieval/code/find-code.ts";
import { createRetriever } from "../../src/retrieval/create-retriever.ts";
import { drain } from "../agents/made-up-corpus.ts";
import { narrowEmbedder } from "../support/narrow-embedder.ts";
import { openTestStore, storeFiles, type TestStore } from "../support/store-files.ts";

const FILES: Readonly<Record<string, string>> = {
  "ferry.md": "# Northern ferry\n\nThe northern ferry sails from Brask twice a day. It carries no cars.\n",
  "mural.md": "# Harbour mural\n\nThe harbour mural was made by a painter, Odra Kesh.\n\nIt rains. It snows.\n",
  "odra.md": "# Odra Kesh\n\nShe comes from Tarn and keeps bees.\n",
  "src/retry.py": "def retry_policy(attempts):\n    return attempts * 2\n",
};
const QUESTIONS = [
  "How often does the northern ferry sail from Brask?",
  "Who made the harbour mural?",
  "Where was the painter of the harbour mural born?",
  "Which volcano erupted in the previous century?",
  "What do accountants charge for audits?",
];

describe("a model with other cosines", () => {
  const plain = createHashingEmbedder();
  const narrow = narrowEmbedder(plain, 0.75);
  let opened: TestStore;

  beforeAll(async () => {
    opened = await openTestStore();
    await storeFiles(FILES, { store: opened.store, embedder: plain, collection: "plain" });
    await storeFiles(FILES, { store: opened.store, embedder: narrow, collection: "narrow" });
  });
  afterAll(() => opened.close());

  const search = async (
    query: string,
    { embedder, mode, collection }: { embedder: Embedder; mode: SearchMode; collection: "plain" | "narrow" },
  ): Promise<SearchResult> =>
    createRetriever({ store: opened.store, embedder, collection, chunkTokens: 150 })(query, { mode, explain: true });

  it.each(QUESTIONS.flatMap((query) => (["hybrid", "dense"] as const).map((mode) => [mode, query] as const)))(
    "finds and refuses the same in mode %s: %s",
    async (mode, query) => {
      const expected = await search(query, { embedder: plain, mode, collection: "plain" });
      const found = await search(query, { embedder: narrow, mode, collection: "narrow" });
      expect(found.evidence).toBe(expected.evidence);
      expect(found.hits.map(({ source, lines }) => ({ source, lines }))).toEqual(
        expected.hits.map(({ source, lines }) => ({ source, lines })),
      );
      for (const [index, { score }] of expected.hits.entries()) expect(found.hits[index]?.score).toBeCloseTo(score, 4);
    },
  );

  it("would take anything for an answer by its bare cosines", async () => {
    const { similarityScale: _, ...bare } = narrow;
    const query = "Which volcano erupted in the previous century?";
    expect((await search(query, { embedder: plain, mode: "hybrid", collection: "plain" })).evidence).toBe("none");
    expect((await search(query, { embedder: bare, mode: "hybrid", collection: "narrow" })).evidence).not.toBe("none");
  });

  it("shows the model's cosines, and the scale to which they were converted", async () => {
    const query = "Who made the harbour mural?";
    const { hits, explain } = await search(query, { embedder: narrow, mode: "hybrid", collection: "narrow" });
    const expected = await search(query, { embedder: plain, mode: "hybrid", collection: "plain" });
    expect(hits[0]?.scores.dense).toBeCloseTo(0.75 + 0.25 * (expected.hits[0]?.scores.dense ?? 0), 4);
    expect(explain?.cosines).toEqual({ model: await narrow.similarityScale?.(), countAs: REFERENCE_SCALE });
    expect(expected.explain?.cosines).toBeUndefined();
    const byWords = await search(query, { embedder: narrow, mode: "lexical", collection: "narrow" });
    expect(byWords.explain?.cosines).toBeUndefined();
  });

  it("judges code for a task the same", async () => {
    for (const task of ["change the retry policy", "paint the volcano blue"]) {
      const expected = await createCodeFinder({ store: opened.store, embedder: plain, collection: "plain" })(task);
      const found = await createCodeFinder({ store: opened.store, embedder: narrow, collection: "narrow" })(task);
      expect(found.evidence, task).toBe(expected.evidence);
    }
  });

  it.each(QUESTIONS)("is answered from without a model the same: %s", async (question) => {
    const ask = async (embedder: Embedder, collection: string): Promise<unknown> => {
      const retrieve = createRetriever({ store: opened.store, embedder, collection, chunkTokens: 150 });
      const proxy = new RetrieveUserProxyAgent({ name: "proxy", humanInputMode: "NEVER", retrieve });
      const assistant = new ExtractiveAssistant({ embedder });
      const { result } = await drain(runRetrieveChat({ proxy, assistant, question, limit: 3 }));
      return { status: result.status, answer: result.answer };
    };
    expect(await ask(narrow, "narrow")).toEqual(await ask(plain, "plain"));
  });
});
