import type { DocumentRecord } from "../domain/document.ts";
import { untilAborted } from "../domain/until-aborted.ts";
import { allDocuments } from "../store/all-documents.ts";
import type { VectorStore } from "../store/vector-store.ts";

/** For how long names and links may miss a new document, in milliseconds; a filter may not. */
export const NAMES_TRUST_MS = 15_000;

/** What searches know of a document without asking the store. */
export type CatalogueEntry = Pick<DocumentRecord, "id" | "root" | "source" | "title" | "language" | "metadata">;

/** Options of {@link DocumentCatalogue.list}. */
export interface CatalogueOptions {
  /**
   * For how long after a look at the store nothing is taken to have changed, in milliseconds.
   * @default 0
   */
  readonly trustMs?: number;
  /** Ends the waiting; the list is read on for the next caller. */
  readonly signal?: AbortSignal | undefined;
}

/** The documents of one collection. */
export interface DocumentCatalogue {
  /** Every document; the same array as long as nothing has changed. Rejects with `collection_missing`, or with the signal's reason. */
  list(options?: CatalogueOptions): Promise<readonly CatalogueEntry[]>;
}

/**
 * Makes the catalogue of a collection. Filters, places in questions and title links need the list of all documents, and
 * reading it takes seconds in a large collection, so it is kept for as long as the store has the same version of them.
 */
export function createDocumentCatalogue(store: VectorStore, collection: string): DocumentCatalogue {
  let known: { readonly version: string; readonly entries: Promise<readonly CatalogueEntry[]> } | undefined;
  let lookedAt = Number.NEGATIVE_INFINITY;

  async function look(trustMs: number): Promise<readonly CatalogueEntry[]> {
    const now = performance.now();
    if (known !== undefined && now < lookedAt + trustMs) return known.entries;
    // Asked for before the list is read: what changes meanwhile shows at the next look.
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
  for await (const { id, root, source, title, language, metadata } of allDocuments(store, collection)) {
    entries.push({ id, root, source, title, language, ...(metadata === undefined ? {} : { metadata }) });
  }
  return entries;
}
