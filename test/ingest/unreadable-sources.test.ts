import { describe, expect, it, onTestFinished } from "vitest";
import { createIngestCorpus } from "../../ingest/ingest-corpus.ts";
import { createSubmitDocuments } from "../../ingest/submit-documents.ts";
import type { IngestEvent, IngestOptions, IngestReport } from "../../src/domain/ingest.ts";
import { createHashingEmbedder } from "../../src/embedding/hashing-embedder.ts";
import { openEmbeddedStore } from "../../src/store/embedded/embedded-store.ts";
import { contentOf } from "./corpus-states.ts";
import { createFolder } from "./temporary-folder.ts";

/** What a disk that went bad, or a program that encrypts, leaves of a text. Only reading the file shows it. */
const NOISE = Uint8Array.from({ length: 400 }, (_, index) => (index * 97 + 13) % 256);
/** Half a Word file. */
const DAMAGED = Uint8Array.from([0x50, 0x4b, 3, 4, ...NOISE]);
const SOURCES = Array.from({ length: 20 }, (_, index) => `f${String(index).padStart(2, "0")}.txt`);

async function drain(events: AsyncGenerator<IngestEvent, IngestReport>): Promise<IngestReport> {
  for (;;) {
    const { done, value } = await events.next();
    if (done === true) return value;
  }
}

async function openBench(sources: readonly string[] = SOURCES) {
  const store = await openEmbeddedStore({ file: ":memory:" });
  onTestFinished(async () => store.close());
  const folder = await createFolder(Object.fromEntries(sources.map((source) => [source, `The text of ${source}.`])));
  const parts = { store, embedder: createHashingEmbedder({ dimensions: 16 }) };
  const run = async (options: Partial<IngestOptions> = {}): Promise<IngestReport> =>
    drain(createIngestCorpus(parts)({ collection: "default", roots: [folder.path], ...options }));
  const spoil = async (count: number): Promise<void> =>
    folder.write(Object.fromEntries(sources.slice(0, count).map((source) => [source, NOISE])));
  const stored = async (): Promise<number> => (await contentOf(store)).length;
  /** The stored texts by source. */
  const texts = async (): Promise<Record<string, string>> =>
    Object.fromEntries(
      (await contentOf(store)).map(({ record, chunks }) => [record.source, chunks.map(({ text }) => text).join("")]),
    );
  await run();
  return { folder, parts, run, spoil, stored, texts };
}

describe("sources that cannot be read as text any more", () => {
  it("stop an ingestion that would delete more than half of the documents for it, before one is gone", async () => {
    const { folder, run, spoil, stored } = await openBench();
    await spoil(9);
    for (const source of SOURCES.slice(9, 11)) await folder.remove(source);
    await expect(run()).rejects.toMatchObject({
      code: "deletion_refused",
      message: expect.stringMatching(
        /^This would delete 11 of the 20 documents in collection default; 9 of them have a source that cannot be read as text any more: f00\.txt \(binary file\), .*, and 4 more\. .*--force.*--no-delete\.$/,
      ),
    });
    expect(await stored()).toBe(20);
  });

  it("are told by a dry run, which says that a real run would stop", async () => {
    const { run, spoil, stored } = await openBench();
    await spoil(20);
    const report = await run({ dryRun: true });
    expect(report.documents).toMatchObject({ removed: 20, skipped: 20, changed: 0 });
    expect(report.forecast).toMatchObject({ chunksToDelete: 20, refusal: expect.stringMatching(/20 of the 20/) });
    expect(await stored()).toBe(20);
  });

  it("count as removed, and as skipped with the reason, where they are few or force is given", async () => {
    const { run, spoil, stored } = await openBench();
    await spoil(10);
    expect((await run()).documents).toMatchObject({ removed: 10, skipped: 10, unchanged: 10 });
    expect(await stored()).toBe(10);
    const other = await openBench();
    await other.spoil(20);
    expect((await other.run({ force: true })).documents).toMatchObject({ removed: 20, skipped: 20 });
    expect(await other.stored()).toBe(0);
  });

  it("keep their documents where nothing is to be removed", async () => {
    const { run, spoil, stored } = await openBench();
    await spoil(12);
    expect((await run({ removeMissing: false })).documents).toMatchObject({ removed: 0, skipped: 12, unchanged: 8 });
    expect(await stored()).toBe(20);
  });

  it("lose nothing in a re-indexing where they are damaged: what was stored stays, and they count as failed", async () => {
    const { folder, run, texts } = await openBench(["a.txt", "b.docx"]);
    const before = await texts();
    await folder.write({ "b.docx": DAMAGED });
    expect((await run()).documents).toMatchObject({ unchanged: 1, failed: 1 });
    const options = { chunkTokens: 40, force: true };
    expect((await run({ ...options, dryRun: true })).documents).toMatchObject({ added: 1, failed: 1, removed: 0 });
    const report = await run(options);
    expect(report.documents).toMatchObject({ added: 1, failed: 1, removed: 0 });
    expect(report.files).toMatchObject([{ source: "b.docx", status: "failed" }]);
    expect(await texts()).toEqual(before);
    expect((await run()).documents).toMatchObject({ unchanged: 1, failed: 1 });
  });

  it("keep their documents in a re-indexing where nothing is to be removed", async () => {
    const { run, spoil, texts } = await openBench(["a.txt", "b.txt"]);
    const before = await texts();
    await spoil(1);
    const options = { chunkTokens: 40, force: true };
    const kept = await run({ ...options, removeMissing: false });
    expect(kept.documents).toMatchObject({ added: 1, skipped: 1, removed: 0 });
    expect(await texts()).toEqual(before);
    await run({ chunkTokens: 50, force: true });
    expect(Object.keys(await texts())).toEqual(["b.txt"]);
  });

  it("leave nothing behind where they were only begun", async () => {
    const { folder, run, stored } = await openBench(["a.txt"]);
    await folder.write({ "b.txt": NOISE });
    expect((await run({ wordsFirst: true })).documents).toMatchObject({ unchanged: 1, skipped: 1, removed: 0 });
    expect(await stored()).toBe(1);
  });

  it("are removed and counted where an upload replaces a document", async () => {
    const { parts, stored } = await openBench(["a.txt"]);
    const submit = async (text: string): Promise<IngestReport> =>
      drain(createSubmitDocuments(parts)({ documents: [{ source: "note.md", content: text }] }));
    await submit("A note.");
    expect((await submit("")).documents).toMatchObject({ removed: 1, skipped: 1 });
    expect(await stored()).toBe(1);
  });
});
