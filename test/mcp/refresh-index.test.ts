import { describe, expect, it } from "vitest";
import type { DocumentRecord } from "../../src/domain/document.ts";
import type { IngestOptions } from "../../src/domain/ingest.ts";
import { CitewellError } from "../../src/errors.ts";
import { createIndexRefresher, type IndexRefresher } from "../../src/mcp/refresh-index.ts";
import { createFolder, type TemporaryFolder } from "../ingest/temporary-folder.ts";
import { createFakeUseCases, DOCUMENT, fakeReport } from "../server/fake-use-cases.ts";

const signal = new AbortController().signal;

/** Time of an ingestion that comes after everything on disk. */
const LATER = new Date(Date.now() + 60_000).toISOString();

interface Watched {
  readonly folder: TemporaryFolder;
  readonly refresher: IndexRefresher;
  readonly calls: readonly Pick<IngestOptions, "roots" | "include">[];
}

async function watch(
  files: Readonly<Record<string, string>>,
  options: { indexed?: readonly string[]; fail?: CitewellError; enabled?: boolean } = {},
): Promise<Watched> {
  const folder = await createFolder(files);
  const calls: Pick<IngestOptions, "roots" | "include">[] = [];
  const documents = (options.indexed ?? Object.keys(files)).map((source): DocumentRecord => ({
    ...DOCUMENT,
    id: source,
    root: folder.path,
    source,
    bytes: (files[source] ?? "").length,
    ingestedAt: LATER,
  }));
  const useCases = createFakeUseCases({
    documents: { ...createFakeUseCases().documents, list: async () => ({ documents, nextCursor: null }) },
    ingestRoots: async function* ({ collection, roots, include }) {
      calls.push({ roots, ...(include === undefined ? {} : { include }) });
      if (options.fail !== undefined) throw options.fail;
      const report = fakeReport(collection, 1);
      yield { type: "ingest-end", report };
      return report;
    },
  });
  const { enabled = true } = options;
  return { folder, calls, refresher: createIndexRefresher({ useCases, everyMs: 0, enabled }) };
}

describe("createIndexRefresher", () => {
  it("does nothing while nothing changes", async () => {
    const { refresher, calls } = await watch({ "a.md": "one", "sub/b.md": "two" });
    expect(await refresher.refresh("default", signal)).toEqual([]);
    expect(await refresher.refresh("default", signal)).toEqual([]);
    expect(calls).toEqual([]);
  });

  it("ingests a changed file alone, once for each change", async () => {
    const { refresher, calls, folder } = await watch({ "a.md": "one", "sub/[b].md": "two" });
    await folder.write({ "sub/[b].md": "two and more" });
    await refresher.refresh("default", signal);
    await refresher.refresh("default", signal);
    expect(calls).toEqual([{ roots: [folder.path], include: [String.raw`sub/\[b\].md`] }]);
  });

  it("adds a new file beside indexed ones of the same ending, and nothing else", async () => {
    const { refresher, calls, folder } = await watch({ "a.md": "one" });
    await refresher.refresh("default", signal);
    await folder.write({ "new.md": "x", "new.py": "x", ".hidden.md": "x", "other/c.md": "x" });
    await refresher.refresh("default", signal);
    await refresher.refresh("default", signal);
    expect(calls).toEqual([{ roots: [folder.path], include: ["new.md"] }]);
  });

  it("leaves alone what was left out of the index", async () => {
    const { refresher, calls, folder } = await watch({ "a.md": "one", "secret.md": "two" }, { indexed: ["a.md"] });
    await refresher.refresh("default", signal);
    await folder.write({ "secret.md": "changed later" });
    await refresher.refresh("default", signal);
    expect(calls).toEqual([]);
  });

  it("removes a document whose file vanishes, and only speaks of one that was gone before", async () => {
    const { refresher, calls, folder } = await watch(
      { "a.md": "one", "b.md": "two" },
      { indexed: ["a.md", "b.md", "old.md"] },
    );
    expect(await refresher.refresh("default", signal)).toEqual([
      `1 indexed documents of ${folder.path} have no file any more; sync_index removes them.`,
    ]);
    await folder.remove("b.md");
    await refresher.refresh("default", signal);
    expect(calls).toEqual([{ roots: [folder.path], include: ["b.md"] }]);
  });

  it("passes over a root that is gone", async () => {
    const { refresher, calls, folder } = await watch({ "a.md": "one" });
    await folder.remove(".");
    expect(await refresher.refresh("default", signal)).toEqual([]);
    expect(calls).toEqual([]);
  });

  it("leaves many changes to sync_index", async () => {
    const names = Array.from({ length: 60 }, (_, index) => `f${index}.md`);
    const { refresher, calls, folder } = await watch(Object.fromEntries(names.map((name) => [name, "one"])));
    await folder.write(Object.fromEntries(names.map((name) => [name, "one and two"])));
    expect(await refresher.refresh("default", signal)).toEqual([
      "60 files changed since they were indexed; call sync_index.",
    ]);
    expect(calls).toEqual([]);
  });

  it("says why the index is old where it cannot be brought in step", async () => {
    const fail = new CitewellError("collection_busy", "Somebody else is at it.");
    const { refresher, folder } = await watch({ "a.md": "one" }, { fail });
    await folder.write({ "a.md": "one and two" });
    expect(await refresher.refresh("default", signal)).toEqual([
      expect.stringMatching(/may be old: Somebody else is at it/),
    ]);
  });

  it("looks at nothing when it is off", async () => {
    const { refresher, calls, folder } = await watch({ "a.md": "one" }, { enabled: false });
    await folder.write({ "a.md": "one and two" });
    expect(await refresher.refresh("default", signal)).toEqual([]);
    expect(calls).toEqual([]);
  });
});
