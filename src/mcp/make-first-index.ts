import { isCitewellError } from "../errors.ts";
import type { FirstIndex } from "./first-index.ts";
import { escapeGlob, failures, startIndexRun, type IndexOutcome } from "./index-run.ts";
import type { AwaitedQuestion, StepOptions } from "./keep-in-step.ts";
import { findPromisingFiles } from "./promising-files.ts";

/** A folder with more files is not indexed without being asked to. */
const MOST_FIRST_FILES = 20_000;

/**
 * Makes the first index of a project. Whoever asks meanwhile does not wait for all of it: the files that hold most of the
 * question's words come first. Resolves to sentences about what is missing, and to null where there is no index to make.
 */
export async function makeFirstIndex(collection: string, step: StepOptions): Promise<readonly string[] | null> {
  const { state, useCases, first, signal } = step;
  if (first === undefined || first.collection !== collection) return null;
  const { index } = first;
  if (!index.isUnfinished()) {
    const infos = await useCases.collections.list();
    if (infos.some(({ name }) => name === collection)) return null;
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

async function indexProject(collection: string, step: ProjectStep): Promise<readonly string[]> {
  const { state, index, signal } = step;
  for (;;) {
    const question = [...state.questions.values()].find(({ isPrepared }) => !isPrepared);
    const outcome =
      question === undefined ? await indexAll(collection, step) : await prepare(collection, { ...step, question });
    signal.throwIfAborted();
    if (outcome === null) continue;
    if (outcome.type === "busy") {
      state.missing = `Another process (${outcome.holder}) is making the index: what it has not reached is not found yet, so ask again later.`;
      return [state.missing];
    }
    if (outcome.type === "too-many") {
      state.tooMany = outcome.files;
      state.missing = `${index.root} has ${outcome.files} files, too many to index without being asked: only those that hold most of the words asked for are; call sync_index with paths.`;
      return [state.missing];
    }
    await index.end();
    return failures(index.root, outcome.report.files);
  }
}

/** Indexes everything; null where it gave way to a question. */
async function indexAll(
  collection: string,
  { state, useCases, index, signal }: ProjectStep,
): Promise<IndexOutcome | null> {
  if (state.tooMany !== null) return { type: "too-many", files: state.tooMany };
  const giveWay = new AbortController();
  state.giveWay = giveWay;
  state.run = startIndexRun(useCases.ingestRoots, {
    collection,
    roots: [index.root],
    signal: AbortSignal.any([signal, giveWay.signal]),
    mostFiles: MOST_FIRST_FILES,
    onProgress: (progress) => state.listeners.forEach((listener) => listener(progress)),
  });
  try {
    return await state.run.outcome;
  } catch (error) {
    if (giveWay.signal.aborted && !signal.aborted) return null;
    throw error;
  } finally {
    state.giveWay = null;
  }
}

/** Indexes what a question needs most; null unless another process is at it. */
async function prepare(
  collection: string,
  { state, useCases, index, signal, question }: ProjectStep & { readonly question: AwaitedQuestion },
): Promise<IndexOutcome | null> {
  const { task, code } = question;
  const files = await findPromisingFiles(index.root, { task, code, signal });
  let outcome: IndexOutcome | null = null;
  if (files.length > 0) {
    state.run = startIndexRun(useCases.ingestRoots, {
      collection,
      roots: [index.root],
      include: files.map(escapeGlob),
      signal,
      onProgress: () => undefined,
    });
    try {
      outcome = await state.run.outcome;
    } catch (error) {
      // All of them are left out of the index on purpose.
      if (!isCitewellError(error, "corpus_empty")) throw error;
    }
  }
  question.isPrepared = true;
  question.settle();
  return outcome?.type === "busy" ? outcome : null;
}
