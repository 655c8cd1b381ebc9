import type { DocumentRecord } from "../src/domain/document.ts";
import type { LoadOutcome } from "./loaders/load-document.ts";

/** One document to bring in. */
export interface DocumentTask {
  readonly root: string;
  readonly source: string;
  readonly bytes: number;
  /** What is stored of it; null where nothing is. */
  readonly previous: DocumentRecord | null;
  readonly load: () => Promise<LoadOutcome>;
}
