import { listAllDocuments } from "../answering/list-all-documents.ts";
import { errorMessage, isCitewellError } from "../errors.ts";
import type { StepOptions } from "./collection-state.ts";
import { escapeGlob, failures, startIndexRun } from "./index-run.ts";
import { makeFirstIndex } from "./make-first-index.ts";
import { lookAtRoots, type RootLook } from "./look-at-roots.ts";

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

async function bringInStep(collection: string, { state, useCases, signal }: StepOptions): Promise<readonly string[]> {
  const notes: string[] = [];
  const started = performance.now();
  const looks = await lookAtRoots(await listAllDocuments(useCases.documents, { collection, signal }), state);
  state.lookMs = performance.now() - started;
  for (const { root, gone } of looks) {
    if (gone === 0) continue;
    const [what, them] = gone === 1 ? ["document of", "it"] : ["documents of", "them"];
    notes.push(`${gone} indexed ${what} ${root} without a file any more; sync_index removes ${them}.`);
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
