import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createSubmitDocuments } from "../../../ingest/submit-documents.ts";
import type { SubmittedDocument } from "../../../src/domain/ingest.ts";
import type { Embedder } from "../../../src/embedding/embedder.ts";
import { createHashingEmbedder } from "../../../src/embedding/hashing-embedder.ts";
import { createCodeFinder, type FindCodeIn } from "../../../src/retrieval/code/find-code.ts";
import { openEmbeddedStore } from "../../../src/store/embedded/embedded-store.ts";
import { openQdrantStore } from "../../../src/store/qdrant/qdrant-store.ts";
import type { VectorStore } from "../../../src/store/vector-store.ts";
import { startQdrantStandIn } from "../../support/qdrant-stand-in.ts";

const FILES: Readonly<Record<string, string>> = {
  "src/retry-policy.ts": "export function retryPolicy(attempts: number): number {\n  return attempts * 2;\n}\n",
  "src/http-client.ts":
    "import { retryPolicy } from './retry-policy.ts';\nexport class HttpClient {\n  // Requests are tried again.\n  send(): void {}\n}\n",
  "src/invoices.ts": "export function printInvoice(total: number): string {\n  return `Total ${total}`;\n}\n",
  "test/retry-policy.test.ts":
    "import { retryPolicy } from '../src/retry-policy.ts';\ntest('retry policy', () => expect(retryPolicy(2)).toBe(4));\ntest('retry policy attempts', () => retryPolicy(3));\n",
  "docs/retry.md": "# Retry policy\n\nThe retry policy doubles the attempts of the retry policy.\n",
};

interface OpenedStore {
  readonly store: VectorStore;
  close(): Promise<void>;
}

