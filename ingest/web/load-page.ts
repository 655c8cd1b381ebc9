import type { FetchState } from "../../src/domain/document.ts";
import {
  loadBytes,
  type LoadOptions,
  type LoadOutcome,
  skipReason,
  type SkipOptions,
} from "../loaders/load-document.ts";
import { isHtml } from "./page-links.ts";
import type { FetchedPage } from "./fetch-outcome.ts";

/** Why a fetched page cannot be taken, as far as its name and size tell; null where its content decides. */
export function pageSkipReason({ url, contentType, bytes }: FetchedPage, options: SkipOptions): string | null {
  // A page about a file is no such file.
  const source = isHtml(contentType) ? "" : url.pathname;
  return skipReason({ source, bytes: bytes.length }, options);
}

/** Parses a fetched page, and notes what its server will want to be told at the next visit. */
export async function loadPage(
  { url, contentType, bytes }: FetchedPage,
  { root, fetched, ...options }: { readonly root: string; readonly fetched: FetchState } & LoadOptions,
): Promise<LoadOutcome> {
  const outcome = await loadBytes({ root, source: url.href, bytes, mediaType: mediaTypeOf(contentType) }, options);
  return outcome.status === "loaded" ? { ...outcome, document: { ...outcome.document, fetched } } : outcome;
}

/** As loaders know it; undefined where the header says nothing, so that name and content decide. */
export function mediaTypeOf(contentType: string): string | undefined {
  if (contentType === "") return undefined;
  return contentType.replace(/^\s*application\/xhtml\+xml/i, "text/html").trim();
}
