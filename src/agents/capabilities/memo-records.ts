import { createHash } from "node:crypto";
import { v5 } from "uuid";
import type { Chunk, ChunkPoint } from "../../domain/chunk.ts";
import type { CollectionSettings } from "../../domain/collection.ts";
import type { DocumentRecord } from "../../domain/document.ts";
import { embedInWindows } from "../../embedding/embed-in-windows.ts";
import type { Embedder } from "../../embedding/embedder.ts";
import { CitewellError, isCitewellError } from "../../errors.ts";
import { analyse, ANALYSER_VERSION } from "../../lexical/analyse.ts";
import { termWeights } from "../../lexical/term-weights.ts";
import { allDocuments } from "../../store/all-documents.ts";
import type { VectorStore } from "../../store/vector-store.ts";
import type { Memo } from "./memo.ts";

const NAMESPACE = "0a1f5f3d-8c0e-5b57-9d0f-3f6f0f1f8f52";
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const AVERAGE_LENGTH = 40;

/** Where the memos of a user are. */
export interface MemoPlace {
  readonly store: VectorStore;
  readonly embedder: Embedder;
  readonly collection: string;
  /** Root of the user's documents. */
  readonly root: string;
  readonly signal?: AbortSignal | undefined;
}

function settingsOf(embedder: Embedder): CollectionSettings {
  const { model, dimensions, pooling, fingerprint, maxTokens } = embedder;
  return {
    embedding: { model, dimensions, pooling, fingerprint },
    chunker: { name: "sentences", version: 1, chunkTokens: maxTokens, overlapTokens: 0 },
    analyser: { version: ANALYSER_VERSION, averageLength: AVERAGE_LENGTH },
  };
}

/** Makes the collection with its first memo; rejects with `collection_mismatch` where another embedding model made it. */
export async function ensureMemoCollection({ store, embedder, collection }: MemoPlace): Promise<void> {
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

/** Stores a memo, in place of one with the same id. */
export async function writeMemo(
  { id, kind, input, output }: Omit<Memo, "updatedAt">,
  { store, embedder, collection, root, signal }: MemoPlace,
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
  const vectors = await embedInWindows([{ text: input }, { text: output }], { embedder, signal });
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

/** Reads a memo; null when the user has no such memo. */
export async function readMemo(id: string, { store, collection, root }: MemoPlace): Promise<Memo | null> {
  if (!UUID.test(id) || (await store.describeCollection(collection)) === null) return null;
  const record = await store.getDocument(collection, id);
  if (record === null || record.root !== root) return null;
  const [memo] = await memosOf([record], { store, collection });
  return memo ?? null;
}

/** The memos of a user, in the order of their last change, oldest first. */
export async function listMemos({ store, collection, root }: MemoPlace): Promise<readonly Memo[]> {
  if ((await store.describeCollection(collection)) === null) return [];
  const records: DocumentRecord[] = [];
  for await (const record of allDocuments(store, collection)) if (record.root === root) records.push(record);
  const memos = await memosOf(records, { store, collection });
  return memos.toSorted((left, right) =>
    left.updatedAt < right.updatedAt ? -1 : left.updatedAt > right.updatedAt ? 1 : 0,
  );
}

/** The memos of some records; one without a text is being written or deleted. */
async function memosOf(
  records: readonly DocumentRecord[],
  { store, collection }: Pick<MemoPlace, "store" | "collection">,
): Promise<Memo[]> {
  const spans = records.map(({ id, textLength }) => ({ documentId: id, span: { start: 0, end: textLength } }));
  const texts = await store.readSpans(collection, spans);
  return records.flatMap((record, index) => {
    const text = texts[index];
    return typeof text === "string" ? [toMemo(text, record)] : [];
  });
}

/** A memo as it is read from its stored text. */
export function toMemo(text: string, { id, source, ingestedAt: updatedAt }: DocumentRecord): Memo {
  const end = text.indexOf("\n");
  const kind = source.startsWith("preference/") ? "preference" : source.startsWith("skill/") ? "skill" : "fact";
  return { id, kind, input: text.slice(0, end), output: text.slice(end + 1), updatedAt };
}
