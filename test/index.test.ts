import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RecursiveCharacterTextSplitter } from "@langchain/textsplitters";
import { QdrantClient } from "@qdrant/js-client-rest";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  AssistantAgent,
  createHashingEmbedder,
  createIngestCorpus,
  createScriptedModel,
  openEmbeddedStore,
  openRetrieval,
  QdrantRetrieveUserProxyAgent,
  RetrieveAssistantAgent,
  RetrieveUserProxyAgent,
  runToEnd,
  type IngestEvent,
  type RetrieveConfig,
  type VectorStore,
} from "../src/index.ts";
import { createGptTokenCounter } from "../src/tokens/gpt-token-counter.ts";
import { startQdrantStandIn } from "./support/qdrant-stand-in.ts";

const hashing = createHashingEmbedder({ dimensions: 64 });
let folder = "";
let store: VectorStore;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "citewell-library-"));
  await writeFile(join(folder, "lamp.md"), "# Lamp\n\nThe lamp was lit in 1911.\n");
  await writeFile(join(folder, "notes.txt"), "Bread is baked on Mondays.\n");
  store = await openEmbeddedStore({ file: ":memory:" });
});
afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

const config = (part: RetrieveConfig = {}): RetrieveConfig => ({
  task: "qa",
  docsPath: folder,
  vectorDb: store,
  embeddingFunction: (texts) => hashing.embed(texts),
  ...part,
});

async function ask(
  retrieveConfig: RetrieveConfig,
): Promise<Awaited<ReturnType<RetrieveUserProxyAgent["initiateChat"]>>> {
  const model = createScriptedModel(["The lamp was lit in 1911 [1]."]);
  const assistant = new AssistantAgent({ name: "assistant", model });
  const proxy = new RetrieveUserProxyAgent({ name: "ragproxyagent", humanInputMode: "NEVER", retrieveConfig });
  try {
    return await proxy.initiateChat(assistant, {
      message: proxy.messageGenerator,
      problem: "When was the lamp lit in 1911?",
    });
  } finally {
    await proxy.close();
  }
}

