import type { DocumentRecord } from "../src/domain/document.ts";
import type { LoadOutcome } from "./loaders/load-document.ts";

/** One document to load, cut, embed and store. */
export interface DocumentTask {
  readonly root: string;
  readonly source: string;
  readonly bytes: number;
  /** Its stored record; null if nothing is stored of it. */
  readonly previous: DocumentRecord | null;
  /**
   * Whether what is stored of it must be to be had back until the new version's vectors are stored: its text stays so long.
   * @default false
   */
  readonly keepsOlder?: boolean;
  readonly load: () => Promise<LoadOutcome>;
  /**
   * Loads what is stored of it in the collection that is re-indexed, where that is to stay although its source gave no
   * document. Default: nothing takes its place.
   */
  readonly loadStored?: ((status: "skipped" | "failed") => Promise<LoadOutcome | null>) | undefined;
}

/** What a task gave. */
export interface TaskOutcome {
  /** That of its source. */
  readonly found: LoadOutcome;
  /** The document to store, which may be the one that is stored; else the same as `found`. */
  readonly outcome: LoadOutcome;
}

/** Loads the document of a task, or else what is stored of it. */
export async function loadTask({ load, loadStored }: DocumentTask): Promise<TaskOutcome> {
  const found = await load();
  const stored = found.status === "loaded" ? null : await loadStored?.(found.status);
  return { found, outcome: stored?.status === "loaded" ? stored : found };
}
