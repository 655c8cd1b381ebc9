import { errorMessage, isCitewellError } from "../errors.ts";
import type { CollectionState, StepOptions } from "./collection-state.ts";
import { startEmbedding, startRun } from "./embed-unfinished.ts";
import type { FirstIndex } from "./first-index.ts";
import { failures } from "./index-run.ts";

/** A folder with more files is not indexed without being asked to. */
const MOST_FIRST_FILES = 20_000;

/**
 * Makes the first index of a project, words first: resolves once all files are found by these, while the rest goes on.
 * Resolves to false where there is no index to make, or it has come that far already.
 */
export async function makeFirstIndex(collection: string, step: StepOptions): Promise<boolean> {
  const { state, useCases, first } = step;
  if (first === undefined || first.collection !== collection || state.isFirst) return false;
  const { index } = first;
  if (!index.isUnfinished()) {
    const infos = await useCases.collections.list();
    if (infos.some(({ name }) => name === collection)) return false;
    if (state.tooMany !== null) {
      state.notes = tooMany(index, state);
      return true;
    }
    await index.begin();
  }
  state.isFirst = true;
  // What the last try ended with is no news any more.
  state.notes = [];
  const words = Promise.withResolvers<void>();
  const { ended } = startEmbedding(step, (signal) =>
    indexProject(collection, { ...step, index, onWords: words.resolve, signal }),
  );
  await Promise.race([words.promise, ended]);
  return true;
}

interface ProjectStep extends StepOptions {
  readonly index: FirstIndex;
  readonly onWords: () => void;
}

async function indexProject(collection: string, { index, onWords, ...step }: ProjectStep): Promise<void> {
  const { state, signal } = step;
  const { root } = index;
  try {
    const run = startRun(
      { collection, roots: [root], wordsFirst: true, signal, onWords, mostFiles: MOST_FIRST_FILES },
      step,
    );
    const outcome = await run.outcome;
    if (outcome.type === "busy") {
      state.missing = `Another process (${outcome.holder}) is making the index: what it has not reached is not found yet, so ask again later.`;
      state.notes = [state.missing];
    } else if (outcome.type === "too-many") {
      await index.giveUp();
      state.tooMany = outcome.files;
      state.notes = tooMany(index, state);
    } else {
      await index.end();
      state.notes = failures(root, outcome.report.files);
    }
  } catch (error) {
    if (signal.aborted) {
      // What a newer change interrupted is gone on with behind it, or by the next process.
      state.unfinished.set(root, null);
      return;
    }
    // One that cannot succeed is not begun again at each call.
    if (!(isCitewellError(error) && error.retryable)) await index.giveUp().catch(() => undefined);
    state.missing = `The index could not be made: ${errorMessage(error)}`;
    state.notes = [state.missing];
  }
  state.isFirst = false;
}

function tooMany({ root }: FirstIndex, state: CollectionState): readonly string[] {
  state.missing = `${root} has ${state.tooMany} files, too many to index without being asked: call sync_index with paths.`;
  return [state.missing];
}
