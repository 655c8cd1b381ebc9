import type { DocumentMetadata } from "../src/domain/document-metadata.ts";
import type { DocumentRecord } from "../src/domain/document.ts";
import type { FileReport, IngestEvent } from "../src/domain/ingest.ts";
import { joinNotes } from "./join-notes.ts";
import type { RunOptions } from "./run-ingestion.ts";

/** A document whose stored text stays, and its new metadata. */
export interface MetadataChange {
  readonly previous: DocumentRecord;
  readonly metadata: DocumentMetadata;
  /** What is unusual about it; empty if nothing is. */
  readonly note: string;
}

/** Changes the metadata of documents: only their records, so that nothing is cut or embedded again. */
export async function* storeMetadata(
  changes: readonly MetadataChange[],
  { store, target, tally, signal }: Pick<RunOptions, "store" | "target" | "tally" | "signal">,
): AsyncGenerator<IngestEvent> {
  for (const { previous, metadata, note } of changes) {
    const { root, source, chunks } = previous;
    signal?.throwIfAborted();
    yield { type: "file-start", source };
    const record = { ...previous, metadata, ingestedAt: new Date().toISOString() };
    await store.putDocument(target.physical, record, null, { signal });
    const only = "only the metadata changed; nothing was embedded again";
    const report: FileReport = { root, source, status: "changed", reason: joinNotes(only, note) };
    tally.addChunks({ reused: chunks });
    tally.note(report);
    tally.addFile();
    yield { type: "file-end", report, chunks };
    yield tally.progress();
  }
}
