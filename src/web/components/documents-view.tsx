import type { ComponentChildren, VNode } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { CollectionInfo } from "../../domain/collection.ts";
import { countOf, formatNumber } from "../../domain/count-of.ts";
import { viewHash } from "../address.ts";
import { isUnreachable, removeDocument, type DocumentPage, type ListedDocument } from "../api.ts";
import { useListedDocuments } from "../use-listed-documents.ts";
import type { Uploads } from "../use-uploads.ts";
import { byteWords, dayOf } from "../words.ts";
import { CollectionTools } from "./collection-tools.tsx";
import { PathBefore, SourcePath } from "./source-path.tsx";
import { Skeleton } from "./skeleton.tsx";
import { UploadArea } from "./upload-area.tsx";
import type { ViewProps } from "./view-props.ts";

interface DocumentsViewProps extends ViewProps {
  /** The collection as it is now; null while it is fetched, and where there is none. */
  readonly info: CollectionInfo | null;
  readonly uploads: Uploads;
  /** Called when documents were added or removed. */
  readonly onChange: () => void;
  /** Called with the name of a collection that was made, to be shown from now on. */
  readonly onMade: (name: string) => void;
}

/** From how many documents on one may look for some by name. */
const MANY = 20;
/** Milliseconds without another key before what was typed is looked for. */
const TYPING_MS = 200;

/** The documents of the collection, and a place to add more. */
export function DocumentsView(props: DocumentsViewProps): VNode {
  const { collection, generation, info, uploads, isAway, onOpen, onFailure, onChange, onMade } = props;
  const [removing, setRemoving] = useState<string | null>(null);
  const [search, setSearch] = useState("");
  const heading = useRef<HTMLHeadingElement>(null);
  const inputs = [generation, info?.documents, info?.chunks];
  const { listed, failure, showMore, forget, note } = useListedDocuments({ collection, search, inputs, onFailure });
  useEffect(() => setSearch(""), [collection]);

  const remove = async ({ id, source }: ListedDocument): Promise<void> => {
    if (removing !== null || !confirm(`Remove ${source} from “${collection}”? The file itself stays where it is.`))
      return;
    setRemoving(id);
    try {
      await removeDocument({ id, collection });
      forget(id);
      // The button that had the focus is gone.
      heading.current?.focus({ preventScroll: true });
      onChange();
    } catch (error) {
      note(error);
    } finally {
      setRemoving(null);
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
      <UploadArea collection={collection} uploads={uploads} />
      {failure !== null && !(isAway && isUnreachable(failure)) && (
        <p class="notice bad" role="alert">
          {failure.sentence}
        </p>
      )}
      {listed === null && failure === null && <Skeleton label="Loading the documents" />}
      {(info?.documents ?? 0) > MANY && <NameSearch key={collection} onSearch={setSearch} />}
      {listed?.documents.length === 0 && search === "" && (
        <p class="notice">“{collection}” holds no documents yet. Drop some above, and ask them.</p>
      )}
      {listed !== null && (listed.documents.length > 0 || search !== "") && (
        <>
          <p class="dim result-line" role="status">
            {search === "" ? listWords(listed, info) : foundWords(listed, search)}
          </p>
          <ul class="rows">
            {listed.documents.map((one) => (
              <li key={one.id}>
                <DocumentRow document={one} onOpen={() => onOpen({ id: one.id, spans: [] })} />
                <button
                  type="button"
                  class="quiet remove"
                  aria-label={`${removing === one.id ? "Removing" : "Remove"} ${one.source}`}
                  aria-disabled={removing !== null}
                  onClick={() => void remove(one)}
                >
                  {removing === one.id ? "Removing…" : "Remove"}
                </button>
              </li>
            ))}
          </ul>
        </>
      )}
      {listed !== null && listed.nextCursor !== null && (
        <button type="button" class="quiet more-documents" onClick={() => showMore(listed.nextCursor ?? "")}>
          Show more documents
        </button>
      )}
    </div>
  );
}

/** Where one types what the names of documents must hold. */
function NameSearch({ onSearch }: { readonly onSearch: (words: string) => void }): VNode {
  const [typed, setTyped] = useState("");
  useEffect(() => {
    const timer = setTimeout(() => onSearch(typed.trim()), TYPING_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  return (
    <input
      class="name-search"
      type="search"
      dir="auto"
      aria-label="Find documents by title or path"
      placeholder="Find by title or path…"
      maxLength={1_000}
      value={typed}
      onInput={(event) => setTyped(event.currentTarget.value)}
    />
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
    <button type="button" class="row" onClick={onOpen}>
      <strong>{title ?? <SourcePath source={source} />}</strong>
      <span class="dim">
        {title !== null && <PathBefore source={source} />}
        {byteWords(bytes)}&nbsp;· {state === "complete" ? countOf(chunks, "passage") : "not finished yet"}&nbsp;·{" "}
        {dayOf(ingestedAt)}
      </span>
    </button>
  );
}

function listWords({ documents, nextCursor }: DocumentPage, info: CollectionInfo | null): string {
  if (nextCursor === null) return countOf(documents.length, "document");
  const all = info === null ? "" : ` of ${formatNumber(info.documents)}`;
  return `The first ${formatNumber(documents.length)}${all} documents`;
}

function foundWords({ documents, nextCursor }: DocumentPage, search: string): ComponentChildren {
  if (documents.length === 0) {
    return (
      <>
        No title or path holds “{search}”. What the documents say is under{" "}
        <a href={viewHash("search", search)}>Search</a>.
      </>
    );
  }
  const found = countOf(documents.length, "document");
  return nextCursor === null ? `${found} with “${search}”` : `The first ${found} with “${search}”`;
}
