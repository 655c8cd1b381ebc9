import { stat } from "node:fs/promises";
import path from "node:path";
import type { FSWatcher } from "chokidar";
import picomatch from "picomatch";
import type { IngestCorpus, IngestOptions, WatchEvent } from "../src/domain/ingest.ts";
import { untilAborted } from "../src/domain/until-aborted.ts";
import { IGNORE_FILES, isLeftOutName } from "../src/domain/left-out-name.ts";
import { isCitewellError } from "../src/errors.ts";
import { realPlace } from "./real-place.ts";
import { toPosixPath, withHome } from "./resolve-root.ts";
import { isWebAddress } from "./web/web-address.ts";

/** Options of {@link watchRoots}. */
export interface WatchOptions extends Pick<IngestOptions, "roots"> {
  /** Brings the collection in step. Called once at the start, and again after changes. */
  readonly ingest: () => ReturnType<IngestCorpus>;
  /** Absolute path of the data folder; its changes do not count. */
  readonly dataFolder?: string;
  /**
   * How long nothing must change before a pass begins, in milliseconds: editors and programs write in several steps.
   * @default 300
   */
  readonly quietMs?: number;
  /**
   * Wait before a failed pass is repeated, in milliseconds; it doubles up to twelve times that.
   * @default 5000
   */
  readonly retryMs?: number;
  /**
   * How often roots are looked at for which the system sends no notice, in milliseconds: those that are gone, and all
   * of them if the system cannot watch any more files.
   * @default 2000
   */
  readonly pollMs?: number;
  readonly signal?: AbortSignal;
}

/** How long to wait for a quiet time at most, in milliseconds. */
const LONGEST_WAIT_MS = 5_000;
const RETRY_GROWTH = 12;
/** Without notices, every look costs a whole pass: so they come this many times more seldom. */
const LIMITED_FACTOR = 15;

/**
 * Keeps a collection in step with its roots until the signal ends it: one pass at the start, then one after each batch
 * of changes. Which files changed is not passed on: a pass finds that out, and reads only files whose size or time
 * differ. A failed pass is reported and repeated. Watching ends with the signal's reason, or if the first pass fails
 * for a wrong path or setting.
 */
export async function* watchRoots(options: WatchOptions): AsyncGenerator<WatchEvent, never> {
  const { ingest, retryMs = 5_000, pollMs = 2_000, signal } = options;
  const changes = createChanges(options);
  const watcher = await openWatcher({ ...options, pollMs }, changes);
  try {
    for (let failures = 0, isFirst = true; ; isFirst = false) {
      changes.clear();
      yield { type: "pass-start" };
      let retryInMs: number | null = null;
      try {
        yield* runPass(ingest);
        failures = 0;
      } catch (error) {
        signal?.throwIfAborted();
        if (isFirst && !mayPass(error)) throw error;
        retryInMs = retryMs * Math.min(2 ** failures, RETRY_GROWTH);
        failures += 1;
        yield { type: "pass-failed", error, retryInMs };
      }
      const limit = watcher.takeLimit();
      if (limit !== null) yield { type: "watch-limited", error: limit, everyMs: pollMs * LIMITED_FACTOR };
      if (watcher.isLimited()) retryInMs = Math.min(retryInMs ?? Infinity, pollMs * LIMITED_FACTOR);
      await changes.wait(retryInMs);
    }
  } finally {
    await watcher.close();
  }
}

/** Whether the same pass may succeed later. A wrong path or setting is better reported at the start. */
function mayPass(error: unknown): boolean {
  return isCitewellError(error) && (error.retryable || error.code === "corpus_empty");
}

async function* runPass(ingest: WatchOptions["ingest"]): AsyncGenerator<WatchEvent> {
  for await (const event of ingest()) {
    if (event.type === "ingest-end") yield { type: "pass-end", report: event.report };
    else yield event;
  }
}

interface Changes {
  note(): void;
  clear(): void;
  /** Resolves after changes and a quiet time, or after the given time at the latest. */
  wait(atMostMs: number | null): Promise<void>;
}

