import { declaredEncoding, decodeText } from "../loaders/decode-text.ts";
import { MAX_HTML_BYTES } from "../loaders/open-content.ts";
import { parseWebAddress } from "./web-address.ts";
import type { FetchedPage } from "./fetch-outcome.ts";

/** The pages that an HTML page links to, each once, in its order. Links and pages marked `nofollow` give none. */
export async function linksOf({ url, contentType, bytes }: FetchedPage): Promise<readonly URL[]> {
  if (!isHtml(contentType) || bytes.length > MAX_HTML_BYTES) return [];
  const { text } = await decodeText(bytes, { declared: declaredEncoding(bytes) });
  // Its 200 modules are a fifth of what every command would load at its start.
  const { parseHTML } = await import("linkedom");
  const { document } = parseHTML(text);
  const wishes = document.querySelector('meta[name="robots" i]')?.getAttribute("content") ?? "";
  if (/\b(?:nofollow|none)\b/i.test(wishes)) return [];
  const base = resolve(document.querySelector("base[href]")?.getAttribute("href"), url) ?? url;
  const links = new Map<string, URL>();
  for (const element of document.querySelectorAll("a[href], area[href]")) {
    if (/\bnofollow\b/i.test(element.getAttribute("rel") ?? "")) continue;
    const link = resolve(element.getAttribute("href"), base);
    if (link !== null) links.set(link.href, link);
  }
  return [...links.values()];
}

/** Whether a header `Content-Type` names an HTML page. */
export function isHtml(contentType: string): boolean {
  return /^\s*(?:text\/html|application\/xhtml\+xml)\b/i.test(contentType);
}

/** Addresses that can't be fetched, such as `mailto:`, are no links. */
function resolve(href: string | null | undefined, base: URL): URL | null {
  if (href === null || href === undefined || !URL.canParse(href, base.href)) return null;
  try {
    return parseWebAddress(new URL(href, base).href);
  } catch {
    // Another scheme, a password or too long: a link like any other that leads nowhere for us.
    return null;
  }
}
