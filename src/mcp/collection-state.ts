import type { UseCases } from "../answering/use-cases.ts";
import type { Embedding } from "./embed-unfinished.ts";
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
  /** The look at the files under way, with what has to be stored before anybody is answered. */
  looking: Promise<void> | null;
  /** What calls wait for: that look, and the embedding it led to where nothing else was to be embedded. */
  running: Promise<void> | null;
  run: IndexRun | null;
  /** Vectors that are made beside the calls and the looks. */
  embedding: Embedding | null;
  /** Sources, as globs, whose words are stored and whose vectors are missing, by root; null stands for all of a root. */
  readonly unfinished: Map<string, ReadonlySet<string> | null>;
  /** Whether the running work makes the first index. */
  isFirst: boolean;
  /** Whether the running work makes the index anew by the rules of a newer version, while the old one answers. */
  isUpgrading: boolean;
  /** Files of a project that has too many to be indexed without being asked to; null where it is not known to. */
  tooMany: number | null;
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
    looking: null,
    running: null,
    run: null,
    embedding: null,
    unfinished: new Map(),
    removesGone: false,
    isFirst: false,
    isUpgrading: false,
    missing: null,
    tooMany: null,
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
