import { isCitewellError } from "../../src/errors.ts";
import { isUnreadableType, type PageReply } from "./request-page.ts";
import { parseWebAddress } from "./web-address.ts";

/** What a server wants to be told when a page is asked for again. */
export interface Validators {
  readonly etag: string | null;
  readonly lastModified: string | null;
}

/** A fetched page. */
export interface FetchedPage extends Validators {
  readonly kind: "page";
  /** Where it was in the end, after redirects. */
  readonly url: URL;
  /** The header `Content-Type`; empty where there was none. */
  readonly contentType: string;
  readonly bytes: Uint8Array;
}

/** What came of fetching a page. */
export type FetchOutcome =
  | FetchedPage
  /** The page is as it was when the validators were given out. */
  | { readonly kind: "unchanged"; readonly url: URL }
  /** The server says that there is no such page. */
  | { readonly kind: "gone"; readonly reason: string }
  /** There is a page, but none that can be taken. */
  | { readonly kind: "unfit"; readonly reason: string }
  /** The page must not be fetched: by the site's rules, or by ours. */
  | { readonly kind: "withheld"; readonly reason: string }
  /** Nobody knows; it may go better later. */
  | { readonly kind: "failed"; readonly reason: string };

/** Where a redirect leads; a text says why it cannot be followed, null that there is none. */
export function redirectTarget(
  from: URL,
  { status, location }: { readonly status: number; readonly location: string | undefined },
): URL | string | null {
  if (![301, 302, 303, 307, 308].includes(status)) return null;
  if (location === undefined || !URL.canParse(location, from.href)) return `HTTP ${status} without a readable address`;
  try {
    return parseWebAddress(new URL(location, from).href);
  } catch (error) {
    if (!isCitewellError(error)) throw error;
    return `redirects to what cannot be fetched: ${error.message}`;
  }
}

/** What a reply that is no redirect comes to. */
export function outcomeOf(
  { status, headers, body }: PageReply,
  { url, maxBytes }: { readonly url: URL; readonly maxBytes: number },
): FetchOutcome {
  const type = headers["content-type"];
  if (status === 200 && isUnreadableType(type)) {
    return { kind: "unfit", reason: `cannot be read as text: ${type?.split(";", 1)[0]?.trim()}` };
  }
  if (status === 200 && body === null) {
    return { kind: "unfit", reason: `more than the ${maxBytes.toLocaleString("en")} bytes that maxFileBytes allows` };
  }
  if (status === 200 && body !== null) {
    const { etag = null, "last-modified": lastModified = null, "content-type": contentType = "" } = headers;
    return { kind: "page", url, contentType, bytes: body, etag, lastModified };
  }
  if (status === 304) return { kind: "unchanged", url };
  if (status === 404 || status === 410) return { kind: "gone", reason: `HTTP ${status}: there is no such page` };
  if (status >= 500 || status === 408 || status === 429) return { kind: "failed", reason: `HTTP ${status}` };
  return { kind: "withheld", reason: `HTTP ${status}` };
}
