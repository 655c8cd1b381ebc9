import type { Span } from "../domain/document.ts";

/** The views of the page. */
export type ViewName = "ask" | "search" | "documents";

/** A document to show beside the view. */
export interface DocumentAddress {
  readonly id: string;
  readonly collection: string;
  /** The passages to mark; none shows the document from its start. */
  readonly spans: readonly Span[];
}

/** Whether a document is shown at this place, or at a part of it. */
export function isShownAt(panel: DocumentAddress | null, { id, spans }: Omit<DocumentAddress, "collection">): boolean {
  if (panel?.id !== id || panel.spans.length === 0) return false;
  return panel.spans.every(({ start, end }) => spans.some((span) => span.start === start && span.end === end));
}

/** What the part of the address behind `#` says. */
export interface Address {
  /** Null when the address names a document only: the view stays what it is. */
  readonly view: ViewName | null;
  readonly document: DocumentAddress | null;
  /** What the search view looks for; empty for nothing. */
  readonly query: string;
  /** The conversation that is shown; null for none. */
  readonly conversation: string | null;
}

/** Reads `#/`, `#/conversations/<id>`, `#/search?q=words`, `#/documents` and `#/documents/<id>?span=start-end&collection=name`, with a `span` for each passage. */
export function parseAddress(hash: string): Address {
  const [path = "", query = ""] = hash.replace(/^#/, "").split("?", 2);
  const parameters = new URLSearchParams(query);
  const [, first = "", id = ""] = path.split("/");
  if (first === "documents" && id !== "") {
    const collection = parameters.get("collection") ?? "default";
    const spans = parameters.getAll("span").flatMap(parseSpan);
    return { view: null, document: { id: decode(id), collection, spans }, query: "", conversation: null };
  }
  const view = first === "search" || first === "documents" ? first : "ask";
  return {
    view,
    document: null,
    query: view === "search" ? (parameters.get("q")?.trim() ?? "") : "",
    conversation: first === "conversations" && id !== "" ? decode(id) : null,
  };
}

/** The address of a view, for the search with what it looks for. */
export function viewHash(view: ViewName, query = ""): string {
  if (view === "ask") return "#/";
  return query === "" ? `#/${view}` : `#/${view}?${new URLSearchParams({ q: query }).toString()}`;
}

/** The address of a conversation; of the start page where there is none. */
export function conversationHash(id: string | null): string {
  return id === null ? viewHash("ask") : `#/conversations/${encodeURIComponent(id)}`;
}

/** The address of a document, with the passages to show. */
export function documentHash({ id, collection, spans }: DocumentAddress): string {
  const query = new URLSearchParams();
  for (const { start, end } of spans) query.append("span", `${start}-${end}`);
  query.set("collection", collection);
  return `#/documents/${encodeURIComponent(id)}?${query.toString()}`;
}

function parseSpan(text: string): Span[] {
  const match = /^(\d+)-(\d+)$/.exec(text);
  const [start, end] = [Number(match?.[1]), Number(match?.[2])];
  return start < end ? [{ start, end }] : [];
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    // A stray percent sign: the text is meant as it stands.
    return part;
  }
}
