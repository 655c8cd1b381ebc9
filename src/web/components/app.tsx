import type { VNode } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import type { CollectionInfo } from "../../domain/collection.ts";
import { documentHash, viewHash, type DocumentAddress, type ViewName } from "../address.ts";
import { isKeyKept, rememberKey, type Failure } from "../api.ts";
import type { GivenFiles } from "../upload-batches.ts";
import { readOpening, useAddress, writeCollection } from "../use-address.ts";
import { useCollections } from "../use-collections.ts";
import { useConversation } from "../use-conversation.ts";
import { useFileDrop } from "../use-file-drop.ts";
import { useKeptPlace } from "../use-kept-place.ts";
import { AskView } from "./ask-view.tsx";
import { DocumentPanel } from "./document-panel.tsx";
import { DocumentsView } from "./documents-view.tsx";
import { KeyForm } from "./key-form.tsx";
import { PageHeader } from "./page-header.tsx";
import { SearchView } from "./search-view.tsx";

const TITLES: Readonly<Record<ViewName, string>> = {
  ask: "citewell",
  search: "Search – citewell",
  documents: "Documents – citewell",
};

/** The page: a view, and a document beside it. */
export function App(): VNode {
  const opening = useMemo(readOpening, []);
  const { view, query, panel } = useAddress();
  const [collection, setCollection] = useState(opening.collection);
  const [keyNeeded, setKeyNeeded] = useState(false);
  // Counts up when everything has to be fetched anew: another key, other documents.
  const [generation, setGeneration] = useState(0);
  const noteFailure = (found: Failure): void => setKeyNeeded((before) => before || found.keyNeeded);
  const conversation = useConversation(noteFailure);

  const { collections, failure } = useCollections(generation, noteFailure);
  useEffect(() => {
    const other = collections?.find(({ name }) => name === "default") ?? collections?.[0];
    if (other !== undefined && !isAmong(collection, collections)) setCollection(other.name);
  }, [collections]);

  useEffect(() => {
    if (opening.question === "") conversation.restore();
    else conversation.ask(opening.question, collection);
  }, []);
  useEffect(() => {
    document.title = TITLES[view];
  }, [view]);

  const choose = (name: string): void => {
    setCollection(name);
    writeCollection(name);
  };
  const [dropped, setDropped] = useState<GivenFiles | null>(null);
  const isOver = useFileDrop((given) => {
    setDropped(given);
    location.hash = viewHash("documents");
  });

  const keepPlace = useKeptPlace(panel === null);
  const open = (document: Omit<DocumentAddress, "collection">, from = collection): void => {
    keepPlace();
    location.hash = documentHash({ ...document, collection: from });
  };
  const shared = { collection, generation, panel, onOpen: open, onFailure: noteFailure };
  const info = collections?.find(({ name }) => name === collection) ?? null;
  return (
    <div class={panel === null ? "page" : "page with-panel"}>
      <PageHeader
        view={view}
        query={query}
        collection={collection}
        collections={collections}
        onCollection={choose}
        hasTurns={conversation.turns.length > 0}
        onNew={() => {
          conversation.clear();
          location.hash = viewHash("ask");
        }}
      />
      <main class="main" id="main">
        {failure !== null && !failure.keyNeeded && (
          <p class="notice bad" role="alert">
            {failure.sentence}
          </p>
        )}
        {keyNeeded ? (
          <KeyForm
            refused={failure !== null && isKeyKept() ? failure.sentence : null}
            onKey={(key) => {
              rememberKey(key);
              setKeyNeeded(false);
              setGeneration((before) => before + 1);
            }}
          />
        ) : (
          <>
            {view === "ask" && <AskView {...shared} conversation={conversation} collections={collections} />}
            {view === "search" && (
              <SearchView {...shared} query={query} onSearch={(words) => (location.hash = viewHash("search", words))} />
            )}
            {view === "documents" && (
              <DocumentsView
                {...shared}
                info={info}
                drop={{ given: dropped, isOver, onTaken: () => setDropped(null) }}
                onChange={() => setGeneration((before) => before + 1)}
                onMade={(name) => {
                  choose(name);
                  setGeneration((before) => before + 1);
                }}
              />
            )}
          </>
        )}
      </main>
      {panel !== null && (
        <DocumentPanel
          key={panel.id}
          address={panel}
          generation={generation}
          onClose={() => {
            keepPlace();
            location.hash = viewHash(view, query);
          }}
        />
      )}
    </div>
  );
}

function isAmong(name: string, collections: readonly CollectionInfo[] | null): boolean {
  return collections?.some((one) => one.name === name) === true;
}
