import { createHash, randomUUID } from "node:crypto";
import { v5 } from "uuid";
import type { Chunk, ChunkPoint } from "../../domain/chunk.ts";
import type { CollectionSettings } from "../../domain/collection.ts";
import { embedInWindows } from "../../embedding/embed-in-windows.ts";
import type { Embedder } from "../../embedding/embedder.ts";
import { CitewellError, isCitewellError } from "../../errors.ts";
import { analyse, ANALYSER_VERSION } from "../../lexical/analyse.ts";
import { termWeights } from "../../lexical/term-weights.ts";
import { queryTerms, scoreCandidates } from "../../retrieval/score-candidates.ts";
import { allDocuments } from "../../store/all-documents.ts";
import type { VectorStore } from "../../store/vector-store.ts";

/** What an agent was taught: something that is so, how a person wants something, or how something is done. */
export type MemoKind = "fact" | "preference" | "skill";

/** A memo that is not stored yet. */
export interface MemoText {
  /** @default "fact" */
  readonly kind?: MemoKind;
  /** What later messages are compared with: a question that it answers, or the kind of task it helps with. */
  readonly input: string;
  /** What is recalled. */
  readonly output: string;
}

/** Something that an agent was taught. */
export interface Memo extends Required<MemoText> {
  readonly id: string;
  /** ISO 8601 time of the last change. */
  readonly updatedAt: string;
}

/** A memo found for a text. */
export interface RecalledMemo extends Memo {
  /** Squared distance of the text and the memo, as unit vectors: 0 the same, 2 unrelated, 4 opposite. */
  readonly distance: number;
}

/** Options of {@link MemoStore.recall}. */
export interface RecallOptions {
  /** Memos at most. */
  readonly limit: number;
  /** Memos at this distance or further are left out. */
  readonly threshold: number;
  /** Cancels the recall. */
  readonly signal?: AbortSignal | undefined;
}

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
  readonly store: VectorStore;
  readonly embedder: Embedder;
  /**
   * Whose memos they are; nobody sees those of another user.
   * @default "default"
   */
  readonly user?: string;
  /**
   * Collection that holds the memos of all users; made with the first memo.
   * @default "memories"
   */
  readonly collection?: string;
}

const NAMESPACE = "0a1f5f3d-8c0e-5b57-9d0f-3f6f0f1f8f52";
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const AVERAGE_LENGTH = 40;
const KINDS: readonly string[] = ["fact", "preference", "skill"] satisfies MemoKind[];

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
  const parts: Parts = { ...options, collection, root };
  return {
    user,
    async add(memo, { signal } = {}) {
      await ensureCollection(parts);
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
    recall: (text, recallOptions) => recall(text, { ...parts, ...recallOptions }),
  };
}

interface Parts extends MemoStoreOptions {
  readonly collection: string;
  readonly root: string;
  readonly signal?: AbortSignal | undefined;
}

function checkMemo({ kind = "fact", input, output }: MemoText): Required<MemoText> {
  if (typeof input !== "string" || typeof output !== "string") {
    throw new TypeError(
      "A memo needs input, what later messages are compared with, and output, what is recalled: both are texts.",
    );
  }
  // The first line of a memo's text is its input.
  const line = input.replaceAll(/\s+/g, " ").trim();
  const text = output.trim();
  if (line === "" || text === "") throw new TypeError("A memo needs an input and an output.");
  if (!KINDS.includes(kind)) throw new TypeError(`kind must be one of ${KINDS.join(", ")}, not ${kind}.`);
  return { kind, input: line, output: text };
}

function settingsOf(embedder: Embedder): CollectionSettings {
  const { model, dimensions, pooling, fingerprint, maxTokens } = embedder;
  return {
    embedding: { model, dimensions, pooling, fingerprint },
    chunker: { name: "sentences", version: 1, chunkTokens: maxTokens, overlapTokens: 0 },
    analyser: { version: ANALYSER_VERSION, averageLength: AVERAGE_LENGTH },
  };
}

async function ensureCollection({ store, embedder, collection }: Parts): Promise<void> {
  const info = await store.describeCollection(collection);
  if (info === null) {
    try {
      await store.createCollection(collection, settingsOf(embedder));
    } catch (error) {
      // Another conversation may have been quicker.
      if (!isCitewellError(error, "collection_exists")) throw error;
    }
  } else if (info.settings.embedding.fingerprint !== embedder.fingerprint) {
    throw new CitewellError(
      "collection_mismatch",
      `The memos in "${collection}" were made with the embedding model ${info.settings.embedding.model}, not ${embedder.model}: use that one, or another collection.`,
    );
  }
}

