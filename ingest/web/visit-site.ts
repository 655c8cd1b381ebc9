import type { DocumentRecord, FetchState } from "../../src/domain/document.ts";
import type { IngestEvent } from "../../src/domain/ingest.ts";
import { isCitewellError } from "../../src/errors.ts";
import { hashOf } from "../identity.ts";
import { asStored, fitsChoice } from "../secrets/secrets-hash.ts";
import type { FetchedPage, FetchOutcome } from "./fetch-outcome.ts";
import { loadPage, pageSkipReason } from "./load-page.ts";
import { linksOf } from "./page-links.ts";
import { createPageQueue, type PageQueue, type PageQueueOptions, type PendingPage } from "./page-queue.ts";
import { createSiteFindings, type SiteFindings, type SiteVisit } from "./site-findings.ts";
import { DEFAULT_MAX_PAGES, type WebFetcher } from "./web-fetcher.ts";

/** Options of {@link visitSite}. */
export interface VisitSiteOptions extends Omit<PageQueueOptions, "maxPages"> {
  readonly fetcher: WebFetcher;
  /** @default 500 */
  readonly maxPages?: number;
  /** Largest page in bytes. */
  readonly maxBytes: number;
  /** The records of the root. */
  readonly stored: readonly DocumentRecord[];
  /** @default false */
  readonly allowSecrets?: boolean;
  readonly signal?: AbortSignal;
}

/** After so many failures in a row a server is not asked any more. */
const MOST_FAILURES = 3;
/** How many bytes of pages are held in memory at most until they are stored. */
const MOST_BYTES_HELD = 256_000_000;
/** How many links are stored with a page; a page with more is fetched whole every time. */
const MOST_LINKS_KEPT = 300;
const VISITED_ANYWAY = "redirects to a page that is visited anyway";

/** A visit under way. */
interface Visiting extends VisitSiteOptions {
  readonly maxPages: number;
  readonly root: string;
  readonly queue: PageQueue;
  readonly findings: SiteFindings;
  readonly records: ReadonlyMap<string, DocumentRecord>;
  failuresInRow: number;
  bytesHeld: number;
  /** Whether the start could not be fetched, so that nothing is known of the rest. */
  isLost: boolean;
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
  const { maxPages = DEFAULT_MAX_PAGES, stored } = options;
  const queue = createPageQueue(root, { ...options, maxPages });
  const findings = createSiteFindings(root);
  const records = new Map(stored.map((record) => [record.source, record]));
  const counts = { failuresInRow: 0, bytesHeld: 0, isLost: false };
  const visiting: Visiting = { ...options, maxPages, root, queue, findings, records, ...counts };
  yield* visitQueued(visiting);
  queue.revisit(records.keys());
  yield* visitQueued(visiting);
  if (!visiting.isLost) reportLeft(visiting);
  return findings;
}

async function* visitQueued(visiting: Visiting): AsyncGenerator<IngestEvent> {
  const { root, queue, signal } = visiting;
  while (!visiting.isLost && stopReason(visiting) === null) {
    const pending = queue.next();
    if (pending === undefined) return;
    signal?.throwIfAborted();
    const outcome = await fetchPending(pending, visiting);
    await takeOutcome(outcome, pending, visiting);
    yield { type: "page-fetched", root, url: pending.url.href, pages: queue.visits };
  }
}

async function fetchPending({ url, level, isStart }: PendingPage, visiting: Visiting): Promise<FetchOutcome> {
  const { fetcher, queue, records, levels, maxBytes, allowSecrets = false, signal } = visiting;
  try {
    return await fetcher.fetch(url, {
      maxBytes,
      signal,
      validatorsOf: ({ href }) => {
        const { fetched, contentHash = "" } = records.get(href) ?? {};
        if (fetched === undefined || contentHash === "" || !fitsChoice(contentHash, allowSecrets)) return null;
        // An unchanged page is not sent, and so gives no links.
        return level < levels && fetched.links === null ? null : fetched;
      },
      refuses: (target) => {
        if (target.href !== url.href && queue.isKnown(target)) return VISITED_ANYWAY;
        if (queue.isExcluded(target.href)) return `redirects to ${target.href}, which is excluded`;
        return isStart || queue.isInSite(target) ? null : `redirects to ${target.href}, which is outside of the root`;
      },
    });
  } catch (error) {
    if (isStart || !isCitewellError(error, "address_refused")) throw error;
    return { kind: "withheld", reason: error.message };
  }
}

