import type { DocumentRecord, FetchState } from "../../src/domain/document.ts";
import type { FileReport, IngestEvent } from "../../src/domain/ingest.ts";
import { isCitewellError } from "../../src/errors.ts";
import { hashBytes, type LoadOutcome } from "../loaders/load-document.ts";
import { asStored, fitsChoice, hashOfBytes } from "../secrets/secrets-hash.ts";
import { loadPage, pageSkipReason } from "./load-page.ts";
import { linksOf } from "./page-links.ts";
import { createPageMatcher, createSiteScope } from "./site-scope.ts";
import { DEFAULT_MAX_PAGES, type FetchedPage, type FetchOutcome, type WebFetcher } from "./web-fetcher.ts";

/** A page that is there now. */
export interface PresentPage {
  readonly root: string;
  readonly source: string;
  readonly bytes: number;
  readonly contentHash: string;
  readonly load: () => Promise<LoadOutcome>;
}

/** What a visit to a web root found. */
export interface SiteVisit {
  readonly present: readonly PresentPage[];
  /** Pages that are passed over, and a line for each limit that was met. */
  readonly passed: readonly FileReport[];
  /** Pages of which nothing is known now: what is stored of them stays. A source of `.` means all of the root. */
  readonly unknown: readonly { readonly root: string; readonly source: string }[];
}

/** Options of {@link visitSite}. */
export interface VisitSiteOptions {
  readonly fetcher: WebFetcher;
  /** How many links away from the start pages are taken; 0 takes the start alone. */
  readonly levels: number;
  /** @default 500 */
  readonly maxPages?: number;
  /** Largest page in bytes. */
  readonly maxBytes: number;
  /** Globs of pages to take; the others are read for their links only. */
  readonly include?: readonly string[];
  /** Globs of pages that are not fetched. */
  readonly exclude?: readonly string[];
  /** What is stored of the root. */
  readonly stored: readonly DocumentRecord[];
  /** @default false */
  readonly allowSecrets?: boolean;
  readonly signal?: AbortSignal;
}

/** Failures in a row after which a server is left in peace. */
const MOST_FAILURES = 3;
/** Bytes of pages that are held in memory until they are stored. */
const MOST_BYTES_HELD = 256_000_000;
/** Links that are kept with a page; one with more is fetched whole every time. */
const MOST_LINKS_KEPT = 300;
const VISITED_ANYWAY = "redirects to a page that is visited anyway";

interface PendingPage {
  readonly url: URL;
  readonly isStart: boolean;
  /** Links away from the start. */
  readonly level: number;
  /** The page that linked here; null for the start, and for pages that are known from the last time. */
  readonly from: string | null;
}

/**
 * Visits a web address and what it links to, breadth first, then every stored page of the root that was not among those;
 * yields each page that was asked for.
 *
 * A page counts as gone only when its server says so.
 *
 * @throws CitewellError `address_refused` where the start is not an address of the public Internet.
 */
