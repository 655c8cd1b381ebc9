import { spawn } from "node:child_process";
import { once } from "node:events";
import { stat } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it, onTestFinished } from "vitest";
import {
  type HeldCollection,
  holdCollection,
  type HoldOptions,
  type HoldTimes,
  whileHeld,
} from "../../ingest/hold-collection.ts";
import { createIngestCorpus } from "../../ingest/ingest-corpus.ts";
import { createManageCollections } from "../../src/answering/manage-collections.ts";
import { createManageDocuments } from "../../src/answering/manage-documents.ts";
import type { WhileNobodyIngests } from "../../src/answering/use-cases.ts";
import type { IngestEvent } from "../../src/domain/ingest.ts";
import { untilAborted } from "../../src/domain/until-aborted.ts";
import { createHashingEmbedder } from "../../src/embedding/hashing-embedder.ts";
import { openEmbeddedStore } from "../../src/store/embedded/embedded-store.ts";
import { openQdrantStore } from "../../src/store/qdrant/qdrant-store.ts";
import type { VectorStore } from "../../src/store/vector-store.ts";
import { sampleSettings } from "../store/store-samples.ts";
import { startQdrantStandIn } from "../support/qdrant-stand-in.ts";
import { createFolder } from "./temporary-folder.ts";

/** Two handles on the same data, as two processes would have them. */
async function openTwo(): Promise<readonly [VectorStore, VectorStore]> {
  const folder = await createFolder();
  const file = `${folder.path}/store.sqlite`;
  const stores = [await openEmbeddedStore({ file }), await openEmbeddedStore({ file })] as const;
  onTestFinished(async () => void (await Promise.all(stores.map(async (store) => store.close()))));
  return stores;
}

async function hold(
  store: VectorStore,
  options: HoldTimes & Pick<HoldOptions, "shard" | "manner" | "signal"> = {},
): Promise<{ readonly held: HeldCollection; readonly events: readonly IngestEvent[] }> {
  const steps = holdCollection(store, { collection: "docs", ...options });
  const events: IngestEvent[] = [];
  for (;;) {
    const step = await steps.next();
    if (step.done === true) return { held: step.value, events };
    events.push(step.value);
  }
}

/** A store whose claims of a lease can be waited for: to the first one that is made later than a lease lasts. */
function seenToRenew(
  store: VectorStore,
  lease = "docs",
): { readonly store: VectorStore; readonly untilRenewed: (ttlMs: number) => Promise<void> } {
  const claims: number[] = [];
  const acquireLease: VectorStore["acquireLease"] = async (name, ...rest) => {
    const found = await store.acquireLease(name, ...rest);
    if (name === lease) claims.push(performance.now());
    return found;
  };
  const untilRenewed = async (ttlMs: number): Promise<void> => {
    while ((claims.at(-1) ?? 0) - (claims[0] ?? 0) <= ttlMs) await sleep(10);
  };
  return { store: { ...store, acquireLease }, untilRenewed };
}

