import { isCitewellError } from "../../src/errors.ts";
import { isUnreadableType, type PageReply } from "./request-page.ts";
import { parseWebAddress } from "./web-address.ts";

/** What to send to a server when a page is asked for again. */
export interface Validators {
  readonly etag: string | null;
  readonly lastModified: string | null;
}

/** A fetched page. */
export interface FetchedPage extends Validators {
  readonly kind: "page";
  /** Its address, after redirects. */
  readonly url: URL;
  /** The header `Content-Type`; empty where there was none. */
  readonly contentType: string;
  readonly bytes: Uint8Array;
}

/** The result of fetching a page. */
export type FetchOutcome =
  | FetchedPage
  /** The page has not changed since the validators were given out. */
  | { readonly kind: "unchanged"; readonly url: URL }
  /** The server says that there is no such page. */
  | { readonly kind: "gone"; readonly reason: string }
  /** There is a page, but it cannot be ingested. */
  | { readonly kind: "unfit"; readonly reason: string }
  /** The page must not be fetched: by the site's rules, or by ours. */
  | { readonly kind: "withheld"; readonly reason: string }
  /** The state of the page is unknown; a later try may succeed. */
  | { readonly kind: "failed"; readonly reason: string };

/** The target of a redirect; a text says why it cannot be followed, null that the reply is no redirect. */
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

/** The outcome that a reply other than a redirect means. */
export function outcomeOf(
  { status, headers, body }: PageReply,
  { url, maxBytes }: { readonly url: URL; readonly maxBytes: number },
): FetchOutcome {
  if (status === 200) {
    const { etag = null, "last-modified": lastModified = null, "content-type": contentType = "" } = headers;
    if (isUnreadableType(contentType)) {
      return { kind: "unfit", reason: `cannot be read as text: ${contentType.split(";", 1)[0]?.trim()}` };
    }
    if (body !== null) return { kind: "page", url, contentType, bytes: body, etag, lastModified };
    return { kind: "unfit", reason: `more than the ${maxBytes.toLocaleString("en")} bytes that maxFileBytes allows` };
  }
  if (status === 304) return { kind: "unchanged", url };
  if (status === 404 || status === 410) return { kind: "gone", reason: `HTTP ${status}: there is no such page` };
  if (status >= 500 || status === 408 || status === 429) return { kind: "failed", reason: `HTTP ${status}` };
  return { kind: "withheld", reason: `HTTP ${status}` };
}
