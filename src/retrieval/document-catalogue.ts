import type { DocumentRecord } from "../domain/document.ts";
import { untilAborted } from "../domain/until-aborted.ts";
import { allDocuments } from "../store/all-documents.ts";
import type { VectorStore } from "../store/vector-store.ts";

/**
 * For how long places named in questions and title links may miss a new document, in milliseconds. Filters never may.
 */
export const NAMES_TRUST_MS = 15_000;

/** What searches need of a document beside its chunks. */
export type CatalogueEntry = Pick<
  DocumentRecord,
  "id" | "root" | "source" | "title" | "language" | "metadata" | "articles"
>;

/** Options of {@link DocumentCatalogue.list}. */
export interface CatalogueOptions {
  /**
   * For how long the list is used without asking the store whether it has changed, in milliseconds.
   * @default 0
   */
  readonly trustMs?: number;
  /** Ends this caller's waiting; reading the list goes on for the next one. */
  readonly signal?: AbortSignal | undefined;
}

/** The documents of one collection. */
export interface DocumentCatalogue {
  /** Every document; the same array as long as nothing has changed. Rejects with `collection_missing`, or with the signal's reason. */
  list(options?: CatalogueOptions): Promise<readonly CatalogueEntry[]>;
}

/**
 * Makes the catalogue of a collection. Filters, places named in questions and title links need the list of all
 * documents, which takes seconds to read in a large collection. So it is kept until the store has another version of
 * its documents.
 */
export function createDocumentCatalogue(store: VectorStore, collection: string): DocumentCatalogue {
  let known: { readonly version: string; readonly entries: Promise<readonly CatalogueEntry[]> } | undefined;
  let lookedAt = Number.NEGATIVE_INFINITY;

  async function look(trustMs: number): Promise<readonly CatalogueEntry[]> {
    const now = performance.now();
    if (known !== undefined && now < lookedAt + trustMs) return known.entries;
    // Asked for before the list is read, so that a change in between shows at the next look.
    const version = await store.documentsVersion(collection);
    if (known?.version !== version) {
      const reading = { version, entries: readEntries(store, collection) };
      known = reading;
      reading.entries.catch(() => {
        if (known === reading) known = undefined;
      });
    }
    lookedAt = now;
    return known.entries;
  }

  return { list: async ({ trustMs = 0, signal } = {}) => untilAborted(look(trustMs), signal) };
}

async function readEntries(store: VectorStore, collection: string): Promise<readonly CatalogueEntry[]> {
  const entries: CatalogueEntry[] = [];
  for await (const { id, root, source, title, language, metadata, articles } of allDocuments(store, collection)) {
    entries.push({ id, root, source, title, language, metadata, articles });
  }
  return entries;
}