describe("holding a collection", () => {
  it("refuses another holder after the wait, and names process, machine and time", async () => {
    const [first, second] = await openTwo();
    const { held, events } = await hold(first);
    expect(events).toEqual([]);
    await expect(hold(second, { waitMs: 20 })).rejects.toMatchObject({
      code: "collection_busy",
      retryable: true,
      message: expect.stringMatching(new RegExp(`docs.*process ${process.pid} on .* since \\d{4}-.*wait until`)),
    });
    await held.end();
    await (await hold(second, { waitMs: 0 })).held.end();
  });

  it("says for whom it waits, and goes on when that one is done", async () => {
    const [first, second] = await openTwo();
    const { held } = await hold(first);
    const waiting = holdCollection(second, { collection: "docs" });
    expect((await waiting.next()).value).toMatchObject({
      type: "lease-wait",
      holder: expect.stringContaining("process"),
    });
    await held.end();
    const { value, done } = await waiting.next();
    expect(done).toBe(true);
    if (done === true) await value.end();
  });

  it("gives back its turn where whoever asked does not wait for the other process", async () => {
    const [first, second] = await openTwo();
    const { held } = await hold(first);
    for await (const event of holdCollection(second, { collection: "docs" })) {
      expect(event.type).toBe("lease-wait");
      break;
    }
    await held.end();
    await (await hold(second)).held.end();
  });

  it("takes over at once from a process of this machine that was killed", async () => {
    const [store] = await openTwo();
    const child = spawn(process.execPath, ["-e", ""]);
    await once(child, "close");
    const { held } = await hold(store);
    const { owner } = await store.acquireLease("docs", { owner: "looks", holder: "on", ttlMs: 1 });
    await held.end();
    const dead = owner.replace(`/${process.pid}/`, `/${child.pid}/`);
    await store.acquireLease("docs", { owner: dead, holder: "a dead process", ttlMs: 60_000 });
    const { held: next, events } = await hold(store, { waitMs: 0 });
    expect(events).toEqual([]);
    await next.end();
  });

  it("does not judge processes of other machines, and waits for their lease to end", async () => {
    const [store] = await openTwo();
    const elsewhere = { owner: "elsewhere/1/x", holder: "process 1 on elsewhere" };
    await store.acquireLease("docs", { ...elsewhere, ttlMs: 60_000 });
    await expect(hold(store, { waitMs: 0 })).rejects.toMatchObject({ code: "collection_busy" });
    await store.acquireLease("docs", { ...elsewhere, ttlMs: 300 });
    await (await hold(store)).held.end();
  });

  it("keeps its hold for longer than a lease lasts", async () => {
    const [first, second] = await openTwo();
    const { store, untilRenewed } = seenToRenew(first);
    const { held } = await hold(store, { ttlMs: 1_200 });
    await untilRenewed(1_200);
    await expect(hold(second, { waitMs: 0 })).rejects.toMatchObject({ code: "collection_busy" });
    expect(held.signal.aborted).toBe(false);
    await held.end();
  });

  it("aborts when somebody else got hold of the collection meanwhile", async () => {
    const [first, second] = await openTwo();
    const { held } = await hold(first, { ttlMs: 1_000 });
    const { owner } = await second.acquireLease("docs", { owner: "other", holder: "process 9 on box", ttlMs: 1 });
    await second.acquireLease("docs", { owner: "other", holder: "process 9 on box", ttlMs: 60_000, replaces: owner });
    if (!held.signal.aborted) await once(held.signal, "abort");
    expect(held.signal.reason).toMatchObject({
      code: "collection_busy",
      message: expect.stringContaining("process 9 on box"),
    });
    await held.end();
    expect(await second.acquireLease("docs", { owner: "third", holder: "", ttlMs: 1 })).toMatchObject({
      owner: "other",
    });
  });

  it("aborts when somebody else had the collection meanwhile, and has given it back", async () => {
    const [one] = await openTwo();
    const { held } = await hold(one, { ttlMs: 80 });
    const lost = new Promise<unknown>((resolve) => {
      held.signal.addEventListener("abort", () => resolve(held.signal.reason), { once: true });
    });
    // What a suspended process finds: its lease has expired, and who took it is done.
    const { owner } = await one.acquireLease("docs", { owner: "other", holder: "other", ttlMs: 1 });
    await one.releaseLease("docs", owner);
    expect(await lost).toMatchObject({
      code: "collection_busy",
      message: expect.stringContaining("while this one stood still"),
    });
    await held.end();
  });

  it("is free at once when it is given back, even where a renewal is on its way", async () => {
    const [first, second] = await openTwo();
    const onItsWay = Promise.withResolvers<void>();
    let claims = 0;
    // As a client whose requests cannot be called back.
    const late: VectorStore = {
      ...first,
      acquireLease: async (name, claim, { signal } = {}) => {
        claims += 1;
        if (claims === 1) return first.acquireLease(name, claim);
        onItsWay.resolve();
        const arriving = sleep(50).then(async () => first.acquireLease(name, claim));
        return untilAborted(arriving, signal);
      },
    };
    const { held } = await hold(late, { ttlMs: 1_000 });
    await onItsWay.promise;
    await held.end();
    await sleep(100);
    expect(await second.acquireLease("docs", { owner: "next", holder: "", ttlMs: 1 })).toMatchObject({ owner: "next" });
  });

  it("ends the wait with the reason of the signal", async () => {
    const [first, second] = await openTwo();
    const { held } = await hold(first);
    const controller = new AbortController();
    const waiting = holdCollection(second, { collection: "docs", signal: controller.signal });
    await waiting.next();
    const reason = new Error("enough");
    const next = waiting.next();
    controller.abort(reason);
    await expect(next).rejects.toBe(reason);
    await held.end();
  });
});

