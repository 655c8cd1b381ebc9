import { readFile, rename, stat, utimes, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { createIngestCorpus } from "../../ingest/ingest-corpus.ts";
import type { IngestOptions, IngestReport } from "../../src/domain/ingest.ts";
import { runToEnd } from "../../src/domain/run-to-end.ts";
import { createHashingEmbedder } from "../../src/embedding/hashing-embedder.ts";
import { openEmbeddedStore } from "../../src/store/embedded/embedded-store.ts";
import type { VectorStore } from "../../src/store/vector-store.ts";
import { createFolder, type TemporaryFolder } from "./temporary-folder.ts";

async function openBench(files: Readonly<Record<string, string>>) {
  const folder = await createFolder(files);
  const store = await openEmbeddedStore({ file: ":memory:" });
  onTestFinished(async () => store.close());
  const run = async (options: Partial<IngestOptions> = {}): Promise<IngestReport> => {
    const ingest = createIngestCorpus({ store, embedder: createHashingEmbedder({ dimensions: 8 }) });
    return await runToEnd(ingest({ collection: "docs", roots: [folder.path], ...options }));
  };
  return { folder, store, run };
}

const record = async (store: VectorStore, source: string) =>
  (await store.listDocuments("docs", { limit: 100 })).documents.find((one) => one.source === source);

/** Waits until the files were changed so long ago that their times can be trusted. */
async function untilOld(folder: TemporaryFolder, source: string): Promise<void> {
  const { ctimeMs } = await stat(path.join(folder.path, source));
  const left = ctimeMs + 2_050 - Date.now();
  if (left > 0) await new Promise((done) => setTimeout(done, left));
}

it("does not trust the time of a file that was changed just before, and reads it again", async () => {
  const { folder, store, run } = await openBench({});
  // A run of more than two seconds finds a file that is old by then.
  for (let began = 0; Date.now() - began >= 2_000;) {
    began = Date.now();
    await folder.write({ "a.md": `Written at ${began}.` });
    await run();
  }
  expect((await record(store, "a.md"))?.modifiedAt ?? null).toBeNull();
});

it("takes a file of the recorded size and time as unchanged without reading it", async () => {
  const { folder, store, run } = await openBench({ "a.md": "One.", "b.md": "Two." });
  await untilOld(folder, "b.md");
  await run();
  const before = await record(store, "a.md");
  expect(before?.modifiedAt).toBeGreaterThan(Date.now() - 60_000);
  const watched = path.join(folder.path, "a.md");
  const { atimeMs } = await stat(watched);
  // What was read would differ from a hash that no file has.
  if (before !== undefined) await store.putDocument("docs", { ...before, contentHash: "f".repeat(64) }, "One.");
  expect((await run()).documents).toMatchObject({ changed: 0, unchanged: 2 });
  expect((await stat(watched)).atimeMs).toBe(atimeMs);
  expect((await run({ dryRun: true })).documents).toMatchObject({ changed: 0, unchanged: 2 });
});

it("notes the time of a file that it had to read", async () => {
  const { folder, store, run } = await openBench({ "a.md": "One." });
  await run();
  await untilOld(folder, "a.md");
  const { chunks } = await run();
  expect(chunks.embedded).toBe(0);
  expect((await record(store, "a.md"))?.modifiedAt).toBeGreaterThan(0);
});

it("finds a change that keeps size and time of the content", async () => {
  const { folder, run } = await openBench({ "a.md": "One." });
  await untilOld(folder, "a.md");
  await run();
  const file = path.join(folder.path, "a.md");
  const { atime, mtime } = await stat(file);
  await writeFile(file, "Two.");
  await utimes(file, atime, mtime);
  expect((await run()).documents.changed).toBe(1);
});

it("embeds nothing anew for a file that was only touched, or replaced by an equal one", async () => {
  const { folder, run } = await openBench({ "a.md": "One." });
  await untilOld(folder, "a.md");
  await run();
  const file = path.join(folder.path, "a.md");
  await utimes(file, new Date(), new Date());
  expect((await run()).documents).toMatchObject({ changed: 0, unchanged: 1 });
  await writeFile(`${file}.new`, await readFile(file));
  await rename(`${file}.new`, file);
  expect((await run()).documents).toMatchObject({ changed: 0, unchanged: 1 });
});

it("reads a document again that was not finished, whatever its time", async () => {
  const { folder, store, run } = await openBench({ "a.md": "One." });
  await untilOld(folder, "a.md");
  await run();
  const before = await record(store, "a.md");
  if (before !== undefined) await store.putDocument("docs", { ...before, contentHash: "" }, "One.");
  expect((await run()).documents).toMatchObject({ changed: 1 });
});

it("keeps roots that lie in each other apart, each in step by itself", async () => {
  const { folder, store, run } = await openBench({ "a.md": "One.", "sub/b.md": "Two." });
  const sub = path.join(folder.path, "sub");
  expect((await run({ roots: [folder.path, sub] })).documents.added).toBe(3);
  expect((await run({ roots: [folder.path, sub] })).documents).toMatchObject({ added: 0, unchanged: 3 });
  await folder.write({ "sub/c.md": "Three." });
  expect((await run({ roots: [sub] })).documents).toMatchObject({ added: 1, unchanged: 1, removed: 0 });
  expect((await run({ roots: [folder.path] })).documents).toMatchObject({ added: 1, unchanged: 2, removed: 0 });
  await folder.remove("sub/b.md");
  expect((await run({ roots: [folder.path] })).documents).toMatchObject({ removed: 1 });
  expect((await store.describeCollection("docs"))?.documents).toBe(4);
});

it("removes nothing where a root is gone, and says which", async () => {
  const { folder, store, run } = await openBench({ "one/a.md": "One.", "two/b.md": "Two." });
  const [one, two] = ["one", "two"].map((name) => path.join(folder.path, name));
  const roots = [one ?? "", two ?? ""];
  await run({ roots });
  await rename(two ?? "", `${two}-aside`);
  await folder.write({ "one/c.md": "Three." });
  await expect(run({ roots, force: true })).rejects.toMatchObject({
    code: "path_not_found",
    message: expect.stringMatching(/two; check the path.*Its stored documents \(1\) stay/),
  });
  expect((await store.describeCollection("docs"))?.documents).toBe(2);
});

it("reads unchanged files again where that is asked for, and embeds only what they say otherwise", async () => {
  const { folder, store, run } = await openBench({ "a.md": "---\nteam: docs\n---\n# One\n\nText.", "b.md": "Two." });
  await untilOld(folder, "b.md");
  await run();
  // As a version stored it that did not read metadata.
  const stored = await record(store, "a.md");
  if (stored !== undefined) await store.putDocument("docs", { ...stored, metadata: {} }, null);
  expect((await run()).documents).toMatchObject({ changed: 0, unchanged: 2 });
  expect((await run({ force: true })).documents).toMatchObject({ changed: 0, unchanged: 2 });
  expect((await record(store, "a.md"))?.metadata).not.toEqual({ team: "docs" });

  const planned = await run({ reread: true, dryRun: true });
  expect(planned.documents).toMatchObject({ unchanged: 0 });
  const report = await run({ reread: true });
  expect(report.documents).toMatchObject({ added: 0, changed: 2, removed: 0, unchanged: 0 });
  expect(report.chunks).toMatchObject({ embedded: 0, deleted: 0 });
  expect((await record(store, "a.md"))?.metadata).toEqual({ team: "docs" });
  expect((await run()).documents).toMatchObject({ changed: 0, unchanged: 2 });
});

it("keeps the documents of an empty folder that has not changed since they were stored, and says so", async () => {
  const files = { "a.md": "One.", "disk/deep/b.md": "Two.", "emptied/c.md": "Three." };
  const { folder, store, run } = await openBench(files);
  await run();
  // What shows where a drive is not mounted is older than the documents on the drive.
  const stored = await record(store, "disk/deep/b.md");
  if (stored === undefined) throw new TypeError("nothing is stored");
  await store.putDocument("docs", { ...stored, ingestedAt: new Date(Date.now() + 60_000).toISOString() }, null);
  await folder.remove("disk/deep");
  await folder.remove("emptied/c.md");
  const missing = {
    root: folder.path,
    source: "disk",
    status: "failed",
    reason:
      "the folder has been empty since before its documents were stored: mount its drive again, or delete them with citewell remove",
  };
  const report = await run();
  expect(report).toMatchObject({ documents: { unchanged: 2, removed: 1, failed: 1 }, files: [missing] });
  expect((await run({ include: ["*.md"] })).files).toEqual([]);
  const reindexed = await run({ force: true, chunkTokens: 50 });
  expect(reindexed).toMatchObject({ documents: { added: 2, failed: 1 }, files: [missing] });
  expect(await record(store, "disk/deep/b.md")).toMatchObject({ chunks: 1 });
});
