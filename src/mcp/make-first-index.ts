import { isCitewellError } from "../errors.ts";
import type { FirstIndex } from "./first-index.ts";
import { failures, startIndexRun } from "./index-run.ts";
import type { CollectionState, StepOptions } from "./collection-state.ts";

/** A folder with more files is not indexed without being asked to. */
const MOST_FIRST_FILES = 20_000;

/**
 * Makes the first index of a project, words first: whoever asks meanwhile waits for these only. Resolves to sentences about what is missing, and to null where there is no index to make.
 */
export async function makeFirstIndex(collection: string, step: StepOptions): Promise<readonly string[] | null> {
  const { state, useCases, first, signal } = step;
  if (first === undefined || first.collection !== collection) return null;
  const { index } = first;
  if (!index.isUnfinished()) {
    const infos = await useCases.collections.list();
    if (infos.some(({ name }) => name === collection)) return null;
    if (state.tooMany !== null) return tooMany(index, state);
    await index.begin();
  }
  state.isFirst = true;
  try {
    return await indexProject(collection, { ...step, index });
  } catch (error) {
    // An interrupted one is gone on with; one that cannot succeed is not begun again at each call.
    if (!signal.aborted && !(isCitewellError(error) && error.retryable)) await index.end();
    throw error;
  }
}

interface ProjectStep extends StepOptions {
  readonly index: FirstIndex;
}

async function indexProject(
  collection: string,
  { state, useCases, index, signal }: ProjectStep,
): Promise<readonly string[]> {
  state.run = startIndexRun(useCases.ingestRoots, {
    collection,
    roots: [index.root],
    wordsFirst: true,
    signal,
    onWords: state.haveWords,
    mostFiles: MOST_FIRST_FILES,
    onProgress: (progress) => state.listeners.forEach((listener) => listener(progress)),
  });
  const outcome = await state.run.outcome;
  if (outcome.type === "busy") {
    state.missing = `Another process (${outcome.holder}) is making the index: what it has not reached is not found yet, so ask again later.`;
    return [state.missing];
  }
  if (outcome.type === "too-many") {
    await index.end();
    state.tooMany = outcome.files;
    return tooMany(index, state);
  }
  await index.end();
  return failures(index.root, outcome.report.files);
}

function tooMany({ root }: FirstIndex, state: CollectionState): readonly string[] {
  state.missing = `${root} has ${state.tooMany} files, too many to index without being asked: call sync_index with paths.`;
  return [state.missing];
}