function createChanges({ quietMs = 300, signal }: WatchOptions): Changes {
  let firstAt: number | null = null;
  let lastAt = 0;
  let wake = (): void => {};
  const sleep = async (ms: number | null): Promise<void> => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = ms === null ? undefined : setTimeout(resolve, ms);
    wake = resolve;
    try {
      await untilAborted(promise, signal);
    } finally {
      clearTimeout(timer);
    }
  };
  return {
    note() {
      lastAt = performance.now();
      firstAt ??= lastAt;
      wake();
    },
    clear() {
      firstAt = null;
    },
    async wait(atMostMs) {
      const end = atMostMs === null ? Infinity : performance.now() + atMostMs;
      for (;;) {
        const now = performance.now();
        const readyAt = firstAt === null ? Infinity : Math.min(lastAt + quietMs, firstAt + LONGEST_WAIT_MS);
        if (now >= Math.min(readyAt, end)) return;
        const left = Math.min(readyAt, end) - now;
        await sleep(left === Infinity ? null : Math.ceil(left));
      }
    },
  };
}

interface Watcher {
  /** Gives the error that ended the system's notices, once. */
  takeLimit(): unknown;
  isLimited(): boolean;
  close(): Promise<void>;
}

/** Watches the folders and files behind the roots, and checks now and then whether they are still the same ones. */
async function openWatcher(
  { roots, dataFolder, pollMs }: Pick<WatchOptions, "roots" | "dataFolder"> & { readonly pollMs: number },
  changes: Changes,
): Promise<Watcher> {
  const { watch } = await import("chokidar");
  const paths = [...new Set(roots.filter((root) => !isWebAddress(root)).map(watchedPath))];
  let limit: unknown = null;
  let isLimited = false;
  const giveUpNotices = (error: unknown): void => {
    if (isLimited) return;
    isLimited = true;
    limit = error;
    changes.note();
  };
  const ignored = createIgnored(paths, dataFolder === undefined ? [] : await waysTo(dataFolder, paths));
  const open = (): FSWatcher =>
    watch(paths, { ignoreInitial: true, ignored, atomic: true })
      .on("all", () => changes.note())
      .on("error", giveUpNotices);
  let marks = await markAll(paths);
  let watcher = open();
  await untilReady(watcher);
  let checking = Promise.resolve();
  const check = async (): Promise<void> => {
    const next = await markAll(paths);
    const isSame = next.every((mark, index) => mark === marks[index]);
    marks = next;
    if (isSame) return;
    // A folder that was deleted and made again is another one: the notices for the old one have ended.
    await watcher.close();
    watcher = open();
    await untilReady(watcher);
    changes.note();
  };
  const timer = setInterval(() => {
    checking = checking.then(check).catch(giveUpNotices);
  }, pollMs);
  return {
    takeLimit() {
      const taken = limit;
      limit = null;
      return taken;
    },
    isLimited: () => isLimited,
    async close() {
      clearInterval(timer);
      await checking;
      await watcher.close();
    },
  };
}

/** Changes before that are not noticed, so that a pass has to begin after it. */
async function untilReady(watcher: FSWatcher): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  watcher.once("ready", resolve).once("error", () => resolve());
  await promise;
}

/** The path to watch for a root: a glob is watched from the folder in front of its first wildcard. */
function watchedPath(given: string): string {
  const root = withHome(given);
  const { base, isGlob } = picomatch.scan(toPosixPath(root));
  return path.resolve(isGlob ? base : root);
}

/** A mark for each path by which another folder or file in its place is recognised. */
async function markAll(paths: readonly string[]): Promise<readonly string[]> {
  return await Promise.all(
    paths.map(async (one) => {
      const state = await stat(one).catch(() => null);
      if (state === null) return "gone";
      return state.isDirectory() ? `${state.dev}:${state.ino}` : "file";
    }),
  );
}

/** The paths at which a folder is met by whoever starts at other folders and sees no links above them. */
export async function waysTo(folder: string, starts: readonly string[]): Promise<readonly string[]> {
  const real = await realPlace(folder);
  return await Promise.all(starts.map(async (start) => path.join(start, path.relative(await realPlace(start), real))));
}

/**
 * Makes the test for what need not be watched, since no ingestion reads it. The data folder changes with every pass.
 * chokidar writes `/` between the parts of the paths that it asks about, on every system.
 */
export function createIgnored(
  paths: readonly string[],
  dataFolders: readonly string[],
  { sep }: Pick<typeof path, "sep"> = path,
): (file: string) => boolean {
  const rules = new Set(IGNORE_FILES);
  const watched = new Set(paths.map((one) => toPosixPath(one, sep)));
  const data = dataFolders.map((one) => toPosixPath(one, sep));
  return (given) => {
    const file = toPosixPath(given, sep);
    if (watched.has(file)) return false;
    if (data.some((folder) => file === folder || file.startsWith(`${folder}/`))) return true;
    const name = path.posix.basename(file);
    return isLeftOutName(name) && !rules.has(name);
  };
}
