import { setTimeout as sleep } from "node:timers/promises";
import type { UseCases } from "../../answering/use-cases.ts";
import type { IngestReport } from "../../domain/ingest.ts";
import { untilAborted } from "../../domain/until-aborted.ts";
import { errorMessage } from "../../errors.ts";
import { type IndexProgress, type IndexRun, startIndexRun } from "./index-run.ts";
import type { IndexRefresher } from "./refresh-index.ts";

/**
 * How long a call waits, in milliseconds. Most clients give a call a minute, and not all that ask for progress wait longer
 * because of it.
 */
const WAIT_MS = 45_000;

/** What is to be brought in step. */
export interface SyncRequest {
  readonly collection: string;
  readonly roots: readonly string[];
  /** See `IngestOptions.force`. */
  readonly force: boolean;
}

/** How a call waits. */
export interface SyncCallOptions {
  /** Cancels it, unless a call before was told that it goes on. */
  readonly signal: AbortSignal;
  readonly onProgress: (progress: IndexProgress) => void;
}

/** What a call learns: the report, or how far it is. */
export type SyncResult =
  | { readonly type: "done"; readonly report: IngestReport }
  | { readonly type: "running"; readonly far: string; readonly seconds: number };

/** Brings collections in step for calls that do not wait longer than their clients do. */
export interface BackgroundSyncs {
  /**
   * Begins, or joins the same request that is under way. Resolves when it is done, or to how far it is when it takes
   * longer than a call may wait: then it goes on by itself. Rejects with its error, or when aborted.
   */
  run(request: SyncRequest, options: SyncCallOptions): Promise<SyncResult>;
  /** A sentence on what is under way in a collection; null if nothing is. */
  describe(collection: string): string | null;
  /** A sentence on how the last one ended that no call waited for, until the next one begins; null if there is none. */
  describeLast(collection: string): string | null;
  /** Stops everything that is under way. */
  close(): Promise<void>;
}

/** Options of {@link createBackgroundSyncs}. */
export interface BackgroundSyncsOptions {
  readonly useCases: Pick<UseCases, "ingestRoots">;
  /** Its own background work gives way to what is begun here. */
  readonly refresher: Pick<IndexRefresher, "stop" | "forget">;
  /** @default 45_000 */
  readonly waitMs?: number;
}

interface Sync {
  readonly collection: string;
  readonly stop: AbortController;
  readonly startedAt: number;
  /** Null while the background work of before ends. */
  run: IndexRun | null;
  readonly ended: Promise<IngestReport>;
  /** Calls that wait for it. */
  readonly waiting: Set<SyncCallOptions["onProgress"]>;
  /** Whether a call was told that it goes on. */
  isLeft: boolean;
}

/** Nothing is under way. */
export function createBackgroundSyncs({
  useCases,
  refresher,
  waitMs = WAIT_MS,
}: BackgroundSyncsOptions): BackgroundSyncs {
  const syncs = new Map<string, Sync>();
  const lastOf = new Map<string, string>();

  const start = (key: string, request: SyncRequest): Sync => {
    const { collection } = request;
    const stop = new AbortController();
    const waiting: Sync["waiting"] = new Set();
    const work = async (): Promise<IngestReport> => {
      await refresher.stop(collection);
      const onProgress = (progress: IndexProgress): void => waiting.forEach((listener) => listener(progress));
      // Somebody may ask meanwhile: new files are found by their words first.
      const options = { ...request, wordsFirst: true, waits: true, onProgress, signal: stop.signal };
      sync.run = startIndexRun(useCases.ingestRoots, options);
      const outcome = await sync.run.outcome;
      if (outcome.type !== "done") throw new TypeError("A synchronisation ended without a report.");
      refresher.forget(collection);
      return outcome.report;
    };
    const ended = Promise.resolve()
      .then(work)
      .finally(() => syncs.delete(key));
    const sync: Sync = { collection, stop, startedAt: performance.now(), run: null, ended, waiting, isLeft: false };
    const note = (sentence: string): void => {
      if (sync.waiting.size === 0 && !stop.signal.aborted) lastOf.set(collection, sentence);
    };
    ended.then(
      (report) => note(describeReport(report)),
      (error: unknown) => note(`The last sync_index failed: ${errorMessage(error)}`),
    );
    syncs.set(key, sync);
    lastOf.delete(collection);
    return sync;
  };

  return {
    async run(request, { signal, onProgress }) {
      signal.throwIfAborted();
      const key = JSON.stringify([request.collection, request.roots, request.force]);
      const sync = syncs.get(key) ?? start(key, request);
      sync.waiting.add(onProgress);
      const timer = new AbortController();
      try {
        const limit = sleep(waitMs, null, { signal: timer.signal });
        const report = await untilAborted(Promise.race([sync.ended, limit]), signal);
        if (report !== null) return { type: "done", report };
        sync.isLeft = true;
        return { type: "running", far: farOf(sync), seconds: (performance.now() - sync.startedAt) / 1_000 };
      } finally {
        timer.abort();
        sync.waiting.delete(onProgress);
        if (signal.aborted && sync.waiting.size === 0 && !sync.isLeft) {
          sync.stop.abort(signal.reason);
          await sync.ended.catch(() => undefined);
        }
      }
    },
    describe(collection) {
      const sync = [...syncs.values()].find((one) => one.collection === collection);
      if (sync === undefined) return null;
      return `sync_index is at work on this collection (${farOf(sync)}): until it is done, what changed may be missing or old.`;
    },
    describeLast: (collection) => lastOf.get(collection) ?? null,
    async close() {
      const all = [...syncs.values()];
      for (const { stop } of all) stop.abort(new DOMException("The server ends.", "AbortError"));
      await Promise.all(all.map(async ({ ended }) => ended.catch(() => undefined)));
    },
  };
}

function farOf({ run }: Sync): string {
  if (run === null) return "the files are being counted";
  return run.waitsFor === null ? run.describe() : `it waits for another process, ${run.waitsFor}`;
}

/** How many files that could not be indexed the sentence names. */
const MOST_NAMED = 5;

function describeReport({ documents, files }: IngestReport): string {
  const counts = Object.entries(documents).filter(([, count]) => count > 0);
  const named = files.slice(0, MOST_NAMED).map(({ source, status, reason }) => `${status}: ${source} (${reason})`);
  const more = files.length > MOST_NAMED ? [`${files.length - MOST_NAMED} more problems`] : [];
  const problems = [...named, ...more].join(", ");
  const what = counts.map(([name, count]) => `${count} ${name}`).join(", ");
  return `The last sync_index is done: ${what}.${problems === "" ? "" : ` Problems: ${problems}.`}`;
}
