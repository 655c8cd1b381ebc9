import { expect, it } from "vitest";
import type { CallToolResult } from "@modelcontextprotocol/client";
import type { ManageDocuments } from "../../src/answering/use-cases.ts";
import { createGptTokenCounter } from "../../src/tokens/gpt-token-counter.ts";
import { CITATION, DOCUMENT, fakeAnswer, HIT } from "../server/fake-use-cases.ts";
import { connectClient, textOf } from "./connect-client.ts";

const counter = createGptTokenCounter();
const filler = Array.from({ length: 12 }, (_, line) => `Line ${line} says little about it.`).join("\n");
const TEXT = `${filler}\n\nThe anchor weighs ninety tonnes.`;
const second = filler.length + 2;
const PAGED = {
  ...DOCUMENT,
  pages: [
    { page: 6, start: 0, end: filler.length },
    { page: 8, start: second, end: TEXT.length },
  ],
};
const documents: ManageDocuments = {
  list: async () => ({ documents: [PAGED], nextCursor: null }),
  get: async () => ({ document: PAGED, text: TEXT, chunks: [] }),
  remove: async () => false,
  removeSources: async () => [],
};

it("reads lines with the pages that they stand on", async () => {
  const client = await connectClient({ useCases: { documents } });
  const read = async (lines: Readonly<Record<string, number>>): Promise<CallToolResult> =>
    client.callTool({ name: "read_source", arguments: { path: DOCUMENT.source, ...lines } });
  const all = await read({ start_line: 2 });
  expect(textOf(all)).toMatch(/^guide\/install\.md:2-14 of 14 lines, p\. 6-8\n/);
  expect(all.structuredContent).toMatchObject({ page: 6 });
  expect(textOf(await read({ end_line: 3 }))).toMatch(/ of 14 lines, p\. 6\n/);
  // The line before it, between the pages, is empty.
  for (const line of [13, 14]) expect((await read({ start_line: line })).structuredContent).toMatchObject({ page: 8 });
});

it("reads lines of documents without pages as ever", async () => {
  const client = await connectClient();
  const result = await client.callTool({ name: "read_source", arguments: { path: DOCUMENT.source } });
  expect(textOf(result)).toMatch(/ of 8 lines\n/);
  expect(result.structuredContent).toMatchObject({ page: null });
});

it("finds snippets with the page on which they begin, also where they were shortened", async () => {
  const hit = {
    ...HIT,
    page: 6,
    pageStarts: [{ page: 8, start: second }],
    text: TEXT,
    lines: { start: 1, end: 14 },
    span: { start: 0, end: TEXT.length },
  };
  const client = await connectClient({
    useCases: {
      countTokens: (some) => counter.count(some),
      searchCorpus: async ({ query }) => ({
        query,
        collection: "default",
        mode: "hybrid",
        hits: [hit],
        evidence: "good",
        timing: { embedMs: 0, searchMs: 0 },
      }),
    },
  });
  const search = async (maxTokens: number): Promise<CallToolResult> =>
    client.callTool({ name: "search_docs", arguments: { query: "anchor weighs", max_tokens: maxTokens } });
  const whole = await search(4_000);
  expect(whole.structuredContent).toMatchObject({ hits: [{ start_line: 1, page: 6 }] });
  expect(textOf(whole)).toContain("guide/install.md:1-14 p. 6  0.71");
  expect((await search(300)).structuredContent).toMatchObject({ hits: [{ start_line: 14, page: 8 }] });
});

it("answers with the pages of the quotes", async () => {
  const client = await connectClient({
    useCases: {
      async *answerQuestion({ question }) {
        const answer = { ...fakeAnswer(question), citations: [{ ...CITATION, page: 8 }] };
        yield { type: "answer", answer };
        return answer;
      },
    },
  });
  const answer = await client.callTool({ name: "ask", arguments: { question: "How heavy is it?" } });
  expect(textOf(answer)).toContain("[1] guide/install.md:4-4 p. 8");
  expect(answer.structuredContent).toMatchObject({ citations: [{ page: 8 }] });
});
