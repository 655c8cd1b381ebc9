import type { DocumentRecord } from "../src/domain/document.ts";
import type { CallOptions, VectorStore } from "../src/store/vector-store.ts";

interface Place extends CallOptions {
  readonly store: VectorStore;
  /** The name under which the store has the collection. */
  readonly physical: string;
}

/**
 * Whether something is stored of a document that it can go back to: a complete version, or, where another one was begun,
 * the text and the chunks of the version before. A record that was begun says how many chunks that one has.
 */
export function hasOlderVersion({ chunks }: DocumentRecord): boolean {
  return chunks > 0;
}

/** Marks a document as begun. Its text and everything else that is known of it stay, so that it can be had back. */
export async function holdOlder(older: DocumentRecord, { store, physical, signal }: Place): Promise<void> {
  await store.putDocument(physical, { ...older, contentHash: "" }, null, { signal });
}

/** Says that nothing can be had back any more; to be called before the text is replaced, which may take several writes. */
export async function giveUpOlder(older: DocumentRecord, { store, physical, signal }: Place): Promise<void> {
  await store.putDocument(physical, { ...older, contentHash: "", chunks: 0 }, null, { signal });
}
