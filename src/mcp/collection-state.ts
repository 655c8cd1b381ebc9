import type { UseCases } from "../answering/use-cases.ts";
import type { FirstIndex } from "./first-index.ts";
import type { IndexProgress, IndexRun } from "./index-run.ts";
import type { LookMemory } from "./look-at-roots.ts";

/** What is known of a collection between the calls. */
export interface CollectionState extends LookMemory {
  nextLook: number;
  /** Time at which the running work began, in milliseconds. */
  startedAt: number;
  /** Milliseconds that the last look at the files took. */
  lookMs: number;
  notes: readonly string[];
  running: Promise<void> | null;
  run: IndexRun | null;
  /** Whether the running work makes the first index. */
  isFirst: boolean;
  /** Files of a project that has too many to be indexed without being asked to; null where it is not known to. */
  tooMany: number | null;
  /** Resolves once the running work has stored the words of a first index. */
  words: Promise<void>;
  haveWords: () => void;
  /** Why there may be no collection yet; null where that has no reason. */
  missing: string | null;
  readonly listeners: Set<(progress: IndexProgress) => void>;
}

/** Nothing is known of a collection yet. */
export function createCollectionState(): CollectionState {
  return {
    nextLook: 0,
    startedAt: 0,
    lookMs: Number.POSITIVE_INFINITY,
    notes: [],
    running: null,
    run: null,
    isFirst: false,
    missing: null,
    tooMany: null,
    words: new Promise(() => undefined),
    haveWords: () => undefined,
    listeners: new Set(),
    leftAlone: new Set(),
    settled: new Map(),
    known: new Set(),
  };
}

/** What bringing a collection in step works with. */
export interface StepOptions {
  readonly state: CollectionState;
  readonly useCases: Pick<UseCases, "documents" | "ingestRoots" | "collections">;
  /** The project to index where its collection is missing. */
  readonly first?: { readonly collection: string; readonly index: FirstIndex };
  readonly signal: AbortSignal;
}
