import picomatch from "picomatch";

/**
 * Whether an address belongs to the site that a crawl began on: same host and port, and in the folder of the start page or
 * below, as its relative links would lead. `https://host/docs/intro.html` and `https://host/docs/` both mean `/docs/`;
 * `https://host/docs` means the whole host.
 */
export function createSiteScope(start: URL): (url: URL) => boolean {
  const folder = start.pathname.slice(0, start.pathname.lastIndexOf("/") + 1);
  return (url) => isSameHost(url, start) && url.pathname.startsWith(folder);
}

/** A site that moves between http and https stays the same as long as both are at their usual ports. */
function isSameHost(left: URL, right: URL): boolean {
  if (left.origin === right.origin) return true;
  return left.hostname === right.hostname && left.port === "" && right.port === "";
}

/**
 * Whether a page matches one of some globs, either with its whole address or with its path without the leading slash, so
 * that `docs/**` means the same as in a folder. Without globs nothing matches.
 */
export function createPageMatcher(globs: readonly string[]): (source: string) => boolean {
  if (globs.length === 0) return () => false;
  const matches = picomatch([...globs]);
  return (source) => matches(source) || matches(pathOf(source));
}

function pathOf(source: string): string {
  return URL.canParse(source) ? new URL(source).pathname.slice(1) : source;
}
