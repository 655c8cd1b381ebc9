import { describe, expect, it, onTestFinished } from "vitest";
import { createIngestCorpus } from "../../ingest/ingest-corpus.ts";
import type { IngestEvent, IngestOptions } from "../../src/domain/ingest.ts";
import type { Embedder } from "../../src/embedding/embedder.ts";
import { createHashingEmbedder } from "../../src/embedding/hashing-embedder.ts";
import { queryTerms } from "../../src/retrieval/query-terms.ts";
import { openEmbeddedStore } from "../../src/store/embedded/embedded-store.ts";
import type { StoreCandidate } from "../../src/store/vector-store.ts";
import { contentOf } from "./corpus-states.ts";
import { createFolder, type TemporaryFolder } from "./temporary-folder.ts";

/** A store in memory, what was embedded into it, and a look at it in the middle of an ingestion. */
async function openBench(hashing: Embedder = createHashingEmbedder({ dimensions: 16 })) {
  const store = await openEmbeddedStore({ file: ":memory:" });
  onTestFinished(async () => store.close());
  const embedded: string[] = [];
  const embedder: Embedder = {
    ...hashing,
    batchSize: 4,
    async embed(texts, options) {
      embedded.push(...texts);
      return await hashing.embed(texts, options);
    },
  };
  const ingest = createIngestCorpus({ store, embedder });
  const run = async (
    options: Omit<Partial<IngestOptions>, "wordsFirst"> &
      Pick<IngestOptions, "roots"> & { readonly wordsFirst?: boolean | undefined },
    hear: (event: IngestEvent) => Promise<void> | void = () => undefined,
  ): Promise<readonly IngestEvent[]> => {
    const events: IngestEvent[] = [];
    for await (const event of ingest({ collection: "default", chunkTokens: 40, wordsFirst: true, ...options })) {
      events.push(event);
      await hear(event);
    }
    return events;
  };
  const find = async (words: string): Promise<readonly StoreCandidate[]> => {
    const [vector = null] = await hashing.embed([words]);
    const { indices: terms } = queryTerms(words);
    return (await store.search("default", { vector, terms, denseLimit: 0, lexicalLimit: 10 })).candidates;
  };
  return { store, embedded, run, find };
}

const page = (...names: readonly string[]): string =>
  `# A page\n\n${names.map((name) => `${`${name} `.repeat(30)}ends here.`).join("\n\n")}\n`;
const PAGES = { "a.md": page("lighthouse", "ferry"), "sub/b.md": page("harbour", "ferry") };
/** A program with tests, vendored code and examples. */
const PROGRAM = {
  "deps/zip/readme.md": page("gull"),
  "examples/first.md": page("tern"),
  "readme.md": page("harbour"),
  "src/server.md": page("lighthouse"),
  "test/server.md": page("ferry"),
};
/** The order in which its words are stored first. */
const IN_TURN = ["readme.md", "src/server.md", "deps/zip/readme.md", "examples/first.md", "test/server.md"];
const typesOf = (events: readonly IngestEvent[]): readonly string[] => [...new Set(events.map(({ type }) => type))];
const isStored = ({ type }: IngestEvent): boolean => type === "words-stored";

/** Ends the ingestion at the first event that it is asked to end at. */
class Stopped extends Error {}

async function stopAt(
  isEnd: (event: IngestEvent) => boolean,
  run: (hear: (event: IngestEvent) => void) => Promise<unknown>,
): Promise<void> {
  const stopped = run((event) => {
    if (isEnd(event)) throw new Stopped();
  });
  await expect(stopped).rejects.toThrow(Stopped);
}

