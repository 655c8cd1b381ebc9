import { mkdir, rename, rm, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, it, onTestFinished, vi } from "vitest";
import { createIngestCorpus } from "../../ingest/ingest-corpus.ts";
import { createIgnored, watchRoots, waysTo } from "../../ingest/watch-roots.ts";
import type { IngestCorpus, IngestReport, WatchEvent } from "../../src/domain/ingest.ts";
import { createHashingEmbedder } from "../../src/embedding/hashing-embedder.ts";
import { CitewellError } from "../../src/errors.ts";
import { openEmbeddedStore } from "../../src/store/embedded/embedded-store.ts";
import { createFolder } from "./temporary-folder.ts";

/** Watches a folder until the test ends; `until` waits for an event. */
async function watch(root: string, { around = (ingest: IngestCorpus) => ingest, dataFolder = "" } = {}) {
  const store = await openEmbeddedStore({ file: ":memory:" });
  const controller = new AbortController();
  const ingest = around(createIngestCorpus({ store, embedder: createHashingEmbedder({ dimensions: 8 }) }));
  const { signal } = controller;
  const events = watchRoots({
    roots: [root],
    ingest: () => ingest({ collection: "default", roots: [root], signal }),
    ...(dataFolder === "" ? {} : { dataFolder }),
    quietMs: 40,
    retryMs: 30,
    pollMs: 60,
    signal,
  });
  onTestFinished(async () => {
    controller.abort(new Error("the test has ended"));
    const step = async (): Promise<boolean> => (await events.next()).done === true;
    for (let hasEnded = false; !hasEnded;) hasEnded = await step().catch(() => true);
    await store.close();
  });
  const until = async (wanted: (event: WatchEvent) => boolean): Promise<WatchEvent> => {
    for (;;) {
      const { value } = await events.next();
      if (wanted(value)) return value;
    }
  };
  const sources = async (): Promise<readonly string[]> => {
    const { documents } = await store.listDocuments("default", { limit: 100 });
    return documents.map(({ source }) => source).toSorted();
  };
  /** The report of the first pass after which exactly these sources are stored. */
  const untilStored = async (...wanted: readonly string[]): Promise<IngestReport> => {
    for (;;) {
      const event = await until(({ type }) => type === "pass-end");
      if (event.type === "pass-end" && String(await sources()) === String(wanted)) return event.report;
    }
  };
  return { until, untilStored, sources, controller, events };
}

it("follows added, changed and removed files, and folders made later", async () => {
  const folder = await createFolder({ "a.md": "One." });
  const { untilStored, until } = await watch(folder.path);
  expect((await untilStored("a.md")).documents.added).toBe(1);
  await folder.write({ "b.md": "Two." });
  await untilStored("a.md", "b.md");
  await folder.write({ "deep/er/c.md": "Three." });
  await untilStored("a.md", "b.md", "deep/er/c.md");
  await folder.write({ "deep/er/c.md": "Three and more." });
  const isChanged = (event: WatchEvent): boolean => event.type === "pass-end" && event.report.documents.changed === 1;
  await until(isChanged);
  await folder.remove("deep");
  await untilStored("a.md", "b.md");
});

it("follows a folder below the home folder that was given with a tilde", async () => {
  const home = await createFolder({ "notes/a.md": "One." });
  vi.stubEnv("HOME", home.path);
  vi.stubEnv("USERPROFILE", home.path);
  onTestFinished(() => void vi.unstubAllEnvs());
  const { untilStored } = await watch("~/notes/*.md");
  await untilStored("a.md");
  await home.write({ "notes/b.md": "Two." });
  await untilStored("a.md", "b.md");
});

it("notices an editor that writes another file and renames it", async () => {
  const folder = await createFolder({ "a.md": "One." });
  const { untilStored, until } = await watch(folder.path);
  await untilStored("a.md");
  const draft = path.join(folder.path, ".a.md.swp");
  await writeFile(draft, "Rewritten by an editor.");
  await rename(draft, path.join(folder.path, "a.md"));
  await until((event) => event.type === "pass-end" && event.report.documents.changed === 1);
});

it("gathers changes that come together into one pass", async () => {
  const folder = await createFolder({ "a.md": "One." });
  const { untilStored, until, sources } = await watch(folder.path);
  await untilStored("a.md");
  await folder.write(Object.fromEntries(Array.from({ length: 30 }, (_, at) => [`f${at}.md`, `File ${at}.`])));
  let passes = 0;
  while ((await sources()).length < 31) {
    await until(({ type }) => type === "pass-end");
    passes += 1;
  }
  expect(passes).toBeLessThan(15);
});

