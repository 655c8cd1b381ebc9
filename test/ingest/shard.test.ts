import { describe, expect, it, onTestFinished } from "vitest";
import { createIngestCorpus } from "../../ingest/ingest-corpus.ts";
import { createShardTest } from "../../ingest/shard.ts";
import type { IngestOptions, IngestReport } from "../../src/domain/ingest.ts";
import { runToEnd } from "../../src/domain/run-to-end.ts";
import { createHashingEmbedder } from "../../src/embedding/hashing-embedder.ts";
import { openEmbeddedStore } from "../../src/store/embedded/embedded-store.ts";
import { createFolder } from "./temporary-folder.ts";

const SHARDS = [1, 2, 3].map((index) => ({ index, count: 3 }));
const FILES = Object.fromEntries(
  Array.from({ length: 24 }, (_, at) => [`file-${at}.md`, `# File ${at}\n\nWords of file ${at} stand here.\n`]),
);

async function openBench() {
  const folder = await createFolder(FILES);
  const store = await openEmbeddedStore({ file: ":memory:" });
  onTestFinished(async () => store.close());
  const ingest = createIngestCorpus({ store, embedder: createHashingEmbedder({ dimensions: 16 }) });
  const run = async (options: Partial<IngestOptions>): Promise<IngestReport> => {
    return runToEnd(ingest({ collection: "default", roots: [folder.path], ...options }));
  };
  const sources = async (): Promise<string[]> =>
    (await store.listDocuments("default", { limit: 100 })).documents.map(({ source }) => source);
  return { folder, run, sources };
}

describe("shards", () => {
  it("divide documents without rest, each into exactly one", () => {
    const tests = SHARDS.map(createShardTest);
    for (let at = 0; at < 200; at += 1) {
      const document = { root: "/docs", source: `page-${at}.md` };
      expect(tests.filter((isMine) => isMine(document))).toHaveLength(1);
    }
  });

  it.each([
    [0, 3],
    [4, 3],
    [1.5, 3],
  ])("refuse to be number %s of %s", (index, count) => {
    expect(() => createShardTest({ index, count })).toThrow(TypeError);
  });

  it("fill one collection together, at the same time", async () => {
    const { run, sources } = await openBench();
    const reports = await Promise.all(SHARDS.map(async (shard) => run({ shard })));
    const added = reports.map(({ documents }) => documents.added);
    expect(Math.min(...added)).toBeGreaterThan(0);
    expect(added.reduce((sum, count) => sum + count, 0)).toBe(24);
    expect((await sources()).toSorted()).toEqual(Object.keys(FILES).toSorted());
  });

  it("remove only their own documents", async () => {
    const { folder, run, sources } = await openBench();
    await run({});
    const [isMine = () => false] = SHARDS.map(createShardTest);
    const root = folder.path;
    const [mine = ""] = Object.keys(FILES).filter((source) => isMine({ root, source }));
    const [other = ""] = Object.keys(FILES).filter((source) => !isMine({ root, source }));
    await folder.remove(mine);
    await folder.remove(other);
    const report = await run({ shard: { index: 1, count: 3 } });
    expect(report.documents).toMatchObject({ removed: 1, added: 0 });
    const left = await sources();
    expect([left.includes(mine), left.includes(other)]).toEqual([false, true]);
  });

  it("do not re-index a collection", async () => {
    const { run } = await openBench();
    await run({});
    await expect(run({ shard: { index: 1, count: 3 }, chunkTokens: 40, force: true })).rejects.toMatchObject({
      code: "usage_invalid",
    });
  });
});
