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
}
