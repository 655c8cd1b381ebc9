import { describe, expect, it } from "vitest";
import type { CallToolResult } from "@modelcontextprotocol/client";
import type { ManageDocuments, UseCases } from "../../src/answering/use-cases.ts";
import type { Answer } from "../../src/domain/answer.ts";
import type { DocumentRecord } from "../../src/domain/document.ts";
import { toolSchemas } from "../../src/mcp/tool-schemas.ts";
import { createGptTokenCounter } from "../../src/tokens/gpt-token-counter.ts";
import {
  CODE_FILE,
  COLLECTION,
  DOCUMENT,
  DOCUMENT_TEXT,
  fakeAnswer,
  fakeReport,
  HIT,
  createFakeUseCases,
} from "../server/fake-use-cases.ts";
import { connectClient, textOf } from "./connect-client.ts";

const counter = createGptTokenCounter();

describe("the MCP server", () => {
  it("offers the six tools, five of them read-only, all with an output schema and without unknown parameters", async () => {
    const client = await connectClient();
    const { tools } = await client.listTools();
    expect(
      tools
        .map(({ name, annotations }) => [name, annotations?.readOnlyHint])
        .toSorted(([a], [b]) => (`${a}` < `${b}` ? -1 : 1)),
    ).toEqual([
      ["ask", true],
      ["index_status", true],
      ["read_source", true],
      ["search_code", true],
      ["search_docs", true],
      ["sync_index", false],
    ]);
    for (const { inputSchema, outputSchema } of tools) {
      expect(inputSchema).toMatchObject({ type: "object", additionalProperties: false });
      expect(outputSchema).toMatchObject({ type: "object" });
    }
  });

  it.each([
    ["search_docs", { query: "install", foo: 1 }, /foo/],
    ["search_docs", {}, /query/],
    ["search_code", { task: "x", limit: 1_000 }, /limit/],
    ["read_source", { path: "a", start_line: 0 }, /start_line/],
    ["sync_index", { path: "/etc" }, /path/],
  ])("refuses wrong parameters of %s: %j", async (name, args, message) => {
    const client = await connectClient();
    const result = await client.callTool({ name, arguments: args });
    expect(result.isError).toBe(true);
    expect(textOf(result)).toMatch(message);
  });

  it("searches documents: place, score and snippet as text, the same as data", async () => {
    const client = await connectClient();
    const result = await client.callTool({ name: "search_docs", arguments: { query: "install" } });
    expect(textOf(result)).toContain(`guide/install.md:4-4  0.71  Installation\n${HIT.text}`);
    expect(result.structuredContent).toMatchObject({
      query: "install",
      collection: "default",
      evidence: "good",
      left_out: 0,
      hits: [{ path: "guide/install.md", start_line: 4, end_line: 4, score: 0.71, snippet: HIT.text }],
    });
  });

  it("says so where a collection of an older version is searched by meaning alone", async () => {
    const fakes = createFakeUseCases();
    const client = await connectClient({
      useCases: { searchCorpus: async (request) => ({ ...(await fakes.searchCorpus(request)), mode: "dense" }) },
    });
    const result = await client.callTool({ name: "search_docs", arguments: { query: "install" } });
    expect(textOf(result)).toContain(
      'Note: The collection "default" was made by an older version of citewell: it is searched by meaning alone',
    );
  });

  it("says which headings a passage stands under", async () => {
    const client = await connectClient({
      useCases: {
        searchCorpus: async ({ query }) => ({
          query,
          collection: "default",
          mode: "hybrid",
          hits: [{ ...HIT, heading: "Linux > Keys" }, HIT],
          evidence: "good",
          timing: { embedMs: 0, searchMs: 0 },
        }),
      },
    });
    const result = await client.callTool({ name: "search_docs", arguments: { query: "install" } });
    expect(textOf(result)).toContain("guide/install.md:4-4  0.71  Installation > Linux > Keys\n");
    expect(result.structuredContent).toMatchObject({ hits: [{ heading: "Linux > Keys" }, { heading: null }] });
  });

  it("leaves code out of a search for documents, where there is both", async () => {
    const filters: unknown[] = [];
    const client = await connectClient({
      useCases: {
        documents: documentsOf([DOCUMENT, { ...DOCUMENT, id: "2", language: "python" }]),
        searchCorpus: async ({ query, filter }) => {
          filters.push(filter);
          return {
            query,
            collection: "default",
            mode: "hybrid",
            hits: [],
            evidence: "none",
            timing: { embedMs: 0, searchMs: 0 },
          };
        },
      },
    });
    const result = await client.callTool({ name: "search_docs", arguments: { query: "x", path: ["guide/**"] } });
    expect(filters).toEqual([{ source: ["guide/**"], language: ["markdown"] }]);
    const metadata = { team: ["docs"], year: ["2024"] };
    await client.callTool({ name: "search_docs", arguments: { query: "x", language: ["text"], metadata } });
    expect(filters.at(-1)).toEqual({ language: ["text"], metadata: { team: ["docs"], year: ["2024", 2024] } });
    expect(textOf(result)).toBe(
      'Nothing in the collection "default" fits "x".\n\nNote: Only documents that fit path were searched; try without.',
    );
  });

  it.each([
    [{}, "Try other words, or index_status for what is there."],
    [{ language: ["cobol", "python"] }, "No document is in cobol; there are: markdown, python."],
    [{ language: ["python"], path: ["x/**"] }, "Only documents that fit path and language were searched; try without."],
  ])("says what to do where code was searched for with %j and nothing was found", async (filter, note) => {
    const client = await connectClient({
      useCases: {
        documents: documentsOf([DOCUMENT, { ...DOCUMENT, id: "2", source: "a.py", language: "python" }]),
        findCode: async ({ task }) => ({
          task,
          collection: "default",
          files: [],
          symbols: [],
          evidence: "none",
          timing: { embedMs: 0, searchMs: 0 },
        }),
      },
    });
    const result = await client.callTool({ name: "search_code", arguments: { task: "x", ...filter } });
    expect(textOf(result)).toBe(`Nothing in the collection "default" fits "x".\n\nNote: ${note}`);
    // Programs that hand on the data alone say it too.
    expect(result.structuredContent).toMatchObject({ hits: [], notes: [note] });
  });

  it("leads from a refusal to the passages that come nearest, if there are any", async () => {
    const askWith = async (hits: number): Promise<string> => {
      const answer: Answer = {
        ...fakeAnswer("Why?"),
        answer: "I do not know.",
        status: "insufficient",
        citations: [],
        searches: [{ query: "Why?", hits }],
      };
      const client = await connectClient({
        useCases: {
          async *answerQuestion() {
            yield { type: "answer", answer };
            return answer;
          },
        },
      });
      return textOf(await client.callTool({ name: "ask", arguments: { question: "Why?" } }));
    };
    expect(await askWith(2)).toBe(
      "I do not know.\n\nStatus: insufficient. search_docs shows the passages that come nearest.",
    );
    expect(await askWith(0)).toBe("I do not know.\n\nStatus: insufficient.");
  });

  it("leaves out the empty lines behind a piece of code, and says where it ends without them", async () => {
    const text = "def go():\r\n    return 1\r\n\r\n\r\n";
    const place = { symbol: "go", lines: { start: 7, end: 10 }, span: { start: 0, end: text.length }, score: 1, text };
    const client = await connectClient({
      useCases: {
        findCode: async ({ task }) => ({
          task,
          collection: "default",
          files: [{ ...CODE_FILE, source: "go.py", score: 1, places: [place] }],
          symbols: [],
          evidence: "good",
          timing: { embedMs: 0, searchMs: 0 },
        }),
      },
    });
    const result = await client.callTool({ name: "search_code", arguments: { task: "go" } });
    expect(textOf(result)).toBe("go.py:7-8  1.00  go\ndef go():\r\n    return 1");
    expect(result.structuredContent).toMatchObject({ hits: [{ start_line: 7, end_line: 8, shortened: false }] });
  });

  it("notes how misspelt words of a task were read", async () => {
    const client = await connectClient({
      useCases: {
        documents: documentsOf([{ ...DOCUMENT, language: "python" }]),
        findCode: async ({ task }) => ({
          task,
          collection: "default",
          files: [],
          symbols: [],
          evidence: "none",
          corrections: [{ written: "invoce", read: "invoice" }],
          timing: { embedMs: 0, searchMs: 0 },
        }),
      },
    });
    const result = await client.callTool({ name: "search_code", arguments: { task: "invoce" } });
    expect(textOf(result)).toContain("Note: Read “invoce” as “invoice”; a word in backticks is searched for as it is.");
  });

  it("says that a collection of code alone has no documents", async () => {
    const client = await connectClient({ useCases: { documents: documentsOf([{ ...DOCUMENT, language: "rust" }]) } });
    const result = await client.callTool({ name: "search_docs", arguments: { query: "x" } });
    expect([result.isError, textOf(result)]).toEqual([
      true,
      expect.stringMatching(/only code \(rust\); call search_code/),
    ]);
  });

  it("says how far the index is where there are no documents yet", async () => {
    const sentence = "The index is being made (3 %, 2 of 60 files).";
    const client = await connectClient({
      useCases: { documents: documentsOf([{ ...DOCUMENT, language: "rust" }]) },
      refresher: {
        enabled: true,
        refresh: async () => [sentence],
        inStepSince: () => null,
        describe: () => sentence,
        stop: async () => undefined,
        forget: () => undefined,
        close: async () => undefined,
      },
    });
    const result = await client.callTool({ name: "search_docs", arguments: { query: "x" } });
    expect([result.isError, textOf(result)]).toEqual([true, sentence]);
    const read = await client.callTool({ name: "read_source", arguments: { path: "src/not-yet.ts" } });
    expect(textOf(read)).toBe(
      `The collection "default" holds no src/not-yet.ts. search_docs and search_code give paths. ${sentence}`,
    );
    const status = await client.callTool({ name: "index_status", arguments: {} });
    expect(status.structuredContent).toMatchObject({ notes: [sentence] });
  });

  it("says what happens where nothing is indexed yet", async () => {
    const collections = { list: async () => [], create: async () => COLLECTION, remove: async () => false };
    const say = async (project: string | null): Promise<string> =>
      textOf(
        await (
          await connectClient({ project, useCases: { collections } })
        ).callTool({ name: "index_status", arguments: {} }),
      );
    expect(await say("/project")).toBe("Note: Nothing is indexed yet; the first search indexes /project.");
    expect(await say(null)).toBe(
      "Note: Nothing is indexed yet; call sync_index with paths; the server runs in /project.",
    );
  });

  it("indexes the project with sync_index, and says which roots it leaves alone", async () => {
    const seen: (readonly string[])[] = [];
    const ingestRoots: UseCases["ingestRoots"] = async function* ({ roots, collection }) {
      seen.push(roots);
      const report = fakeReport(collection, 1);
      yield { type: "ingest-end", report };
      return report;
    };
    const collections = { list: async () => [], create: async () => COLLECTION, remove: async () => false };
    const fresh = await connectClient({ project: "/project", useCases: { ingestRoots, collections } });
    await fresh.callTool({ name: "sync_index", arguments: {} });
    expect(seen).toEqual([["/project"]]);
    const site = { ...DOCUMENT, id: "2", root: "https://a.example/docs/", source: "https://a.example/docs/x" };
    const mixed = await connectClient({
      useCases: { ingestRoots, documents: documentsOf([{ ...DOCUMENT, root: process.cwd() }, site]) },
    });
    const result = await mixed.callTool({ name: "sync_index", arguments: {} });
    expect(seen[1]).toEqual([process.cwd()]);
    expect(textOf(result)).toMatch(
      /The pages of https:\/\/a\.example\/docs\/ stay as they are; citewell ingest fetches/,
    );
  });

  it("does not bring roots in step that are not the user's own", async () => {
    const documents = documentsOf([{ ...DOCUMENT, root: process.cwd() }]);
    const named: string[] = [];
    const ownRoots = { has: () => false, add: (given: readonly string[]) => named.push(...given) };
    const client = await connectClient({ ownRoots, useCases: { documents } });
    const result = await client.callTool({ name: "sync_index", arguments: {} });
    expect(textOf(result)).toContain(`is brought in step by itself. ${process.cwd()} lies outside of the project`);
    expect(result.isError).toBe(true);
    await client.callTool({ name: "sync_index", arguments: { paths: ["notes"] } });
    expect(named).toEqual([expect.stringMatching(/[\\/]project[\\/]notes$/)]);
  });

  it("cuts a line that does not fit alone, and names files of a like name", async () => {
    const client = await connectClient({
      useCases: {
        countTokens: (some) => counter.count(some),
        documents: {
          ...documentsOf([DOCUMENT]),
          get: async () => ({ document: DOCUMENT, text: `${"word ".repeat(5_000)}\nlast`, chunks: [] }),
        },
      },
    });
    const read = (args: Readonly<Record<string, unknown>>): Promise<CallToolResult> =>
      client.callTool({ name: "read_source", arguments: args });
    const cut = await read({ path: DOCUMENT.source, max_tokens: 400 });
    expect(cut.structuredContent).toMatchObject({ start_line: 1, end_line: 1, shortened: true });
    expect(textOf(cut)).toMatch(/word word[^]*Line 1 does not fit max_tokens 400; this is its beginning\./);
    expect(textOf(await read({ path: "instal.md" }))).toMatch(/Names like it: guide\/install\.md\./);
  });

  it("searches code: files with their places", async () => {
    const client = await connectClient();
    const result = await client.callTool({ name: "search_code", arguments: { task: "change the installer" } });
    expect(textOf(result)).toContain("src/install.ts:3-5  1.20  install\nexport function install(): void {");
    expect(result.structuredContent).toMatchObject({ hits: [{ path: "src/install.ts", symbol: "install" }] });
  });

  it("keeps a whole result under max_tokens, and says what it left out", async () => {
    const text = Array.from(
      { length: 60 },
      (_, line) => `const value${line} = compute(${line}, "some words of it");`,
    ).join("\n");
    const files = Array.from({ length: 30 }, (_, index) => ({
      ...CODE_FILE,
      rank: index + 1,
      source: `src/file-${index}.ts`,
      places: [{ symbol: null, lines: { start: 1, end: 60 }, span: { start: 0, end: text.length }, score: 1, text }],
    }));
    const client = await connectClient({
      useCases: {
        countTokens: (some) => counter.count(some),
        findCode: async ({ task }) => ({
          task,
          collection: "default",
          files,
          symbols: [],
          evidence: "good",
          timing: { embedMs: 0, searchMs: 0 },
        }),
      },
    });
    const named: number[] = [];
    for (const max of [300, 1_000, 4_000]) {
      const result = await client.callTool({ name: "search_code", arguments: { task: "values", max_tokens: max } });
      const { content, structuredContent } = result;
      expect(counter.count(JSON.stringify({ content, structuredContent }))).toBeLessThanOrEqual(max);
      expect(textOf(result)).toMatch(/\d+ more did not fit max_tokens/);
      const { hits } = toolSchemas.searchCode.output.parse(structuredContent);
      expect(hits[0]).toMatchObject({ path: "src/file-0.ts", start_line: 1, shortened: true });
      expect(hits.every(({ snippet, end_line: end }) => text.split("\n").slice(0, end).join("\n") === snippet)).toBe(
        true,
      );
      named.push(hits.length);
    }
    expect(named[2]).toBeGreaterThanOrEqual(8);
  });

  it("shortens a passage to the lines that speak of the query", async () => {
    const text = Array.from({ length: 64 }, (_, line) =>
      line === 40 ? "Keys are rotated monthly." : `Line ${line} is about bread and butter.`,
    ).join("\n");
    const hit = { ...HIT, text, lines: { start: 11, end: 74 } };
    const client = await connectClient({
      useCases: {
        searchCorpus: async ({ query }) => ({
          query,
          collection: "default",
          mode: "hybrid",
          hits: [hit, { ...hit, rank: 2 }, { ...hit, rank: 3 }],
          evidence: "good",
          timing: { embedMs: 0, searchMs: 0 },
        }),
      },
    });
    const result = await client.callTool({
      name: "search_docs",
      arguments: { query: "rotating keys", max_tokens: 1_200 },
    });
    const { hits } = toolSchemas.searchDocs.output.parse(result.structuredContent);
    for (const { snippet, start_line: start, end_line: end } of hits) {
      expect(snippet).toContain("Keys are rotated");
      expect(
        text
          .split("\n")
          .slice(start - 11, end - 10)
          .join("\n"),
      ).toBe(snippet);
    }
    expect(hits).toHaveLength(3);
  });

  it("reads lines with their numbers", async () => {
    const client = await connectClient();
    const result = await client.callTool({
      name: "read_source",
      arguments: { path: "install.md", start_line: 3, end_line: 4 },
    });
    const lines = DOCUMENT_TEXT.split("\n");
    expect(textOf(result)).toBe(`guide/install.md:3-4 of 8 lines\n3\t${lines[2]}\n4\t${lines[3]}`);
    expect(result.structuredContent).toMatchObject({ start_line: 3, end_line: 4, total_lines: 8, shortened: false });
  });

  it.each([
    [{ root: "C:/Work", source: "guide/install.md" }, String.raw`c:\Work\guide\install.md`],
    [{ root: "/notes", source: "Übung/Käfer.md".normalize("NFD") }, "Käfer.md"],
    [{ root: "/notes", source: "Übung/Käfer.md".normalize("NFD") }, "/notes/Übung/Käfer.md"],
  ])("reads %j by the name %s", async (place, path) => {
    const document = { ...DOCUMENT, ...place };
    const client = await connectClient({
      useCases: {
        documents: { ...documentsOf([document]), get: async () => ({ document, text: "one\n", chunks: [] }) },
      },
    });
    const result = await client.callTool({ name: "read_source", arguments: { path, end_line: 1 } });
    expect(result.structuredContent).toMatchObject({ path: place.source, start_line: 1 });
  });

  it.each([
    [{ path: "guide/install.md:3-4" }, [3, 4]],
    [{ path: "install.md:7" }, [1, 8]],
    [{ path: "install.md:7:12", end_line: 7 }, [7, 7]],
    [{ path: "install.md:2-4", start_line: 3 }, [3, 4]],
  ])("reads the lines behind a path, as results and stack traces have them: %j", async (args, [start, end]) => {
    const client = await connectClient();
    const result = await client.callTool({ name: "read_source", arguments: args });
    expect(result.structuredContent).toMatchObject({ path: DOCUMENT.source, start_line: start, end_line: end });
  });

  it("reads a document whose name ends like a place", async () => {
    const document = { ...DOCUMENT, source: "notes/at 9:30" };
    const client = await connectClient({
      useCases: {
        documents: { ...documentsOf([document]), get: async () => ({ document, text: "one\n", chunks: [] }) },
      },
    });
    const result = await client.callTool({ name: "read_source", arguments: { path: "notes/at 9:30" } });
    expect(result.structuredContent).toMatchObject({ path: document.source, start_line: 1 });
  });

  it("reads as many lines as fit, and says where to go on", async () => {
    const text = Array.from({ length: 500 }, (_, line) => `line ${line + 1}`).join("\r\n");
    const client = await connectClient({
      useCases: {
        documents: {
          ...documentsOf([DOCUMENT]),
          get: async () => ({ document: DOCUMENT, text, chunks: [] }),
        },
        countTokens: (some) => counter.count(some),
      },
    });
    const result = await client.callTool({
      name: "read_source",
      arguments: { path: DOCUMENT.source, start_line: 10, max_tokens: 400 },
    });
    const { structuredContent } = result;
    const { end_line: end } = toolSchemas.readSource.output.parse(structuredContent);
    const note = `The rest did not fit max_tokens 400; go on with start_line ${end + 1}, or raise it.`;
    expect(structuredContent).toMatchObject({ start_line: 10, total_lines: 500, shortened: true, notes: [note] });
    expect(textOf(result)).toContain(`${end}\tline ${end}\n\nNote: ${note}`);
    expect(counter.count(JSON.stringify({ content: result.content, structuredContent }))).toBeLessThanOrEqual(400);
  });

  it.each([
    [{ path: "guide/instal.md" }, /holds no guide\/instal\.md/],
    [{ path: "guide/install.md", start_line: 90 }, /has 8 lines, so none from 90 on/],
    [
      { path: "guide/install.md", start_line: 4, end_line: 2 },
      /Lines 4 to 2 are none: start_line must not come after end_line/,
    ],
  ])("says what to do where %j cannot be read", async (args, message) => {
    const client = await connectClient();
    const result = await client.callTool({ name: "read_source", arguments: args });
    expect([result.isError, textOf(result)]).toEqual([true, expect.stringMatching(message)]);
  });

  it("asks for the root where two have the same path", async () => {
    const client = await connectClient({
      useCases: { documents: documentsOf([DOCUMENT, { ...DOCUMENT, id: "2", root: "/other" }]) },
    });
    const result = await client.callTool({ name: "read_source", arguments: { path: DOCUMENT.source } });
    expect([result.isError, textOf(result)]).toEqual([true, expect.stringMatching(/root \/handbook.*root \/other/)]);
  });

  it("answers with citations", async () => {
    const client = await connectClient();
    const result = await client.callTool({ name: "ask", arguments: { question: "How do I install it?" } });
    expect(textOf(result)).toBe("Run `npm install --global citewell` once. [1]\n\n[1] guide/install.md:4-4");
    expect(result.structuredContent).toMatchObject({
      status: "answered",
      citations: [{ marker: 1, path: "guide/install.md", start_line: 4, verified: true }],
    });
  });

  it("gives a failure as a result with a sentence", async () => {
    const client = await connectClient();
    const result = await client.callTool({
      name: "search_docs",
      arguments: { query: "x", collection: "missing", language: ["text"] },
    });
    expect([result.isError, textOf(result)]).toEqual([true, expect.stringMatching(/There is no collection missing/)]);
  });

  it("tells what is indexed", async () => {
    const client = await connectClient();
    const result = await client.callTool({ name: "index_status", arguments: {} });
    expect(result.structuredContent).toMatchObject({
      default_collection: "default",
      collections: [
        {
          name: COLLECTION.name,
          languages: { markdown: 1 },
          roots: [{ root: "/handbook", documents: 1, present: false }],
        },
      ],
    });
  });

  it("synchronises paths from the working folder, with progress", async () => {
    const calls: unknown[] = [];
    const progress: unknown[] = [];
    const client = await connectClient({
      useCases: {
        ingestRoots: async function* ({ roots, collection, force }) {
          calls.push({ roots, force });
          const report = fakeReport(collection, 2);
          yield {
            type: "progress",
            filesDone: 1,
            filesTotal: 2,
            bytesDone: 1,
            bytesTotal: 2,
            chunksDone: 1,
            tokensDone: 1,
          };
          yield { type: "ingest-end", report };
          return report;
        },
      },
    });
    const result = await client.callTool(
      { name: "sync_index", arguments: { paths: ["docs", "/abs"] } },
      { onprogress: (one) => progress.push(one) },
    );
    expect(calls).toEqual([{ roots: ["/project/docs", "/abs"], force: false }]);
    expect(progress).toEqual([{ progress: 1, total: 2, message: "1 of 2 files are indexed" }]);
    expect(textOf(result)).toBe("default: 2 added; 2 chunks.");
  });

  it("takes no paths from clients that may be elsewhere", async () => {
    const client = await connectClient({ cwd: null });
    const result = await client.callTool({ name: "sync_index", arguments: { paths: ["/etc"] } });
    expect([result.isError, textOf(result)]).toEqual([true, expect.stringMatching(/paths/)]);
  });
});

function documentsOf(documents: readonly DocumentRecord[]): ManageDocuments {
  return {
    list: async () => ({ documents, nextCursor: null }),
    get: async () => null,
    remove: async () => false,
    removeSources: async () => [],
  };
}
