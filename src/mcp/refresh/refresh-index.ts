import { setTimeout as sleep } from "node:timers/promises";
import type { UseCases } from "../../answering/use-cases.ts";
import { untilAborted } from "../../domain/until-aborted.ts";
import type { OwnRoots } from "../own-roots.ts";
import type { FirstIndex } from "./first-index.ts";
import type { IndexProgress, IndexRun } from "./index-run.ts";
import { createCollectionState, FREE_LOOK_MS, type CollectionState, type StepOptions } from "./collection-state.ts";
import { describeWaiting } from "./embed-unfinished.ts";
import { keepInStep } from "./keep-in-step.ts";
import { createFolderWatch, createWatchRoom } from "./watch-folders.ts";

/** Longest time between two looks at the files, in milliseconds. */
const LOOK_EVERY_MS = 3_000;
/** Share of the time that looks at the files may take, beyond {@link FREE_LOOK_MS} each. */
const LOOK_SHARE = 1 / 20;
/** How long a call waits until changed files are indexed, in milliseconds; then it is answered from what is stored. */
const WAIT_MS = 4_000;
/** How long a call waits for a first index, in milliseconds. */
const FIRST_WAIT_MS = 20_000;

/** Options of {@link createIndexRefresher}. */
export interface IndexRefresherOptions {
  readonly useCases: Pick<UseCases, "documents" | "ingestRoots" | "collections">;
  /**
   * Whether queries bring the index in step.
   * @default true
   */
  readonly enabled?: boolean;
  /**
   * Milliseconds within which one look at the files is enough, at most: after one that took little time every call looks
   * again.
   * @default 3000
   */
  readonly everyMs?: number;
  /**
   * Milliseconds that a look at the files may take to be made for every call. One that takes longer is made before its time
   * where the system tells of a change in the folders.
   * @default 50
   */
  readonly freeLookMs?: number;
  /**
   * How long a call waits for changed files, and for a first index from its start on, in milliseconds; longer work goes on
   * in the background. Later calls during a first index wait as for changed files.
   * @default { changes: 4000, first: 20000 }
   */
  readonly waitMs?: { readonly changes: number; readonly first: number };
  /**
   * The project that is indexed when its collection does not exist, and the name of that collection. Default: none, a
   * missing collection stays missing.
   */
  readonly first?: { readonly collection: string; readonly index: FirstIndex };
  /**
   * Which stored roots may be read again.
   * @default all
   */
  readonly ownRoots?: Pick<OwnRoots, "has">;
}

/** Options of {@link IndexRefresher.refresh}. */
export interface RefreshOptions {
  readonly signal: AbortSignal;
  /** Is told the progress of the indexing while the call waits for it. */
  readonly onProgress?: (progress: IndexProgress) => void;
  /**
   * Whether to look at the files even if that was done just before.
   * @default false
   */
  readonly atOnce?: boolean;
}

/** Keeps collections in step with their local files while they are used. */
export interface IndexRefresher {
  readonly enabled: boolean;
  /**
   * Brings a collection in step if files changed since the last look, and makes the first index of a project. Resolves
   * to sentences about what is not done yet or could not be done; rejects only when aborted, since an older index still
   * answers.
   */
  refresh(collection: string, options: RefreshOptions): Promise<readonly string[]>;
  /**
   * Since when files may have changed without being indexed, in milliseconds since 1970; null if nobody looks at the
   * files.
   */
  inStepSince(collection: string): number | null;
  /** Why a collection that should exist may not exist yet; null if there is no reason. */
  describe(collection: string): string | null;
  /** Stops the background work on a collection that is about to be brought in step in another way. */
  stop(collection: string): Promise<void>;
  /** Forgets the state of a collection that was brought in step in another way. */
  forget(collection: string): void;
  /** Stops all background work; the next process continues an unfinished first index. */
  close(): Promise<void>;
}

/**
 * Makes a refresher. It indexes changed files again, removes documents whose files vanish while it runs, and adds new
 * files with endings that are indexed beside them, and those in new folders. Files that were left out of the index
 * before are not added: whoever ingested may have meant it.
 */
