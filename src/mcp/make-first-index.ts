import { errorMessage, isCitewellError } from "../errors.ts";
import type { CollectionState, StepOptions } from "./collection-state.ts";
import { embedUnfinished, type EmbeddingStep, noteWords, startEmbedding, startRun } from "./embed-unfinished.ts";
import type { FirstIndex } from "./first-index.ts";
import { failures } from "./index-run.ts";

/** A folder with more files is not indexed without being asked to. */
const MOST_FIRST_FILES = 20_000;

/**
 * Makes the first index of a project, words first: resolves once all files are found by these, while the rest goes on, or
 * once it has to wait for another process that makes it. Resolves to false where there is no index to make, or it has come
 * as far as the words already, by this process or another: then changes can be stored.
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
  const startedAt = Date.now();
  // What the last try ended with is no news any more.
  state.notes = [];
  const words = Promise.withResolvers<void>();
  const onWords = (): void => {
    noteWords(index);
    words.resolve();
  };
  const { endedOrHeldUp } = startEmbedding(step, (control) =>
    indexProject(collection, { ...step, ...control, index, onWords }),
  );
  let hasWords = false;
  await Promise.race([words.promise.then(() => (hasWords = true)), endedOrHeldUp]);
  if (hasWords) state.inStepAt = startedAt;
  return hasWords || state.embedding === null || !index.hasWords();
}

interface ProjectStep extends EmbeddingStep {
  readonly index: FirstIndex;
}

/** Never rejects: what goes wrong becomes a note. */
async function indexProject(collection: string, { index, ...step }: ProjectStep): Promise<void> {
  const { state, signal, onWords, onHeldUp } = step;
  const { root } = index;
  const manner = { wordsFirst: true, givesWay: true, waits: true, mostFiles: MOST_FIRST_FILES };
  try {
    const run = startRun({ collection, roots: [root], ...manner, ...(onWords && { onWords }), onHeldUp, signal }, step);
    const outcome = await run.outcome;
    if (outcome.type === "too-many") {
      await index.giveUp();
      state.tooMany = outcome.files;
      state.notes = tooMany(index, state);
    } else if (outcome.type === "done") {
      await index.end();
      state.notes = failures(root, outcome.report.files);
    }
  } catch (error) {
    if (signal.aborted || isCitewellError(error, "collection_busy")) {
      // What a newer change interrupted is gone on with behind it, or by the next process.
      state.unfinished.set(root, null);
      if (!signal.aborted) await embedUnfinished(collection, step);
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
