import { setTimeout as sleep } from "node:timers/promises";
import type { UseCases } from "../answering/use-cases.ts";
import type { FirstIndex } from "./first-index.ts";
import type { IndexProgress, IndexRun } from "./index-run.ts";
import { createCollectionState, keepInStep, type AwaitedQuestion, type CollectionState } from "./keep-in-step.ts";

/** Time between two looks at the files, in milliseconds. */
const LOOK_EVERY_MS = 3_000;
/** How long a call waits until changed files are indexed; then it goes on with what is there. */
const WAIT_MS = 4_000;
/** How long a call waits for a first index. */
const FIRST_WAIT_MS = 20_000;

/** Options of {@link createIndexRefresher}. */
export interface IndexRefresherOptions {
  readonly useCases: Pick<UseCases, "documents" | "ingestRoots" | "collections">;
  /**
   * Whether queries bring the index in step at all.
   * @default true
   */
  readonly enabled?: boolean;
  /**
   * Milliseconds within which one look at the files is enough.
   * @default 3000
   */
  readonly everyMs?: number;
  /**
   * Milliseconds a call waits for changed files, and for a first index; work that takes longer goes on beside the calls.
   * @default { changes: 4000, first: 20000 }
   */
  readonly waitMs?: { readonly changes: number; readonly first: number };
  /**
   * The project that is indexed when a collection is asked for that does not exist, and the name of that collection.
   * Default: none, a missing collection stays missing.
   */
  readonly first?: { readonly collection: string; readonly index: FirstIndex };
}

/** What a call looks for. */
export interface IndexQuestion {
  readonly task: string;
  /** Whether it looks for code. */
  readonly code: boolean;
}

/** Options of {@link IndexRefresher.refresh}. */
export interface RefreshOptions {
  readonly signal: AbortSignal;
  /**
   * What is asked: while a first index is made, the files that hold most of its words come first.
   * @default nothing in particular
   */
  readonly question?: IndexQuestion;
  /** Hears how far the indexing is, while the call waits for it. */
  readonly onProgress?: (progress: IndexProgress) => void;
}

/** Keeps collections in step with their local files while they are asked. */
export interface IndexRefresher {
  readonly enabled: boolean;
  /**
   * Brings a collection in step if files changed since the last look, and makes the first index of a project. Resolves to
   * sentences about what is not done yet or could not be done; never rejects but for an abort, since an older index still
   * answers.
   */
  refresh(collection: string, options: RefreshOptions): Promise<readonly string[]>;
  /** Why a collection that should be there may not be there yet; null where that is not so. */
  describe(collection: string): string | null;
  /** Forgets what was seen of a collection, which was brought in step otherwise. */
  forget(collection: string): void;
  /** Stops what goes on beside the calls; an unfinished first index is taken up by the next process. */
  close(): Promise<void>;
}

/**
 * Makes a refresher. It indexes changed files again, removes documents whose files vanish while it watches, and adds new
 * files of the endings that are indexed beside them, and those in new folders. What was left out of the index before is not
 * added: whoever ingested may have meant it.
 */
export function createIndexRefresher(options: IndexRefresherOptions): IndexRefresher {
  const { enabled = true, everyMs = LOOK_EVERY_MS, waitMs = { changes: WAIT_MS, first: FIRST_WAIT_MS } } = options;
  const states = new Map<string, CollectionState>();
  const life = new AbortController();
  const stateOf = (collection: string): CollectionState => {
    const state = states.get(collection) ?? createCollectionState();
    states.set(collection, state);
    return state;
  };
  return {
    enabled,
    async refresh(collection, { signal, question, onProgress }) {
      signal.throwIfAborted();
      if (!enabled || life.signal.aborted) return [];
      const state = stateOf(collection);
      const awaited = question === undefined ? null : expect(state, question);
      if (state.running === null && performance.now() >= state.nextLook) {
        state.running = keepInStep(collection, { ...options, state, signal: life.signal }).finally(() => {
          state.running = null;
          state.run = null;
          state.nextLook = performance.now() + everyMs;
        });
      }
      if (state.running !== null) {
        if (onProgress !== undefined) state.listeners.add(onProgress);
        try {
          await waitFor(state, { waitMs, awaited, signal });
        } finally {
          if (onProgress !== undefined) state.listeners.delete(onProgress);
        }
      }
      return state.run === null ? state.notes : [sentenceOf(state, state.run, awaited?.isPrepared === true)];
    },
    describe(collection) {
      const state = states.get(collection);
      if (state === undefined) return null;
      return state.run === null ? state.missing : sentenceOf(state, state.run, false);
    },
    forget(collection) {
      if (states.get(collection)?.running === null) states.delete(collection);
    },
    async close() {
      life.abort(new DOMException("The server ends.", "AbortError"));
      await Promise.all([...states.values()].map(async ({ running }) => running));
    },
  };
}

/** Notes a question for the first index, if one is made; the same question is noted once. */
function expect(state: CollectionState, { task, code }: IndexQuestion): AwaitedQuestion {
  const key = `${code} ${task}`;
  const known = state.questions.get(key);
  if (known !== undefined) return known;
  const { promise: prepared, resolve: settle } = Promise.withResolvers<void>();
  const awaited = { task, code, isPrepared: false, prepared, settle };
  state.questions.set(key, awaited);
  state.giveWay?.abort(new DOMException("A question comes first.", "AbortError"));
  return awaited;
}

function sentenceOf({ isFirst }: CollectionState, run: IndexRun, isPrepared: boolean): string {
  const far = run.describe();
  if (!isFirst) return `Changed files are being indexed (${far}); until then this may be old.`;
  return isPrepared
    ? `The index is being made (${far}): until then this comes from the files that hold most of the words asked for.`
    : `The index is being made (${far}): what is not indexed yet is not found yet, so ask again then.`;
}

async function waitFor(
  state: CollectionState,
  {
    waitMs,
    awaited,
    signal,
  }: {
    readonly waitMs: { readonly changes: number; readonly first: number };
    readonly awaited: AwaitedQuestion | null;
    readonly signal: AbortSignal;
  },
): Promise<void> {
  const stop = new AbortController();
  const timer = async (): Promise<void> => {
    await sleep(waitMs.changes, undefined, { signal: stop.signal });
    if (state.isFirst) await sleep(Math.max(0, waitMs.first - waitMs.changes), undefined, { signal: stop.signal });
  };
  try {
    const done = awaited === null ? state.running : Promise.race([state.running, awaited.prepared]);
    await Promise.race([done, timer(), rejectedOnAbort(signal, stop.signal)]);
  } finally {
    stop.abort();
  }
}

function rejectedOnAbort(signal: AbortSignal, until: AbortSignal): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  if (signal.aborted) reject(signal.reason);
  else signal.addEventListener("abort", () => reject(signal.reason), { once: true, signal: until });
  return promise;
}
