import type { UseCases } from "../answering/use-cases.ts";
import type { FirstIndex } from "./first-index.ts";
import type { IndexProgress, IndexRun } from "./index-run.ts";
import type { LookMemory } from "./look-at-roots.ts";
import { createFolderWatch, type FolderWatch } from "./watch-folders.ts";

/** An ingestion that goes on beside the calls, and that a newer change may interrupt. */
export interface Embedding {
  /** Resolves when it is done, was stopped or has failed; never rejects. */
  readonly ended: Promise<void>;
  /** Resolves when it ended, or waits for another process that holds the collection for long; never rejects. */
  readonly endedOrHeldUp: Promise<void>;
  /** Interrupts it; what it has stored stays. Resolves when nothing is written any more. */
  stop(): Promise<void>;
}

/** What is known of a collection between the calls. */
export interface CollectionState extends LookMemory {
  nextLook: number;
  /** Time at which the running work began, in milliseconds. */
  startedAt: number;
  /** Milliseconds that the last look at the files took. */
  lookMs: number;
  /** When the look began whose changes are all stored, in milliseconds since 1970; 0 where none is. */
  inStepAt: number;
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
  /** Tells where a look that is dear is due before its time. */
  readonly watch: FolderWatch;
}

/** Nothing is known of a collection yet. */
export function createCollectionState(): CollectionState {
  return {
    nextLook: 0,
    startedAt: 0,
    lookMs: Number.POSITIVE_INFINITY,
    inStepAt: 0,
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
    watch: createFolderWatch(),
    leftAlone: new Set(),
    settled: new Map(),
    known: new Set(),
  };
}

/** Adds to what is said of a collection, each sentence once. */
export function addNotes(state: CollectionState, notes: readonly string[]): void {
  state.notes = [...new Set([...state.notes, ...notes])];
}

/** A look that takes less is made for every call, which takes longer itself, in milliseconds. */
export const FREE_LOOK_MS = 50;

/** What bringing a collection in step works with. */
export interface StepOptions {
  /** @default FREE_LOOK_MS */
  readonly freeLookMs?: number;
  readonly state: CollectionState;
  readonly useCases: Pick<UseCases, "documents" | "ingestRoots" | "collections">;
  /** The project to index where its collection is missing. */
  readonly first?: { readonly collection: string; readonly index: FirstIndex };
  readonly signal: AbortSignal;
}
