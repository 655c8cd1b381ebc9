import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import { failureOf, listDocuments, removeDocument, type Failure, type ListedDocument } from "../api.ts";
import { byteWords, countWords } from "../words.ts";
import { UploadArea, type FileDrop } from "./upload-area.tsx";
import type { ViewProps } from "./view-props.ts";

interface DocumentsViewProps extends ViewProps {
  readonly drop: FileDrop;
  /** Called when documents were added or removed. */
  readonly onChange: () => void;
}

/** The documents of the collection, and a place to add more. */
export function DocumentsView({
  collection,
  generation,
  drop,
  onOpen,
  onFailure,
  onChange,
}: DocumentsViewProps): VNode {
  const [documents, setDocuments] = useState<readonly ListedDocument[] | null>(null);
  const [cursor, setCursor] = useState<string | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const note = (error: unknown): void => {
    const found = failureOf(error);
    setFailure(found);
    if (found !== null) onFailure(found);
  };
  const load = async (from: string | null, signal: AbortSignal): Promise<void> => {
    const page = await listDocuments({ collection, cursor: from }, signal);
    setDocuments((before) => (from === null ? page.documents : [...(before ?? []), ...page.documents]));
    setCursor(page.nextCursor);
    setFailure(null);
  };

  useEffect(() => {
    const controller = new AbortController();
    load(null, controller.signal).catch(note);
    return () => controller.abort();
  }, [collection, generation]);

  const remove = async ({ id, source }: ListedDocument): Promise<void> => {
    if (!confirm(`Remove ${source} from “${collection}”?`)) return;
    try {
      await removeDocument({ id, collection });
      setDocuments((before) => before?.filter((one) => one.id !== id) ?? null);
      onChange();
    } catch (error) {
      note(error);
    }
  };

  return (
    <div class="documents">
      <h1>Documents</h1>
      <UploadArea key={collection} collection={collection} drop={drop} onFailure={onFailure} onDone={onChange} />
      {failure !== null && (
        <p class="notice bad" role="alert">
          {failure.sentence}
        </p>
      )}
      {documents === null && failure === null && (
        <div class="skeleton" role="status" aria-label="Loading the documents">
          <span />
          <span />
          <span />
        </div>
      )}
      {documents?.length === 0 && <p class="notice">“{collection}” holds no documents yet. Drop some above.</p>}
      {documents !== null && documents.length > 0 && (
        <>
          <p class="dim result-line">
            {cursor === null
              ? countWords(documents.length, "document")
              : `The first ${countWords(documents.length, "document")}`}
          </p>
          <ul class="document-list">
            {documents.map((one) => (
              <li key={one.id}>
                <button type="button" class="document-row" onClick={() => onOpen({ id: one.id, span: null })}>
                  <strong>{one.title ?? one.source}</strong>
                  <span class="dim">
                    {one.title === null ? "" : `${one.source} · `}
                    {byteWords(one.bytes)} ·{" "}
                    {one.state === "complete" ? countWords(one.chunks, "passage") : "not finished yet"} ·{" "}
                    {dayOf(one.ingestedAt)}
                  </span>
                </button>
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
      {cursor !== null && (
        <button type="button" class="quiet" onClick={() => void load(cursor, new AbortController().signal).catch(note)}>
          Show more documents
        </button>
      )}
    </div>
  );
}

function dayOf(time: string): string {
  const date = new Date(time);
  return Number.isNaN(date.valueOf()) ? time : date.toLocaleDateString(undefined, { dateStyle: "medium" });
}