async function writeMemo(
  { id, kind, input, output }: Omit<Memo, "updatedAt">,
  { store, embedder, collection, root, signal }: Parts,
): Promise<Memo> {
  const text = `${input}\n${output}`;
  const updatedAt = new Date().toISOString();
  const chunk: Chunk = {
    id: v5(id, NAMESPACE),
    documentId: id,
    root,
    source: `${kind}/${id}`,
    title: null,
    language: "text",
    ordinal: 0,
    text,
    span: { start: 0, end: text.length },
    lines: { start: 1, end: text.split("\n").length },
    page: null,
    symbol: null,
    signature: null,
    heading: null,
  };
  const own = analyse(text);
  const terms = termWeights({
    own,
    previous: [],
    next: [],
    title: [],
    heading: [],
    path: [],
    averageLength: AVERAGE_LENGTH,
  });
  // A message may be like the question that a memo answers, or like the answer.
  const vectors = await embedInWindows([{ text: input }, { text: output }], {
    embedder,
    ...(signal === undefined ? {} : { signal }),
  });
  const contentHash = createHash("sha256").update(text).digest("hex");
  const point: ChunkPoint = { chunk, terms, fingerprint: contentHash, vectors: vectors.flat() };
  await store.upsertChunks(collection, [point]);
  const { source, language } = chunk;
  await store.putDocument(
    collection,
    {
      id,
      root,
      source,
      title: null,
      mediaType: "text/plain",
      language,
      bytes: Buffer.byteLength(text),
      contentHash,
      chunks: 1,
      textLength: text.length,
      ingestedAt: updatedAt,
    },
    text,
  );
  return { id, kind, input, output, updatedAt };
}

/** Null when the user has no such memo. */
async function readMemo(id: string, { store, collection, root }: Parts): Promise<Memo | null> {
  if (!UUID.test(id) || (await store.describeCollection(collection)) === null) return null;
  const record = await store.getDocument(collection, id);
  if (record === null || record.root !== root) return null;
  const [text] = await store.readSpans(collection, [{ documentId: id, span: { start: 0, end: record.textLength } }]);
  if (typeof text !== "string") return null;
  return toMemo(text, { id, source: record.source, updatedAt: record.ingestedAt });
}

async function listMemos({ store, collection, root }: Parts): Promise<readonly Memo[]> {
  if ((await store.describeCollection(collection)) === null) return [];
  const documents = [];
  for await (const document of allDocuments(store, collection)) if (document.root === root) documents.push(document);
  const texts = await store.readSpans(
    collection,
    documents.map(({ id, textLength }) => ({ documentId: id, span: { start: 0, end: textLength } })),
  );
  return documents
    .flatMap(({ id, source, ingestedAt }, index) => {
      const text = texts[index];
      return typeof text === "string" ? [toMemo(text, { id, source, updatedAt: ingestedAt })] : [];
    })
    .toSorted((left, right) => (left.updatedAt < right.updatedAt ? -1 : left.updatedAt > right.updatedAt ? 1 : 0));
}

function toMemo(text: string, { id, source, updatedAt }: { id: string; source: string; updatedAt: string }): Memo {
  const end = text.indexOf("\n");
  const kind = source.startsWith("preference/") ? "preference" : source.startsWith("skill/") ? "skill" : "fact";
  return { id, kind, input: text.slice(0, end), output: text.slice(end + 1), updatedAt };
}

async function recall(
  text: string,
  { store, embedder, collection, root, limit, threshold, signal }: Parts & RecallOptions,
): Promise<readonly RecalledMemo[]> {
  const call = signal === undefined ? {} : { signal };
  if (limit < 1 || text.trim() === "" || (await store.describeCollection(collection, call)) === null) return [];
  const [vector] = await embedder.embed([text], { purpose: "query", ...call });
  if (vector === undefined) throw new TypeError("The embedder gave no vector for the text.");
  const query = queryTerms(text);
  const found = await store.search(
    collection,
    { vector, terms: query.indices, denseLimit: limit * 3, lexicalLimit: limit * 3, filter: { roots: [root] } },
    call,
  );
  const ranked = scoreCandidates(found, { mode: "hybrid", query, stopRatio: 0 });
  const near = ranked
    .map(({ chunk, scores }) => ({ chunk, distance: 2 - 2 * (scores.dense ?? 0) }))
    .filter(({ distance }) => distance < threshold)
    .slice(0, limit);
  const records = await Promise.all(near.map(({ chunk }) => store.getDocument(collection, chunk.documentId, call)));
  return near.flatMap(({ chunk, distance }, index) => {
    const record = records[index];
    // Without its record it is being written or deleted.
    if (record === null || record === undefined) return [];
    const memo = toMemo(chunk.text, { id: record.id, source: chunk.source, updatedAt: record.ingestedAt });
    return [{ ...memo, distance }];
  });
}
