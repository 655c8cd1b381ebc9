import type { UseCases } from "../../answering/use-cases.ts";
import type { OwnRoots } from "../own-roots.ts";
import type { FirstIndex } from "./first-index.ts";
import type { IndexProgress, IndexRun } from "./index-run.ts";
import { createLookMemory, type LookMemory } from "./look-at-roots.ts";
import type { FolderWatch } from "./watch-folders.ts";

/** An ingestion in the background of the calls, which a newer change may interrupt. */
export interface Embedding {
  /** Resolves when it is done, was stopped, or failed; never rejects. */
  readonly ended: Promise<void>;
  /** Resolves when it ended, or when it has to wait long for another process; never rejects. */
  readonly endedOrHeldUp: Promise<void>;
  /** Interrupts it; what it has stored stays. Resolves when it writes no more. */
  stop(): Promise<void>;
}

/** What the server remembers of a collection between calls. */
export interface CollectionState {
  readonly looked: LookMemory;
  nextLook: number;
  /** Time at which the running work began, in milliseconds. */
  startedAt: number;
  /** Milliseconds that the last look at the files took. */
  lookMs: number;
  /** Start of the last look whose changes are all stored, in milliseconds since 1970; 0 if there was none. */
  inStepAt: number;
  notes: readonly string[];
  /** The look at the files under way, including what has to be stored before a call is answered. */
  looking: Promise<void> | null;
  /** What calls wait for: that look, and the embedding it started if nothing else was to be embedded. */
  running: Promise<void> | null;
  run: IndexRun | null;
  /** The embedding in the background of calls and looks. */
  embedding: Embedding | null;
  /** By root, globs of the sources whose words are stored and whose vectors are missing; null means the whole root. */
  readonly unfinished: Map<string, ReadonlySet<string> | null>;
  /** Whether the running work makes the first index. */
  isFirst: boolean;
  /** Whether the running work re-indexes by the rules of a newer version, while the old index answers. */
  isUpgrading: boolean;
  /**
   * How many files the project has if these are too many to be indexed without being asked; null if they are not known
   * to be.
   */
  tooMany: number | null;
  /** Why there may be no collection yet; null if there is no reason. */
  missing: string | null;
  readonly listeners: Set<(progress: IndexProgress) => void>;
  /** Tells when an expensive look is needed before its time. */
  readonly watch: FolderWatch;
}

/** The state of a collection of which nothing is known yet. */
export function createCollectionState(watch: FolderWatch): CollectionState {
  return {
    looked: createLookMemory(),
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
    isFirst: false,
    isUpgrading: false,
    missing: null,
    tooMany: null,
    listeners: new Set(),
    watch,
  };
}

/** Adds notes on a collection, each sentence once. */
export function addNotes(state: CollectionState, notes: readonly string[]): void {
  state.notes = [...new Set([...state.notes, ...notes])];
}

/** A look at the files that takes less than this is made for every call, which takes longer itself; in milliseconds. */
export const FREE_LOOK_MS = 50;

/** What the steps of bringing a collection up to date share. */
export interface StepOptions {
  /** @default FREE_LOOK_MS */
  readonly freeLookMs?: number;
  readonly state: CollectionState;
  readonly useCases: Pick<UseCases, "documents" | "ingestRoots" | "collections">;
  /** The project to index if its collection is missing. */
  readonly first?: { readonly collection: string; readonly index: FirstIndex };
  /** @default all */
  readonly ownRoots?: Pick<OwnRoots, "has">;
  readonly signal: AbortSignal;
}
