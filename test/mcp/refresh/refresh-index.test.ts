import { setTimeout as sleep } from "node:timers/promises";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import type { DocumentRecord } from "../../../src/domain/document.ts";
import type { FileReport, IngestOptions, PlannedFile } from "../../../src/domain/ingest.ts";
import { CitewellError } from "../../../src/errors.ts";
import { createFirstIndex } from "../../../src/mcp/refresh/first-index.ts";
import { createIndexRefresher, type IndexRefresher } from "../../../src/mcp/refresh/refresh-index.ts";
import { createFolder, type TemporaryFolder } from "../../ingest/temporary-folder.ts";
import { COLLECTION, createFakeUseCases, DOCUMENT, fakeReport } from "../../server/fake-use-cases.ts";

const signal = new AbortController().signal;

/** Time of an ingestion that comes after everything on disk. */
const LATER = new Date(Date.now() + 3_600_000).toISOString();

type IngestCall = Pick<
  IngestOptions,
  "roots" | "include" | "force" | "wordsFirst" | "wordsOnly" | "upgrade" | "removeMissing"
>;

interface Watched {
  readonly folder: TemporaryFolder;
  readonly refresher: IndexRefresher;
  readonly calls: readonly IngestCall[];
  /** Whether another process holds the collection from now on. */
  readonly setBusy: (busy: boolean) => void;
}

interface WatchOptions {
  readonly indexed?: readonly string[];
  /** Sources of which something is stored, and not all. */
  readonly begun?: readonly string[];
  readonly fail?: CitewellError;
  readonly enabled?: boolean;
  /** Ingestions are at 40 % until it resolves. */
  readonly gate?: Promise<void>;
  readonly waitMs?: number;
  /**
   * How long a call waits for a first index.
   * @default waitMs
   */
  readonly firstWaitMs?: number;
  readonly everyMs?: number;
  readonly freeLookMs?: number;
  /** Whether ingestions store words first. */
  readonly hasWords?: boolean;
  /**
   * Files that an ingestion finds.
   * @default 1
   */
  readonly files?: number;
  /**
   * What it has to do with them.
   * @default "add"
   */
  readonly action?: PlannedFile["action"];
  /** Whether there is no collection, and a project to make one of. */
  readonly first?: boolean;
  /** Whether there is a project whose collection is there. */
  readonly project?: boolean;
  /** Whether ingestions refuse to remove anything. */
  readonly refusesRemovals?: boolean;
  /** What ingestions report of files that they could not read. */
  readonly failed?: readonly FileReport[];
  /** Root of one more document. */
  readonly otherRoot?: string;
  /** Roots that are not the user's own. */
  readonly foreign?: readonly string[];
}

