import { setImmediate } from "node:timers/promises";
import { describe, expect, it, onTestFinished } from "vitest";
import { createIngestCorpus } from "../../ingest/ingest-corpus.ts";
import { createSubmitDocuments } from "../../ingest/submit-documents.ts";
import { createCollectionOpener } from "../../src/answering/open-collection.ts";
import type { CollectionSettings } from "../../src/domain/collection.ts";
import type { IngestEvent, IngestOptions } from "../../src/domain/ingest.ts";
import { runToEnd } from "../../src/domain/run-to-end.ts";
import { createHashingEmbedder } from "../../src/embedding/hashing-embedder.ts";
import type { VectorStore } from "../../src/store/vector-store.ts";
import { ANALYSER_VERSION, OLDEST_READABLE_TERMS } from "../../src/lexical/analyse.ts";
import { openStoreKind, STORE_KINDS } from "../support/open-store-kind.ts";
import { contentOf } from "./corpus-states.ts";
import { createFolder } from "./temporary-folder.ts";

const embedder = { ...createHashingEmbedder({ dimensions: 16 }), batchSize: 1 };
const CONTENT = "# Cherry\n\nA cherry came over the network.";
const FILES = { "a.md": "# Apple\n\nAn apple a day.", "b.md": "# Banana\n\nA banana is yellow." };

/** A store whose new collections say that another version made them. */
const asVersion = (store: VectorStore, by: number): VectorStore => ({
  ...store,
  createCollection: async (name, settings, options) => {
    const chunker = { ...settings.chunker, version: settings.chunker.version + by };
    return store.createCollection(name, { ...settings, chunker }, options);
  },
});

async function openBench(kind: (typeof STORE_KINDS)[number] = "embedded", by = -1) {
  const store = await openStoreKind(kind);
  const folder = await createFolder(FILES);
  const older = asVersion(store, by);
  await runToEnd(createIngestCorpus({ store: older, embedder })({ collection: "docs", roots: [folder.path] }));
  const start = (options: Partial<IngestOptions> = {}) =>
    createIngestCorpus({ store, embedder })({ collection: "docs", roots: [folder.path], ...options });
  const version = async (): Promise<CollectionSettings["chunker"]["version"] | undefined> =>
    (await store.describeCollection("docs"))?.settings.chunker.version;
  const search = async (query: string): Promise<readonly string[]> => {
    const { retrieve } = await createCollectionOpener({ store, embedder })("docs");
    return (await retrieve(query, { limit: 3 })).hits.map(({ source }) => source);
  };
  return { store, folder, start, version, search };
}

describe.each(STORE_KINDS)("a collection that an older version made, on the store %s", (kind) => {
  it("is re-indexed by itself where that is asked for, and answers all the time", async () => {
    const { store, start, version, search } = await openBench(kind);
    const before = await version();
    const events: IngestEvent[] = [];
    for await (const event of start({ upgrade: true, wordsFirst: true })) {
      events.push(event);
      if (event.type === "ingest-end") continue;
      expect(await search("banana")).toContain("b.md");
      expect(await version()).toBe(before);
    }
    const [begun] = events.filter(({ type }) => type === "reindex-start");
    expect(begun).toEqual({
      type: "reindex-start",
      collection: "docs",
      differences: [`chunker version ${before}, now ${(before ?? 0) + 1}`],
      isAnswering: true,
    });
    expect(await version()).toBe((before ?? 0) + 1);
    expect(await search("banana")).toContain("b.md");
    const upgraded = await contentOf(store, "docs");
    const again = await runToEnd(start({ upgrade: true }));
    expect(again.documents).toMatchObject({ unchanged: 2, added: 0, changed: 0 });
    await store.deleteCollection("docs");
    await runToEnd(start());
    expect(upgraded).toEqual(await contentOf(store, "docs"));
  });

  it("is re-indexed once by several that start at the same time", async () => {
    const { store, folder, version } = await openBench(kind);
    const before = await version();
    const ingest = createIngestCorpus({ store, embedder });
    const reports = await Promise.all(
      [1, 2, 3].map(async () => runToEnd(ingest({ collection: "docs", roots: [folder.path], upgrade: true }))),
    );
    // Who of them holds the collection first is up to the store.
    const added = reports.map(({ documents }) => documents.added);
    expect(added.toSorted((left, right) => left - right)).toEqual([0, 0, 2]);
    expect(await version()).toBe((before ?? 0) + 1);
    expect((await store.listCollections()).map(({ name }) => name)).toEqual(["docs"]);
  });
});

