import type { CallToolResult } from "@modelcontextprotocol/client";
import { expect, describe, it } from "vitest";
import type { RefreshOptions } from "../../src/mcp/refresh/refresh-index.ts";
import { createFolder } from "../ingest/temporary-folder.ts";
import {
  CITATION,
  CODE_FILE,
  createFakeUseCases,
  DOCUMENT,
  DOCUMENT_TEXT,
  fakeAnswer,
  HIT,
} from "../server/fake-use-cases.ts";
import { connectClient, type ConnectOptions, textOf } from "./connect-client.ts";

const OLD = "may have changed since it was indexed: what is shown of it may be old.";

/** A refresher whose looks bring the index in step, or whose looks are kept from it. */
function createRefresher({ isBusy = false }: { readonly isBusy?: boolean } = {}): {
  readonly refresher: NonNullable<ConnectOptions["refresher"]>;
  /** Of each look, whether it was made at once. */
  readonly looks: readonly boolean[];
} {
  const looks: boolean[] = [];
  let inStepAt = 0;
  return {
    looks,
    refresher: {
      enabled: true,
      refresh: async (_: string, { atOnce = false }: RefreshOptions) => {
        looks.push(atOnce);
        if (atOnce && !isBusy) inStepAt = Date.now();
        return [];
      },
      inStepSince: () => inStepAt,
      describe: () => null,
      stop: async () => undefined,
      forget: () => undefined,
      close: async () => undefined,
    },
  };
}

describe("a file that changed after the last look", () => {
  it("is looked at and searched for once more by search_code, before anything is shown", async () => {
    const { path: root } = await createFolder({ "src/install.ts": "// New.\nexport function install(): void {}\n" });
    const { refresher, looks } = createRefresher();
    const fakes = createFakeUseCases();
    const client = await connectClient({
      refresher,
      useCases: {
        findCode: async (request) => {
          const result = await fakes.findCode(request);
          const text = "export function install(): void {}";
          const now = { symbol: "install", lines: { start: 2, end: 2 }, span: { start: 8, end: 42 }, score: 1, text };
          return { ...result, files: [{ ...CODE_FILE, root, places: looks.length === 1 ? CODE_FILE.places : [now] }] };
        },
      },
    });
    const result = await client.callTool({ name: "search_code", arguments: { task: "install" } });
    expect(looks).toEqual([false, true]);
    expect(textOf(result)).toBe("src/install.ts:2-2  1.20  install\nexport function install(): void {}");
    expect(result.structuredContent).toMatchObject({ hits: [{ start_line: 2, end_line: 2 }], notes: [] });
  });

  it("has its lines numbered as they are now where it cannot be stored", async () => {
    const { path: root } = await createFolder({ "src/install.ts": `\n\n\n\n\n${CODE_FILE.places[0]?.text}\n` });
    const { refresher, looks } = createRefresher({ isBusy: true });
    const fakes = createFakeUseCases();
    const client = await connectClient({
      refresher,
      useCases: {
        findCode: async (request) => ({ ...(await fakes.findCode(request)), files: [{ ...CODE_FILE, root }] }),
      },
    });
    const result = await client.callTool({ name: "search_code", arguments: { task: "install" } });
    expect(looks).toEqual([false, true]);
    expect(textOf(result)).toMatch(/^src\/install\.ts:6-8 {2}1\.20 {2}install\nexport function install/);
    expect(result.structuredContent).toMatchObject({ hits: [{ start_line: 6, end_line: 8 }], notes: [] });
  });

  it("is named by every tool that shows other lines of it, in text and data", async () => {
    const { path: root } = await createFolder({ "guide/install.md": "# Installation\n\nAll is different.\n" });
    const { refresher } = createRefresher({ isBusy: true });
    const document = { ...DOCUMENT, root };
    const fakes = createFakeUseCases();
    const client = await connectClient({
      refresher,
      useCases: {
        searchCorpus: async (request) => ({ ...(await fakes.searchCorpus(request)), hits: [{ ...HIT, root }] }),
        answerQuestion: async function* ({ question }) {
          const answer = { ...fakeAnswer(question), citations: [{ ...CITATION, root }] };
          yield { type: "answer", answer };
          return answer;
        },
        documents: {
          ...fakes.documents,
          list: async () => ({ documents: [document], nextCursor: null }),
          get: async () => ({ document, text: DOCUMENT_TEXT, chunks: [] }),
        },
      },
    });
    const sentence = `guide/install.md ${OLD}`;
    for (const [name, args] of [
      ["search_docs", { query: "install" }],
      ["read_source", { path: "guide/install.md", start_line: 3, end_line: 4 }],
      ["ask", { question: "How is it installed?" }],
    ] as const) {
      const result = await client.callTool({ name, arguments: args });
      expect(textOf(result)).toContain(`Note: ${sentence}`);
      expect(result.structuredContent).toMatchObject({ notes: [sentence] });
    }
    const same = await client.callTool({ name: "read_source", arguments: { path: "install.md", end_line: 2 } });
    expect(same.structuredContent).toMatchObject({ notes: [] });
  });

  it("is looked at before a question in a conversation is answered, in the conversation's collection", async () => {
    const { path: root } = await createFolder({ "guide/install.md": "# Installation\n\nAll is different.\n" });
    const { refresher } = createRefresher({ isBusy: true });
    const steps: string[] = [];
    const client = await connectClient({
      refresher: {
        ...refresher,
        async refresh(collection, options) {
          steps.push(`look at ${collection}`);
          return refresher.refresh(collection, options);
        },
      },
      useCases: {
        answerQuestion: async function* ({ question }) {
          steps.push("answer");
          const answer = { ...fakeAnswer(question), citations: [{ ...CITATION, root }] };
          yield { type: "answer", answer };
          return answer;
        },
      },
    });
    const ask = async (conversation_id: string): Promise<CallToolResult> =>
      client.callTool({ name: "ask", arguments: { question: "And then?", conversation_id } });
    expect((await ask("known")).structuredContent).toMatchObject({ notes: [`guide/install.md ${OLD}`] });
    expect(steps).toEqual(["look at handbook", "answer"]);
    await ask("unknown");
    expect(steps).toEqual(["look at handbook", "answer", "answer"]);
  });
});
