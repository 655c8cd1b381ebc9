import { describe, expect, it, onTestFinished } from "vitest";
import { createIngestCorpus } from "../../ingest/ingest-corpus.ts";
import { createSubmitDocuments } from "../../ingest/submit-documents.ts";
import type { IngestEvent, IngestOptions, IngestReport } from "../../src/domain/ingest.ts";
import type { Embedder } from "../../src/embedding/embedder.ts";
import { createHashingEmbedder } from "../../src/embedding/hashing-embedder.ts";
import { openEmbeddedStore } from "../../src/store/embedded/embedded-store.ts";
import type { VectorStore } from "../../src/store/vector-store.ts";
import { contentOf } from "./corpus-states.ts";
import { createFolder } from "./temporary-folder.ts";

/** A store in memory with what an ingestion into it needs. */
async function openBench({ batchSize = 8, embedder = createHashingEmbedder({ dimensions: 16 }) } = {}) {
  const store = await openEmbeddedStore({ file: ":memory:" });
  onTestFinished(async () => store.close());
  const embedded: string[] = [];
  const counting: Embedder = {
    ...embedder,
    batchSize,
    async embed(texts, options) {
      embedded.push(...texts);
      return await embedder.embed(texts, options);
    },
  };
  const run = async (options: Partial<IngestOptions> & Pick<IngestOptions, "roots">, through: VectorStore = store) => {
    embedded.length = 0;
    const ingest = createIngestCorpus({ store: through, embedder: counting });
    return await drain(ingest({ collection: "default", chunkTokens: 40, ...options }));
  };
  return { store, embedder: counting, embedded, run };
}

async function drain(
  events: AsyncGenerator<IngestEvent, IngestReport>,
): Promise<{ readonly events: readonly IngestEvent[]; readonly report: IngestReport }> {
  const seen: IngestEvent[] = [];
  for await (const event of events) seen.push(event);
  const last = seen.at(-1);
  if (last?.type !== "ingest-end") throw new Error("The last event is not ingest-end.");
  return { events: seen, report: last.report };
}

const paragraph = (name: string): string => `${`${name} `.repeat(30)}ends here.`;
const page = (...names: readonly string[]): string => `# A page\n\n${names.map(paragraph).join("\n\n")}\n`;

const PNG = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0]);