describe("storing words first", () => {
  it("gives other work of the thread a turn after every few chunks", async () => {
    const folder = await createFolder({
      "long.md": page(...Array.from({ length: 200 }, (_, n) => `word${String(n)}`)),
    });
    const hashing = createHashingEmbedder({ dimensions: 16 });
    const counted = new Set<string>();
    let most = 0;
    const countTokens = (text: string): number => {
      counted.add(text);
      most = Math.max(most, counted.size);
      return hashing.countTokens(text);
    };
    let isOver = false;
    const eachTurn = (): void => {
      counted.clear();
      if (!isOver) setImmediate(eachTurn);
    };
    eachTurn();
    onTestFinished(() => void (isOver = true));
    const { run } = await openBench({ ...hashing, countTokens });
    await run({ roots: [folder.path] });
    expect(most).toBeGreaterThan(0);
    expect(most).toBeLessThan(60);
  });

  it("finds every document by its words before anything is embedded", async () => {
    const folder = await createFolder(PAGES);
    const { store, embedded, run, find } = await openBench();
    const seen: unknown[] = [];
    const events = await run({ roots: [folder.path] }, async (event) => {
      if (!isStored(event)) return;
      const { documents } = await store.listDocuments("default", { limit: 10 });
      const found = await find("harbour");
      seen.push({
        embedded: embedded.length,
        complete: documents.filter(({ contentHash }) => contentHash !== "").length,
        found: found.map(({ chunk, dense }) => [chunk.source, dense]),
        text: await store.readSpans("default", [
          { documentId: found[0]?.chunk.documentId ?? "", span: { start: 2, end: 8 } },
        ]),
      });
    });
    expect(seen).toEqual([
      { embedded: 0, complete: 0, found: expect.arrayContaining([["sub/b.md", null]]), text: ["A page"] },
    ]);
    expect(typesOf(events).slice(0, 4)).toEqual(["plan-ready", "words-progress", "words-stored", "file-start"]);
    expect(events.find(isStored)).toMatchObject({ documents: 2 });
    expect((await find("harbour")).map(({ dense }) => typeof dense)).not.toContain("object");
  });

  it("reads a program before its tests and what lies beside it", async () => {
    const folder = await createFolder(PROGRAM);
    const { store, run } = await openBench();
    await stopAt(
      (event) => event.type === "words-progress" && event.filesDone === 2,
      (hear) => run({ roots: [folder.path] }, hear),
    );
    const { documents } = await store.listDocuments("default", { limit: 10 });
    expect(documents.map(({ source }) => source).toSorted()).toEqual(IN_TURN.slice(0, 2));
    const events = await run({ roots: [folder.path] });
    expect(events.flatMap((event) => (event.type === "file-start" ? [event.source] : []))).toEqual(IN_TURN);
    const undisturbed = await openBench();
    await undisturbed.run({ roots: [folder.path] });
    expect(await contentOf(store, "default")).toEqual(await contentOf(undisturbed.store, "default"));
  });

  it("leaves the order as it is where words and vectors are stored at once", async () => {
    const folder = await createFolder(PROGRAM);
    const { run } = await openBench();
    const events = await run({ roots: [folder.path], wordsFirst: false });
    const read = events.flatMap((event) => (event.type === "file-start" ? [event.source] : []));
    expect(read).toEqual(read.toSorted());
  });

  it("ends in the same state as storing both at once, with the same report", async () => {
    const folder = await createFolder({
      ...PAGES,
      ...PROGRAM,
      "bad.png": Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0]),
    });
    const [first, other] = [await openBench(), await openBench()];
    const words = await first.run({ roots: [folder.path] });
    const plain = await other.run({ roots: [folder.path], wordsFirst: false });
    expect(await contentOf(first.store, "default")).toEqual(await contentOf(other.store, "default"));
    expect(first.embedded.toSorted()).toEqual(other.embedded.toSorted());
    expect(reportOf(words)).toEqual(reportOf(plain));
  });

  it("goes on after an interruption and embeds nothing twice", async () => {
    const folder = await createFolder(PAGES);
    const { store, embedded, run } = await openBench();
    await stopAt(isStored, (hear) => run({ roots: [folder.path] }, hear));
    await stopAt(
      ({ type }) => type === "file-end",
      (hear) => run({ roots: [folder.path] }, hear),
    );
    await run({ roots: [folder.path] });
    const undisturbed = await openBench();
    await undisturbed.run({ roots: [folder.path] });
    expect(embedded.toSorted()).toEqual(undisturbed.embedded.toSorted());
    expect(await contentOf(store, "default")).toEqual(await contentOf(undisturbed.store, "default"));
  });

  it("drops what it stored of a file that changes, and of one that goes, before they are embedded", async () => {
    const folder = await createFolder(PAGES);
    const { store, run, find } = await openBench();
    await run({ roots: [folder.path] }, async (event) => {
      if (!isStored(event)) return;
      await folder.write({ "a.md": page("windmill") });
      await folder.write({ "sub/b.md": Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0]) });
    });
    const { documents } = await store.listDocuments("default", { limit: 10 });
    expect(documents.map(({ source }) => source)).toEqual(["a.md"]);
    expect(await find("lighthouse harbour")).toEqual([]);
    expect(await find("windmill")).not.toEqual([]);
  });

  it("is not done unless it is asked for", async () => {
    const folder = await createFolder(PAGES);
    const { run } = await openBench();
    const events = await run({ roots: [folder.path], wordsFirst: undefined });
    expect(typesOf(events)).toContain("ingest-end");
    expect(typesOf(events)).not.toContain("words-stored");
  });

  it("leaves a document that changes as it is until its new chunks are whole", async () => {
    const folder = await createFolder(PAGES);
    const { run } = await openBench();
    await run({ roots: [folder.path] });
    await changeOne(folder);
    expect(typesOf(await run({ roots: [folder.path] }))).not.toContain("words-stored");
  });

  it("is not done in a re-indexing, which nobody reads before it is whole", async () => {
    const folder = await createFolder(PAGES);
    const { run } = await openBench();
    await run({ roots: [folder.path] });
    const events = await run({ roots: [folder.path], chunkTokens: 60, force: true });
    expect(typesOf(events)).not.toContain("words-stored");
  });
});

