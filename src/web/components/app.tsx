import type { VNode } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { conversationHash, documentHash, viewHash, type DocumentAddress, type ViewName } from "../address.ts";
import { isKeyKept, isUnreachable, rememberKey, type Failure } from "../api.ts";
import { goTo, readOpening, useAddress } from "../use-address.ts";
import { useConversation } from "../use-conversation.ts";
import { useConversationAddress } from "../use-conversation-address.ts";
import { useFileDrop } from "../use-file-drop.ts";
import { useIsNarrow } from "../use-is-narrow.ts";
import { useKeptPlace } from "../use-kept-place.ts";
import { useShownCollection } from "../use-shown-collection.ts";
import { useUploads } from "../use-uploads.ts";
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

const UNREACHABLE = "The server does not answer. Is it still running? The page goes on by itself when it does.";

/** The page: a view, and a document beside it. */
export function App(): VNode {
  const opening = useMemo(readOpening, []);
  const address = useAddress();
  const { view, query, panel } = address;
  // Why the key is asked for; null while none is needed.
  const [refused, setRefused] = useState<Failure | null>(null);
  // Counts up when everything has to be fetched anew: another key, other documents.
  const [generation, setGeneration] = useState(0);
  const renew = (): void => setGeneration((before) => before + 1);
  const noteRefusal = (found: Failure): void => setRefused((before) => (found.keyNeeded ? found : before));
  const { collection, collections, failure, lookSoon, missing, choose } = useShownCollection(
    opening.collection ?? "default",
    {
      generation,
      onFailure: noteRefusal,
      onBack: renew,
    },
  );
  const noteFailure = (found: Failure): void => {
    noteRefusal(found);
    if (isUnreachable(found)) lookSoon();
  };
  const conversation = useConversation({ onFailure: noteFailure, onRestored: choose });
  useConversationAddress(address, conversation);

  useEffect(() => {
    if (opening.question === "") conversation.restore(address.conversation, opening.collection);
    else conversation.ask(opening.question, collection);
  }, []);
  useEffect(() => {
    document.title = TITLES[view];
  }, [view]);

  const uploads = useUploads({ onFailure: noteFailure, onDone: renew });
  const isOver = useFileDrop((given) => {
    uploads.add(given, collection);
    location.hash = viewHash("documents");
  });

  const isNarrow = useIsNarrow();
  const keepPlace = useKeptPlace(panel === null);
  // Whether the entry of the history before the document's is the view that it was opened from.
  const canGoBack = useRef(false);
  useEffect(() => {
    if (panel === null) canGoBack.current = false;
  }, [panel === null]);
  const open = (document: Omit<DocumentAddress, "collection">, from = collection): void => {
    keepPlace();
    goTo(documentHash({ ...document, collection: from }), { inPlace: panel !== null });
    if (panel === null) canGoBack.current = true;
  };
  const isAway = failure !== null && isUnreachable(failure);
  const shared = { collection, generation, panel, isAway, onOpen: open, onFailure: noteFailure };
  const info = collections?.find(({ name }) => name === collection) ?? null;
  return (
    <div class={panel === null ? "page" : "page with-panel"}>
      <PageHeader
        covered={isNarrow && panel !== null}
        view={view}
        query={query}
        conversation={conversation.id}
        collection={collection}
        collections={collections}
        adding={uploads.uploads.some(({ state }) => state === "sending")}
        onCollection={choose}
        hasTurns={conversation.turns.length > 0}
        onNew={() => {
          conversation.clear();
          location.hash = viewHash("ask");
        }}
      />
      <main class="main" id="main" inert={isNarrow && panel !== null}>
        {failure !== null && !failure.keyNeeded && (
          <p class="notice bad" role="alert">
            {isAway ? UNREACHABLE : failure.sentence}
          </p>
        )}
        {missing !== null && (
          <p class="notice" role="status">
            There is no collection “{missing}”, or not any more. This is “{collection}”.
          </p>
        )}
        {refused !== null ? (
          <KeyForm
            refused={isKeyKept() ? refused.sentence : null}
            onKey={(key) => {
              rememberKey(key);
              setRefused(null);
              renew();
              conversation.resume();
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
                uploads={uploads}
                onChange={renew}
                onMade={(name) => {
                  choose(name);
                  renew();
                }}
              />
            )}
          </>
        )}
      </main>
      {isOver && <p class="drop-hint">Drop to add to “{collection}”</p>}
      {panel !== null && (
        <DocumentPanel
          key={panel.id}
          address={panel}
          generation={generation}
          onFailure={noteFailure}
          onClose={() => {
            keepPlace();
            if (canGoBack.current) history.back();
            else goTo(view === "ask" ? conversationHash(conversation.id) : viewHash(view, query), { inPlace: true });
          }}
        />
      )}
    </div>
  );
}
