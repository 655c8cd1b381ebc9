import type { DocumentRecord } from "../domain/document.ts";
import type { CallOptions, VectorStore } from "./vector-store.ts";

const PAGE = 5_000;

/** Every document of a collection, page by page. */
export async function* allDocuments(
  store: VectorStore,
  collection: string,
  { signal }: CallOptions = {},
): AsyncGenerator<DocumentRecord> {
  let cursor: string | undefined;
  do {
    const page = await store.listDocuments(collection, {
      limit: PAGE,
      cursor,
      signal,
    });
    yield* page.documents;
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
}