describe("the library's RetrieveUserProxyAgent", () => {
  it("indexes docsPath on the first question and answers over it", async () => {
    const result = await ask(config());
    expect(result.summary).toBe("The lamp was lit in 1911 [1].");
    expect(result.retrieval?.status).toBe("answered");
    expect(result.retrieval?.passages[0]?.hit.source).toBe("lamp.md");
    expect((await store.describeCollection("autogen-docs"))?.documents).toBe(2);
  });

  it("tells what happens while docsPath is indexed, with the files that are left out", async () => {
    await writeFile(join(folder, "empty.md"), "");
    const events: IngestEvent[] = [];
    const proxy = new RetrieveUserProxyAgent({
      name: "proxy",
      humanInputMode: "NEVER",
      retrieveConfig: config(),
      onIngest: (event) => void events.push(event),
    });
    await proxy.openRetrieval();
    await proxy.close();
    const end = events.at(-1);
    expect(events.map(({ type }) => type)).toContain("file-start");
    expect(end).toMatchObject({
      type: "ingest-end",
      report: { documents: { added: 2, skipped: 1 }, files: [{ source: "empty.md", status: "skipped" }] },
    });
    const opened = await openRetrieval(config({ getOrCreate: true }), { onIngest: (event) => void events.push(event) });
    await opened.close();
    expect(events.at(-1)).toMatchObject({ type: "ingest-end", report: { documents: { unchanged: 2 } } });
    await expect(Reflect.apply(openRetrieval, null, [config(), { onProgress: () => 1 }])).rejects.toThrow(
      "openRetrieval.onProgress is not supported: known are signal, onIngest.",
    );
  });

  it("keeps its own parts where an option is undefined", async () => {
    const proxy = new RetrieveUserProxyAgent({
      name: "proxy",
      humanInputMode: "NEVER",
      retrieveConfig: config({ model: "gpt-4" }),
      openRetrieval: undefined,
      tokenCounter: undefined,
    });
    const assistant = new AssistantAgent({ name: "assistant", model: createScriptedModel(["In 1911 [1]."]) });
    const question = { message: proxy.messageGenerator, problem: "When was the lamp lit in 1911?" };
    const { chatHistory } = await proxy.initiateChat(assistant, question);
    const [prompt] = chatHistory;
    expect(prompt?.retrieval?.tokens).toBe(createGptTokenCounter({ model: "gpt-4" }).count(prompt?.content ?? ""));
    await proxy.close();
  });

  it("refuses an existing collection unless it may use or replace it", async () => {
    await ask(config());
    await expect(ask(config())).rejects.toMatchObject({ code: "collection_exists" });
    expect((await ask(config({ getOrCreate: true }))).retrieval?.status).toBe("answered");
    expect((await ask(config({ overwrite: true }))).retrieval?.status).toBe("answered");
  });

  it("replaces a collection only when nobody ingests into it any more", async () => {
    await ask(config());
    const replaced: string[] = [];
    const watched: VectorStore = {
      ...store,
      promoteCollection: async (from, name, options) => {
        replaced.push(name);
        return store.promoteCollection(from, name, options);
      },
    };
    const lease = { owner: "another process", holder: "another process", ttlMs: 60_000 };
    await store.acquireLease("autogen-docs", lease);
    const waits = Promise.withResolvers<void>();
    watched.acquireLease = async (name, claim, options) => {
      const inForce = await store.acquireLease(name, claim, options);
      if (inForce.owner === lease.owner) waits.resolve();
      return inForce;
    };
    const asked = ask(config({ vectorDb: watched, overwrite: true }));
    await waits.promise;
    expect(replaced).toEqual([]);
    await store.releaseLease("autogen-docs", lease.owner);
    expect((await asked).retrieval?.status).toBe("answered");
    expect(replaced).toEqual(["autogen-docs"]);
  });

  it("replaces a collection in one step when the new one is complete, so that others find all of one of them", async () => {
    await writeFile(join(folder, "old.md"), "# Old\n\nThe pier was closed in 1890.\n");
    await ask(config({ chunkTokenSize: 50 }));
    await rm(join(folder, "old.md"));
    const sources = async (): Promise<readonly string[]> =>
      (await store.listDocuments("autogen-docs", { limit: 10 })).documents.map(({ source }) => source).toSorted();
    const seen: string[][] = [];
    const embeddingFunction = async (texts: readonly string[]): Promise<readonly Float32Array[]> => {
      seen.push([...(await sources())]);
      return await hashing.embed(texts);
    };
    const overwriting = config({ overwrite: true, embeddingFunction, chunkTokenSize: 60 });
    const results = await Promise.all([ask(overwriting), ask(overwriting)]);
    expect(results.map(({ retrieval }) => retrieval?.status)).toEqual(["answered", "answered"]);
    expect(new Set(seen.map((names) => names.join()))).toEqual(
      new Set(["lamp.md,notes.txt,old.md", "lamp.md,notes.txt"]),
    );
    expect(await sources()).toEqual(["lamp.md", "notes.txt"]);
    expect((await store.listCollections()).map(({ name }) => name)).toEqual(["autogen-docs"]);
  });

  it("leaves a collection as it is where nothing can be read to replace it with", async () => {
    await ask(config());
    const other = join(folder, "other");
    await mkdir(other);
    await writeFile(join(other, "broken.docx"), Buffer.from("PK\u0003\u0004 not a package"));
    await expect(ask(config({ docsPath: other, overwrite: true }))).rejects.toMatchObject({ code: "file_unreadable" });
    expect((await store.describeCollection("autogen-docs"))?.documents).toBe(2);
  });

  it("uses an existing collection without docsPath, and says so when there is none", async () => {
    await expect(ask(config({ docsPath: null }))).rejects.toMatchObject({
      code: "collection_missing",
      message: expect.stringContaining("docsPath"),
    });
    await ask(config());
    expect((await ask(config({ docsPath: null }))).retrieval?.status).toBe("answered");
  });

  it("searches Qdrant by a client in dbConfig, or as vectorDb", async () => {
    const standIn = await startQdrantStandIn();
    try {
      const client = new QdrantClient({ url: standIn.url, checkCompatibility: false });
      const first = await ask(config({ vectorDb: "qdrant", dbConfig: { client } }));
      expect(first.retrieval?.passages[0]?.hit.source).toBe("lamp.md");
      const again = await ask(config({ vectorDb: client, getOrCreate: true }));
      expect(again.retrieval?.passages[0]?.hit.source).toBe("lamp.md");
      expect(standIn.requests.length).toBeGreaterThan(0);
    } finally {
      await standIn.stop();
    }
  });

  it.each([
    ["without docsPath", { docsPath: null }],
    ["with docsPath", { getOrCreate: true }],
  ])("says in its own words how to use a collection of another embedding function, %s", async (_, given) => {
    const one = (texts: string[]): number[][] => texts.map(() => [1, 2]);
    const other = (texts: string[]): number[][] => texts.map(() => [1, 2, 3]);
    await ask(config({ embeddingFunction: one }));
    const refusal = ask(config({ ...given, embeddingFunction: other }));
    await expect(refusal).rejects.toMatchObject({ code: "collection_mismatch" });
    await expect(refusal).rejects.toThrow(
      /Give retrieveConfig the options that it was made with \(embeddingFunction, chunkTokenSize, chunkMode\), set overwrite/,
    );
    await expect(refusal).rejects.not.toThrow(/CITEWELL_EMBEDDING_MODEL|citewell ingest|To re-index/);
  });

  it("still goes by its old names, which are the same agents", () => {
    const old = new QdrantRetrieveUserProxyAgent({ name: "proxy", retrieveConfig: { task: "qa" } });
    expect(old).toBeInstanceOf(RetrieveUserProxyAgent);
    expect(old.retrieveConfig).toEqual({ vectorDb: "qdrant", task: "qa" });
    expect(new RetrieveAssistantAgent({ name: "assistant" })).toBeInstanceOf(AssistantAgent);
    const wrong: unknown[] = [null];
    expect(() => Reflect.construct(QdrantRetrieveUserProxyAgent, wrong)).toThrow(TypeError);
  });

  it("reads private addresses where it is allowed to", async () => {
    const server = createServer((_request, response) =>
      response.writeHead(200, { "content-type": "text/html" }).end("<h1>Lamp</h1><p>The lamp was lit in 1911.</p>"),
    );
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    const docsPath = `http://127.0.0.1:${String(typeof address === "object" ? address?.port : 0)}/notes`;
    await expect(ask(config({ docsPath }))).rejects.toMatchObject({ code: "address_refused" });
    const result = await ask(config({ docsPath, getOrCreate: true, allowPrivateAddresses: true }));
    expect(result.retrieval?.passages[0]?.hit.source).toBe(docsPath);
    server.close();
  });

  it("cuts with a splitter of LangChain, which gives a promise, also where it only forecasts", async () => {
    const splitter = new RecursiveCharacterTextSplitter({ chunkSize: 20, chunkOverlap: 0 });
    const customTextSplitFunction = (text: string): Promise<string[]> => splitter.splitText(text);
    const result = await ask(config({ customTextSplitFunction }));
    expect(result.retrieval?.status).toBe("answered");
    expect((await store.describeCollection("autogen-docs"))?.chunks).toBe(5);
    const ingest = createIngestCorpus({ store, embedder: hashing, chunking: { customTextSplitFunction } });
    const { forecast } = await runToEnd(ingest({ roots: [folder], collection: "forecast", dryRun: true }));
    expect(forecast?.chunksToEmbed).toBe(5);
  });

  it("names the file that a splitter of its own fails on, whenever it fails", async () => {
    const refusal = ask(
      config({ customTextSplitFunction: async () => Promise.reject(new Error("the splitter broke")) }),
    );
    await expect(refusal).rejects.toMatchObject({ code: "file_unreadable" });
    await expect(refusal).rejects.toThrow("cannot be cut: the splitter broke");
  });

  it("takes only the file types that are wanted", async () => {
    await ask(config({ customTextTypes: ["md"], collectionName: "md-only" }));
    expect((await store.describeCollection("md-only"))?.documents).toBe(1);
    await expect(ask(config({ customTextTypes: ["xyz"], collectionName: "none" }))).rejects.toThrow(
      "Of folders, retrieveConfig.customTextTypes lets in only files that end in: xyz.",
    );
  });

  it("names the stores it knows when another is wanted", async () => {
    const made = (retrieveConfig: RetrieveConfig): RetrieveUserProxyAgent =>
      new RetrieveUserProxyAgent({ name: "proxy", retrieveConfig });
    const sentence = 'there is no store "chroma"; it is "embedded" (the default), "qdrant", a Qdrant client';
    expect(() => made({ vectorDb: "chroma" })).toThrow(sentence);
    expect(() => made({ vectorDb: "Qdrant" })).not.toThrow();
    await expect(openRetrieval({ vectorDb: "chroma" })).rejects.toThrow(sentence);
  });
});