async function watch(files: Readonly<Record<string, string>>, options: WatchOptions = {}): Promise<Watched> {
  const folder = await createFolder(files);
  const calls: IngestCall[] = [];
  let isBusy = false;
  let free = Promise.withResolvers<void>();
  let isMade = options.first !== true;
  const documents = (options.indexed ?? Object.keys(files)).map((source): DocumentRecord => ({
    ...DOCUMENT,
    id: source,
    root: folder.path,
    source,
    bytes: (files[source] ?? "").length,
    ...(options.begun?.includes(source) === true ? { contentHash: "" } : {}),
    ingestedAt: LATER,
  }));
  if (options.otherRoot !== undefined) documents.push({ ...DOCUMENT, id: "other", root: options.otherRoot });
  const useCases = createFakeUseCases({
    documents: { ...createFakeUseCases().documents, list: async () => ({ documents, nextCursor: null }) },
    collections: { ...createFakeUseCases().collections, list: async () => (isMade ? [COLLECTION] : []) },
    ingestRoots: async function* ({ collection, signal: stop, ...rest }) {
      const { roots, include, force, wordsFirst, wordsOnly, upgrade, removeMissing } = rest;
      calls.push({
        roots,
        ...(include === undefined ? {} : { include }),
        ...(force === undefined ? {} : { force }),
        ...(wordsFirst === undefined ? {} : { wordsFirst }),
        ...(wordsOnly === undefined ? {} : { wordsOnly }),
        ...(upgrade === undefined ? {} : { upgrade }),
        ...(removeMissing === undefined ? {} : { removeMissing }),
      });
      if (options.refusesRemovals === true && removeMissing !== false && force !== true)
        throw new CitewellError("deletion_refused", "This would delete most.");
      if (options.fail !== undefined && upgrade !== true) throw options.fail;
      if (isBusy) {
        yield { type: "lease-wait", holder: "process 7 on here", since: LATER };
        await Promise.race([free.promise, abortOf(stop)]);
      }
      const action = options.action ?? "add";
      const file = { root: folder.path, source: "a.md", action, chunks: null } as const;
      yield { type: "plan-ready", files: Array.from({ length: options.files ?? 1 }, () => file) };
      if (options.hasWords === true) {
        yield { type: "words-progress", filesDone: 1, filesTotal: 1 };
        yield { type: "words-stored", documents: 1, chunks: 1 };
      }
      if (options.gate !== undefined && !(options.hasWords === true && wordsOnly === true)) {
        yield { ...PROGRESS, filesDone: 2, bytesDone: 4 };
        await Promise.race([options.gate, abortOf(stop)]);
      }
      isMade = true;
      const report = { ...fakeReport(collection, 1), files: options.failed ?? [] };
      yield { type: "ingest-end", report };
      return report;
    },
  });
  // What is not held up is waited for, however busy the machine is.
  const { enabled = true, waitMs = options.gate === undefined ? 60_000 : 300 } = options;
  const index = createFirstIndex({
    root: folder.path,
    dataFolder: path.join(folder.path, ".citewell"),
    collection: "default",
  });
  const refresher = createIndexRefresher({
    useCases,
    everyMs: options.everyMs ?? 0,
    ...(options.freeLookMs === undefined ? {} : { freeLookMs: options.freeLookMs }),
    enabled,
    ownRoots: { has: (root) => options.foreign?.includes(root) !== true },
    waitMs: { changes: waitMs, first: options.firstWaitMs ?? waitMs },
    ...(options.first === true || options.project === true ? { first: { collection: "default", index } } : {}),
  });
  onTestFinished(() => refresher.close());
  const setBusy = (busy: boolean): void => {
    isBusy = busy;
    if (busy) free = Promise.withResolvers();
    else free.resolve();
  };
  return { folder, calls, refresher, setBusy };
}

const PROGRESS = {
  type: "progress",
  filesDone: 0,
  filesTotal: 5,
  bytesDone: 0,
  bytesTotal: 10,
  chunksDone: 0,
  tokensDone: 0,
} as const;

/** The two ingestions of what changed. */
function wordsThenVectors({ path: root }: TemporaryFolder, include: readonly string[]): readonly IngestCall[] {
  return [
    { roots: [root], include, wordsOnly: true },
    { roots: [root], include, removeMissing: false },
  ];
}

function abortOf(stop: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) => {
    if (stop?.aborted === true) reject(stop.reason);
    else stop?.addEventListener("abort", () => reject(stop.reason));
  });
}

