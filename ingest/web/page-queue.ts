import { createPageMatcher, createSiteScope } from "./site-scope.ts";

/** A page that waits to be visited. */
export interface PendingPage {
  readonly url: URL;
  readonly isStart: boolean;
  /** How many links it is away from the start. */
  readonly level: number;
  /** The page that links to it; null for the start, and for pages that are known from the last visit. */
  readonly from: string | null;
}

/** Options of {@link createPageQueue}. */
export interface PageQueueOptions {
  /** How many links away from the start pages are taken; 0 takes the start alone. */
  readonly levels: number;
  /** How many pages leave the queue at most. */
  readonly maxPages: number;
  /** Globs of pages to take; the others are read for their links only. */
  readonly include?: readonly string[];
  /** Globs of pages that are not fetched. */
  readonly exclude?: readonly string[];
}

/** Decides which pages of a site are visited, each once, breadth first. */
export interface PageQueue {
  /** The next page; undefined when there is none, or when the limit is met. */
  next(): PendingPage | undefined;
  /** Queues links of a page, as far as they belong to the site. */
  follow(links: readonly URL[], page: { readonly url: URL; readonly level: number }): void;
  /** Queues stored pages that no link led to; their own links are not followed. */
  revisit(sources: Iterable<string>): void;
  /** Notes the address at which a page was found after redirects; false if that is visited anyway. */
  note(url: URL): boolean;
  /** Sets the page whose address decides what belongs to the site. */
  settle(start: URL): void;
  isKnown(url: URL): boolean;
  isInSite(url: URL): boolean;
  isExcluded(source: string): boolean;
  isIncluded(source: string): boolean;
  /** Whether pages are left because of the limit; `count` is the least number, as links beyond it are not counted. */
  left(): { readonly pages: readonly PendingPage[]; readonly count: number; readonly isExact: boolean };
  /** How many pages have left the queue. */
  readonly visits: number;
}

/** Makes a queue that holds the start. */
export function createPageQueue(
  root: string,
  { levels, maxPages, include = [], exclude = [] }: PageQueueOptions,
): PageQueue {
  const queue: PendingPage[] = [{ url: new URL(root), isStart: true, level: 0, from: null }];
  const known = new Set<string>([root]);
  const isExcluded = createPageMatcher(exclude);
  const matchesInclude = createPageMatcher(include);
  const isIncluded = (source: string): boolean => include.length === 0 || matchesInclude(source);
  let isInSite = createSiteScope(new URL(root));
  let visits = 0;
  let isCutShort = false;
  return {
    get visits() {
      return visits;
    },
    next() {
      if (visits >= maxPages) return undefined;
      const page = queue.shift();
      if (page !== undefined) visits += 1;
      return page;
    },
    follow(links, { url: from, level }) {
      if (level >= levels) return;
      for (const url of links) {
        if (known.has(url.href) || !isInSite(url) || isExcluded(url.href)) continue;
        if (level + 1 === levels && !isIncluded(url.href)) continue;
        // Pages beyond the limit would never leave the queue.
        isCutShort ||= visits + queue.length >= maxPages;
        if (isCutShort) return;
        known.add(url.href);
        queue.push({ url, isStart: false, level: level + 1, from: from.href });
      }
    },
    revisit(sources) {
      for (const source of sources) {
        if (known.has(source) || isExcluded(source) || !isIncluded(source) || !URL.canParse(source)) continue;
        known.add(source);
        queue.push({ url: new URL(source), isStart: false, level: levels, from: null });
      }
    },
    note({ href }) {
      if (known.has(href)) return false;
      known.add(href);
      return true;
    },
    settle(start) {
      isInSite = createSiteScope(start);
    },
    isKnown: ({ href }) => known.has(href),
    isInSite: (url) => isInSite(url),
    isExcluded,
    isIncluded,
    left: () => ({ pages: queue, count: queue.length + (isCutShort ? 1 : 0), isExact: !isCutShort }),
  };
}