describe("ingesting a corpus", () => {
  it("stores documents with chunks whose offsets point at their text", async () => {
    const folder = await createFolder({
      "a.md": page("one", "two"),
      "sub/b.ts": "export function run() {\n  return 1;\n}\n",
    });
    const { store, run } = await openBench();
    const { report, events } = await run({ roots: [folder.path] });
    expect(report).toMatchObject({
      collection: "default",
      embeddingModel: "hashing",
      documents: { added: 2, changed: 0, unchanged: 0, removed: 0, skipped: 0, failed: 0 },
      chunks: { reused: 0, deleted: 0 },
      files: [],
    });
    expect(report.chunks.embedded).toBe(report.chunks.total);
    expect(events[0]?.type).toBe("plan-ready");
    for (const { record, chunks, text } of await contentOf(store)) {
      expect(chunks).toHaveLength(record.chunks);
      for (const { span, text: chunk } of chunks) expect(text[0]?.slice(span.start, span.end)).toBe(chunk);
    }
  });

  it("says what encoded data it does not search, and keeps it in the text", async () => {
    const data = Buffer.from(Array.from({ length: 2_000 }, (_, at) => (at * at * 7 + at * 31) % 251)).toString(
      "base64",
    );
    const text = `# A lift\n\nIt stands still. ![a lift](data:image/png;base64,${data}) It runs again.\n`;
    const folder = await createFolder({ "a.md": text, "only.txt": `${data}\n` });
    const { store, embedded, run } = await openBench();
    const { report } = await run({ roots: [folder.path] });
    expect(report.documents).toMatchObject({ added: 2, skipped: 0, failed: 0 });
    const reason = `${data.length.toLocaleString("en")} characters of encoded data (base64 or the like) are not searched, in line `;
    expect(report.noted?.map(({ source, reason: said }) => [source, said])).toEqual([
      ["a.md", `${reason}3`],
      ["only.txt", `${reason}1`],
    ]);
    expect(embedded.join(" ")).not.toContain(data.slice(0, 60));
    const [first, second] = await contentOf(store);
    expect(first?.text).toEqual([text]);
    expect(first?.chunks.map((chunk) => chunk.text).join(" ")).toMatch(/stands still.* It runs again/s);
    expect(second).toMatchObject({ chunks: [], record: { chunks: 0 }, text: [`${data}\n`] });
    expect((await run({ roots: [folder.path] })).report.documents).toMatchObject({ unchanged: 2 });
  });

  it("embeds a title in front of its chunks, and stores them without it", async () => {
    const folder = await createFolder({ "a.md": page("one", "two", "three") });
    const { store, embedded, run } = await openBench();
    await run({ roots: [folder.path] });
    expect(embedded.length).toBeGreaterThan(2);
    for (const text of embedded) expect(text.startsWith("A page\n")).toBe(true);
    const [document] = await contentOf(store);
    expect(document?.chunks[1]?.text.startsWith("two")).toBe(true);
  });

  it("embeds nothing when nothing has changed", async () => {
    const folder = await createFolder({ "a.md": page("one", "two"), "b.md": page("three") });
    const { store, embedded, run } = await openBench();
    const first = await run({ roots: [folder.path] });
    const before = await contentOf(store);
    const { report } = await run({ roots: [folder.path] });
    expect(embedded).toEqual([]);
    expect(report.documents).toMatchObject({ added: 0, changed: 0, unchanged: 2 });
    expect(report.chunks).toEqual({
      embedded: 0,
      reused: first.report.chunks.total,
      deleted: 0,
      total: first.report.chunks.total,
    });
    expect(await contentOf(store)).toEqual(before);
  });

  it("embeds only what an edit touches and refreshes what it moves", async () => {
    const names = Array.from({ length: 20 }, (_, index) => `word${index}`);
    const folder = await createFolder({ "a.md": page(...names) });
    const { store, embedded, run } = await openBench();
    await run({ roots: [folder.path] });
    await folder.write({ "a.md": page(...names.with(3, "other")) });
    const { report } = await run({ roots: [folder.path] });
    expect(embedded).toHaveLength(1);
    expect(embedded[0]).toContain("other");
    expect(report).toMatchObject({ documents: { changed: 1 }, chunks: { embedded: 1, reused: 19, deleted: 1 } });
    const fresh = await openBench();
    await fresh.run({ roots: [folder.path] });
    expect(await contentOf(store)).toEqual(await contentOf(fresh.store));
  });

  it("keeps equal paragraphs of one document apart", async () => {
    const folder = await createFolder({ "a.txt": `${paragraph("same")}\n\n${paragraph("same")}\n` });
    const { store, run } = await openBench();
    await run({ roots: [folder.path] });
    const [document] = await contentOf(store);
    expect(new Set(document?.chunks.map(({ id }) => id)).size).toBe(2);
  });

  it("removes what is gone, unless told otherwise", async () => {
    const folder = await createFolder({ "a.md": page("one"), "b.md": page("two") });
    const { store, run } = await openBench();
    await run({ roots: [folder.path] });
    await folder.remove("b.md");
    expect((await run({ roots: [folder.path], removeMissing: false })).report.documents.removed).toBe(0);
    const { report, events } = await run({ roots: [folder.path] });
    expect(report).toMatchObject({ documents: { removed: 1, unchanged: 1 } });
    expect(report.chunks.deleted).toBeGreaterThan(0);
    expect(events).toContainEqual({
      type: "file-end",
      report: expect.objectContaining({ source: "b.md", status: "removed" }),
      chunks: 0,
    });
    expect((await contentOf(store)).map(({ record }) => record.source)).toEqual(["a.md"]);
  });

  it("leaves alone what a glob or another root does not concern", async () => {
    const folder = await createFolder({ "a.md": page("one"), "b.txt": page("two") });
    const other = await createFolder({ "a.md": page("three") });
    const { store, run } = await openBench();
    await run({ roots: [folder.path, other.path] });
    await folder.remove("b.txt");
    await run({ roots: [`${folder.path}/*.md`] });
    expect((await contentOf(store)).map(({ record }) => record.source).toSorted()).toEqual(["a.md", "a.md", "b.txt"]);
  });

  it("reports bad files and brings in the others", async () => {
    const folder = await createFolder({
      "a.md": page("one"),
      "binary.md": Uint8Array.from([1, 0, 2]),
      "empty.md": "",
      "latin.md": Uint8Array.from([0x63, 0xe9]),
      "paper.pdf": PNG,
    });
    const { run } = await openBench();
    const { report } = await run({ roots: [folder.path] });
    expect(report.documents).toMatchObject({ added: 2, skipped: 3, failed: 0 });
    expect(Object.fromEntries(report.files.map(({ source, reason }) => [source, reason]))).toEqual({
      "binary.md": "binary file",
      "empty.md": "empty file",
      "paper.pdf": "binary file: PNG image",
    });
    expect(report.noted).toMatchObject([
      { source: "latin.md", status: "added", reason: "not valid UTF-8: read as windows-1252" },
    ]);
  });

  it("drops the stored text of a file that is no longer text", async () => {
    const folder = await createFolder({ "a.md": page("one"), "b.md": page("two") });
    const { store, run } = await openBench();
    await run({ roots: [folder.path] });
    await folder.write({ "b.md": Uint8Array.from([0, 1, 2]) });
    const { report } = await run({ roots: [folder.path] });
    expect(report.documents).toMatchObject({ skipped: 1, unchanged: 1 });
    expect((await contentOf(store)).map(({ record }) => record.source)).toEqual(["a.md"]);
  });

  it("refuses to empty more than half of a collection of 20 documents without force", async () => {
    const files = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`f${index}.md`, page(`w${index}`)]));
    const folder = await createFolder(files);
    const { store, run } = await openBench();
    await run({ roots: [folder.path] });
    for (let index = 0; index < 11; index += 1) await folder.remove(`f${index}.md`);
    await expect(run({ roots: [folder.path] })).rejects.toMatchObject({ code: "deletion_refused" });
    expect(await contentOf(store)).toHaveLength(20);
    expect((await run({ roots: [folder.path], force: true })).report.documents.removed).toBe(11);
  });

  it("says that there is nothing, and why all was skipped", async () => {
    const empty = await createFolder();
    const skipped = await createFolder({ "a.png": PNG });
    const { store, run } = await openBench();
    await expect(run({ roots: [empty.path] })).rejects.toMatchObject({ code: "corpus_empty" });
    await expect(run({ roots: [skipped.path] })).rejects.toThrow(/a\.png \(binary file: PNG image\)/);
    expect(await store.listCollections()).toEqual([]);
  });

  it("plans without writing in a dry run", async () => {
    const folder = await createFolder({ "a.md": page("one", "two"), "b.png": PNG });
    const { store, embedded, run } = await openBench();
    const { events, report } = await run({ roots: [folder.path], dryRun: true });
    expect(events[0]).toEqual({
      type: "plan-ready",
      files: [{ root: folder.path, source: "a.md", action: "add", chunks: 2 }],
    });
    expect(report.documents).toMatchObject({ added: 1, skipped: 1 });
    expect(report.forecast).toMatchObject({ chunksToEmbed: 2, chunksToReuse: 0, chunksToDelete: 0, refusal: null });
    expect(report.forecast?.tokens).toBeGreaterThan(40);
    // The time is judged by embedding some chunks.
    expect(report.forecast?.seconds).toBeGreaterThan(0);
    expect(new Set(embedded).size).toBe(2);
    expect(await store.listCollections()).toEqual([]);
  });

  it("tells in a dry run what a change costs, and what would stop the run", async () => {
    const files = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`f${index}.md`, page(`w${index}`)]));
    const folder = await createFolder({ ...files, "long.md": page("one", "two", "three") });
    const { store, embedded, run } = await openBench();
    await run({ roots: [folder.path] });
    const before = await contentOf(store);
    for (let index = 0; index < 12; index += 1) await folder.remove(`f${index}.md`);
    await folder.write({ "long.md": page("one", "other", "three"), "new.md": page("new") });
    const { events, report } = await run({ roots: [folder.path], dryRun: true });
    expect(report.forecast).toMatchObject({ chunksToEmbed: 2, chunksToReuse: 10, chunksToDelete: 13 });
    expect(report.forecast?.refusal).toMatch(/12 of the 21 documents.*--force/);
    expect(report.documents).toEqual({ added: 1, changed: 1, unchanged: 8, removed: 12, skipped: 0, failed: 0 });
    const [plan] = events;
    const actions = plan?.type === "plan-ready" ? plan.files.map(({ action }) => action) : [];
    expect(actions.filter((action) => action === "remove")).toHaveLength(12);
    expect(embedded.filter((text) => text.includes("three"))).toEqual([]);
    expect(await contentOf(store)).toEqual(before);
    await expect(run({ roots: [folder.path] })).rejects.toMatchObject({
      code: "deletion_refused",
      message: report.forecast?.refusal,
    });
  });

  it("counts a document that cannot be cut as failed in a dry run, as the run itself does", async () => {
    const folder = await createFolder({ "a.md": page("one"), "bad.md": page("two") });
    const { store, embedder } = await openBench();
    const customTextSplitFunction = (text: string): readonly string[] =>
      text.includes("two") ? [text.slice(0, 20), "not in the text"] : [text];
    const ingest = createIngestCorpus({ store, embedder, chunking: { customTextSplitFunction } });
    const options = { collection: "default", roots: [folder.path] };
    const { events, report } = await drain(ingest({ ...options, dryRun: true }));
    expect(report.forecast).toMatchObject({ chunksToEmbed: 1 });
    expect(events[0]).toMatchObject({ type: "plan-ready", files: [{ source: "a.md", chunks: 1 }] });
    const { report: real } = await drain(ingest(options));
    expect(report.documents).toEqual({ added: 1, changed: 0, unchanged: 0, removed: 0, skipped: 0, failed: 1 });
    expect(real.documents).toEqual(report.documents);
    expect(real.files).toEqual(report.files);
  });

  it("gathers chunks of small files into full batches after a first small one", async () => {
    const files = Object.fromEntries(Array.from({ length: 32 }, (_, index) => [`f${index}.txt`, `word ${index}`]));
    const folder = await createFolder(files);
    const { store, embedder } = await openBench();
    const sizes: number[] = [];
    const watched: Embedder = {
      ...embedder,
      embed: async (texts, options) => {
        sizes.push(texts.length);
        return await embedder.embed(texts, options);
      },
    };
    await drain(createIngestCorpus({ store, embedder: watched })({ collection: "default", roots: [folder.path] }));
    expect(sizes).toEqual([2, 8, 8, 8, 6]);
  });

  it("lets the ingestions of one collection take turns", async () => {
    const first = await createFolder({ "a.md": page("one") });
    const second = await createFolder({ "b.md": page("two") });
    const { store, run } = await openBench();
    await Promise.all([run({ roots: [first.path] }), run({ roots: [second.path] })]);
    expect(await contentOf(store)).toHaveLength(2);
  });
});

