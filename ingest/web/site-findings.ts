import type { FileReport } from "../../src/domain/ingest.ts";
import type { LoadOutcome } from "../loaders/load-document.ts";
import type { SourceName } from "../plan-sync.ts";
import { hashOfBytes } from "../secrets/secrets-hash.ts";

/** A page that exists now. */
export interface PresentPage extends SourceName {
  readonly bytes: number;
  readonly contentHash: string;
  readonly load: () => Promise<LoadOutcome>;
}

/** What a visit to a web root found. */
export interface SiteVisit {
  readonly present: readonly PresentPage[];
  /** Pages that are skipped or failed, and a line for each limit that was reached. */
  readonly passed: readonly FileReport[];
  /** Pages whose state is unknown: what is stored of them stays. A source of `.` means the whole root. */
  readonly unknown: readonly SourceName[];
}

/** Collects what a visit finds. */
export interface SiteFindings extends SiteVisit {
  /** Adds a page, unless another one has the same content. */
  take(page: Omit<PresentPage, "root">): void;
  /** Reports a page that is skipped or failed. */
  pass(source: string, status: "skipped" | "failed", reason: string): void;
  /** Keeps what is stored of a page. */
  keep(source: string): void;
}

/** Makes an empty collection of findings. */
export function createSiteFindings(root: string): SiteFindings {
  const present: PresentPage[] = [];
  const passed: FileReport[] = [];
  const unknown: SourceName[] = [];
  const sources = new Map<string, string>();
  const pass: SiteFindings["pass"] = (source, status, reason) => {
    passed.push({ root, source, status, reason });
  };
  return {
    present,
    passed,
    unknown,
    pass,
    take(page) {
      const content = hashOfBytes(page.contentHash);
      const twin = sources.get(content);
      if (twin !== undefined) return pass(page.source, "skipped", `the same content as ${twin}`);
      sources.set(content, page.source);
      present.push({ root, ...page });
    },
    keep(source) {
      unknown.push({ root, source });
    },
  };
}