describe("two ingestions of one collection", () => {
  it.each(["embedded", "Qdrant stand-in"])("follow each other on the store %s", async (kind) => {
    const folder = await createFolder({ "a/a.md": "One.", "b/b.md": "Two." });
    const open = kind === "embedded" ? await openTwo() : await openTwoOnQdrant();
    const embedder = createHashingEmbedder({ dimensions: 8 });
    const reports = await Promise.all(
      open.map(async (store, index) => {
        const ingest = createIngestCorpus({ store, embedder });
        for await (const event of ingest({
          collection: "docs",
          roots: [`${folder.path}/${index === 0 ? "a" : "b"}`],
        })) {
          if (event.type === "ingest-end") return event.report;
        }
        return null;
      }),
    );
    expect(reports.map((report) => report?.documents.added)).toEqual([1, 1]);
    expect(await open[0].describeCollection("docs")).toMatchObject({ documents: 2, chunks: 2 });
  });

  it("tell a wrong path at once, and make no place for its documents", async () => {
    const folder = await createFolder({});
    const file = `${folder.path}/data/store.sqlite`;
    const store = await openEmbeddedStore({ file });
    onTestFinished(async () => store.close());
    const ingest = createIngestCorpus({ store, embedder: createHashingEmbedder({ dimensions: 8 }) });
    const roots = [`${folder.path}/nowhere`];
    await expect(ingest({ collection: "docs", roots }).next()).rejects.toMatchObject({ code: "path_not_found" });
    await expect(stat(file)).rejects.toMatchObject({ code: "ENOENT" });
    await store.createCollection("docs", sampleSettings());
    const { held } = await hold(store);
    await expect(ingest({ collection: "docs", roots }).next()).rejects.toMatchObject({ code: "path_not_found" });
    await held.end();
  });

  it("end with collection_busy where the other one takes too long, with nothing changed", async () => {
    const folder = await createFolder({ "a.md": "One." });
    const [first, second] = await openTwo();
    const { held } = await hold(first);
    const ingest = createIngestCorpus({
      store: second,
      embedder: createHashingEmbedder({ dimensions: 8 }),
      holdTimes: { waitMs: 10 },
    });
    const events = ingest({ collection: "docs", roots: [folder.path] });
    expect((await events.next()).value).toMatchObject({ type: "lease-wait" });
    await expect(events.next()).rejects.toMatchObject({ code: "collection_busy" });
    expect(await second.listCollections()).toEqual([]);
    await held.end();
  });
});

describe("shards of a collection", () => {
  it("keep their own lease while they wait for the collection", async () => {
    const [first, second] = await openTwo();
    const { held } = await hold(first);
    const { store, untilRenewed } = seenToRenew(second, "docs#1/2");
    const waiting = holdCollection(store, { collection: "docs", shard: { index: 1, count: 2 }, ttlMs: 1_200 });
    expect((await waiting.next()).value).toMatchObject({ type: "lease-wait" });
    const next = waiting.next();
    await untilRenewed(1_200);
    const claim = { owner: "other", holder: "", ttlMs: 1 };
    expect((await first.acquireLease("docs#1/2", claim)).owner).not.toBe("other");
    await held.end();
    const { value, done } = await next;
    expect(done).toBe(true);
    if (done === true) await value.end();
  });

  const shard = (index: number, count = 2) => ({ shard: { index, count }, waitMs: 0 });

  it.each(["embedded", "Qdrant stand-in"])(
    "hold it together on the store %s, and keep out all others",
    async (kind) => {
      const [first, second] = kind === "embedded" ? await openTwo() : await openTwoOnQdrant();
      const one = await hold(first, shard(1));
      const two = await hold(second, shard(2));
      await expect(hold(second, { waitMs: 0 })).rejects.toMatchObject({
        code: "collection_busy",
        message: expect.stringMatching(
          new RegExp(`Collection docs .* in 2 shards, one of them process ${process.pid} on`),
        ),
      });
      await expect(hold(second, shard(1))).rejects.toMatchObject({ code: "collection_busy" });
      await expect(hold(second, shard(3, 3))).rejects.toMatchObject({ code: "collection_busy" });
      await one.held.end();
      await expect(hold(first, { waitMs: 0 })).rejects.toMatchObject({ code: "collection_busy" });
      await two.held.end();
      await (await hold(first, { waitMs: 0 })).held.end();
    },
  );

  it("are refused while the whole collection is held, and leave nothing behind", async () => {
    const [first, second] = await openTwo();
    const { held } = await hold(first);
    await expect(hold(second, shard(1))).rejects.toMatchObject({ code: "collection_busy" });
    await held.end();
    await (await hold(second, shard(1))).held.end();
    await (await hold(first, { waitMs: 0 })).held.end();
  });

  it("set it free when they end at the same time", async () => {
    const [first, second] = await openTwo();
    const holds = [await hold(first, shard(1)), await hold(second, shard(2))];
    await Promise.all(holds.map(async ({ held }) => held.end()));
    await (await hold(first, { waitMs: 0 })).held.end();
  });

  it("go on after one was killed, which others wait for no longer than its lease lasts", async () => {
    const [first, second] = await openTwo();
    await first.acquireLease("docs", { owner: "shards of 2", holder: "a killed shard", ttlMs: 100 });
    const { held, events } = await hold(second, shard(1));
    expect(events).toEqual([]);
    await held.end();
    await first.acquireLease("docs", { owner: "shards of 2", holder: "a killed shard", ttlMs: 100 });
    await (await hold(second, { waitMs: 30_000 })).held.end();
  });
});

