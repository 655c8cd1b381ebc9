import { afterAll, describe, expect, it } from "vitest";
import { createSubmitDocuments, type DocumentToSubmit } from "../../ingest/submit-documents.ts";
import type { SubmitRequest } from "../../src/domain/ingest.ts";
import { runToEnd } from "../../src/domain/run-to-end.ts";
import { createHashingEmbedder } from "../../src/embedding/hashing-embedder.ts";
import type { VectorStore } from "../../src/store/vector-store.ts";
import { contentOf } from "./corpus-states.ts";

const COLLECTION = "cancelled";
const CANCELLED = new Error("cancelled");
const DEAD = new Error("killed");

const paragraph = (name: string): string => `${`${name} `.repeat(90)}ends here.`;
const document = (source: string, ...names: readonly string[]): DocumentToSubmit => ({
  source,
  content: `# A page\n\n${names.map(paragraph).join("\n\n")}\n`,
  metadata: { about: names.join(" ") },
});

const OTHER = document("other.md", "x", "y");
const OLD = document("a.md", "one", "two", "three", "four", "five");
// Some passages stay where they are, some stand elsewhere, some are new.
const NEW = document("a.md", "new", "one", "three", "two", "six", "seven", "eight");

/** What happens as a write is sent: `at` counts from 1. */
type OnWrite = (at: number) => void;

function watchWrites(store: VectorStore, onWrite: OnWrite): VectorStore {
  let writes = 0;
  const watched = async <Result>(write: () => Promise<Result>): Promise<Result> => {
    onWrite((writes += 1));
    return await write();
  };
  return {
    ...store,
    putDocument: (...args) => watched(() => store.putDocument(...args)),
    upsertChunks: (...args) => watched(() => store.upsertChunks(...args)),
    refreshChunks: (...args) => watched(() => store.refreshChunks(...args)),
    deleteChunks: (...args) => watched(() => store.deleteChunks(...args)),
    deleteDocuments: (...args) => watched(() => store.deleteDocuments(...args)),
  };
}

