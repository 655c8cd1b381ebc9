import { describe, expect, it } from "vitest";
import type { CodePlace } from "../../src/domain/code.ts";
import { createRandom } from "../../src/domain/seeded-random.ts";
import type { Hit } from "../../src/domain/hit.ts";
import { toolSchemas } from "../../src/mcp/tool-schemas.ts";
import { createGptTokenCounter } from "../../src/tokens/gpt-token-counter.ts";
import { CODE_FILE, createFakeUseCases, DOCUMENT, fakeAnswer, HIT } from "../server/fake-use-cases.ts";
import { connectClient } from "./connect-client.ts";

const counter = createGptTokenCounter();
const PIECES = [
  "const value = compute(1);",
  "der Schlüssel liegt unter der Matte",
  "日本語の文章です",
  "🙂",
  "\t",
  "x".repeat(400),
  "",
];

type Random = () => number;

function pick<Value>(random: Random, values: readonly [Value, ...Value[]]): Value {
  return values[Math.floor(random() * values.length)] ?? values[0];
}

function makeText(random: Random): string {
  const lines = Array.from({ length: 1 + Math.floor(random() * 80) }, () =>
    Array.from({ length: Math.floor(random() * 6) }, () => PIECES[Math.floor(random() * PIECES.length)]).join(" "),
  );
  return lines.join(pick(random, ["\n", "\r\n"]));
}

function linesOf(text: string): readonly string[] {
  return text.split(/\r\n|\n/);
}

/** Use cases with a made-up text in every place that a result shows. */
function madeUp(random: Random): {
  readonly useCases: Parameters<typeof createFakeUseCases>[0];
  readonly text: string;
} {
  const text = makeText(random);
  const count = Math.floor(random() * 30);
  const lines = { start: 1, end: linesOf(text).length };
  const place: CodePlace = { symbol: "make", lines, span: { start: 0, end: text.length }, score: 1, text };
  const hit: Hit = { ...HIT, lines, text };
  const notMeasured = { embedMs: 0, searchMs: 0 };
  return {
    text,
    useCases: {
      countTokens: (some) => counter.count(some),
      searchCorpus: async ({ query }) => ({
        query,
        collection: "default",
        mode: "hybrid",
        hits: Array.from({ length: count }, (_, index) => ({ ...hit, rank: index + 1 })),
        evidence: pick(random, ["good", "weak", "none"]),
        timing: notMeasured,
      }),
      findCode: async ({ task }) => ({
        task,
        collection: "default",
        files: Array.from({ length: count }, (_, index) => ({
          ...CODE_FILE,
          rank: index + 1,
          places: [place, { ...place, symbol: null }],
        })),
        symbols: [],
        evidence: pick(random, ["good", "weak", "none"]),
        timing: notMeasured,
      }),
      documents: {
        ...createFakeUseCases().documents,
        list: async () => ({ documents: [DOCUMENT], nextCursor: null }),
        get: async () => ({ document: DOCUMENT, text, chunks: [] }),
      },
      answerQuestion: async function* ({ question }) {
        const answer = fakeAnswer(question);
        const [citation] = answer.citations;
        const citations =
          citation === undefined ? [] : Array.from({ length: count }, () => ({ ...citation, quote: text }));
        const made = { ...answer, answer: `${text} [1]`, citations };
        yield { type: "answer", answer: made };
        return made;
      },
    },
  };
}

describe("max_tokens", () => {
  it.each(Array.from({ length: 12 }, (_, seed) => seed + 1))(
    "is kept by every tool, text and data together, whatever is found (seed %i)",
    { timeout: 60_000 },
    async (seed) => {
      const random = createRandom(seed);
      const { useCases, text } = madeUp(random);
      const client = await connectClient({ useCases });
      const words = "change the key ".repeat(pick(random, [1, 1, 20, 400]));
      const max = Math.floor(200 * 30 ** random());
      for (const [name, args] of [
        ["search_docs", { query: words, language: ["markdown"] }],
        ["search_code", { task: words }],
        ["read_source", { path: DOCUMENT.source, start_line: 1 + Math.floor(random() * (linesOf(text).length - 1)) }],
        ["ask", { question: words.slice(0, 500) }],
      ] as const) {
        const { content, structuredContent, isError } = await client.callTool({
          name,
          arguments: { ...args, max_tokens: max },
        });
        const tokens = counter.count(JSON.stringify({ content, structuredContent }));
        expect([name, isError ?? false, tokens <= max, tokens]).toEqual([name, false, true, tokens]);
      }
    },
  );

  it.each([1, 2, 3, 4, 5, 6])("leaves a place that holds exactly the text shown (seed %i)", async (seed) => {
    const random = createRandom(seed);
    const { useCases, text } = madeUp(random);
    const client = await connectClient({ useCases });
    const lines = linesOf(text);
    const result = await client.callTool({ name: "search_code", arguments: { task: "compute", max_tokens: 1_500 } });
    const { hits } = toolSchemas.searchCode.output.parse(result.structuredContent);
    for (const { snippet, start_line: start, end_line: end } of hits) {
      expect(linesOf(snippet)).toEqual(lines.slice(start - 1, end));
    }
  });
});