async function openEmbedded(): Promise<OpenedStore> {
  const folder = await mkdtemp(path.join(tmpdir(), "citewell-code-"));
  const store = await openEmbeddedStore({ file: path.join(folder, "store.sqlite") });
  return {
    store,
    async close() {
      await store.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function openQdrant(): Promise<OpenedStore> {
  const standIn = await startQdrantStandIn();
  const store = await openQdrantStore({ url: standIn.url });
  return {
    store,
    async close() {
      await store.close();
      await standIn.stop();
    },
  };
}

describe.each([
  ["the embedded store", openEmbedded],
  ["Qdrant", openQdrant],
])("createCodeFinder on %s", (_, open) => {
  let opened: OpenedStore;
  let findCode: FindCodeIn;

  beforeAll(async () => {
    const embedder = createHashingEmbedder();
    opened = await open();
    const { store } = opened;
    const documents = Object.entries(FILES).map(([source, content]) => ({ source, content, metadata: { source } }));
    for await (const event of createSubmitDocuments({ store, embedder })({ collection: "code", documents })) void event;
    findCode = createCodeFinder({ store, embedder, collection: "code" });
  });
  afterAll(() => opened.close());

  it("reads misspelt words by the names in the code, and leaves those in backticks and in traces", async () => {
    const embedder = createHashingEmbedder();
    const usual = new Set(["information", "the", "total"]);
    const countTokens = (text: string): number => (usual.has(text.trim()) ? 1 : 2);
    const { store } = opened;
    const find = createCodeFinder({ store, embedder: { ...embedder, countTokens }, collection: "code" });
    const { files, corrections } = await find("prnit the invoce");
    expect(files[0]?.source).toBe("src/invoices.ts");
    expect(corrections).toEqual([
      { written: "prnit", read: "print" },
      { written: "invoce", read: "invoice" },
    ]);
    expect(await find("`prnit` the `invoce`")).not.toHaveProperty("corrections");
    const trace = "prnit the invoce\n\n    at invoce (/app/src/other.ts:1:2)\n    at prnit (/app/src/invoices.ts:1:2)";
    expect(await find(trace)).not.toHaveProperty("corrections");
    expect(await find("print the total")).not.toHaveProperty("corrections");
  });

  async function sourcesFor(...args: Parameters<FindCodeIn>): Promise<string[]> {
    return (await findCode(...args)).files.map(({ source }) => source);
  }

  it("ranks what is defined before what uses it, tests behind both, and no prose", async () => {
    const sources = await sourcesFor("fix: retry policy counts one attempt too few");
    expect(sources.slice(0, 2)).toEqual(["src/retry-policy.ts", "src/http-client.ts"]);
    expect(sources.at(-1)).toBe("test/retry-policy.test.ts");
    expect(sources).not.toContain("docs/retry.md");
  });

  it("finds places in notebooks where there are more of them than of other code, or when told to", async () => {
    const embedder = createHashingEmbedder();
    const cells = (source: string): string =>
      JSON.stringify({ cells: [{ cell_type: "code", source, outputs: [] }], metadata: {}, nbformat: 4 });
    const notebook = (name: string): SubmittedDocument => ({
      source: `${name}.ipynb`,
      content: cells(`def plot_${name}(rows):\n    return plot(rows)`),
      mediaType: "application/x-ipynb+json",
    });
    const script = { source: "plot.py", content: "def plot(rows):\n    return rows\n", mediaType: "text/x-python" };
    const submit = createSubmitDocuments({ store: opened.store, embedder });
    const foundIn = async (collection: string, ...names: string[]): Promise<string[]> => {
      const documents = [script, ...names.map(notebook)];
      for await (const event of submit({ collection, documents })) void event;
      const find = createCodeFinder({ store: opened.store, embedder, collection });
      const usual = await find("plot the rows");
      const asked = await find("plot the rows", { filter: { language: "notebook" } });
      return [usual, asked].map(({ files }) =>
        files
          .map(({ source }) => source)
          .toSorted()
          .join(" "),
      );
    };
    expect(await foundIn("book", "costs", "sales")).toEqual([
      "costs.ipynb plot.py sales.ipynb",
      "costs.ipynb sales.ipynb",
    ]);
    expect(await foundIn("program", "costs")).toEqual(["plot.py", "costs.ipynb"]);
  });

  it("ranks tests with the rest when the first line speaks of them, or when told to", async () => {
    expect((await sourcesFor("Extend the tests of retryPolicy attempts")).slice(0, 2)).toContain(
      "test/retry-policy.test.ts",
    );
    expect((await sourcesFor("retryPolicy attempts", { tests: true })).slice(0, 2)).toContain(
      "test/retry-policy.test.ts",
    );
  });

  it("finds what a task asks for, however it is handed over", async () => {
    const task = "Retry policy counts one attempt too few\n\nSeen with the HTTP client.";
    const plain = await findCode(task);
    const { files } = await findCode(`Hi team,\nplease fix the following issue:\n\nTitle: ${task}`);
    expect(files).toEqual(plain.files);
  });

  it("searches for the first line's meaning as much as for the whole of a long task", async () => {
    const vectors: Float32Array[] = [];
    const meant: string[][] = [];
    const store: VectorStore = {
      ...opened.store,
      search: async (collection, query, options) => {
        if (query.vector !== null) vectors.push(query.vector);
        return opened.store.search(collection, query, options);
      },
    };
    const hashing = createHashingEmbedder();
    const axis = (index: number): Float32Array =>
      new Float32Array(hashing.dimensions).map((_value, at) => (at === index ? 1 : 0));
    const embedder: Embedder = {
      ...hashing,
      embed: async (texts) => {
        meant.push([...texts]);
        return texts.map((_text, index) => axis(index));
      },
    };
    const find = createCodeFinder({ store, embedder, collection: "code" });
    const long = `Retry policy\n${"It counts one attempt too few, and so the client waits. ".repeat(10)}`.trim();
    await find("Retry policy\nof the client");
    await find(long);
    expect(meant).toEqual([["Retry policy\nof the client"], ["Retry policy", long]]);
    expect(vectors[0]?.slice(0, 2)).toEqual(Float32Array.of(1, 0));
    expect(vectors[1]?.slice(0, 2)).toEqual(Float32Array.of(Math.SQRT1_2, Math.SQRT1_2));
  });

  it("ranks tests first when the first line asks for them, unless they are not wanted", async () => {
    expect((await sourcesFor("Which test covers the retry policy?"))[0]).toBe("test/retry-policy.test.ts");
    expect((await sourcesFor("Which test covers the retry policy?", { tests: false })).at(-1)).toBe(
      "test/retry-policy.test.ts",
    );
  });

  it("puts the files that a trace leads through first, at the place of each frame, a test among them", async () => {
    const trace = [
      "Error: total is missing",
      "    at printInvoice (/ci/work/src/invoices.ts:2:9)",
      "    at send (/ci/work/node_modules/other/lib/http-client.ts:3:1)",
      "    at /ci/work/test/retry-policy.test.ts:2:30",
    ].join("\n");
    const { files } = await findCode(trace);
    expect(files.slice(0, 2).map(({ source }) => source)).toEqual(["src/invoices.ts", "test/retry-policy.test.ts"]);
    expect(files[0]?.places[0]).toMatchObject({ symbol: "printInvoice", score: 1 });
  });

  it("finds the file of a frame whose words are nowhere in it, within the filter", async () => {
    const trace = "ReferenceError: quagga\n    at zebra (src/invoices.ts:1:1)";
    expect(await sourcesFor(trace)).toContain("src/invoices.ts");
    for (const filter of [{ source: "src/http-client.ts" }, { metadata: { source: "src/http-client.ts" } }]) {
      expect(await sourcesFor(trace, { filter })).not.toContain("src/invoices.ts");
    }
  });

  it("reads the list of documents once for many traces", async () => {
    let listings = 0;
    const store: VectorStore = {
      ...opened.store,
      listDocuments: async (name, options) => {
        listings += 1;
        return opened.store.listDocuments(name, options);
      },
    };
    const find = createCodeFinder({ store, embedder: createHashingEmbedder(), collection: "code" });
    for (const line of [1, 2]) await find(`ReferenceError: quagga\n    at zebra (src/invoices.ts:${line}:1)`);
    expect(listings).toBe(1);
  });

  it("finds a file by an identifier written as in the code", async () => {
    expect((await sourcesFor("printInvoice"))[0]).toBe("src/invoices.ts");
  });

  it("lets the first line count more than the rest", async () => {
    expect((await sourcesFor("Print the invoice\n\nAlso look at the retry policy of the client."))[0]).toBe(
      "src/invoices.ts",
    );
  });

  it("keeps to the limit and to the filter", async () => {
    expect(await sourcesFor("retry policy", { limit: 1 })).toHaveLength(1);
    expect(await sourcesFor("retry policy", { filter: { source: "src/http*" } })).toEqual(["src/http-client.ts"]);
    expect(await sourcesFor("retry policy", { filter: { language: "markdown" } })).toEqual(["docs/retry.md"]);
    const metadata = { source: ["src/http-client.ts", "src/unknown.ts"] };
    expect(await sourcesFor("retry policy", { filter: { metadata } })).toEqual(["src/http-client.ts"]);
  });

  it("gives places with exact lines and offsets", async () => {
    const { files } = await findCode("retry policy", { limit: 1 });
    const [place] = files[0]?.places ?? [];
    const text = FILES[files[0]?.source ?? ""] ?? "";
    expect(place).toMatchObject({ lines: { start: 1 } });
    expect(text.slice(place?.span.start, place?.span.end)).toBe(place?.text);
  });

  it("ranks symbols, each once, those of tests last", async () => {
    const { symbols, files } = await findCode("retry policy");
    expect(symbols[0]).toMatchObject({ rank: 1, symbol: "retryPolicy", source: "src/retry-policy.ts", isTest: false });
    expect(symbols[0]?.lines).toEqual(files[0]?.places[0]?.lines);
    const keys = symbols.map(({ source, symbol }) => `${source} ${symbol}`);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it("says what each score is made of when asked", async () => {
    const [plain] = (await findCode("retry policy")).files;
    const { files } = await findCode("retry policy", { explain: true });
    expect(plain).not.toHaveProperty("parts");
    for (const { score, parts } of files) {
      expect(Object.values(parts ?? {}).reduce((sum, part) => sum + part, 0)).toBeCloseTo(score);
    }
    const client = files.find(({ source }) => source === "src/http-client.ts");
    expect(client?.parts?.imports).toBeGreaterThan(0);
    const policy = files.find(({ source }) => source === "src/retry-policy.ts");
    expect(policy?.parts?.mentioned).toBeGreaterThan(0);
    expect(policy?.parts?.siblings).toBeGreaterThan(0);
  });

  it("ranks by words where only words are stored yet, and does not say that nothing fits", async () => {
    const { store } = opened;
    const withoutVectors: VectorStore = {
      ...store,
      async search(name, query, options) {
        const found = await store.search(name, { ...query, vector: null, denseLimit: 0 }, options);
        return { ...found, candidates: found.candidates.map((candidate) => ({ ...candidate, dense: null })) };
      },
    };
    const find = createCodeFinder({ store: withoutVectors, embedder: createHashingEmbedder(), collection: "code" });
    const { files, evidence } = await find("retries of orders sent by couriers in winter, by post", { explain: true });
    expect([files[0]?.source, evidence]).toEqual(["src/retry-policy.ts", "weak"]);
    expect(files.map(({ parts }) => parts?.vector)).toEqual(files.map(() => 0));
    const good = await find("retry policy attempts");
    expect(good.files[0]?.source).toBe("src/retry-policy.ts");
  });

  it("says how well the code fits the first line where the rest of a long task tells of other things", async () => {
    const rest = "Ferries leave the harbour at dawn while herring gulls circle above granite quays. ".repeat(3);
    expect((await findCode(rest)).evidence).toBe("none");
    const [alone, told] = [await findCode("retryPolicy attempts"), await findCode(`retryPolicy attempts\n\n${rest}`)];
    expect([alone.evidence, told.evidence]).toEqual(["good", "good"]);
  });

  it("finds nothing, and says so, where no word fits", async () => {
    const result = await findCode("???", { filter: { language: "cobol" } });
    expect([result.files, result.evidence]).toEqual([[], "none"]);
  });
});
