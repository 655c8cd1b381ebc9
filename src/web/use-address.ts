import { useEffect, useRef, useState } from "preact/hooks";
import { parseAddress, viewHash, type Address, type DocumentAddress, type ViewName } from "./address.ts";

/** What the address says; while it names a document, the view and the search beside it are those from before. */
export interface ShownAddress {
  readonly view: ViewName;
  readonly query: string;
  readonly conversation: string | null;
  readonly panel: DocumentAddress | null;
}

/** Follows the part of the address behind `#`. */
export function useAddress(): ShownAddress {
  const [address, setAddress] = useState<Address>(() => parseAddress(location.hash));
  const last = useRef<Omit<ShownAddress, "panel">>({ view: "ask", query: "", conversation: null });
  useEffect(() => {
    const read = (): void => setAddress(parseAddress(location.hash));
    const controller = new AbortController();
    const { signal } = controller;
    addEventListener("hashchange", read, { signal });
    // A step in the history between two collections is no change behind the `#` alone.
    addEventListener("popstate", read, { signal });
    return () => controller.abort();
  }, []);
  const { view, query, conversation, document } = address;
  if (view !== null) last.current = { view, query, conversation };
  return { ...last.current, panel: document };
}

/** Goes to another address behind `#`: as a new entry of the history, or in place of the one that is shown. */
export function goTo(hash: string, { inPlace }: { readonly inPlace: boolean }): void {
  if (!inPlace) {
    location.hash = hash;
    return;
  }
  history.replaceState(history.state, "", hash);
  // A replaced entry is not told of.
  dispatchEvent(new Event("hashchange"));
}

/** What the page was opened with. */
export interface OpenedWith {
  /** Null where the address names none. */
  readonly collection: string | null;
  /** To be asked at once; empty for nothing. */
  readonly question: string;
}

/**
 * Reads `?collection=` and `?q=`. A link to a document opens with the document's collection. The words are taken out of
 * the address, or every reload would ask them again; those of the search go to where the search keeps its own.
 */
export function readOpening(): OpenedWith {
  const parameters = new URLSearchParams(location.search);
  const { view, query, document } = parseAddress(location.hash);
  // The document's first: a server that has a default of its own writes that into every address without one.
  const collection = document?.collection ?? parameters.get("collection");
  const words = parameters.get("q")?.trim() ?? "";
  if (words === "") return { collection, question: "" };
  parameters.delete("q");
  const isSearch = view === "search";
  replaceAddress(parameters, isSearch && query === "" ? viewHash("search", words) : location.hash);
  return { collection, question: isSearch ? "" : words };
}

/** Calls `onCollection` with the collection of the address after each step in the browser's history. */
export function useCollectionOfHistory(onCollection: (collection: string) => void): void {
  const latest = useRef(onCollection);
  latest.current = onCollection;
  useEffect(() => {
    const read = (): void => {
      const collection = new URLSearchParams(location.search).get("collection");
      if (collection !== null) latest.current(collection);
    };
    addEventListener("popstate", read);
    return () => removeEventListener("popstate", read);
  }, []);
}

/** Writes the chosen collection into the address, so that a reload or a bookmark shows it again. */
export function writeCollection(collection: string): void {
  const parameters = new URLSearchParams(location.search);
  parameters.set("collection", collection);
  replaceAddress(parameters, location.hash);
}

function replaceAddress(parameters: URLSearchParams, hash: string): void {
  const query = parameters.toString();
  history.replaceState(history.state, "", `${location.pathname}${query === "" ? "" : `?${query}`}${hash}`);
}
