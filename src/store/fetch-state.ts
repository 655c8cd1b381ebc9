import type { FetchState } from "../domain/document.ts";

/** What is remembered of a web page as one text, for stores; null where there is nothing. */
export function formatFetchState(state: FetchState | undefined): string | null {
  return state === undefined ? null : JSON.stringify([state.etag, state.lastModified, state.links]);
}

/** Reads what {@link formatFetchState} wrote. Undefined for anything else: the page is then fetched whole. */
export function parseFetchState(text: unknown): FetchState | undefined {
  if (typeof text !== "string" || !text.startsWith("[")) return undefined;
  const parts: unknown = JSON.parse(text);
  if (!Array.isArray(parts)) return undefined;
  const [etag, lastModified, links]: readonly unknown[] = parts;
  if (!isTextOrNull(etag) || !isTextOrNull(lastModified)) return undefined;
  const paths = Array.isArray(links) ? links.filter((link) => typeof link === "string") : null;
  return { etag, lastModified, links: paths };
}

function isTextOrNull(value: unknown): value is string | null {
  return value === null || typeof value === "string";
}