/** What a cancelled submission leaves has to be the same on every store. */
export function describeCancelledSubmission(title: string, open: () => Promise<VectorStore>): void {
  describe(`submissions that are cancelled or late: ${title}`, () => {
    const embedder = { ...createHashingEmbedder({ dimensions: 8 }), batchSize: 2 };
    const submit = async (store: VectorStore, documents: readonly DocumentToSubmit[], more?: Partial<SubmitRequest>) =>
      runToEnd(createSubmitDocuments({ store, embedder })({ collection: COLLECTION, documents, ...more }));

    /** A collection with these documents, and what it holds. */
    const prepare = async (store: VectorStore, documents: readonly DocumentToSubmit[]) => {
      await store.deleteCollection(COLLECTION);
      await submit(store, documents);
      return contentOf(store, COLLECTION);
    };

    const countWrites = async (store: VectorStore, documents: readonly DocumentToSubmit[]): Promise<number> => {
      let count = 0;
      const counting = watchWrites(store, (at) => (count = at));
      await submit(counting, documents);
      return count;
    };

    /** Cancels at each write in turn; gives how often it ended as before, and as if it had not been cancelled. */
    const cancelEverywhere = async (before: readonly DocumentToSubmit[], sent: readonly DocumentToSubmit[]) => {
      const store = await open();
      const old = await prepare(store, before);
      const writes = await countWrites(store, sent);
      const done = await contentOf(store, COLLECTION);
      const ends = { before: 0, after: 0 };
      for (let at = 1; at <= writes; at += 1) {
        await prepare(store, before);
        const cancel = new AbortController();
        const watched = watchWrites(store, (write) => {
          if (write === at) cancel.abort(CANCELLED);
        });
        const outcome = await submit(watched, sent, { cancel: cancel.signal }).then(
          () => "done",
          (error: unknown) => error,
        );
        if (outcome !== "done") expect(outcome).toBe(CANCELLED);
        const now = await contentOf(store, COLLECTION);
        const isBefore = JSON.stringify(now) === JSON.stringify(old);
        expect(now, `cancelled at write ${at} of ${writes}`).toEqual(isBefore ? old : done);
        ends[isBefore ? "before" : "after"] += 1;
      }
      return ends;
    };

    afterAll(async () => (await open()).deleteCollection(COLLECTION));

    it("leave nothing of a document that was not there", async () => {
      const ends = await cancelEverywhere([OTHER], [NEW]);
      expect(ends.before).toBeGreaterThan(2);
    });

    it("leave a document that was there as it was", async () => {
      const ends = await cancelEverywhere([OTHER, OLD], [NEW]);
      expect(ends.before).toBeGreaterThan(3);
      // Only the very end of a document cannot be stopped.
      expect(ends.after).toBeLessThan(6);
    });

    it("keep the documents that were complete", async () => {
      const store = await open();
      await prepare(store, [OTHER]);
      const cancel = new AbortController();
      const events = createSubmitDocuments({ store, embedder })({
        collection: COLLECTION,
        documents: [OLD, document("b.md", "never", "stored", "whole", "at", "all", "here")],
        cancel: cancel.signal,
      });
      const ended = runToEnd(events, (event) => {
        if (event.type === "file-end") cancel.abort(CANCELLED);
      });
      await expect(ended).rejects.toBe(CANCELLED);
      const stored = await contentOf(store, COLLECTION);
      expect(stored.map(({ record }) => record.source)).toEqual(["a.md", "other.md"]);
      expect(stored.every(({ record }) => record.contentHash !== "")).toBe(true);
    });

    it("take back what a process left that died, also when it died while it took back", async () => {
      const store = await open();
      const old = await prepare(store, [OTHER, OLD]);
      const writes = await countWrites(store, [NEW]);
      const done = await contentOf(store, COLLECTION);
      let restored = 0;
      for (let at = 1; at <= writes; at += 1) {
        await prepare(store, [OTHER, OLD]);
        const dies = (from: number): VectorStore =>
          watchWrites(store, (write) => {
            if (write >= from) throw DEAD;
          });
        await submit(dies(at), [NEW]).catch((error: unknown) => expect(error).toBe(DEAD));
        const left = await store.listDocuments(COLLECTION, { limit: 10 });
        const isGivenUp = left.documents.some(({ source, chunks }) => source === NEW.source && chunks === 0);
        const cancel = AbortSignal.abort(CANCELLED);
        for (const from of [1, 2, 3]) {
          await submit(dies(from), [NEW], { cancel }).catch((error: unknown) =>
            expect([DEAD, CANCELLED]).toContain(error),
          );
        }
        await expect(submit(store, [NEW], { cancel })).rejects.toBe(CANCELLED);
        const now = await contentOf(store, COLLECTION);
        const isOld = JSON.stringify(now) === JSON.stringify(old);
        restored += isOld ? 1 : 0;
        // While its text is replaced there is neither version to be had.
        if (isGivenUp) expect(now.map(({ record }) => record.source)).toEqual([OTHER.source]);
        else expect(now, `died at write ${at} of ${writes}`).toEqual(isOld ? old : done);
      }
      expect(restored).toBeGreaterThan(3);
    });

    it("wait for nobody where there is nothing to take back", async () => {
      const store = await open();
      const old = await prepare(store, [OLD]);
      await store.acquireLease(COLLECTION, { owner: "somebody/1/x", holder: "somebody", ttlMs: 60_000 });
      await expect(submit(store, [NEW], { cancel: AbortSignal.abort(CANCELLED) })).rejects.toBe(CANCELLED);
      await store.releaseLease(COLLECTION, "somebody/1/x");
      expect(await contentOf(store, COLLECTION)).toEqual(old);
      await store.deleteCollection(COLLECTION);
      await expect(submit(store, [NEW], { cancel: AbortSignal.abort(CANCELLED) })).rejects.toBe(CANCELLED);
      expect(await store.describeCollection(COLLECTION)).toBeNull();
    });

    it("lose to a version that was handed over later, whichever is ingested last", async () => {
      const store = await open();
      const report = async (sent: DocumentToSubmit, acceptedAt: number) => submit(store, [sent], { acceptedAt });
      await store.deleteCollection(COLLECTION);
      await report(OLD, 2_000);
      const old = await contentOf(store, COLLECTION);
      expect(await report(NEW, 1_000)).toMatchObject({
        documents: { unchanged: 1, changed: 0 },
        noted: [{ source: "a.md", status: "unchanged", reason: expect.stringContaining("sent later") }],
      });
      expect(await contentOf(store, COLLECTION)).toEqual(old);

      // Sending the same again, or only other metadata, says that this is the version that counts.
      expect(await report(OLD, 3_000)).toMatchObject({ documents: { unchanged: 1 } });
      expect(await report(NEW, 2_500)).toMatchObject({ documents: { unchanged: 1 } });
      expect(await report({ ...OLD, metadata: { about: "else" } }, 4_000)).toMatchObject({ documents: { changed: 1 } });
      expect(await report(NEW, 3_500)).toMatchObject({ documents: { unchanged: 1 } });
      expect(await report(NEW, 4_000)).toMatchObject({ documents: { changed: 1 } });
    });
  });
}
