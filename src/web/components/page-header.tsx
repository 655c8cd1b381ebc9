import type { VNode } from "preact";
import type { CollectionInfo } from "../../domain/collection.ts";
import { conversationHash, viewHash, type ViewName } from "../address.ts";

interface PageHeaderProps {
  /** Whether a document lies over it. */
  readonly covered: boolean;
  readonly view: ViewName;
  /** What the search looks for, so that its tab leads back to it. */
  readonly query: string;
  /** The conversation that is shown, so that its tab leads back to it; null for none. */
  readonly conversation: string | null;
  readonly collection: string;
  /** Null while they are fetched. */
  readonly collections: readonly CollectionInfo[] | null;
  readonly hasTurns: boolean;
  /** Whether documents are being added. */
  readonly adding: boolean;
  readonly onCollection: (name: string) => void;
  readonly onNew: () => void;
}

const VIEWS: readonly { readonly name: ViewName; readonly label: string }[] = [
  { name: "ask", label: "Ask" },
  { name: "search", label: "Search" },
  { name: "documents", label: "Documents" },
];

/** Name, views, and the collection that everything is about. */
export function PageHeader({
  covered,
  view,
  query,
  conversation,
  collection,
  collections,
  hasTurns,
  adding,
  onCollection,
  onNew,
}: PageHeaderProps): VNode {
  const names = collections?.map(({ name }) => name) ?? [];
  const offered = names.includes(collection) ? names : [collection, ...names];
  return (
    <header class="header" inert={covered}>
      <a class="skip" href="#main" onClick={skipToMain}>
        Skip to the content
      </a>
      <a class="wordmark" href={viewHash("ask")} aria-label="citewell, start page">
        <span aria-hidden="true">[</span>citewell<span aria-hidden="true">]</span>
      </a>
      <nav class="tabs" aria-label="Views">
        {VIEWS.map(({ name, label }) => (
          <a
            key={name}
            href={name === "ask" ? conversationHash(conversation) : viewHash(name, name === "search" ? query : "")}
            aria-current={view === name ? "page" : undefined}
          >
            {label}
            {name === "documents" && adding && <span class="adding"> adding…</span>}
          </a>
        ))}
      </nav>
      <div class="header-tools">
        {hasTurns && view === "ask" && (
          <button type="button" class="quiet" onClick={onNew}>
            New question
          </button>
        )}
        <label class="collection">
          <span>Collection</span>
          <select value={collection} onChange={(event) => onCollection(event.currentTarget.value)}>
            {offered.map((name) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </select>
        </label>
      </div>
    </header>
  );
}

// The address behind # belongs to the views, so that the link cannot use it.
function skipToMain(event: Event): void {
  event.preventDefault();
  const first = document.querySelector<HTMLElement>("#main textarea, #main input, #main a, #main button");
  first?.focus();
}