async function takeOutcome(outcome: FetchOutcome, pending: PendingPage, visiting: Visiting): Promise<void> {
  const { findings, records } = visiting;
  const { url, isStart, from } = pending;
  visiting.failuresInRow = outcome.kind === "failed" ? visiting.failuresInRow + 1 : 0;
  if (outcome.kind === "page") return await takeFetched(outcome, pending, visiting);
  if (outcome.kind === "unchanged") return takeUnchanged(outcome.url, pending, visiting);
  const isStored = records.has(url.href);
  const reason = from === null ? outcome.reason : `${outcome.reason}; linked from ${from}`;
  switch (outcome.kind) {
    case "gone":
      // A stored page is reported as removed instead.
      if (!isStored) findings.pass(url.href, isStart ? "failed" : "skipped", reason);
      return;
    case "unfit":
      return findings.pass(url.href, "skipped", reason);
    case "withheld":
      if (outcome.reason === VISITED_ANYWAY) return;
      findings.keep(url.href);
      return findings.pass(url.href, isStored ? "failed" : "skipped", reason);
    case "failed":
      visiting.isLost = isStart;
      findings.keep(isStart ? "." : url.href);
      return findings.pass(url.href, "failed", reason);
  }
}

async function takeFetched(page: FetchedPage, pending: PendingPage, visiting: Visiting): Promise<void> {
  const { root, queue, findings, records, maxBytes, allowSecrets = false, signal } = visiting;
  const { href: source } = page.url;
  if (pending.isStart) queue.settle(page.url);
  if (!queue.note(page.url) && source !== pending.url.href) return;
  const reason = pageSkipReason(page, { maxFileBytes: maxBytes, allowSecrets });
  if (reason !== null) return findings.pass(source, "skipped", reason);
  const links = (await linksOf(page)).filter((link) => queue.isInSite(link));
  queue.follow(links, { url: page.url, level: pending.level });
  if (!queue.isIncluded(source)) return;
  const storedHash = records.get(source)?.contentHash ?? "";
  const contentHash = asStored(hashOf(page.bytes), storedHash, allowSecrets);
  if (storedHash !== contentHash) visiting.bytesHeld += page.bytes.length;
  const fetched = fetchState(page, links);
  const load = async () => await loadPage(page, { root, fetched, allowSecrets, signal });
  findings.take({ source, bytes: page.bytes.length, contentHash, load });
}

function takeUnchanged(url: URL, pending: PendingPage, { queue, findings, records }: Visiting): void {
  const record = records.get(url.href);
  if (record === undefined) return findings.pass(url.href, "failed", "HTTP 304 for a page that is not stored");
  if (pending.isStart) queue.settle(url);
  queue.note(url);
  const links = (record.fetched?.links ?? []).map((link) => new URL(link, url));
  queue.follow(links, { url, level: pending.level });
  if (!queue.isIncluded(url.href)) return;
  const load = async () => ({ status: "failed", reason: "was not fetched as it is unchanged" }) as const;
  findings.take({ source: url.href, bytes: record.bytes, contentHash: record.contentHash, load });
}

/** Why no more pages are requested; null if more may be. */
function stopReason({ failuresInRow, bytesHeld }: Visiting): string | null {
  if (failuresInRow >= MOST_FAILURES) return `${MOST_FAILURES} pages in a row could not be fetched`;
  if (bytesHeld <= MOST_BYTES_HELD) return null;
  return `the pages have more than ${MOST_BYTES_HELD.toLocaleString("en")} bytes; the next run goes on from here`;
}

/** Reports pages that were not asked for, and keeps what is stored of them. */
function reportLeft(visiting: Visiting): void {
  const { root, queue, findings, maxPages, failuresInRow } = visiting;
  const { pages, count, isExact } = queue.left();
  if (count === 0) return;
  for (const { url } of pages) findings.keep(url.href);
  const why = stopReason(visiting) ?? `the limit of ${maxPages.toLocaleString("en")} pages (crawlMaxPages) was met`;
  const status = failuresInRow >= MOST_FAILURES ? "failed" : "skipped";
  const number = `${isExact ? "" : "at least "}${count.toLocaleString("en")}`;
  findings.pass(pages[0]?.url.href ?? root, status, `${number} more not fetched: ${why}`);
}

function fetchState({ url, etag, lastModified }: FetchedPage, links: readonly URL[]): FetchState {
  const kept = links.map((link) => (link.origin === url.origin ? link.pathname + link.search : link.href));
  return { etag, lastModified, links: links.length > MOST_LINKS_KEPT ? null : kept };
}