describe("a collection that an older version made", () => {
  it("goes on with a re-indexing that was interrupted", async () => {
    const { store, start, version } = await openBench();
    for await (const { type } of start({ upgrade: true })) if (type === "file-end") break;
    expect(await store.listCollections()).toHaveLength(2);
    const { documents } = await runToEnd(start({ upgrade: true }));
    expect(documents.unchanged).toBeGreaterThan(0);
    expect(documents.unchanged + documents.added + documents.changed).toBe(2);
    expect(await store.listCollections()).toHaveLength(1);
    expect(await version()).toBeGreaterThan(0);
  });

  it("is refused by hand with the command that re-indexes it", async () => {
    const { start } = await openBench();
    const odd = await createFolder({ "it's here/a.md": "One." });
    const roots = [`${odd.path}/it's here`];
    await expect(runToEnd(start({ roots }))).rejects.toMatchObject({
      code: "collection_mismatch",
      message: expect.stringContaining(
        `An older version of citewell made it, and it answers as before. To re-index it, run: citewell ingest '${odd.path}/it'\\''s here' --collection docs --force`,
      ),
    });
  });

  it("refuses uploads with a command that names its folders", async () => {
    const { store, folder } = await openBench();
    const documents = [{ source: "c.md", content: CONTENT }];
    const upload = createSubmitDocuments({ store, embedder })({ collection: "docs", documents });
    await expect(runToEnd(upload)).rejects.toMatchObject({
      code: "collection_mismatch",
      message: expect.stringContaining(`run: citewell ingest ${folder.path} --collection docs --force`),
    });
  });

  it("stays where more than half of its documents would go", async () => {
    const { store, folder, start, version } = await openBench();
    const many = Object.fromEntries(Array.from({ length: 20 }, (_, at) => [`n${at}.md`, `Number ${at}.`]));
    await folder.write(many);
    await store.deleteCollection("docs");
    await runToEnd(
      createIngestCorpus({ store: asVersion(store, -1), embedder })({ collection: "docs", roots: [folder.path] }),
    );
    const before = await version();
    for (const name of Object.keys(many).slice(0, 15)) await folder.remove(name);
    await expect(runToEnd(start({ upgrade: true }))).rejects.toMatchObject({ code: "deletion_refused" });
    expect(await version()).toBe(before);
    await runToEnd(start({ upgrade: true, removeMissing: false }));
    expect((await store.describeCollection("docs"))?.documents).toBe(22);
  });

  it("stays where more than half of its sources cannot be read as text any more", async () => {
    const { store, folder, start, version } = await openBench();
    const many = Object.fromEntries(Array.from({ length: 20 }, (_, at) => [`n${at}.txt`, `Number ${at}.`]));
    await folder.write(many);
    await store.deleteCollection("docs");
    await runToEnd(
      createIngestCorpus({ store: asVersion(store, -1), embedder })({ collection: "docs", roots: [folder.path] }),
    );
    const before = await version();
    const noise = Uint8Array.from({ length: 400 }, (_, at) => (at * 97 + 13) % 256);
    await folder.write(Object.fromEntries(Object.keys(many).map((name) => [name, noise])));
    await expect(runToEnd(start({ upgrade: true }))).rejects.toMatchObject({ code: "deletion_refused" });
    expect(await version()).toBe(before);
    expect((await store.describeCollection("docs"))?.documents).toBe(22);
  });

  it("is re-indexed from what is stored of it without a root, and only where that is necessary", async () => {
    const { store, folder, start, version } = await openBench();
    const before = await version();
    await folder.remove("a.md");
    await expect(runToEnd(start({ roots: [] }))).rejects.toMatchObject({ code: "usage_invalid" });
    await runToEnd(start({ roots: [], force: true }));
    expect(await version()).toBe((before ?? 0) + 1);
    expect((await store.describeCollection("docs"))?.documents).toBe(2);
    await expect(runToEnd(start({ roots: [], force: true }))).rejects.toMatchObject({
      code: "usage_invalid",
      message: expect.stringContaining("nothing to re-index"),
    });
  });
});

