import { describe, expect, it } from "vitest";
import type { SearchResult } from "../../src/domain/hit.ts";
import { toolSchemas } from "../../src/mcp/tool-schemas.ts";
import { CitewellError } from "../../src/errors.ts";
import { createGptTokenCounter } from "../../src/tokens/gpt-token-counter.ts";
import { createFakeUseCases, DOCUMENT, fakeAnswer, HIT } from "../server/fake-use-cases.ts";
import { connectClient, textOf } from "./connect-client.ts";

const counter = createGptTokenCounter();
const countTokens = (text: string): number => counter.count(text);
const LONG_LINE = `${"Bread and butter are on the table. ".repeat(20)}The keys are rotated monthly. ${"Tea follows. ".repeat(20)}`;

function found(hits: SearchResult["hits"]): SearchResult {
  const timing = { embedMs: 0, searchMs: 0 };
  return { query: "", collection: "default", mode: "hybrid", hits, evidence: "good", timing };
}

describe("a result with little room", () => {
  it("cuts the only line of the best hit rather than showing none", async () => {
    const hit = { ...HIT, text: LONG_LINE, lines: { start: 7, end: 7 } };
    const useCases = { countTokens, searchCorpus: async () => found([hit, { ...hit, rank: 2 }]) };
    const client = await connectClient({ useCases });
    const result = await client.callTool({
      name: "search_docs",
      arguments: { query: "rotating keys", max_tokens: 220 },
    });
    expect(
      countTokens(JSON.stringify({ content: result.content, structuredContent: result.structuredContent })),
    ).toBeLessThanOrEqual(220);
    const { hits, left_out: leftOut } = toolSchemas.searchDocs.output.parse(result.structuredContent);
    expect(hits).toHaveLength(1);
    expect(hits[0]).toMatchObject({ start_line: 7, end_line: 7, shortened: true });
    expect(hits[0]?.snippet).toContain("keys are rotated");
    expect(LONG_LINE).toContain(hits[0]?.snippet);
    expect(leftOut).toBe(1);
  });

  it("names the places of what does not fit, best first, however small the room", async () => {
    const hits = Array.from({ length: 4 }, (_, index) => ({
      ...HIT,
      rank: index + 1,
      source: `guide/part-${index + 1}.md`,
      text: LONG_LINE,
      lines: { start: 7, end: 7 },
    }));
    const client = await connectClient({ useCases: { countTokens, searchCorpus: async () => found(hits) } });
    for (const max of [90, 100, 120, 150, 190]) {
      const result = await client.callTool({ name: "search_docs", arguments: { query: "keys", max_tokens: max } });
      const { content, structuredContent, isError } = result;
      expect([max, isError ?? false]).toEqual([max, false]);
      expect(countTokens(JSON.stringify({ content, structuredContent }))).toBeLessThanOrEqual(max);
      const output = toolSchemas.searchDocs.output.parse(structuredContent);
      const named = [...output.hits.map(({ path }) => path), ...output.also];
      expect([named[0], output.hits.length + output.left_out]).toEqual([
        expect.stringMatching(/^guide\/part-1\.md/),
        4,
      ]);
      expect(textOf(result)).toMatch(/^guide\/part-1\.md:7-7/m);
      expect(textOf(result)).toContain(`${output.left_out} more did not fit.`);
    }
  });

  it.each([250, 700])("tears no character of an answer or a quote apart in %i tokens", async (max) => {
    for (let odd = 0; odd < 8; odd += 1) {
      const text = `${"a".repeat(odd)}${"🚀".repeat(400)}`;
      const said = fakeAnswer("Rockets?");
      const answer = max < 500 ? text : said.answer;
      const citations = said.citations.map((citation) => ({ ...citation, quote: text }));
      const useCases = {
        countTokens,
        answerQuestion: async function* () {
          yield { type: "delta" as const, text: "x" };
          return { ...said, answer, citations };
        },
      };
      const client = await connectClient({ useCases });
      const result = await client.callTool({ name: "ask", arguments: { question: "Rockets?", max_tokens: max } });
      const output = toolSchemas.ask.output.parse(result.structuredContent);
      const shown = [output.answer, ...output.citations.map(({ quote }) => quote)];
      expect(shown).not.toContain(text);
      expect(shown.map((one) => one.isWellFormed())).not.toContain(false);
    }
  });

  it("says in one sentence that a room is too small for anything", async () => {
    const client = await connectClient({ useCases: { countTokens, searchCorpus: async () => found([HIT]) } });
    for (const [name, args] of [
      ["search_docs", { query: "keys" }],
      ["search_code", { task: "keys" }],
      ["read_source", { path: DOCUMENT.source }],
      ["ask", { question: "keys" }],
    ] as const) {
      const result = await client.callTool({ name, arguments: { ...args, max_tokens: 5 } });
      expect([name, result.isError, textOf(result)]).toEqual([
        name,
        true,
        expect.stringMatching(/^.* 5 tokens.*; ask with a larger max_tokens\.$/),
      ]);
    }
  });

  it("repeats less of a long question in any script", async () => {
    const question = "日本語🚀の質問".repeat(200);
    const useCases = {
      countTokens,
      searchCorpus: async () => found([]),
      answerQuestion: async function* () {
        yield { type: "delta" as const, text: "x" };
        return { ...fakeAnswer(question), answer: `Nothing fits “${question}”.`, citations: [] };
      },
    };
    const client = await connectClient({ useCases });
    for (const call of [
      { name: "search_docs", arguments: { query: question, max_tokens: 200 } },
      { name: "ask", arguments: { question, max_tokens: 200 } },
    ]) {
      const { isError, content, structuredContent } = await client.callTool(call);
      expect(isError, call.name).not.toBe(true);
      expect(countTokens(JSON.stringify({ content, structuredContent }))).toBeLessThanOrEqual(200);
    }
  });
});

it("says that a collection of prose alone has no code", async () => {
  const timing = { embedMs: 0, searchMs: 0 };
  const client = await connectClient({
    useCases: {
      documents: {
        ...createFakeUseCases().documents,
        list: async () => ({ documents: [{ ...DOCUMENT, language: "markdown" }], nextCursor: null }),
      },
      findCode: async ({ task }) => ({ task, collection: "default", files: [], symbols: [], evidence: "none", timing }),
    },
  });
  const result = await client.callTool({ name: "search_code", arguments: { task: "open the store" } });
  expect([result.isError, textOf(result)]).toEqual([
    true,
    expect.stringMatching(/no code \(markdown\); call search_docs/),
  ]);
});

it("ends a sentence once where it adds how to index", async () => {
  const missing = async (): Promise<never> => {
    throw new CitewellError("collection_missing", 'There is no collection "x": name one that exists.');
  };
  const client = await connectClient({ useCases: { searchCorpus: missing } });
  const result = await client.callTool({ name: "search_docs", arguments: { query: "y" } });
  expect(textOf(result)).toBe(
    'There is no collection "x": name one that exists, or call sync_index with paths; the server runs in /project.',
  );
});