export function createIndexRefresher(options: IndexRefresherOptions): IndexRefresher {
  const { enabled = true, everyMs = LOOK_EVERY_MS, first } = options;
  const { waitMs = { changes: WAIT_MS, first: FIRST_WAIT_MS } } = options;
  const states = new Map<string, CollectionState>();
  const room = createWatchRoom();
  const life = new AbortController();
  const stateOf = (collection: string): CollectionState => {
    const state = states.get(collection) ?? createCollectionState(createFolderWatch(room));
    states.set(collection, state);
    return state;
  };
  return {
    enabled,
    async refresh(collection, { signal, onProgress, atOnce = false }) {
      signal.throwIfAborted();
      if (!enabled || life.signal.aborted) return [];
      const state = stateOf(collection);
      const isDue = atOnce || performance.now() >= state.nextLook || (await state.watch.hasChanged());
      if (isDue && state.looking === null) startLook(collection, { ...options, everyMs, state, signal: life.signal });
      if (state.running !== null) await waitFor(state.running, { state, waitMs, signal, onProgress });
      return state.run === null ? state.notes : [...state.notes, sentenceOf(state, state.run, first)];
    },
    inStepSince: (collection) => (enabled ? (states.get(collection)?.inStepAt ?? 0) : null),
    describe(collection) {
      const state = states.get(collection);
      if (state === undefined) return null;
      return state.run === null ? state.missing : sentenceOf(state, state.run, first);
    },
    async stop(collection) {
      const state = states.get(collection);
      await state?.looking;
      await state?.embedding?.stop();
    },
    forget(collection) {
      const state = states.get(collection);
      if (state?.looking !== null || state.embedding !== null) return;
      state.watch.close();
      states.delete(collection);
    },
    async close() {
      life.abort(new DOMException("The server ends.", "AbortError"));
      const end = async ({ looking, embedding, watch }: CollectionState): Promise<void> => {
        await looking;
        await embedding?.ended;
        watch.close();
      };
      await Promise.all([...states.values()].map(end));
    },
  };
}

function startLook(collection: string, { everyMs, ...step }: StepOptions & { readonly everyMs: number }): void {
  const { state, freeLookMs = FREE_LOOK_MS } = step;
  state.watch.forget();
  state.startedAt = performance.now();
  // If no look succeeds, the longest interval applies.
  state.lookMs = Number.POSITIVE_INFINITY;
  const before = state.embedding;
  const looking = keepInStep(collection, step).finally(() => {
    state.looking = null;
    state.nextLook = performance.now() + Math.min(everyMs, Math.max(0, state.lookMs - freeLookMs) / LOOK_SHARE);
  });
  state.looking = looking;
  const work = async (): Promise<void> => {
    await looking;
    // A call waits for the vectors of a small change, but neither for those of a large one nor for another process.
    if (before === null && !state.isFirst) await state.embedding?.endedOrHeldUp;
    if (state.running === running) state.running = null;
  };
  const running = work();
  state.running = running;
}

function sentenceOf(
  { isFirst, isUpgrading }: CollectionState,
  run: IndexRun,
  first: IndexRefresherOptions["first"],
): string {
  const hasWords = run.hasWords || (isFirst && first?.index.hasWords() === true);
  if (run.waitsFor !== null) return describeWaiting({ holder: run.waitsFor, isFirst, hasWords });
  const far = run.describe();
  if (isUpgrading)
    return `The index is being made anew by the rules of a newer version (${far}); until then the old one answers, without the latest changes.`;
  if (!isFirst)
    return hasWords
      ? `Changed files are found by their words already, meanings follow (${far}).`
      : `Changed files are being indexed (${far}); until then this may be old.`;
  return hasWords
    ? `The index is being made (${far}): all files are found by their words already, meanings follow.`
    : `The index is being made (${far}): what is not indexed yet is not found yet, so ask again then.`;
}

interface WaitOptions extends Pick<RefreshOptions, "signal"> {
  readonly state: CollectionState;
  readonly waitMs: { readonly changes: number; readonly first: number };
  readonly onProgress: RefreshOptions["onProgress"] | undefined;
}

async function waitFor(running: Promise<void>, { state, waitMs, signal, onProgress }: WaitOptions): Promise<void> {
  const stop = new AbortController();
  const timer = async (): Promise<void> => {
    // A caller that asks again during a long run has waited for it already; only without an index a little more helps.
    const waited = state.run === null ? 0 : performance.now() - state.startedAt;
    await sleep(Math.max(0, waitMs.changes - (state.isFirst ? 0 : waited)), undefined, { signal: stop.signal });
    if (state.isFirst)
      await sleep(Math.max(0, waitMs.first - waitMs.changes - waited), undefined, { signal: stop.signal });
  };
  if (onProgress !== undefined) state.listeners.add(onProgress);
  try {
    await untilAborted(Promise.race([running, timer()]), signal);
  } finally {
    stop.abort();
    if (onProgress !== undefined) state.listeners.delete(onProgress);
  }
}
