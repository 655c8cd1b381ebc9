import type { DocumentRecord } from "../../src/domain/document.ts";
import type { IngestEvent } from "../../src/domain/ingest.ts";
import type { ResolvedRoot } from "../resolve-root.ts";
import type { SiteVisit } from "./site-findings.ts";
import { visitSite, type VisitSiteOptions } from "./visit-site.ts";
import { createWebFetcher, type WebOptions } from "./web-fetcher.ts";

/** Options of {@link visitWebRoots}. */
export interface VisitRootsOptions extends Omit<VisitSiteOptions, "fetcher" | "maxPages" | "stored"> {
  readonly web?: WebOptions;
  /** The records of all roots. */
  readonly stored: readonly DocumentRecord[];
}

/** Visits the web addresses among some roots, one after the other, and yields each page that was asked for. */
export async function* visitWebRoots(
  roots: readonly ResolvedRoot[],
  { web = {}, stored, ...options }: VisitRootsOptions,
): AsyncGenerator<IngestEvent, readonly SiteVisit[]> {
  const fetcher = createWebFetcher(web);
  const visits: SiteVisit[] = [];
  for (const { root, kind } of roots) {
    if (kind !== "web") continue;
    const own = stored.filter((record) => record.root === root);
    visits.push(yield* visitSite(root, { ...options, fetcher, maxPages: web.maxPages, stored: own }));
  }
  return visits;
}

/** A record without validators: in a successor that is filled anew, every page is needed whole. */
export function withoutFetchState(record: DocumentRecord): DocumentRecord {
  return { ...record, contentHash: "", fetched: undefined };
}