describe("collections made with other settings", () => {
  it("names both values and the way out", async () => {
    const folder = await createFolder({ "a.md": page("one") });
    const { run } = await openBench();
    await run({ roots: [folder.path] });
    await expect(run({ roots: [folder.path], chunkTokens: 80 })).rejects.toMatchObject({
      code: "collection_mismatch",
      message: expect.stringMatching(/chunk tokens 40, now 80.*--force/),
    });
  });

  it("takes what is left open from the collection", async () => {
    const folder = await createFolder({ "a.md": page("one") });
    const { embedded, run } = await openBench();
    await run({ roots: [folder.path] });
    await run({ roots: [folder.path], chunkTokens: undefined });
    expect(embedded).toEqual([]);
  });

  it("re-indexes with force, documents of other roots included", async () => {
    const folder = await createFolder({ "a.md": page("one", "two"), "gone.md": page("three") });
    const other = await createFolder({ "b.md": page("four", "five") });
    const bench = await openBench();
    await bench.run({ roots: [folder.path, other.path] });
    await folder.remove("gone.md");
    await other.remove("b.md");
    const { report } = await bench.run({ roots: [folder.path], chunkTokens: 80, force: true });
    expect(report.chunks.total).toBeGreaterThan(0);
    expect((await bench.store.listCollections()).map(({ name }) => name)).toEqual(["default"]);
    expect((await bench.store.describeCollection("default"))?.settings.chunker.chunkTokens).toBe(80);

    await other.write({ "b.md": page("four", "five") });
    const fresh = await openBench();
    await fresh.run({ roots: [folder.path, other.path], chunkTokens: 80 });
    expect(await contentOf(bench.store)).toEqual(await contentOf(fresh.store));
  });

  it("goes on with an interrupted re-indexing", async () => {
    const folder = await createFolder({ "a.md": page("one", "two"), "b.md": page("three", "four") });
    const { store, embedded, run } = await openBench({ batchSize: 1 });
    await run({ roots: [folder.path] });
    const options = { roots: [folder.path], chunkTokens: 80, force: true };
    const stopped = interruptAt(store, 3, "before");
    await expect(run(options, stopped.store)).rejects.toBe(stopped.reason);
    expect((await store.describeCollection("default"))?.settings.chunker.chunkTokens).toBe(40);
    await run(options);
    expect(embedded.length).toBeGreaterThan(0);
    expect((await store.listCollections()).map(({ name, settings }) => [name, settings.chunker.chunkTokens])).toEqual([
      ["default", 80],
    ]);
  });
});

