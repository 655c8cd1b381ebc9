import { expect, it } from "vitest";
import { createIngestCorpus } from "../../ingest/ingest-corpus.ts";
import { createManageCollections } from "../../src/answering/manage-collections.ts";
import { createCollectionOpener } from "../../src/answering/open-collection.ts";
import type { IngestEvent } from "../../src/domain/ingest.ts";
import type { Embedder } from "../../src/embedding/embedder.ts";
import { createHashingEmbedder } from "../../src/embedding/hashing-embedder.ts";
import { openStoreKind, STORE_KINDS } from "../support/open-store-kind.ts";
import { contentOf } from "./corpus-states.ts";
import { createFolder } from "./temporary-folder.ts";

const model = (name: string, dimensions: number): Embedder => ({
  ...createHashingEmbedder({ dimensions }),
  model: name,
  fingerprint: `fingerprint of ${name}`,
  batchSize: 1,
});

it.each(STORE_KINDS)(
  "answers with the old model while another one fills a successor, on the store %s",
  async (kind) => {
    const store = await openStoreKind(kind);
    const [before, next] = [model("before", 8), model("next", 16)];
    const text = (name: string): string => `${`${name} `.repeat(30)}ends here.`;
    const folder = await createFolder({ "a.md": text("apple"), "b.md": text("banana"), "c.md": text("cherry") });
    const start = (embedder: Embedder, force: boolean) =>
      createIngestCorpus({ store, embedder })({ collection: "docs", roots: [folder.path], force });
    const untilFileEnd = async (events: AsyncGenerator<IngestEvent>): Promise<void> => {
      for (let step = await events.next(); step.done !== true; step = await events.next()) {
        if (step.value.type === "file-end") return;
      }
    };
    const finish = async (events: AsyncGenerator<IngestEvent>): Promise<void> => {
      for await (const _ of events) continue;
    };
    await finish(start(before, false));
    const old = await contentOf(store, "docs");

    // Another model is refused without force, with a way out.
    await expect(finish(start(next, false))).rejects.toMatchObject({
      code: "collection_mismatch",
      message: expect.stringMatching(/embedding model before, now next.*--force/),
    });

    const oldServer = createCollectionOpener({ store, embedder: before });
    const newServer = createCollectionOpener({ store, embedder: next });
    const search = async (open: typeof oldServer) => {
      const { retrieve } = await open("docs");
      return (await retrieve("banana", { limit: 3 })).hits.map(({ source }) => source);
    };
    const collections = createManageCollections({
      store,
      currentSettings: async () => {
        throw new Error("No collection is made here.");
      },
    });

    const reindexing = start(next, true);
    await untilFileEnd(reindexing);
    expect(await search(oldServer)).toContain("b.md");
    expect(await contentOf(store, "docs")).toEqual(old);
    await expect(search(newServer)).rejects.toMatchObject({
      code: "collection_mismatch",
      message: expect.stringMatching(
        /before.*Set CITEWELL_EMBEDDING_MODEL back.*being re-indexed with next, \d+ documents so far/,
      ),
    });
    const [listed, ...others] = await collections.list();
    expect(others).toEqual([]);
    expect(listed).toMatchObject({ name: "docs", documents: 3, reindexing: { documents: expect.any(Number) } });
    await finish(reindexing);

    expect(await search(newServer)).toContain("b.md");
    expect(await collections.list()).toEqual([expect.not.objectContaining({ reindexing: expect.anything() })]);
    await expect(search(createCollectionOpener({ store, embedder: before }))).rejects.toMatchObject({
      code: "collection_mismatch",
      message: expect.stringContaining("was made with the embedding model next (16"),
    });
  },
);

it("deletes with a collection what an interrupted re-indexing left of it", async () => {
  const store = await openStoreKind("embedded");
  const folder = await createFolder({ "a.md": "One.", "b.md": "Two." });
  const options = { collection: "docs", roots: [folder.path] };
  for await (const _ of createIngestCorpus({ store, embedder: model("before", 8) })(options)) continue;
  for await (const { type } of createIngestCorpus({ store, embedder: model("next", 16) })({
    ...options,
    force: true,
  })) {
    if (type === "file-end") break;
  }
  expect(await store.listCollections()).toHaveLength(2);
  const collections = createManageCollections({ store, currentSettings: () => Promise.reject(new Error("unused")) });
  expect(await collections.remove("docs")).toBe(true);
  expect(await store.listCollections()).toEqual([]);
});

it.each(STORE_KINDS)(
  "gives up what an interrupted re-indexing left where the old settings are forced, on the store %s",
  async (kind) => {
    const store = await openStoreKind(kind);
    const folder = await createFolder({ "a.md": "An apple a day.", "b.md": "A banana is yellow." });
    const start = (embedder: Embedder, force: boolean) =>
      createIngestCorpus({ store, embedder })({ collection: "docs", roots: [folder.path], force });
    const eventsOf = async (events: AsyncGenerator<IngestEvent>): Promise<readonly IngestEvent[]> => {
      const seen: IngestEvent[] = [];
      for await (const event of events) seen.push(event);
      return seen;
    };
    const [before, next] = [model("before", 8), model("next", 16)];
    await eventsOf(start(before, false));
    const content = await contentOf(store, "docs");
    for await (const { type } of start(next, true)) if (type === "file-end") break;

    const unforced = await eventsOf(start(before, false));
    expect(unforced.map(({ type }) => type)).not.toContain("reindex-dropped");
    expect(await store.listCollections()).toHaveLength(2);

    const forced = await eventsOf(start(before, true));
    expect(forced).toContainEqual({ type: "reindex-dropped", collection: "docs", documents: expect.any(Number) });
    expect((await store.listCollections()).map(({ name }) => name)).toEqual(["docs"]);
    expect(await contentOf(store, "docs")).toEqual(content);
    expect((await eventsOf(start(before, true))).map(({ type }) => type)).not.toContain("reindex-dropped");
  },
);

it.each(STORE_KINDS)("clears away what an interrupted overwriting left, on the store %s", async (kind) => {
  const store = await openStoreKind(kind);
  const folder = await createFolder({ "a.md": "An apple a day.", "b.md": "A banana is yellow." });
  const ingest = createIngestCorpus({ store, embedder: model("before", 8) });
  const options = { collection: "docs", roots: [folder.path] };
  for await (const _ of ingest(options)) continue;
  const content = await contentOf(store, "docs");
  const isLeft = async (): Promise<boolean> => (await store.describeCollection("docs~next")) !== null;
  for await (const { type } of ingest({ ...options, overwrite: true })) if (type === "file-end") break;
  expect(await isLeft()).toBe(true);

  const types: string[] = [];
  for await (const { type } of ingest(options)) types.push(type);
  expect(types).toContain("reindex-dropped");
  expect(await isLeft()).toBe(false);
  expect(await contentOf(store, "docs")).toEqual(content);

  for await (const { type } of ingest({ ...options, overwrite: true })) if (type === "file-end") break;
  await store.deleteCollection("docs");
  for await (const _ of ingest(options)) continue;
  expect(await isLeft()).toBe(false);
});
