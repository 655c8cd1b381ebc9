import type { Span } from "../domain/document.ts";

/** The views of the page. */
export type ViewName = "ask" | "search" | "documents";

/** A document to show beside the view. */
export interface DocumentAddress {
  readonly id: string;
  readonly collection: string;
  readonly span: Span | null;
}

/** Whether a document is shown at just this place. */
export function isShownAt(panel: DocumentAddress | null, { id, span }: Omit<DocumentAddress, "collection">): boolean {
  return panel?.id === id && panel.span?.start === span?.start && panel.span?.end === span?.end;
}

/** What the part of the address behind `#` says. */
export interface Address {
  /** Null when the address names a document only: the view stays what it is. */
  readonly view: ViewName | null;
  readonly document: DocumentAddress | null;
  /** What the search view looks for; empty for nothing. */
  readonly query: string;
}

/** Reads `#/`, `#/search?q=words`, `#/documents` and `#/documents/<id>?span=start-end&collection=name`. */
export function parseAddress(hash: string): Address {
  const [path = "", query = ""] = hash.replace(/^#/, "").split("?", 2);
  const parameters = new URLSearchParams(query);
  const [, first = "", id = ""] = path.split("/");
  if (first === "documents" && id !== "") {
    const collection = parameters.get("collection") ?? "default";
    return { view: null, document: { id: decode(id), collection, span: parseSpan(parameters.get("span")) }, query: "" };
  }
  const view = first === "search" || first === "documents" ? first : "ask";
  return { view, document: null, query: view === "search" ? (parameters.get("q")?.trim() ?? "") : "" };
}

/** The address of a view, for the search with what it looks for. */
export function viewHash(view: ViewName, query = ""): string {
  if (view === "ask") return "#/";
  return query === "" ? `#/${view}` : `#/${view}?${new URLSearchParams({ q: query }).toString()}`;
}

/** The address of a document, with the passage to show. */
export function documentHash({ id, collection, span }: DocumentAddress): string {
  const query = new URLSearchParams({ ...(span === null ? {} : { span: `${span.start}-${span.end}` }), collection });
  return `#/documents/${encodeURIComponent(id)}?${query.toString()}`;
}

function parseSpan(text: string | null): Span | null {
  const match = /^(\d+)-(\d+)$/.exec(text ?? "");
  if (match === null) return null;
  const [start, end] = [Number(match[1]), Number(match[2])];
  return start < end ? { start, end } : null;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    // A stray percent sign: the text is meant as it stands.
    return part;
  }
}
