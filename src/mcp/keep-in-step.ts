import { posix } from "node:path";
import { listAllDocuments } from "../answering/list-all-documents.ts";
import type { UseCases } from "../answering/use-cases.ts";
import { errorMessage, isCitewellError } from "../errors.ts";
import type { FirstIndex } from "./first-index.ts";
import { startIndexRun, type IndexProgress, type IndexRun } from "./index-run.ts";
import { lookAtRoots, type LookMemory, type RootLook } from "./look-at-roots.ts";

/** A folder with more files is not indexed without being asked to. */
const MOST_FIRST_FILES = 20_000;
/** Files that a note names. */
const MOST_NAMED = 3;

/** What is known of a collection between the calls. */
export interface CollectionState extends LookMemory {
  nextLook: number;
  notes: readonly string[];
  running: Promise<void> | null;
  run: IndexRun | null;
  /** Whether the running work makes the first index. */
  isFirst: boolean;
  /** Why there may be no collection yet; null where that has no reason. */
  missing: string | null;
  readonly listeners: Set<(progress: IndexProgress) => void>;
}

/** Nothing is known of a collection yet. */
export function createCollectionState(): CollectionState {
  return {
    nextLook: 0,
    notes: [],
    running: null,
    run: null,
    isFirst: false,
    missing: null,
    listeners: new Set(),
    leftAlone: new Set(),
    settled: new Map(),
    known: new Set(),
  };
}

/** Options of {@link keepInStep}. */
export interface StepOptions {
  readonly state: CollectionState;
  readonly useCases: Pick<UseCases, "documents" | "ingestRoots" | "collections">;
  /** The project to index where its collection is missing. */
  readonly first?: { readonly collection: string; readonly index: FirstIndex };
  readonly signal: AbortSignal;
}

/** Makes a first index or indexes what changed; never rejects: what goes wrong becomes a note. */
export async function keepInStep(collection: string, step: StepOptions): Promise<void> {
  const { state, signal } = step;
  state.missing = null;
  try {
    state.notes = (await makeFirstIndex(collection, step)) ?? (await bringInStep(collection, step));
  } catch (error) {
    if (signal.aborted) return;
    if (state.isFirst) state.missing = `The index could not be made: ${errorMessage(error)}`;
    // The call itself says so.
    if (isCitewellError(error, "collection_missing")) state.notes = [];
    else
      state.notes = [state.missing ?? `The index could not be brought in step and may be old: ${errorMessage(error)}`];
  } finally {
    state.isFirst = false;
  }
}

/** Notes on the first index; null where there is none to make. */
async function makeFirstIndex(
  collection: string,
  { state, useCases, first, signal }: StepOptions,
): Promise<readonly string[] | null> {
  if (first === undefined || first.collection !== collection) return null;
  const { index } = first;
  if (!index.isUnfinished()) {
    const infos = await useCases.collections.list();
    if (infos.some(({ name }) => name === collection)) return null;
    await index.begin();
  }
  state.isFirst = true;
  state.run = startIndexRun(useCases.ingestRoots, {
    collection,
    roots: [index.root],
    signal,
    mostFiles: MOST_FIRST_FILES,
    onProgress: (progress) => state.listeners.forEach((listener) => listener(progress)),
  });
  try {
    const outcome = await state.run.outcome;
    if (outcome.type === "busy") {
      state.missing = `Another process (${outcome.holder}) is making the index: what it has not reached is not found yet, so ask again later.`;
      return [state.missing];
    }
    await index.end();
    if (outcome.type === "done") return failures(index.root, outcome.report.files);
    state.missing = `${index.root} has ${outcome.files} files, too many to index without being asked; call sync_index with paths.`;
    return [state.missing];
  } catch (error) {
    // An interrupted one is gone on with; one that cannot succeed is not begun again at each call.
    if (!signal.aborted && !(isCitewellError(error) && error.retryable)) await index.end();
    throw error;
  }
}

async function bringInStep(collection: string, { state, useCases, signal }: StepOptions): Promise<readonly string[]> {
  const notes: string[] = [];
  const looks = await lookAtRoots(await listAllDocuments(useCases.documents, { collection, signal }), state);
  for (const { root, gone } of looks) {
    if (gone > 0) notes.push(`${gone} indexed documents of ${root} have no file any more; sync_index removes them.`);
  }
  for (const one of looks) {
    if (one.sources.length + one.folders.length > 0)
      notes.push(...(await ingest(collection, one, { state, useCases, signal })));
  }
  return notes;
}

async function ingest(
  collection: string,
  { root, sources, folders, endings }: RootLook,
  { state, useCases, signal }: StepOptions,
): Promise<readonly string[]> {
  const inFolders = folders.flatMap((folder) =>
    endings.map((ending) => `${escapeGlob(folder)}/**/*${escapeGlob(ending)}`),
  );
  state.run = startIndexRun(useCases.ingestRoots, {
    collection,
    roots: [root],
    include: [...sources.map(escapeGlob), ...inFolders],
    signal,
    onProgress: (progress) => state.listeners.forEach((listener) => listener(progress)),
  });
  try {
    const outcome = await state.run.outcome;
    if (outcome.type === "done") return failures(root, outcome.report.files);
    // Their changes are looked at once more when the collection is free.
    for (const source of [...sources, ...folders]) state.settled.delete(`${root}/${source}`);
    return ["Another process is indexing this collection; what changed may be missing yet."];
  } catch (error) {
    // New files that .gitignore names are no business of the index.
    if (isCitewellError(error, "corpus_empty")) return [];
    throw error;
  }
}

function failures(
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
function escapeGlob(source: string): string {
  return source.replaceAll(/[\\*?[\]{}()!+@|^$]/g, String.raw`\$&`);
}
