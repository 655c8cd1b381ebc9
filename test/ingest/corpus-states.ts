import type { Chunk } from "../../src/domain/chunk.ts";
import type { DocumentRecord } from "../../src/domain/document.ts";
import type { VectorStore } from "../../src/store/vector-store.ts";

/** What a store holds of one document. */
export interface StoredContent {
  readonly record: DocumentRecord;
  readonly chunks: readonly Chunk[];
  readonly states: Awaited<ReturnType<VectorStore["chunkStates"]>>;
  readonly text: Awaited<ReturnType<VectorStore["readSpans"]>>;
}

/** Everything that a collection holds, in one order, without times. */
export async function contentOf(store: VectorStore, collection = "default"): Promise<readonly StoredContent[]> {
  const { documents } = await store.listDocuments(collection, { limit: 1_000 });
  const placeOf = ({ root, source }: DocumentRecord): string => JSON.stringify([root, source]);
  const sorted = documents.toSorted((left, right) => (placeOf(left) < placeOf(right) ? -1 : 1));
  return await Promise.all(
    sorted.map(async (record) => ({
      record: { ...record, ingestedAt: "", modifiedAt: null },
      chunks: await store.listChunks(collection, record.id),
      states: (await store.chunkStates(collection, record.id)).toSorted((left, right) => (left.id < right.id ? -1 : 1)),
      text: await store.readSpans(collection, [{ documentId: record.id, span: { start: 0, end: record.textLength } }]),
    })),
  );
}