it("tells that a root is gone, removes nothing, and goes on when it is back", async () => {
  const folder = await createFolder({ "root/a.md": "One.", "root/b.md": "Two." });
  const root = path.join(folder.path, "root");
  const { until, untilStored, sources } = await watch(root);
  await untilStored("a.md", "b.md");
  await rename(root, path.join(folder.path, "aside"));
  const failed = await until(({ type }) => type === "pass-failed");
  expect(failed).toMatchObject({ error: { code: "path_not_found" } });
  expect(await sources()).toEqual(["a.md", "b.md"]);
  await mkdir(root);
  await writeFile(path.join(root, "c.md"), "Three.");
  await untilStored("c.md");
  await writeFile(path.join(root, "d.md"), "Four.");
  await untilStored("c.md", "d.md");
});

it("makes a pass again that failed, without waiting for a change", async () => {
  const folder = await createFolder({ "a.md": "One." });
  let passes = 0;
  const { until } = await watch(folder.path, {
    around: (ingest) =>
      async function* (options) {
        passes += 1;
        if (passes <= 2) throw new CitewellError("store_unavailable", "Nobody listens.", { retryable: true });
        return yield* ingest(options);
      },
  });
  expect(await until(({ type }) => type === "pass-failed")).toMatchObject({ retryInMs: 30 });
  expect(await until(({ type }) => type === "pass-failed")).toMatchObject({ retryInMs: 60 });
  await until(({ type }) => type === "pass-end");
});

it("ends at once when the first pass finds a wrong path", async () => {
  const folder = await createFolder();
  const { until } = await watch(path.join(folder.path, "nowhere"));
  await expect(until(({ type }) => type === "pass-end")).rejects.toMatchObject({ code: "path_not_found" });
});

it("waits for files where a folder is still empty", async () => {
  const folder = await createFolder();
  const { until, untilStored } = await watch(folder.path);
  expect(await until(({ type }) => type === "pass-failed")).toMatchObject({ error: { code: "corpus_empty" } });
  await folder.write({ "a.md": "One." });
  await untilStored("a.md");
});

it("does not take what the data folder does for a change", async () => {
  const folder = await createFolder({ "a.md": "One." });
  const data = path.join(folder.path, "data");
  await mkdir(data);
  const { untilStored, until } = await watch(folder.path, { dataFolder: data });
  await untilStored("a.md");
  await writeFile(path.join(data, "store.sqlite"), "changed by a pass");
  await rm(path.join(data, "store.sqlite"));
  await folder.write({ "b.md": "Two." });
  const event = await until(({ type }) => type === "pass-end");
  expect(event).toMatchObject({ report: { documents: { added: 1 } } });
});

it("knows the data folder where a root is reached by a link, before and after it is made", async () => {
  const folder = await createFolder({ "a.md": "One." });
  const elsewhere = await createFolder();
  const link = path.join(elsewhere.path, "link");
  await symlink(folder.path, link);
  const data = path.join(folder.path, "data");
  expect(await waysTo(data, [link, folder.path])).toEqual([path.join(link, "data"), data]);
  await mkdir(data);
  expect(await waysTo(data, [link])).toEqual([path.join(link, "data")]);
  expect(await waysTo(path.join(link, "data"), [folder.path])).toEqual([data]);
});

it("knows the data folder and the roots in paths of Windows, which are asked about with slashes", () => {
  const isIgnored = createIgnored(["C:\\notes", "C:\\.work"], ["C:\\notes\\data"], path.win32);
  expect(isIgnored("C:/notes/data")).toBe(true);
  expect(isIgnored("C:/notes/data/citewell.sqlite-wal")).toBe(true);
  expect(isIgnored("C:/notes/data.md")).toBe(false);
  expect(isIgnored("C:/.work")).toBe(false);
  expect(isIgnored("C:/notes/.git")).toBe(true);
  expect(isIgnored("C:/notes/Thumbs.db")).toBe(true);
});

it("ends with the reason of the signal", async () => {
  const folder = await createFolder({ "a.md": "One." });
  const { untilStored, events, controller } = await watch(folder.path);
  await untilStored("a.md");
  const next = events.next();
  const reason = new Error("enough");
  controller.abort(reason);
  await expect(next).rejects.toBe(reason);
});
