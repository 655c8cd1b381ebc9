import type { VNode } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { CollectionInfo } from "../../domain/collection.ts";
import { documentHash, parseAddress, viewHash, type Address, type DocumentAddress, type ViewName } from "../address.ts";
import { listCollections, rememberKey, type Failure } from "../api.ts";
import { useConversation } from "../use-conversation.ts";
import { useFetched } from "../use-fetched.ts";
import { useFileDrop } from "../use-file-drop.ts";
import { AskView } from "./ask-view.tsx";
import { DocumentPanel } from "./document-panel.tsx";
import { DocumentsView } from "./documents-view.tsx";
import { KeyForm } from "./key-form.tsx";
import { PageHeader } from "./page-header.tsx";
import { SearchView } from "./search-view.tsx";

/** The page: a view, and a document beside it. */
export function App(): VNode {
  const query = useRef(new URLSearchParams(location.search));
  const { view, panel } = useAddress();
  const [collection, setCollection] = useState(query.current.get("collection") ?? "default");
  const [keyNeeded, setKeyNeeded] = useState(false);
  // Counts up when everything has to be fetched anew: another key, other documents.
  const [generation, setGeneration] = useState(0);
  const noteFailure = (found: Failure): void => setKeyNeeded((before) => before || found.keyNeeded);
  const conversation = useConversation(noteFailure);

  const { value: collections, failure } = useFetched(listCollections, { inputs: [generation], onFailure: noteFailure });
  useEffect(() => {
    const other = collections?.find(({ name }) => name === "default") ?? collections?.[0];
    if (other !== undefined && !isAmong(collection, collections)) setCollection(other.name);
  }, [collections]);

  useEffect(() => {
    const question = query.current.get("q")?.trim() ?? "";
    if (question !== "" && view !== "search") conversation.ask(question, collection);
    else conversation.restore();
  }, []);

  const [dropped, setDropped] = useState<readonly File[]>([]);
  const isOver = useFileDrop((files) => {
    setDropped(files);
    location.hash = viewHash("documents");
  });

  const open = (document: Omit<DocumentAddress, "collection">, from = collection): void => {
    location.hash = documentHash({ ...document, collection: from });
  };
  const shared = { collection, generation, onOpen: open, onFailure: noteFailure };
  return (
    <div class={panel === null ? "page" : "page with-panel"}>
      <PageHeader
        view={view}
        collection={collection}
        collections={collections}
        onCollection={setCollection}
        hasTurns={conversation.turns.length > 0}
        onNew={() => {
          conversation.clear();
          location.hash = viewHash("ask");
        }}
      />
      <main class="main" id="main">
        {keyNeeded && (
          <KeyForm
            refused={failure?.sentence ?? null}
            onKey={(key) => {
              rememberKey(key);
              setKeyNeeded(false);
              setGeneration((before) => before + 1);
            }}
          />
        )}
        {failure !== null && !failure.keyNeeded && (
          <p class="notice bad" role="alert">
            {failure.sentence}
          </p>
        )}
        {view === "ask" && <AskView {...shared} conversation={conversation} collections={collections} />}
        {view === "search" && <SearchView {...shared} initialQuery={query.current.get("q") ?? ""} />}
        {view === "documents" && (
          <DocumentsView
            {...shared}
            drop={{ files: dropped, isOver, onTaken: () => setDropped([]) }}
            onChange={() => setGeneration((before) => before + 1)}
          />
        )}
      </main>
      {panel !== null && (
        <DocumentPanel
          key={panel.id}
          address={panel}
          generation={generation}
          onClose={() => {
            location.hash = viewHash(view);
          }}
        />
      )}
    </div>
  );
}

function isAmong(name: string, collections: readonly CollectionInfo[] | null): boolean {
  return collections?.some((one) => one.name === name) === true;
}

function useAddress(): { readonly view: ViewName; readonly panel: DocumentAddress | null } {
  const [address, setAddress] = useState<Address>(() => parseAddress(location.hash));
  const lastView = useRef<ViewName>("ask");
  useEffect(() => {
    const read = (): void => setAddress(parseAddress(location.hash));
    addEventListener("hashchange", read);
    return () => removeEventListener("hashchange", read);
  }, []);
  if (address.view !== null) lastView.current = address.view;
  return { view: lastView.current, panel: address.document };
}
