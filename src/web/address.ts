import type { Span } from "../domain/document.ts";

/** The views of the page. */
export type ViewName = "ask" | "search" | "documents";

/** A document to show beside the view. */
export interface DocumentAddress {
  readonly id: string;
  readonly collection: string;
  readonly span: Span | null;
}

/** What the part of the address behind `#` says. */
export interface Address {
  /** Null when the address names a document only: the view stays what it is. */
  readonly view: ViewName | null;
  readonly document: DocumentAddress | null;
}

/** Reads `#/`, `#/search`, `#/documents` and `#/documents/<id>?span=start-end&collection=name`. */
export function parseAddress(hash: string): Address {
  const [path = "", query = ""] = hash.replace(/^#/, "").split("?", 2);
  const [, first = "", id = ""] = path.split("/");
  if (first === "documents" && id !== "") {
    const parameters = new URLSearchParams(query);
    const collection = parameters.get("collection") ?? "default";
    return { view: null, document: { id: decode(id), collection, span: parseSpan(parameters.get("span")) } };
  }
  const view = first === "search" || first === "documents" ? first : "ask";
  return { view, document: null };
}

/** The address of a view. */
export function viewHash(view: ViewName): string {
  return view === "ask" ? "#/" : `#/${view}`;
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