describe("one that gives way", () => {
  it("ends its work for whoever wants the collection, and waits until that one is done", async () => {
    const [first, second] = await openTwo();
    const { held } = await hold(first, { manner: "gives-way" });
    const wanted = hold(second, { manner: "brief" });
    if (!held.signal.aborted) await once(held.signal, "abort");
    expect(held.signal.reason).toMatchObject({ code: "collection_busy", retryable: true });
    // Whoever gives way must not be the first to take what he gave back.
    const again = held.end().then(async () => await hold(first, { manner: "gives-way" }));
    const brief = await wanted;
    expect(brief.events).toMatchObject([{ type: "lease-wait", isShort: true }]);
    await brief.held.end();
    const { held: next } = await again;
    await sleep(500);
    expect(next.signal.aborted).toBe(false);
    await next.end();
  });

  it("does so for a removal, and for an ingestion that takes long", async () => {
    const [first, second] = await openTwo();
    const { held } = await hold(first, { manner: "gives-way" });
    const removal = whileHeld(second, { collection: "docs" }, async () => "done");
    if (!held.signal.aborted) await once(held.signal, "abort");
    await held.end();
    expect(await removal).toBe("done");
  });

  it("does not do so for another one like it, nor for the wish of a process that has died", async () => {
    const [first, second] = await openTwo();
    const { held } = await hold(first, { manner: "gives-way" });
    const waiting = holdCollection(second, { collection: "docs", manner: "gives-way" });
    expect((await waiting.next()).value).toMatchObject({ type: "lease-wait", isShort: false });
    const child = spawn(process.execPath, ["-e", ""]);
    await once(child, "close");
    const { owner } = await second.acquireLease("docs", { owner: "looks", holder: "on", ttlMs: 1 });
    const dead = owner.replace(`/${process.pid}/`, `/${child.pid}/`).replace("gives-way", "brief");
    await second.acquireLease("docs#wish", { owner: dead, holder: "a dead process", ttlMs: 60_000 });
    await sleep(600);
    expect(held.signal.aborted).toBe(false);
    await held.end();
    const { value, done } = await waiting.next();
    expect(done).toBe(true);
    if (done === true) await value.end();
  });
});