describe("createIndexRefresher", () => {
  it("does nothing while nothing changes", async () => {
    const { refresher, calls } = await watch({ "a.md": "one", "sub/b.md": "two" });
    expect(await refresher.refresh("default", { signal })).toEqual([]);
    expect(await refresher.refresh("default", { signal })).toEqual([]);
    expect(calls).toEqual([]);
  });

  it("ingests a changed file alone, once for each change", async () => {
    const { refresher, calls, folder } = await watch({ "a.md": "one", "sub/[b].md": "two" });
    await folder.write({ "sub/[b].md": "two and more" });
    await refresher.refresh("default", { signal });
    await refresher.refresh("default", { signal });
    expect(calls).toEqual(wordsThenVectors(folder, [String.raw`sub/\[b\].md`]));
  });

  it("looks again soon after a look that took little", async () => {
    const { folder, calls, refresher } = await watch({ "a.md": "alpha" }, { everyMs: 600_000 });
    await refresher.refresh("default", { signal });
    await folder.write({ "a.md": "changed at once" });
    await expect
      .poll(async () => {
        await refresher.refresh("default", { signal });
        return calls.length;
      })
      .toBe(2);
  });

  // Every look counts as one that took a minute.
  const dear = { everyMs: 600_000, freeLookMs: -60_000 };

  it.runIf(process.platform === "linux")("looks before its time where the system tells of a change", async () => {
    const { folder, calls, refresher } = await watch({ "a.md": "alpha", "sub/b.md": "beta" }, dear);
    await refresher.refresh("default", { signal });
    await refresher.refresh("default", { signal });
    expect(calls).toEqual([]);
    await folder.write({ "sub/new.md": "new" });
    await refresher.refresh("default", { signal });
    expect(calls).toEqual(wordsThenVectors(folder, ["sub/new.md"]));
    await folder.write({ "a.md": "changed at once" });
    await refresher.refresh("default", { signal });
    expect(calls.slice(2)).toEqual(wordsThenVectors(folder, ["a.md"]));
  });

  it("keeps to its time where a look is dear and nothing is told", async () => {
    const { calls, refresher } = await watch({ "a.md": "alpha" }, { ...dear, otherRoot: "/nowhere" });
    await refresher.refresh("default", { signal });
    // The second one sees what changed before the watch began.
    await refresher.refresh("default", { signal });
    const before = refresher.inStepSince("default");
    await refresher.refresh("default", { signal });
    expect(refresher.inStepSince("default")).toBe(before);
    expect(calls).toEqual([]);
  });

  it("adds a new file beside indexed ones of the same ending, and nothing else", async () => {
    const { refresher, calls, folder } = await watch({ "a.md": "one" });
    await refresher.refresh("default", { signal });
    await folder.write({ "new.md": "x", "new.py": "x", ".hidden.md": "x", "node_modules/c.md": "x" });
    await refresher.refresh("default", { signal });
    await refresher.refresh("default", { signal });
    expect(calls).toEqual(wordsThenVectors(folder, ["new.md"]));
  });

  it("adds the files of a new folder, beside or above those that hold indexed files", async () => {
    const { refresher, calls, folder } = await watch({ "packages/one/src/a.ts": "one", "b.md": "two" });
    await refresher.refresh("default", { signal });
    await folder.write({ "packages/[two]/lib/c.ts": "x" });
    await refresher.refresh("default", { signal });
    await refresher.refresh("default", { signal });
    const include = [String.raw`packages/\[two\]/**/*.ts`, String.raw`packages/\[two\]/**/*.md`];
    expect(calls).toEqual(wordsThenVectors(folder, include));
  });

  it("adds new files of any ending to an index that the server itself made, each once", async () => {
    const { refresher, calls, folder } = await watch({ "src/a.rs": "one" }, { project: true });
    await folder.write({ ".citewell/automatic-default.json": "{}" });
    await refresher.refresh("default", { signal });
    await folder.write({ "src/tool.py": "x", "src/empty.rb": "", "web/b.ts": "x" });
    await refresher.refresh("default", { signal });
    await folder.write({ "src/tool.py": "changed, and not stored" });
    await refresher.refresh("default", { signal });
    expect(calls).toEqual(wordsThenVectors(folder, ["src/tool.py", "web/**/*"]));
    await folder.write({ "src/empty.rb": "x" });
    await refresher.refresh("default", { signal });
    expect(calls.at(-1)).toMatchObject({ include: expect.arrayContaining(["src/empty.rb"]) });
  });

  it("compares all of an index that the server itself made where ignore rules changed, once", async () => {
    const files = { "src/a.ts": "one", "out/b.ts": "two" };
    const { refresher, calls, folder } = await watch(files, { project: true, indexed: ["src/a.ts"] });
    await folder.write({ ".citewell/automatic-default.json": "{}", ".gitignore": "out/\n" });
    await refresher.refresh("default", { signal });
    expect(calls).toEqual([]);
    await folder.write({ ".gitignore": "other/\n# longer\n" });
    await refresher.refresh("default", { signal });
    await refresher.refresh("default", { signal });
    expect(calls).toEqual(wordsThenVectors(folder, ["**"]));
    await folder.remove(".gitignore");
    await refresher.refresh("default", { signal });
    expect(calls).toHaveLength(4);
  });

  it("leaves changed ignore rules to whoever made the index", async () => {
    const { refresher, calls, folder } = await watch({ "a.md": "one" });
    await refresher.refresh("default", { signal });
    await folder.write({ ".gitignore": "*.md\n" });
    await refresher.refresh("default", { signal });
    expect(calls).toEqual([]);
  });

  it("indexes a project again whose files were all gone", async () => {
    const { refresher, calls, folder } = await watch({ "a.md": "one" }, { project: true, indexed: [] });
    await folder.write({ ".citewell/automatic-default.json": "{}" });
    await refresher.refresh("default", { signal });
    expect(calls).toEqual(wordsThenVectors(folder, ["**"]));
  });

  it("leaves a folder alone that was left out of the index", async () => {
    const { refresher, calls, folder } = await watch({ "a.md": "one", "drafts/b.md": "two" }, { indexed: ["a.md"] });
    await refresher.refresh("default", { signal });
    await folder.write({ "drafts/c.md": "three" });
    await refresher.refresh("default", { signal });
    expect(calls).toEqual([]);
  });

  it("leaves alone what was left out of the index", async () => {
    const { refresher, calls, folder } = await watch({ "a.md": "one", "secret.md": "two" }, { indexed: ["a.md"] });
    await refresher.refresh("default", { signal });
    await folder.write({ "secret.md": "changed later" });
    await refresher.refresh("default", { signal });
    expect(calls).toEqual([]);
  });

  it("removes a document whose file vanishes, and only speaks of one that was gone before", async () => {
    const { refresher, calls, folder } = await watch(
      { "a.md": "one", "b.md": "two" },
      { indexed: ["a.md", "b.md", "old.md"], action: "remove" },
    );
    expect(await refresher.refresh("default", { signal })).toEqual([
      `1 indexed document of ${folder.path} without a file any more; sync_index removes it.`,
    ]);
    await folder.remove("b.md");
    await refresher.refresh("default", { signal });
    expect(calls).toEqual([{ roots: [folder.path], include: ["b.md"], wordsOnly: true }]);
  });

  it("says why documents stay whose folder cannot be read", async () => {
    const reason = "the folder cannot be read";
    const failed = [{ root: "/r", source: "disk", status: "failed", reason }] as const;
    const { refresher, folder } = await watch({ "a.md": "one", "disk/b.md": "two" }, { failed, action: "keep" });
    await refresher.refresh("default", { signal });
    await folder.remove("disk/b.md");
    expect(await refresher.refresh("default", { signal })).toEqual([
      `${folder.path}/disk could not be indexed: ${reason}`,
    ]);
  });

  it("removes what was gone before from an index that the server itself made", async () => {
    const files = { "a.md": "one" };
    const { refresher, calls, folder } = await watch(files, {
      project: true,
      indexed: ["a.md", "old.md"],
      action: "remove",
    });
    await folder.write({ ".citewell/automatic-default.json": "{}" });
    expect(await refresher.refresh("default", { signal })).toEqual([]);
    expect(calls).toEqual([{ roots: [folder.path], include: ["old.md"], wordsOnly: true }]);
  });

  it("stores what changed where so much is gone that nothing is removed", async () => {
    const { refresher, calls, folder } = await watch({ "a.md": "one", "b.md": "two" }, { refusesRemovals: true });
    await refresher.refresh("default", { signal });
    await folder.remove("b.md");
    await folder.write({ "a.md": "one and more" });
    expect(await refresher.refresh("default", { signal })).toEqual([
      expect.stringMatching(/more than half .* gone: .* sync_index with force/),
    ]);
    const [words, vectors] = wordsThenVectors(folder, ["a.md", "b.md"]);
    expect(calls).toEqual([words, { ...words, removeMissing: false }, vectors]);
  });

  it("removes even most documents from an index that the server itself made", async () => {
    const { refresher, calls, folder } = await watch(
      { "a.md": "one", "b.md": "two" },
      { refusesRemovals: true, project: true, action: "remove" },
    );
    await folder.write({ ".citewell/automatic-default.json": "{}" });
    await refresher.refresh("default", { signal });
    await folder.remove("b.md");
    expect(await refresher.refresh("default", { signal })).toEqual([]);
    const words = { roots: [folder.path], include: ["b.md"], wordsOnly: true };
    const forced = { roots: [folder.path], include: ["b.md"], force: true };
    expect(calls).toEqual([words, forced, { ...words, removeMissing: false }]);
  });

  it("speaks of a root that is gone", async () => {
    const { refresher, calls, folder } = await watch({ "a.md": "one" });
    await folder.remove(".");
    expect(await refresher.refresh("default", { signal })).toEqual([
      `${folder.path} is gone; its documents stay in the index.`,
    ]);
    expect(calls).toEqual([]);
  });

  it("goes on beside the calls with what takes long, and says how far it is", async () => {
    const gate = Promise.withResolvers<void>();
    const { refresher, folder } = await watch({ "a.md": "one" }, { gate: gate.promise });
    await refresher.refresh("default", { signal });
    await folder.write({ "a.md": "one and two" });
    const progress: number[] = [];
    const notes = await refresher.refresh("default", {
      signal,
      onProgress: ({ filesDone }) => progress.push(filesDone),
    });
    expect(notes).toEqual([
      expect.stringMatching(/^Changed files are being indexed \(40 %, 2 of 5 files, about \d+ s left\); .*may be old/),
    ]);
    expect(progress).toEqual([2]);
    expect(refresher.describe("default")).toBe(notes[0]);
    gate.resolve();
    await expect.poll(() => refresher.describe("default")).toBeNull();
    expect(await refresher.refresh("default", { signal })).toEqual([]);
  });

  it("stores a newer change by its words while much is embedded, and goes on with both", async () => {
    const gate = Promise.withResolvers<void>();
    const { refresher, calls, folder } = await watch(
      { "a.md": "a", "b.md": "b" },
      { gate: gate.promise, hasWords: true },
    );
    await refresher.refresh("default", { signal });
    await folder.write({ "a.md": "a and more" });
    const sentence = /^Changed files are found by their words already, meanings follow \(40 %/;
    expect(await refresher.refresh("default", { signal })).toEqual([expect.stringMatching(sentence)]);
    await folder.write({ "b.md": "b and more" });
    expect(await refresher.refresh("default", { signal })).toEqual([expect.stringMatching(sentence)]);
    gate.resolve();
    await expect.poll(() => refresher.describe("default")).toBeNull();
    const [words] = wordsThenVectors(folder, ["b.md"]);
    expect(calls).toEqual([
      ...wordsThenVectors(folder, ["a.md"]),
      words,
      { roots: [folder.path], include: ["a.md", "b.md"], removeMissing: false },
    ]);
  });

  it("finishes what somebody else has begun", async () => {
    const { refresher, calls, folder } = await watch({ "a.md": "one", "b.md": "two" }, { begun: ["b.md"] });
    await refresher.refresh("default", { signal });
    await refresher.refresh("default", { signal });
    expect(calls).toEqual(wordsThenVectors(folder, ["b.md"]));
  });

  it("stops what it embeds where somebody else is about to", async () => {
    const gate = Promise.withResolvers<void>();
    const { refresher, calls, folder } = await watch({ "a.md": "a" }, { gate: gate.promise, hasWords: true });
    await refresher.refresh("default", { signal });
    await folder.write({ "a.md": "a and more" });
    await refresher.refresh("default", { signal });
    await refresher.stop("default");
    expect(refresher.describe("default")).toBeNull();
    gate.resolve();
    await refresher.refresh("default", { signal });
    const [words, vectors] = wordsThenVectors(folder, ["a.md"]);
    await expect.poll(() => calls).toEqual([words, vectors, vectors]);
  });

  it("does not wait for another process that indexes, and takes the change up again", async () => {
    const { refresher, calls, folder, setBusy } = await watch({ "a.md": "one" });
    await refresher.refresh("default", { signal });
    await folder.write({ "a.md": "one and two" });
    setBusy(true);
    expect(await refresher.refresh("default", { signal })).toEqual([
      expect.stringMatching(/^Another process is indexing/),
    ]);
    setBusy(false);
    expect(await refresher.refresh("default", { signal })).toEqual([]);
    const [refused, ...taken] = calls;
    expect(refused).toEqual(taken[0]);
    expect(taken).toEqual(wordsThenVectors(folder, ["a.md"]));
  });

  it("passes a cancelled call through, and stops its work when it is closed", async () => {
    const gate = Promise.withResolvers<void>();
    const { refresher, folder } = await watch({ "a.md": "one" }, { gate: gate.promise, waitMs: 60_000 });
    await folder.write({ "a.md": "one and two" });
    const call = new AbortController();
    const refresh = refresher.refresh("default", { signal: call.signal });
    call.abort(new Error("cancelled"));
    await expect(refresh).rejects.toThrow("cancelled");
    await refresher.close();
    expect(await refresher.refresh("default", { signal })).toEqual([]);
  });

  it("says why the index is old where it cannot be brought in step", async () => {
    const fail = new CitewellError("collection_busy", "Somebody else is at it.");
    const { refresher, folder } = await watch({ "a.md": "one" }, { fail });
    await folder.write({ "a.md": "one and two" });
    expect(await refresher.refresh("default", { signal })).toEqual([
      expect.stringMatching(/may be old: Somebody else is at it/),
    ]);
  });

  it("looks at nothing when it is off", async () => {
    const { refresher, calls, folder } = await watch({ "a.md": "one" }, { enabled: false });
    await folder.write({ "a.md": "one and two" });
    expect(await refresher.refresh("default", { signal })).toEqual([]);
    expect(calls).toEqual([]);
  });
});

it("does not look at roots that are not the user's own, and says so", async () => {
  const keys = await createFolder({ "guide/install.md": "a changed key" });
  const options = { otherRoot: keys.path, foreign: [keys.path] };
  const { folder, calls, refresher } = await watch({ "a.md": "alpha" }, options);
  await folder.write({ "a.md": "alpha beta" });
  const notes = await refresher.refresh("default", { signal });
  expect(notes).toEqual([expect.stringMatching(/lies outside of the project/)]);
  expect(calls.flatMap(({ roots }) => roots)).not.toContain(keys.path);
  expect(calls.flatMap(({ roots }) => roots)).toContain(folder.path);
});

describe("the first index of a project", () => {
  it("is made when the collection is first asked for, once", async () => {
    const { refresher, calls, folder } = await watch({ "a.md": "one" }, { first: true });
    expect(await refresher.refresh("default", { signal })).toEqual([]);
    expect(await refresher.refresh("default", { signal })).toEqual([]);
    expect(calls).toEqual([{ roots: [folder.path], wordsFirst: true }]);
    expect(await readFile(path.join(folder.path, ".citewell/.gitignore"), "utf8")).toBe("*\n");
    expect(existsSync(path.join(folder.path, ".citewell/unfinished-default.json"))).toBe(false);
  });

  it("is not made for another collection", async () => {
    const { refresher, calls } = await watch({ "a.md": "one" }, { first: true });
    await refresher.refresh("other", { signal });
    expect(calls).toEqual([]);
  });

  it("answers meanwhile, and is gone on with by the next process when it was interrupted", async () => {
    const gate = Promise.withResolvers<void>();
    const { refresher, folder } = await watch({ "a.md": "one" }, { first: true, gate: gate.promise });
    const sentence = /^The index is being made \(40 %, 2 of 5 files, about \d+ s left\)/;
    expect(await refresher.refresh("default", { signal })).toEqual([expect.stringMatching(sentence)]);
    expect(refresher.describe("default")).toMatch(sentence);
    await refresher.close();
    expect(existsSync(path.join(folder.path, ".citewell/unfinished-default.json"))).toBe(true);
  });

  it("lets a question go on once the words are stored, while the rest is made", async () => {
    const gate = Promise.withResolvers<void>();
    const options = { first: true, hasWords: true, gate: gate.promise, waitMs: 60_000 };
    const { refresher, calls, folder } = await watch({ "a.ts": "weak etags" }, options);
    const sentence = /^The index is being made \(.*\): all files are found by their words already/;
    expect(await refresher.refresh("default", { signal })).toEqual([expect.stringMatching(sentence)]);
    expect(await refresher.refresh("default", { signal })).toEqual([expect.stringMatching(sentence)]);
    expect(refresher.describe("default")).toMatch(sentence);
    gate.resolve();
    await expect.poll(() => refresher.describe("default")).toBeNull();
    expect(calls).toEqual([{ roots: [folder.path], wordsFirst: true }]);
  });

  it("is waited for once from its start, not anew by each call", async () => {
    const gate = Promise.withResolvers<void>();
    const options = { first: true, gate: gate.promise, waitMs: 300, firstWaitMs: 2_500 };
    const { refresher } = await watch({ "a.md": "one" }, options);
    const sentence = expect.stringMatching(/^The index is being made \(40 %/);
    expect(await refresher.refresh("default", { signal })).toEqual([sentence]);
    const again = refresher.refresh("default", { signal });
    const asLong = sleep(options.firstWaitMs).then(() => "waited as long as the first");
    expect(await Promise.race([again, asLong])).toEqual([sentence]);
  });

  it("is not made of too many files, which are counted once", async () => {
    const { refresher, calls, folder } = await watch({ "a.md": "one" }, { first: true, files: 20_001 });
    const sentence = `${folder.path} has 20001 files, too many to index without being asked: call sync_index with paths.`;
    expect(await refresher.refresh("default", { signal })).toEqual([sentence]);
    expect(await refresher.refresh("default", { signal })).toEqual([sentence]);
    expect(refresher.describe("default")).toBe(sentence);
    expect(calls).toHaveLength(1);
    expect(existsSync(path.join(folder.path, ".citewell/unfinished-default.json"))).toBe(false);
  });

  it("goes on with one that was not finished, though the collection is there", async () => {
    const { refresher, calls, folder } = await watch({ "a.md": "one" }, { first: true });
    await folder.write({ ".citewell/unfinished-default.json": "{}" });
    await refresher.refresh("default", { signal });
    await refresher.refresh("default", { signal });
    expect(calls).toEqual([{ roots: [folder.path], wordsFirst: true }]);
  });

  it("is left to another process that makes it, and is seen to be made when that one is gone", async () => {
    const { refresher, calls, folder, setBusy } = await watch({ "a.md": "one" }, { first: true, waitMs: 50 });
    setBusy(true);
    const sentence = "Another process (process 7 on here) is making the index";
    const isPartial = `${sentence}: what it has not reached is not found yet, so ask again later.`;
    expect(await refresher.refresh("default", { signal })).toEqual([isPartial]);
    expect(refresher.describe("default")).toBe(isPartial);
    // What that one has not reached is not taken for new.
    await folder.write({ "b.md": "two" });
    expect(await refresher.refresh("default", { signal })).toEqual([isPartial]);
    expect(calls).toHaveLength(1);
    await folder.remove("b.md");
    await folder.write({ ".citewell/words-default.json": "{}" });
    const hasWords = `${sentence}: all files are found by their words already, meanings follow.`;
    expect(await refresher.refresh("default", { signal })).toEqual([hasWords]);
    setBusy(false);
    // Nobody has to ask for it.
    await expect.poll(() => refresher.describe("default")).toBeNull();
    expect(await refresher.refresh("default", { signal })).toEqual([]);
    expect(calls).toEqual([{ roots: [folder.path], wordsFirst: true }]);
    expect(existsSync(path.join(folder.path, ".citewell/unfinished-default.json"))).toBe(false);
    expect(existsSync(path.join(folder.path, ".citewell/words-default.json"))).toBe(false);
  });

  it("stores a change by its words while the rest is made, and goes on with all of it", async () => {
    const gate = Promise.withResolvers<void>();
    const options = { first: true, hasWords: true, gate: gate.promise };
    const { refresher, calls, folder } = await watch({ "a.ts": "weak etags" }, options);
    await refresher.refresh("default", { signal });
    await folder.write({ "a.ts": "strong etags now" });
    const sentence = /^The index is being made \(.*\): all files are found by their words already/;
    expect(await refresher.refresh("default", { signal })).toEqual([expect.stringMatching(sentence)]);
    expect(existsSync(path.join(folder.path, ".citewell/unfinished-default.json"))).toBe(true);
    gate.resolve();
    await expect.poll(() => refresher.describe("default")).toBeNull();
    expect(existsSync(path.join(folder.path, ".citewell/unfinished-default.json"))).toBe(false);
    const [words] = wordsThenVectors(folder, ["a.ts"]);
    expect(calls).toEqual([
      { roots: [folder.path], wordsFirst: true },
      words,
      { roots: [folder.path], removeMissing: false },
    ]);
  });

  it("is made anew by the rules of a newer version where the server itself had made it", async () => {
    const fail = new CitewellError("collection_mismatch", "An older version of citewell made it.");
    const { refresher, calls, folder } = await watch({ "a.md": "one" }, { project: true, fail });
    await folder.write({ ".citewell/automatic-default.json": "{}", "a.md": "one and two" });
    expect(await refresher.refresh("default", { signal })).toEqual([]);
    const [words] = wordsThenVectors(folder, ["a.md"]);
    expect(calls).toEqual([words, { roots: [folder.path], upgrade: true }]);
  });

  it.each([
    ["somebody made it", {}],
    ["it has something else in it", { ".citewell/automatic-default.json": "{}" }],
  ])("is not made anew where %s", async (_, marks) => {
    const fail = new CitewellError("collection_mismatch", "Run citewell ingest --force.");
    const { refresher, calls, folder } = await watch(
      { "a.md": "one" },
      { project: true, fail, ...(Object.keys(marks).length === 0 ? {} : { otherRoot: "/elsewhere" }) },
    );
    await folder.write({ ...marks, "a.md": "one and two" });
    const sentence = "The index could not be brought in step and may be old: Run citewell ingest --force.";
    expect(await refresher.refresh("default", { signal })).toEqual([sentence]);
    expect(await refresher.refresh("default", { signal })).toEqual([sentence]);
    expect(calls).not.toContainEqual(expect.objectContaining({ upgrade: true }));
  });

  it("says that it cannot be made where the data folder cannot", async () => {
    const { refresher, folder, calls } = await watch({ "a.md": "one", ".citewell": "a file" }, { first: true });
    const [sentence] = await refresher.refresh("default", { signal });
    expect(sentence).toContain(
      `The index could not be made: The data folder ${path.join(folder.path, ".citewell")} can't`,
    );
    expect(refresher.describe("default")).toBe(sentence);
    expect(calls).toEqual([]);
  });

  it("says why it cannot be made, and is not begun again and again", async () => {
    const fail = new CitewellError("corpus_empty", "There is no text in it.");
    const { refresher, folder } = await watch({ "a.md": "one" }, { first: true, fail });
    expect(await refresher.refresh("default", { signal })).toEqual([
      "The index could not be made: There is no text in it.",
    ]);
    expect(existsSync(path.join(folder.path, ".citewell/unfinished-default.json"))).toBe(false);
  });
});
