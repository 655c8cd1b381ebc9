import { randomUUID } from "node:crypto";
import type { Embedder } from "../../embedding/embedder.ts";
import type { VectorStore } from "../../store/vector-store.ts";
import { checkMemo, type Memo, type MemoText, type RecalledMemo } from "./memo.ts";
import { ensureMemoCollection, listMemos, readMemo, writeMemo, type MemoPlace } from "./memo-records.ts";
import { recallMemos, type RecallOptions } from "./recall-memos.ts";

/** Keeps the memos of one user. */
export interface MemoStore {
  readonly user: string;
  add(memo: MemoText, options?: { readonly signal?: AbortSignal | undefined }): Promise<Memo>;
  /** Changes what is given; null when there is no such memo. */
  correct(id: string, change: Partial<MemoText>): Promise<Memo | null>;
  /** Whether there was one to delete. */
  forget(id: string): Promise<boolean>;
  /** Deletes every memo of the user; resolves to their number. */
  clear(): Promise<number>;
  /** In the order of their last change, oldest first. */
  list(): Promise<readonly Memo[]>;
  /** The memos that fit a text best, best first. */
  recall(text: string, options: RecallOptions): Promise<readonly RecalledMemo[]>;
}

/** Options of {@link createMemoStore}. */
export interface MemoStoreOptions {
  /** Where memos are kept, such as `await openEmbeddedStore({ file })`. */
  readonly store: VectorStore;
  /** Makes the vectors by which memos are recalled, such as `await openEmbedder({ cacheFolder })`. */
  readonly embedder: Embedder;
  /** Whose memos they are; nobody sees those of another user. @default "default" */
  readonly user?: string | undefined;
  /** Collection that holds the memos of all users; made with the first memo. @default "memories" */
  readonly collection?: string | undefined;
}

/**
 * Memos in a collection of a vector store: each is a document under the root `memory:<user>`, so that stores, backups and
 * searches know nothing special of them. Rejects with `collection_mismatch` when the collection was made by another
 * embedding model.
 */
export function createMemoStore(options: MemoStoreOptions): MemoStore {
  const { store, embedder, user = "default", collection = "memories" } = options;
  if (typeof store?.upsertChunks !== "function" || typeof embedder?.embed !== "function") {
    throw new TypeError(
      "Memos need a store and an embedder, such as await openEmbeddedStore({ file }) and await openEmbedder({ cacheFolder }).",
    );
  }
  if (user.trim() === "") throw new TypeError("user must not be empty.");
  const root = `memory:${user}`;
  const parts: MemoPlace = { ...options, collection, root };
  return {
    user,
    async add(memo, { signal } = {}) {
      await ensureMemoCollection(parts);
      return writeMemo({ id: randomUUID(), ...checkMemo(memo) }, { ...parts, signal });
    },
    async correct(id, change) {
      const old = await readMemo(id, parts);
      if (old === null) return null;
      return writeMemo({ id, ...checkMemo({ ...old, ...change }) }, parts);
    },
    async forget(id) {
      if ((await readMemo(id, parts)) === null) return false;
      await store.deleteDocuments(collection, [id]);
      return true;
    },
    async clear() {
      const own = (await listMemos(parts)).map(({ id }) => id);
      if (own.length > 0) await store.deleteDocuments(collection, own);
      return own.length;
    },
    list: () => listMemos(parts),
    recall: (text, recallOptions) => recallMemos(text, { ...parts, ...recallOptions }),
  };
}
