import { useEffect, useState } from "preact/hooks";
import { failureOf, listDocuments, type DocumentPage, type Failure } from "./api.ts";

/** Documents that the server lists at once, at first and at most. */
const PAGE = 100;
const LARGEST_PAGE = 1_000;

/** Options of {@link useListedDocuments}. */
export interface UseListedDocumentsOptions {
  readonly collection: string;
  /** Words that the documents' titles and sources must hold; empty for all documents. */
  readonly search: string;
  /** Lists anew when one of them changes. */
  readonly inputs: readonly unknown[];
  readonly onFailure: (failure: Failure) => void;
}

/** What is listed of a collection. */
export interface ListedDocuments {
  /** Null until the first page is there. The page before stays while another search is under way. */
  readonly listed: DocumentPage | null;
  readonly failure: Failure | null;
  readonly showMore: (cursor: string) => void;
  /** Takes out a document that was removed. */
  readonly forget: (id: string) => void;
  /** Shows what went wrong elsewhere in the same place. */
  readonly note: (error: unknown) => void;
}

/** Lists the documents of a collection, page by page. */
export function useListedDocuments({
  collection,
  search,
  inputs,
  onFailure,
}: UseListedDocumentsOptions): ListedDocuments {
  const [listed, setListed] = useState<DocumentPage | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const note = (error: unknown): void => {
    const found = failureOf(error);
    // Null is what was given up, which is no news.
    if (found === null) return;
    setFailure(found);
    onFailure(found);
  };

  useEffect(() => setListed(null), [collection]);
  useEffect(() => {
    const controller = new AbortController();
    const { signal } = controller;
    // As many as are shown, so that nothing goes away while somebody reads.
    const limit = Math.min(LARGEST_PAGE, Math.max(PAGE, listed?.documents.length ?? 0));
    const load = async (): Promise<void> => {
      const page = await listDocuments({ collection, cursor: null, limit, search }, signal);
      if (signal.aborted) return;
      setListed(page);
      setFailure(null);
    };
    load().catch(note);
    return () => controller.abort();
  }, [collection, search, ...inputs]);

  const showMore = async (cursor: string): Promise<void> => {
    const next = await listDocuments({ collection, cursor, limit: PAGE, search });
    setListed((before) =>
      // Another list may have come meanwhile.
      before?.nextCursor === cursor ? { ...next, documents: [...before.documents, ...next.documents] } : before,
    );
  };
  return {
    listed,
    failure,
    showMore: (cursor) => void showMore(cursor).catch(note),
    forget(id) {
      setListed((before) =>
        before === null ? null : { ...before, documents: before.documents.filter((one) => one.id !== id) },
      );
    },
    note,
  };
}