describe("removing beside an ingestion", () => {
  const embedder = createHashingEmbedder({ dimensions: 8 });
  const managing = (store: VectorStore, waitMs?: number) => {
    const whileNobodyIngests: WhileNobodyIngests = async (options, work) =>
      whileHeld(store, { ...options, ...(waitMs === undefined ? {} : { waitMs }) }, work);
    const currentSettings = async (): Promise<never> => Promise.reject(new Error("unused"));
    return {
      documents: createManageDocuments({ store, whileNobodyIngests }),
      collections: createManageCollections({ store, currentSettings, whileNobodyIngests }),
    };
  };

  it("waits until the ingestion is done, so that nothing comes back", async () => {
    const folder = await createFolder({ "a.md": "One.", "b.md": "Two." });
    const [store] = await openTwo();
    const events = createIngestCorpus({ store, embedder })({ collection: "docs", roots: [folder.path] });
    let step = await events.next();
    while (step.done !== true && step.value.type !== "file-end") step = await events.next();
    const removing = managing(store).documents.removeSources({ collection: "docs", sources: ["a.md"] });
    for await (const _ of events) continue;
    expect(await removing).toEqual(["a.md"]);
    const { documents } = await store.listDocuments("docs", { limit: 10 });
    expect(documents.map(({ source }) => source)).toEqual(["b.md"]);
  });

  it("waits for every shard of an ingestion", async () => {
    const folder = await createFolder({ "a.md": "One.", "b.md": "Two.", "c.md": "Three." });
    const other = await createFolder({ "old.md": "Zero." });
    const [first, second] = await openTwo();
    const ingest = createIngestCorpus({ store: first, embedder });
    for await (const _ of ingest({ collection: "docs", roots: [other.path] })) continue;
    const runs = [1, 2].map((index) =>
      ingest({ collection: "docs", roots: [folder.path], shard: { index, count: 2 } }),
    );
    for (const run of runs) {
      let step = await run.next();
      while (step.done !== true && step.value.type !== "plan-ready") step = await run.next();
    }
    for (const run of runs) {
      const removing = managing(second, 20).documents.removeSources({ collection: "docs", sources: ["old.md"] });
      await expect(removing).rejects.toMatchObject({ code: "collection_busy" });
      for await (const _ of run) continue;
    }
    const removing = managing(second, 0).documents.removeSources({ collection: "docs", sources: ["old.md"] });
    expect(await removing).toEqual(["old.md"]);
    const { documents } = await second.listDocuments("docs", { limit: 10 });
    expect(documents.map(({ source }) => source).toSorted()).toEqual(["a.md", "b.md", "c.md"]);
  });

  it("takes what names a document for its name, and the rest for globs", async () => {
    const folder = await createFolder({ "p/[id].md": "One.", "p/i.md": "Two.", "q/c.md": "Three." });
    const [store] = await openTwo();
    const roots = [folder.path];
    for await (const _ of createIngestCorpus({ store, embedder })({ collection: "docs", roots })) continue;
    const sources = ["p/[id].md", "q/*"];
    expect(await managing(store).documents.removeSources({ collection: "docs", sources })).toEqual([
      "p/[id].md",
      "q/c.md",
    ]);
  });

  it("says for which process it waits", async () => {
    const folder = await createFolder({ "a.md": "One." });
    const [first, second] = await openTwo();
    for await (const _ of createIngestCorpus({ store: first, embedder })({ collection: "docs", roots: [folder.path] }))
      continue;
    const { held } = await hold(first);
    const waiting = Promise.withResolvers<string>();
    const onWait = ({ holder }: { readonly holder: string }): void => waiting.resolve(holder);
    const removing = managing(second).collections.remove("docs", { onWait });
    expect(await waiting.promise).toContain(`process ${process.pid}`);
    expect(await first.describeCollection("docs")).not.toBeNull();
    await held.end();
    expect(await removing).toBe(true);
    expect(await first.listCollections()).toEqual([]);
  });

  it("is refused where the ingestion takes too long, in this process and in another one", async () => {
    const folder = await createFolder({ "a.md": "One." });
    const [first, second] = await openTwo();
    for await (const _ of createIngestCorpus({ store: first, embedder })({ collection: "docs", roots: [folder.path] }))
      continue;
    const { held } = await hold(first);
    const { documents } = await first.listDocuments("docs", { limit: 1 });
    for (const store of [first, second]) {
      const { documents: manage, collections } = managing(store, 20);
      const request = { collection: "docs", id: documents[0]?.id ?? "" };
      await expect(manage.remove(request)).rejects.toMatchObject({ code: "collection_busy", retryable: true });
      await expect(collections.remove("docs")).rejects.toMatchObject({ code: "collection_busy" });
    }
    expect(await first.describeCollection("docs")).toMatchObject({ documents: 1 });
    await held.end();
    expect(await managing(second, 0).collections.remove("docs")).toBe(true);
  });

  it("does not wait for what is not there", async () => {
    const [first, second] = await openTwo();
    await first.createCollection("docs", sampleSettings());
    const { held } = await hold(first);
    const { documents, collections } = managing(second, 0);
    expect(await documents.remove({ collection: "docs", id: "nothing" })).toBe(false);
    expect(await documents.removeSources({ collection: "docs", sources: ["none"] })).toEqual([]);
    expect(await collections.remove("other")).toBe(false);
    await held.end();
  });
});

async function openTwoOnQdrant(): Promise<readonly [VectorStore, VectorStore]> {
  const standIn = await startQdrantStandIn();
  onTestFinished(async () => standIn.stop());
  return [await openQdrantStore({ url: standIn.url }), await openQdrantStore({ url: standIn.url })];
}