describe("storing words only", () => {
  const changed = `${page("prologue")}${page("lighthouse", "tide")}`;

  it("finds what changed by its new words and in its new place, and embeds nothing", async () => {
    const folder = await createFolder({ ...PAGES, "gone.md": page("windmill") });
    const { embedded, run, find } = await openBench();
    await run({ roots: [folder.path] });
    const before = embedded.length;
    await folder.write({ "a.md": changed, "new.md": page("quay") });
    await folder.remove("gone.md");
    const events = await run({ roots: [folder.path], wordsFirst: false, wordsOnly: true });
    expect(embedded).toHaveLength(before);
    expect(events.at(-1)).toMatchObject({ report: { documents: { removed: 1 } } });
    expect(await sourcesOf(find("tide quay"))).toEqual(["a.md", "new.md"]);
    expect(await find("windmill")).toEqual([]);
    expect(await sourcesOf(find("ferry"))).toEqual(["sub/b.md"]);
    const [kept] = await find("lighthouse");
    const text = kept?.chunk.text ?? "";
    expect(kept?.dense).toEqual(expect.any(Number));
    expect(kept?.chunk.span.start).toBe(changed.indexOf(text));
    expect(text).toContain("lighthouse");
  });

  it("is completed by the next ingestion, to the same state and with the same texts embedded", async () => {
    const folder = await createFolder(PAGES);
    const [first, other] = [await openBench(), await openBench()];
    for (const { run } of [first, other]) await run({ roots: [folder.path], wordsFirst: false });
    await folder.write({ "a.md": changed, "new.md": page("quay") });
    await first.run({ roots: [folder.path], wordsFirst: false, wordsOnly: true });
    await folder.write({ "a.md": `${changed}${page("epilogue")}` });
    await first.run({ roots: [folder.path], wordsFirst: false, wordsOnly: true });
    for (const { run } of [first, other]) await run({ roots: [folder.path], wordsFirst: false });
    expect(await contentOf(first.store, "default")).toEqual(await contentOf(other.store, "default"));
    expect(first.embedded.toSorted()).toEqual(other.embedded.toSorted());
  });

  it("leaves vectors to be made, which a dry run counts", async () => {
    const folder = await createFolder(PAGES);
    const { run } = await openBench();
    const planned = await run({ roots: [folder.path], dryRun: true });
    await run({ roots: [folder.path], wordsOnly: true });
    const forecast = { chunksToEmbed: 4, chunksToReuse: 0, chunksToDelete: 0 };
    expect(planned.at(-1)).toMatchObject({ report: { forecast } });
    expect((await run({ roots: [folder.path], dryRun: true })).at(-1)).toMatchObject({ report: { forecast } });
  });

  it("stores what there is beside files that are skipped", async () => {
    const folder = await createFolder({ ...PAGES, "empty.md": "" });
    const { run, find } = await openBench();
    await run({ roots: [folder.path], wordsOnly: true });
    expect(await sourcesOf(find("lighthouse"))).toEqual(["a.md"]);
    await expect(run({ roots: [folder.path], include: ["empty.md"], wordsOnly: true })).rejects.toMatchObject({
      code: "corpus_empty",
    });
  });

  it("refuses to re-index", async () => {
    const folder = await createFolder(PAGES);
    const { run } = await openBench();
    await expect(run({ roots: [folder.path], wordsOnly: true, force: true })).rejects.toThrow(
      /wordsOnly.*leave out force/,
    );
  });
});

/** The report without times. */
function reportOf(events: readonly IngestEvent[]): unknown {
  const last = events.at(-1);
  return last?.type === "ingest-end" ? { ...last.report, seconds: 0, chunksPerSecond: 0 } : null;
}

/** The sources of what was found, each once. */
async function sourcesOf(found: Promise<readonly StoreCandidate[]>): Promise<readonly string[]> {
  return [...new Set((await found).map(({ chunk }) => chunk.source))].toSorted();
}

async function changeOne(folder: TemporaryFolder): Promise<void> {
  await folder.write({ "a.md": page("lighthouse", "tide") });
}
