import type { VectorStore } from "../../src/store/vector-store.ts";

/** Everything that a collection holds, in one order, without times. */
export async function contentOf(store: VectorStore, collection: string): Promise<readonly unknown[]> {
  const { documents } = await store.listDocuments(collection, { limit: 1_000 });
  const sorted = documents.toSorted((left, right) => (left.id < right.id ? -1 : 1));
  return await Promise.all(
    sorted.map(async (record) => ({
      record: { ...record, ingestedAt: "", modifiedAt: null },
      chunks: await store.listChunks(collection, record.id),
      states: (await store.chunkStates(collection, record.id)).toSorted((left, right) => (left.id < right.id ? -1 : 1)),
      text: await store.readSpans(collection, [{ documentId: record.id, span: { start: 0, end: record.textLength } }]),
    })),
  );
}
