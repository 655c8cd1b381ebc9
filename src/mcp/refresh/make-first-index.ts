import { setTimeout as sleep } from "node:timers/promises";
import { untilAborted } from "../../domain/until-aborted.ts";
import { errorMessage, isCitewellError } from "../../errors.ts";
import type { CollectionState, StepOptions } from "./collection-state.ts";
import { embedUnfinished, type EmbeddingStep, noteWords, startEmbedding, startRun } from "./embed-unfinished.ts";
import type { FirstIndex } from "./first-index.ts";
import { failures } from "./index-run.ts";

/** A folder with more files is indexed only when asked for. */
const MOST_FIRST_FILES = 20_000;

/** Pause between two looks whether another process has stored the words of all files, in milliseconds. */
const LOOK_MS = 100;

/**
 * Makes the first index of a project, words first. Resolves to true as soon as the words of all files are stored, by
 * this process or by another one that is making the index already; the rest goes on. Resolves to false if there is no
 * index to make, or if that was so before: then there may be changes.
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
    try {
      await index.begin();
    } catch (error) {
      // A project on a read-only disk, for example: the call has to say why there is no index.
      noteFailure(state, error);
      return true;
    }
  }
  state.isFirst = true;
  const startedAt = Date.now();
  // The notes of the last try are outdated.
  state.notes = [];
  const words = Promise.withResolvers<void>();
  const onWords = (): void => {
    noteWords(index);
    words.resolve();
  };
  const { ended, endedOrHeldUp } = startEmbedding(step, (control) =>
    indexProject(collection, { ...step, ...control, index, onWords }),
  );
  const over = new AbortController();
  const elsewhere = endedOrHeldUp.then(() => untilWords(index, AbortSignal.any([step.signal, over.signal])));
  const here = words.promise.then(() => {
    state.inStepAt = startedAt;
    return true;
  });
  return Promise.race([here, ended.then(() => true), elsewhere]).finally(() => over.abort());
}

/**
 * Waits until another process has stored the words of all files. Resolves to false, since that may be some time ago.
 */
async function untilWords(index: FirstIndex, signal: AbortSignal): Promise<false> {
  while (!index.hasWords()) await untilAborted(sleep(LOOK_MS), signal);
  return false;
}

interface ProjectStep extends EmbeddingStep {
  readonly index: FirstIndex;
}

/** Never rejects: a failure becomes a note. */
async function indexProject(collection: string, { index, ...step }: ProjectStep): Promise<void> {
  const { state, signal, onWords, onHeldUp } = step;
  const { root } = index;
  const manner = { wordsFirst: true, givesWay: true, waits: true, mostFiles: MOST_FIRST_FILES };
  try {
    const run = startRun({ collection, roots: [root], ...manner, onWords, onHeldUp, signal }, step);
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
      // What a newer change interrupted is continued after it, or by the next process.
      state.unfinished.set(root, null);
      if (!signal.aborted) await embedUnfinished(collection, step);
      return;
    }
    // An index that cannot succeed is not begun again at each call.
    if (!(isCitewellError(error) && error.retryable)) await index.giveUp().catch(() => undefined);
    noteFailure(state, error);
  }
  state.isFirst = false;
}

function noteFailure(state: CollectionState, error: unknown): void {
  state.missing = `The index could not be made: ${errorMessage(error)}`;
  state.notes = [state.missing];
}

function tooMany({ root }: FirstIndex, state: CollectionState): readonly string[] {
  state.missing = `${root} has ${state.tooMany} files, too many to index without being asked: call sync_index with paths.`;
  return [state.missing];
}