describe("a collection that an older version made with other rules for terms", () => {
  const otherTerms = (store: VectorStore, by: number): VectorStore => ({
    ...store,
    createCollection: async (name, settings, options) => {
      const analyser = { ...settings.analyser, version: settings.analyser.version + by };
      return store.createCollection(name, { ...settings, analyser }, options);
    },
  });

  /** The collection "docs" as if this many versions of the rules ago had made it, and the warnings of the process. */
  async function openOlder(by: number) {
    const bench = await openBench();
    await bench.store.deleteCollection("docs");
    const older = createIngestCorpus({ store: otherTerms(bench.store, by), embedder });
    await runToEnd(older({ collection: "docs", roots: [bench.folder.path] }));
    const warnings: string[] = [];
    const onWarning = ({ message }: Error): void => void warnings.push(message);
    process.on("warning", onWarning);
    onTestFinished(() => void process.off("warning", onWarning));
    return { ...bench, warnings, open: createCollectionOpener({ store: bench.store, embedder }) };
  }
  const COMMAND = "citewell ingest --force --collection docs;";

  it("is searched as before where few words have other terms, which a warning says once", async () => {
    const { start, open, store, warnings } = await openOlder(OLDEST_READABLE_TERMS - ANALYSER_VERSION);
    const { retrieve, findCode } = await open("docs");
    expect(await retrieve("banana", { limit: 3 })).toMatchObject({ mode: "hybrid", hits: [{ source: "b.md" }] });
    expect((await retrieve("banana", { mode: "lexical" })).hits.map(({ source }) => source)).toEqual(["b.md"]);
    await findCode("banana", {});
    // Whatever opens it anew, as everybody does whose documents have changed.
    await createCollectionOpener({ store, embedder })("docs");
    // Warnings come with the next tick.
    await setImmediate();
    expect(warnings).toEqual([expect.stringContaining("Until it is re-indexed, a few words are not found in it.")]);
    expect(warnings[0]).toContain(COMMAND);
    await expect(runToEnd(start())).rejects.toThrow("An older version of citewell made it, and it answers as before.");
  });

  it("is searched by meaning alone where most words have other terms, until it is re-indexed", async () => {
    const { start, open, search, warnings } = await openOlder(OLDEST_READABLE_TERMS - ANALYSER_VERSION - 1);
    const { retrieve, retrieveCode, findCode } = await open("docs");
    for (const one of [retrieve, retrieveCode]) {
      const found = await one("A banana is yellow.", { limit: 1, stop: false, join: false });
      expect(found).toMatchObject({ mode: "dense", hits: [{ source: "b.md", scores: { lexical: null } }] });
    }
    const refusal = {
      code: "collection_mismatch",
      message: expect.stringContaining("by meaning alone, not by words"),
    };
    await expect(retrieve("banana", { mode: "lexical" })).rejects.toMatchObject(refusal);
    await expect(findCode("banana", {})).rejects.toMatchObject(refusal);
    await expect(findCode("banana", {})).rejects.toThrow(COMMAND);
    await expect.poll(() => warnings).toEqual([expect.stringContaining("by meaning alone")]);
    await expect(runToEnd(start())).rejects.toThrow(
      "An older version of citewell made it, and searches in it go by meaning alone until it is re-indexed. To re-index it, run:",
    );
    const events: IngestEvent[] = [];
    for await (const event of start({ upgrade: true })) {
      events.push(event);
      if (event.type === "progress") expect((await retrieve("banana yellow", {})).mode).toBe("dense");
    }
    expect(events.find(({ type }) => type === "reindex-start")).toMatchObject({ isAnswering: true });
    expect(await search("banana")).toContain("b.md");
  });

  it("wants a newer program where a newer version made it", async () => {
    const { store, folder, search } = await openBench();
    await store.deleteCollection("docs");
    const newer = createIngestCorpus({ store: otherTerms(store, 1), embedder });
    await runToEnd(newer({ collection: "docs", roots: [folder.path] }));
    await expect(search("banana")).rejects.toThrow("made by a newer version of citewell");
    await expect(search("banana")).rejects.not.toThrow("--force");
  });
});

describe("a collection that differs in something else", () => {
  it("is not re-indexed by itself when a newer version made it", async () => {
    const { start, version } = await openBench("embedded", 1);
    const before = await version();
    await expect(runToEnd(start({ upgrade: true }))).rejects.toMatchObject({
      code: "collection_mismatch",
      message: expect.stringContaining("A newer version of citewell made it: use that one."),
    });
    expect(await version()).toBe(before);
  });

  it("is not re-indexed by itself for a size or a model that somebody chose", async () => {
    const { store, folder, start } = await openBench();
    const message = expect.stringContaining("Use the settings it was made with");
    await expect(runToEnd(start({ upgrade: true, chunkTokens: 40 }))).rejects.toMatchObject({ message });
    const other = { ...embedder, model: "other", fingerprint: "other" };
    const ingest = createIngestCorpus({ store, embedder: other });
    const run = ingest({ collection: "docs", roots: [folder.path], upgrade: true });
    await expect(runToEnd(run)).rejects.toMatchObject({ code: "collection_mismatch", message });
  });

  it("is not re-indexed by itself for another function that cuts", async () => {
    const { store, folder } = await openBench();
    const run = async (split: (text: string) => string[], upgrade: boolean) =>
      runToEnd(
        createIngestCorpus({ store, embedder, chunking: { customTextSplitFunction: split } })({
          collection: "docs",
          roots: [folder.path],
          upgrade,
        }),
      );
    const [lines, sentences] = [(text: string) => text.split(/(?<=\n)/), (text: string) => text.split(/(?<=\.)/)];
    // Whichever of their versions is the higher one.
    for (const [made, now] of [
      [lines, sentences],
      [sentences, lines],
    ] as const) {
      await store.deleteCollection("docs");
      await run(made, false);
      await expect(run(now, true)).rejects.toMatchObject({ code: "collection_mismatch" });
    }
  });
});
