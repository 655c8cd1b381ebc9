import { posix } from "node:path";
import type { IngestRoots } from "../../answering/use-cases.ts";
import type { IngestEvent, IngestOptions, IngestReport } from "../../domain/ingest.ts";

/** The progress of an ingestion. */
export type IndexProgress = Extract<IngestEvent, { type: "progress" }>;

/** The outcome of an ingestion. */
export type IndexOutcome =
  | {
      readonly type: "done";
      readonly report: IngestReport;
      /** How many files were new or had changed. */
      readonly found: number;
    }
  /** Another process is working on the collection. */
  | { readonly type: "busy"; readonly holder: string }
  /** There are more files than allowed; nothing was stored. */
  | { readonly type: "too-many"; readonly files: number };

/** An ingestion in the background of the calls. */
export interface IndexRun {
  /** Null until the files are counted. */
  readonly progress: IndexProgress | null;
  /** Whether every new or changed file is found by its words already. */
  readonly hasWords: boolean;
  /** The other process that it waits for; null if it does not wait. */
  readonly waitsFor: string | null;
  /** Rejects with the error of the ingestion, or with the reason of its signal. */
  readonly outcome: Promise<IndexOutcome>;
  /** A sentence on its progress, with the time left if that can be estimated. */
  describe(): string;
}

/** Options of {@link startIndexRun}. */
export interface IndexRunOptions extends Pick<
  IngestOptions,
  "collection" | "roots" | "force" | "include" | "wordsFirst" | "wordsOnly" | "givesWay" | "upgrade" | "removeMissing"
> {
  readonly signal: AbortSignal;
  /**
   * Whether it waits for another process that holds the collection for long. For one that is done within moments, or
   * gives way, it always waits.
   * @default false
   */
  readonly waits?: boolean;
  /** Called when it begins to wait for such a process. */
  readonly onHeldUp?: () => void;
  /** Called when every new file is found by its words. */
  readonly onWords?: () => void;
  /** Is told the progress. */
  readonly onProgress: (progress: IndexProgress) => void;
  /**
   * With more files than this, nothing is begun.
   * @default no limit
   */
  readonly mostFiles?: number;
  /**
   * Whether an ingestion before this one has stored the words of all files.
   * @default false
   */
  readonly hasWords?: boolean;
}

/** The state of a run while it goes on. */
interface RunState {
  startedAt: number;
  progress: IndexProgress | null;
  /** How many files are read for their words. */
  counted: string | null;
  hasWords: boolean;
  waitsFor: string | null;
  found: number;
}

/** Starts an ingestion and follows its progress. */
export function startIndexRun(ingestRoots: IngestRoots, options: IndexRunOptions): IndexRun {
  const { hasWords = false } = options;
  const startedAt = performance.now();
  const state: RunState = { startedAt, progress: null, counted: null, hasWords, waitsFor: null, found: 0 };
  return {
    get progress() {
      return state.progress;
    },
    get hasWords() {
      return state.hasWords;
    },
    get waitsFor() {
      return state.waitsFor;
    },
    outcome: followIngestion(ingestRoots, options, state),
    describe: () =>
      state.progress === null && state.counted !== null
        ? state.counted
        : describe(state.progress, (performance.now() - state.startedAt) / 1_000),
  };
}

async function followIngestion(
  ingestRoots: IngestRoots,
  options: IndexRunOptions,
  state: RunState,
): Promise<IndexOutcome> {
  const { onProgress, onWords, onHeldUp, waits = false, mostFiles = Infinity, hasWords: _, ...ingestion } = options;
  for await (const event of ingestRoots(ingestion)) {
    if (event.type === "lease-wait") {
      if (!waits && event.isShort !== true) return { type: "busy", holder: event.holder };
      state.waitsFor = event.holder;
      if (event.isShort !== true) onHeldUp?.();
    }
    if (event.type === "plan-ready") {
      state.waitsFor = null;
      state.startedAt = performance.now();
      if (event.files.length > mostFiles) return { type: "too-many", files: event.files.length };
      state.found = event.files.filter(({ action }) => action === "add" || action === "change").length;
    }
    if (event.type === "words-progress") state.counted = `${event.filesDone} of ${event.filesTotal} files read`;
    if (event.type === "words-stored") {
      state.hasWords = true;
      onWords?.();
    }
    if (event.type === "progress") {
      state.progress = event;
      onProgress(event);
    }
    if (event.type === "ingest-end") return { type: "done", report: event.report, found: state.found };
  }
  throw new TypeError("The ingestion ended without a report.");
}

/** Below this share, too little is done to estimate the time left. */
const TELLING_SHARE = 0.05;

function describe(progress: IndexProgress | null, seconds: number): string {
  if (progress === null) return "the files are being counted";
  const { filesDone, filesTotal, bytesDone, bytesTotal } = progress;
  const share = bytesTotal === 0 ? 1 : Math.min(1, bytesDone / bytesTotal);
  const far = `${Math.floor(share * 100)} %, ${filesDone} of ${filesTotal} files`;
  if (share < TELLING_SHARE) return far;
  return `${far}, about ${Math.max(1, Math.ceil((seconds * (1 - share)) / share))} s left`;
}

/** How many files a note names. */
const MOST_NAMED = 3;

/** Sentences on the files that an ingestion failed at. */
export function failures(
  root: string,
  files: readonly { readonly source: string; readonly status: string; readonly reason: string }[],
): readonly string[] {
  const failed = files.filter(({ status }) => status === "failed");
  const named = failed
    .slice(0, MOST_NAMED)
    .map(({ source, reason }) => `${posix.join(root, source)} could not be indexed: ${reason}`);
  return failed.length > MOST_NAMED
    ? [...named, `${failed.length - MOST_NAMED} more files could not be indexed.`]
    : named;
}

/** A glob that matches this source only. */
export function escapeGlob(source: string): string {
  return source.replaceAll(/[\\*?[\]{}()!+@|^$]/g, String.raw`\$&`);
}