const WRITES = ["putDocument", "upsertChunks", "refreshChunks", "deleteChunks", "deleteDocuments"] as const;

/** A store that breaks off before or after a write, as if the process were killed there. */
function interruptAt(store: VectorStore, count: number, when: "before" | "after") {
  const reason = new Error(`killed ${when} write ${count}`);
  let writes = 0;
  let isDead = false;
  const guard = async <Result>(write: () => Promise<Result>): Promise<Result> => {
    if (isDead) throw reason;
    writes += 1;
    if (writes === count) isDead = true;
    if (isDead && when === "before") throw reason;
    const result = await write();
    if (isDead) throw reason;
    return result;
  };
  const broken: VectorStore = {
    ...store,
    putDocument: (...args) => guard(() => store.putDocument(...args)),
    upsertChunks: (...args) => guard(() => store.upsertChunks(...args)),
    refreshChunks: (...args) => guard(() => store.refreshChunks(...args)),
    deleteChunks: (...args) => guard(() => store.deleteChunks(...args)),
    deleteDocuments: (...args) => guard(() => store.deleteDocuments(...args)),
  };
  return { store: broken, reason, isDead: () => isDead };
}

describe("interrupted ingestions", () => {
  it(`end in the same state after the next run, whichever write of ${WRITES.join(", ")} they broke off at`, async () => {
    const names = Array.from({ length: 6 }, (_, index) => `word${index}`);
    const before = { "a.md": page(...names), "b.md": page("x", "y"), "gone.md": page("z") };
    const after = { "a.md": page("new", ...names.with(2, "other")), "c.md": page("p", "q") };

    const bench = await createFolder(before);
    const undisturbed = await openBench({ batchSize: 2 });
    await undisturbed.run({ roots: [bench.path] });
    await bench.remove("gone.md");
    await bench.write(after);
    await undisturbed.run({ roots: [bench.path] });
    const expected = await contentOf(undisturbed.store);

    let interruptions = 0;
    for (const when of ["before", "after"] as const) {
      for (let count = 1; ; count += 1) {
        await bench.remove("c.md");
        await bench.write(before);
        const { store, run } = await openBench({ batchSize: 2 });
        await run({ roots: [bench.path] });
        await bench.remove("gone.md");
        await bench.write(after);
        const stopped = interruptAt(store, count, when);
        await run({ roots: [bench.path] }, stopped.store).catch((error: unknown) => expect(error).toBe(stopped.reason));
        if (!stopped.isDead()) break;
        interruptions += 1;
        await run({ roots: [bench.path] });
        expect(await contentOf(store), `${when} write ${count}`).toEqual(expected);
      }
    }
    expect(interruptions).toBeGreaterThan(12);
  });

  it("leave nothing behind of a new file that is gone by the next run", async () => {
    const folder = await createFolder({ "a.md": page("one"), "b.md": page("two", "three", "four") });
    const { store, run } = await openBench({ batchSize: 1 });
    const stopped = interruptAt(store, 5, "after");
    await expect(run({ roots: [folder.path] }, stopped.store)).rejects.toBe(stopped.reason);
    await folder.remove("b.md");
    await run({ roots: [folder.path] });
    const info = await store.describeCollection("default");
    expect(info).toMatchObject({ documents: 1, chunks: 1 });
  });

  it("pass the reason of an abort through and can be run again", async () => {
    const folder = await createFolder({ "a.md": page("one", "two", "three"), "b.md": page("four") });
    const { store, embedder, run } = await openBench({ batchSize: 1 });
    const controller = new AbortController();
    const reason = new Error("enough");
    const ingest = createIngestCorpus({ store, embedder });
    const options = { collection: "default", chunkTokens: 40, roots: [folder.path], signal: controller.signal };
    const stop = async (): Promise<void> => {
      for await (const event of ingest(options)) if (event.type === "file-start") controller.abort(reason);
    };
    await expect(stop()).rejects.toBe(reason);
    const { report } = await run({ roots: [folder.path] });
    expect(report.documents.added + report.documents.changed).toBe(2);
  });

  it("stop when the caller stops listening", async () => {
    const folder = await createFolder({ "a.md": page("one"), "b.md": page("two") });
    const { store, embedder, run } = await openBench();
    for await (const event of createIngestCorpus({ store, embedder })({
      collection: "default",
      roots: [folder.path],
    })) {
      if (event.type === "file-start") break;
    }
    expect((await run({ roots: [folder.path], chunkTokens: undefined })).report.documents.added).toBe(2);
  });

  it("end with the store's error", async () => {
    const folder = await createFolder({ "a.md": page("one") });
    const { store, run } = await openBench();
    const stopped = interruptAt(store, 2, "before");
    await expect(run({ roots: [folder.path] }, stopped.store)).rejects.toBe(stopped.reason);
  });
});