export async function* visitSite(root: string, options: VisitSiteOptions): AsyncGenerator<IngestEvent, SiteVisit> {
  const {
    fetcher,
    levels,
    maxPages = DEFAULT_MAX_PAGES,
    maxBytes,
    include = [],
    allowSecrets = false,
    signal,
  } = options;
  const stored = new Map(options.stored.map((record) => [record.source, record]));
  const isExcluded = createPageMatcher(options.exclude ?? []);
  const matchesInclude = createPageMatcher(include);
  const isIncluded = (source: string): boolean => include.length === 0 || matchesInclude(source);

  const present: PresentPage[] = [];
  const passed: FileReport[] = [];
  const unknown: { readonly root: string; readonly source: string }[] = [];
  const queue: PendingPage[] = [{ url: new URL(root), isStart: true, level: 0, from: null }];
  const known = new Set<string>([root]);
  const contents = new Map<string, string>();
  let isInSite = createSiteScope(new URL(root));
  let visits = 0;
  let failures = 0;
  let bytesHeld = 0;
  let isCutShort = false;

  const pass = (source: string, status: "skipped" | "failed", reason: string): void => {
    passed.push({ root, source, status, reason });
  };
  const follow = (links: readonly URL[], { level, from }: { readonly level: number; readonly from: URL }): void => {
    if (level >= levels) return;
    for (const link of links) {
      if (known.has(link.href) || !isInSite(link) || isExcluded(link.href)) continue;
      if (level + 1 === levels && !isIncluded(link.href)) continue;
      // What is beyond the limit would only wait for its end.
      isCutShort ||= visits + queue.length >= maxPages;
      if (isCutShort) return;
      known.add(link.href);
      queue.push({ url: link, isStart: false, level: level + 1, from: from.href });
    }
  };
  /** Takes a page as present unless another one has the same content. */
  const take = (page: PresentPage): void => {
    if (!isIncluded(page.source)) return;
    const content = hashOfBytes(page.contentHash);
    const twin = contents.get(content);
    if (twin !== undefined) return pass(page.source, "skipped", `the same content as ${twin}`);
    contents.set(content, page.source);
    present.push(page);
  };
  const takeFetched = async (page: FetchedPage, pending: PendingPage): Promise<void> => {
    const { href: source } = page.url;
    if (pending.isStart) isInSite = createSiteScope(page.url);
    if (source !== pending.url.href && known.has(source)) return;
    known.add(source);
    const reason = pageSkipReason(page, { maxFileBytes: maxBytes, allowSecrets });
    if (reason !== null) return pass(source, "skipped", reason);
    const links = (await linksOf(page)).filter(isInSite);
    follow(links, { level: pending.level, from: page.url });
    const fetched = fetchState(page, links);
    const storedHash = stored.get(source)?.contentHash ?? "";
    const contentHash = asStored(hashBytes(page.bytes), storedHash, allowSecrets);
    const load = async (): Promise<LoadOutcome> => await loadPage(page, { root, fetched, allowSecrets, signal });
    if (storedHash !== contentHash) bytesHeld += page.bytes.length;
    take({ root, source, bytes: page.bytes.length, contentHash, load });
  };
  const takeUnchanged = (url: URL, pending: PendingPage): void => {
    const record = stored.get(url.href);
    if (record === undefined) return pass(url.href, "failed", "HTTP 304 for a page that is not stored");
    known.add(url.href);
    if (pending.isStart) isInSite = createSiteScope(url);
    const links = (record.fetched?.links ?? []).map((link) => new URL(link, url));
    follow(links, { level: pending.level, from: url });
    const load = async (): Promise<LoadOutcome> => ({ status: "failed", reason: "was not fetched as it is unchanged" });
    take({ root, source: url.href, bytes: record.bytes, contentHash: record.contentHash, load });
  };
  const fetchPage = async ({ url, level, isStart }: PendingPage): Promise<FetchOutcome> => {
    try {
      return await fetcher.fetch(url, {
        maxBytes,
        signal,
        validatorsOf: ({ href }) => {
          const record = stored.get(href);
          if (record?.fetched === undefined || record.contentHash === "") return null;
          if (!fitsChoice(record.contentHash, allowSecrets)) return null;
          return level < levels && record.fetched.links === null ? null : record.fetched;
        },
        refuses: (target) => {
          if (target.href !== url.href && known.has(target.href)) return VISITED_ANYWAY;
          if (isExcluded(target.href)) return `redirects to ${target.href}, which is excluded`;
          return isStart || isInSite(target) ? null : `redirects to ${target.href}, which is outside of the root`;
        },
      });
    } catch (error) {
      if (isStart || !isCitewellError(error, "address_refused")) throw error;
      return { kind: "withheld", reason: error.message };
    }
  };
  const visit = async (pending: PendingPage): Promise<void> => {
    const { url, isStart, from } = pending;
    const outcome = await fetchPage(pending);
    visits += 1;
    failures = outcome.kind === "failed" ? failures + 1 : 0;
    if (outcome.kind === "page") return await takeFetched(outcome, pending);
    if (outcome.kind === "unchanged") return takeUnchanged(outcome.url, pending);
    const isStored = stored.has(url.href);
    const reason = from === null ? outcome.reason : `${outcome.reason}; linked from ${from}`;
    switch (outcome.kind) {
      case "gone":
        // The one that is stored is reported as removed.
        if (!isStored) pass(url.href, isStart ? "failed" : "skipped", reason);
        return;
      case "unfit":
        return pass(url.href, "skipped", reason);
      case "withheld":
        if (outcome.reason === VISITED_ANYWAY) return;
        unknown.push({ root, source: url.href });
        return pass(url.href, isStored ? "failed" : "skipped", reason);
      case "failed":
        // Without the start nothing is known of the rest.
        unknown.push({ root, source: isStart ? "." : url.href });
        return pass(url.href, "failed", reason);
    }
  };
  const stopReason = (): string | null => {
    if (visits >= maxPages) return `the limit of ${maxPages.toLocaleString("en")} pages (crawlMaxPages) was met`;
    if (failures >= MOST_FAILURES) return `${MOST_FAILURES} pages in a row could not be fetched`;
    if (bytesHeld > MOST_BYTES_HELD) {
      return `the pages have more than ${MOST_BYTES_HELD.toLocaleString("en")} bytes; the next run goes on from here`;
    }
    return unknown.some(({ source }) => source === ".") ? "" : null;
  };
  async function* work(): AsyncGenerator<IngestEvent> {
    for (let next = queue[0]; next !== undefined && stopReason() === null; next = queue[0]) {
      queue.shift();
      signal?.throwIfAborted();
      await visit(next);
      yield { type: "page-fetched", root, url: next.url.href, pages: visits };
    }
  }

  yield* work();
  for (const { source } of stored.values()) {
    if (known.has(source) || isExcluded(source) || !isIncluded(source) || !URL.canParse(source)) continue;
    known.add(source);
    queue.push({ url: new URL(source), isStart: false, level: levels, from: null });
  }
  yield* work();
  const [first] = queue;
  const stop = stopReason();
  if ((first !== undefined || isCutShort) && stop !== "") {
    unknown.push(...queue.map(({ url }) => ({ root, source: url.href })));
    const count = `${isCutShort ? "at least " : ""}${queue.length + (isCutShort ? 1 : 0)}`;
    const why = stop ?? `the limit of ${maxPages.toLocaleString("en")} pages (crawlMaxPages) was met`;
    pass(
      first?.url.href ?? root,
      failures >= MOST_FAILURES ? "failed" : "skipped",
      `${count} more not fetched: ${why}`,
    );
  }
  return { present, passed, unknown };
}

function fetchState({ url, etag, lastModified }: FetchedPage, links: readonly URL[]): FetchState {
  const kept = links.length > MOST_LINKS_KEPT ? null : links.map((link) => shorten(link, url));
  return { etag, lastModified, links: kept };
}

function shorten(link: URL, from: URL): string {
  return link.origin === from.origin ? link.pathname + link.search : link.href;
}
