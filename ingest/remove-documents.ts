import type { DocumentRecord } from "../src/domain/document.ts";
import type { IngestEvent } from "../src/domain/ingest.ts";
import { slices } from "../src/domain/slices.ts";
import type { DocumentWriterOptions } from "./write-documents.ts";

/** How many documents one call deletes. */
const REMOVALS_AT_ONCE = 100;

/** Options of {@link removeDocuments}. */
export interface RemoveDocumentsOptions extends Pick<DocumentWriterOptions, "store" | "target" | "tally" | "signal"> {
  /**
   * Whether the progress has counted their files already.
   * @default false
   */
  readonly areCounted?: boolean;
}

/** Deletes documents, and reports each as removed. */
export async function* removeDocuments(
  removals: readonly DocumentRecord[],
  { store, target, tally, areCounted = false, signal }: RemoveDocumentsOptions,
): AsyncGenerator<IngestEvent> {
  for (const slice of slices(removals, REMOVALS_AT_ONCE)) {
    const ids = slice.map(({ id }) => id);
    tally.addChunks({ deleted: await store.deleteDocuments(target.physical, ids, { signal }) });
    for (const { root, source } of slice) {
      const report = { root, source, status: "removed", reason: "" } as const;
      tally.note(report);
      if (!areCounted) tally.addFile();
      yield { type: "file-end", report, chunks: 0 };
    }
    yield tally.progress();
  }
}
