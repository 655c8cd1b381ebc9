import type { VNode } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { CollectionInfo } from "../../domain/collection.ts";
import { countOf } from "../../domain/count-of.ts";
import {
  failureOf,
  listDocuments,
  removeDocument,
  type DocumentPage,
  type Failure,
  type ListedDocument,
} from "../api.ts";
import { byteWords } from "../words.ts";
import { CollectionTools } from "./collection-tools.tsx";
import { UploadArea, type FileDrop } from "./upload-area.tsx";
import type { ViewProps } from "./view-props.ts";

interface DocumentsViewProps extends ViewProps {
  /** The collection as it is now; null while it is fetched, and where there is none. */
  readonly info: CollectionInfo | null;
  readonly drop: FileDrop;
  /** Called when documents were added or removed. */
  readonly onChange: () => void;
  /** Called with the name of a collection that was made, to be shown from now on. */
  readonly onMade: (name: string) => void;
}

/** Documents that the server lists at once, at first and at most. */
const PAGE = 100;
const LARGEST_PAGE = 1_000;

/** The documents of the collection, and a place to add more. */
export function DocumentsView(props: DocumentsViewProps): VNode {
  const { collection, generation, info, drop, onOpen, onFailure, onChange, onMade } = props;
  const [listed, setListed] = useState<DocumentPage | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const note = (error: unknown): void => {
    const found = failureOf(error);
    setFailure(found);
    if (found !== null) onFailure(found);
  };

  useEffect(() => setListed(null), [collection]);
  useEffect(() => {
    const controller = new AbortController();
    // As many as are shown, so that nothing goes away while somebody reads.
    const limit = Math.min(LARGEST_PAGE, Math.max(PAGE, listed?.documents.length ?? 0));
    const load = async (): Promise<void> => {
      setListed(await listDocuments({ collection, cursor: null, limit }, controller.signal));
      setFailure(null);
    };
    load().catch(note);
    return () => controller.abort();
  }, [collection, generation, info?.documents, info?.chunks]);

  const showMore = async (cursor: string): Promise<void> => {
    try {
      const next = await listDocuments({ collection, cursor, limit: PAGE }, new AbortController().signal);
      setListed((before) => ({ ...next, documents: [...(before?.documents ?? []), ...next.documents] }));
    } catch (error) {
      note(error);
    }
  };

  const remove = async ({ id, source }: ListedDocument): Promise<void> => {
    if (!confirm(`Remove ${source} from “${collection}”? The file itself stays where it is.`)) return;
    try {
      await removeDocument({ id, collection });
      setListed((before) =>
        before === null ? null : { ...before, documents: before.documents.filter((one) => one.id !== id) },
      );
      // The button that had the focus is gone.
      heading.current?.focus({ preventScroll: true });
      onChange();
    } catch (error) {
      note(error);
    }
  };

  return (
    <div class="documents">
      <div class="documents-head">
        <h1 ref={heading} tabIndex={-1}>
          Documents
        </h1>
        <CollectionTools
          key={collection}
          collection={collection}
          info={info}
          onMade={(name) => {
            heading.current?.focus({ preventScroll: true });
            onMade(name);
          }}
          onGone={() => {
            heading.current?.focus({ preventScroll: true });
            onChange();
          }}
          onFailure={note}
        />
      </div>
      <UploadArea key={collection} collection={collection} drop={drop} onFailure={onFailure} onDone={onChange} />
      {failure !== null && (
        <p class="notice bad" role="alert">
          {failure.sentence}
        </p>
      )}
      {listed === null && failure === null && (
        <div class="skeleton" role="status" aria-label="Loading the documents">
          <span />
          <span />
          <span />
        </div>
      )}
      {listed?.documents.length === 0 && (
        <p class="notice">“{collection}” holds no documents yet. Drop some above, and ask them.</p>
      )}
      {listed !== null && listed.documents.length > 0 && (
        <>
          <p class="dim result-line">{listWords(listed, info)}</p>
          <ul class="document-list">
            {listed.documents.map((one) => (
              <li key={one.id}>
                <DocumentRow document={one} onOpen={() => onOpen({ id: one.id, span: null })} />
                <button
                  type="button"
                  class="quiet remove"
                  aria-label={`Remove ${one.source}`}
                  onClick={() => void remove(one)}
                >
                  Remove
                </button>
              </li>
            ))}
          </ul>
        </>
      )}
      {listed !== null && listed.nextCursor !== null && (
        <button type="button" class="quiet more-documents" onClick={() => void showMore(listed.nextCursor ?? "")}>
          Show more documents
        </button>
      )}
    </div>
  );
}

function DocumentRow({
  document: { title, source, bytes, state, chunks, ingestedAt },
  onOpen,
}: {
  readonly document: ListedDocument;
  readonly onOpen: () => void;
}): VNode {
  return (
    <button type="button" class="document-row" onClick={onOpen}>
      <strong>{title ?? source}</strong>
      <span class="dim">
        {title === null ? "" : `${source} · `}
        {byteWords(bytes)} · {state === "complete" ? countOf(chunks, "passage") : "not finished yet"} ·{" "}
        {dayOf(ingestedAt)}
      </span>
    </button>
  );
}

function listWords({ documents, nextCursor }: DocumentPage, info: CollectionInfo | null): string {
  if (nextCursor === null) return countOf(documents.length, "document");
  const all = info === null ? "" : ` of ${info.documents.toLocaleString("en")}`;
  return `The first ${documents.length.toLocaleString("en")}${all} documents`;
}

function dayOf(time: string): string {
  const date = new Date(time);
  return Number.isNaN(date.valueOf()) ? time : date.toLocaleDateString(undefined, { dateStyle: "medium" });
}
