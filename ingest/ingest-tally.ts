import type { FileReport, FileStatus, IngestEvent, IngestReport } from "../src/domain/ingest.ts";

/** Counts what an ingestion does, and makes its events and its report of the counts. */
export interface IngestTally {
  /** Counts the outcome of a source. */
  note(report: FileReport): void;
  addChunks(counts: { readonly embedded?: number; readonly reused?: number; readonly deleted?: number }): void;
  addTokens(tokens: number): void;
  /** Adds to the bytes that are done; they may be part of a file. */
  addBytes(bytes: number): void;
  addFile(): void;
  progress(): IngestEvent;
  report(totalChunks: number): IngestReport;
  readonly documents: Readonly<Record<FileStatus, number>>;
  readonly files: readonly FileReport[];
}

/** What the report says beside the counts. */
export interface TallyOptions {
  readonly collection: string;
  readonly store: string;
  readonly embeddingModel: string;
  /**
   * When the ingestion began, by the clock of `performance.now()`.
   * @default now
   */
  readonly startedAt?: number;
  /** See {@link IngestReport.notes}. */
  readonly takeNotes?: (() => readonly string[]) | undefined;
}

/** Starts the clock and the counts of one ingestion. */
export function createTally(
  { collection, store, embeddingModel, startedAt = performance.now(), takeNotes = () => [] }: TallyOptions,
  { filesTotal, bytesTotal }: { readonly filesTotal: number; readonly bytesTotal: number },
): IngestTally {
  const documents = { added: 0, changed: 0, unchanged: 0, removed: 0, skipped: 0, failed: 0 };
  const chunks = { embedded: 0, reused: 0, deleted: 0 };
  const files: FileReport[] = [];
  let filesDone = 0;
  let bytes = 0;
  let tokens = 0;
  return {
    documents,
    files,
    note(report) {
      documents[report.status] += 1;
      if (report.reason !== "") files.push(report);
    },
    addChunks({ embedded = 0, reused = 0, deleted = 0 }) {
      chunks.embedded += embedded;
      chunks.reused += reused;
      chunks.deleted += deleted;
    },
    addTokens(count) {
      tokens += count;
    },
    addBytes(count) {
      bytes += count;
    },
    addFile() {
      filesDone += 1;
    },
    progress: () => ({
      type: "progress",
      filesDone,
      filesTotal,
      bytesDone: Math.round(bytes),
      bytesTotal,
      chunksDone: chunks.embedded,
      tokensDone: tokens,
    }),
    report(total) {
      const seconds = (performance.now() - startedAt) / 1_000;
      const notes = takeNotes();
      const noted = files.filter((file) => !isLeftOut(file));
      return {
        collection,
        store,
        embeddingModel,
        documents: { ...documents },
        chunks: { ...chunks, total },
        tokens,
        bytes: Math.round(bytes),
        seconds,
        chunksPerSecond: seconds === 0 ? 0 : chunks.embedded / seconds,
        files: files.filter(isLeftOut),
        ...(noted.length > 0 && { noted }),
        ...(notes.length > 0 && { notes }),
      };
    },
  };
}

function isLeftOut({ status }: FileReport): boolean {
  return status === "skipped" || status === "failed";
}