describe("submitting documents", () => {
  it("adds, replaces and keeps documents under uploads", async () => {
    const { store, embedder, embedded } = await openBench();
    const submit = createSubmitDocuments({ store, embedder });
    const first = await drain(submit({ documents: [{ source: "a.md", content: page("one") }] }));
    expect(first.report.documents.added).toBe(1);
    embedded.length = 0;
    const second = await drain(
      submit({
        documents: [
          { source: "a.md", content: page("one") },
          { source: "b.html", content: "<h1>Hi</h1>" },
        ],
      }),
    );
    expect(second.report.documents).toMatchObject({ added: 1, unchanged: 1 });
    expect(embedded).toEqual(["Hi\n# Hi"]);
    expect((await contentOf(store)).map(({ record }) => [record.root, record.source])).toEqual([
      ["uploads", "a.md"],
      ["uploads", "b.html"],
    ]);
  });

  it("reads a document without an ending by its media type", async () => {
    const { store, embedder } = await openBench();
    const documents = [{ source: "page", content: "<p>Text</p>", mediaType: "text/html; charset=utf-8" }];
    await drain(createSubmitDocuments({ store, embedder })({ documents }));
    expect((await contentOf(store))[0]).toMatchObject({ record: { language: "html" }, text: ["Text\n"] });
  });

  it("reads the same bytes again where they come with another media type", async () => {
    const { store, embedder } = await openBench();
    const submit = createSubmitDocuments({ store, embedder });
    const document = { source: "page", content: "<p>Text</p>" };
    const html = { ...document, mediaType: "text/html; charset=utf-8" };
    const counts: unknown[] = [];
    for (const one of [document, html, html, document]) {
      const { report } = await drain(submit({ documents: [one] }));
      const { added, changed, unchanged } = report.documents;
      counts.push([added, changed, unchanged]);
    }
    expect(counts).toEqual([
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
      [0, 0, 1],
    ]);
    expect((await contentOf(store))[0]).toMatchObject({ record: { language: "html" }, text: ["Text\n"] });
  });

  it.each(["", "/etc/passwd", "../a.md", "a\\b.md", "a\u0000.md"])("refuses the name %j", async (source) => {
    const { store, embedder } = await openBench();
    const submit = createSubmitDocuments({ store, embedder });
    await expect(drain(submit({ documents: [{ source, content: "text" }] }))).rejects.toMatchObject({
      code: "usage_invalid",
    });
  });

  it("survives an ingestion of a folder", async () => {
    const folder = await createFolder({ "a.md": page("one") });
    const { store, embedder, run } = await openBench();
    await run({ roots: [folder.path] });
    await drain(createSubmitDocuments({ store, embedder })({ documents: [{ source: "u.md", content: page("two") }] }));
    expect((await store.describeCollection("default"))?.settings.chunker.chunkTokens).toBe(40);
    await run({ roots: [folder.path] });
    expect(await contentOf(store)).toHaveLength(2);
  });
});
