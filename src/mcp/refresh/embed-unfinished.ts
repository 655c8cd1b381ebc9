import { setTimeout as sleep } from "node:timers/promises";
import { untilAborted } from "../../domain/until-aborted.ts";
import { errorMessage, isCitewellError } from "../../errors.ts";
import { addNotes, type Embedding, type StepOptions } from "./collection-state.ts";
import type { FirstIndex } from "./first-index.ts";
import { failures, type IndexOutcome, type IndexRun, type IndexRunOptions, startIndexRun } from "./index-run.ts";

/** The process that is waited for, if it is known, and the progress of the index. */
interface Waiting {
  readonly holder?: string;
  readonly isFirst?: boolean;
  readonly hasWords?: boolean;
}

/** The note for a collection that another process is working on. */
export function describeWaiting({ holder, isFirst = false, hasWords = false }: Waiting): string {
  const other = holder === undefined ? "Another process" : `Another process (${holder})`;
  const who = `${other} is ${isFirst ? "making the index" : "indexing this collection"}`;
  if (hasWords)
    return `${who}: ${isFirst ? "all" : "changed"} files are found by their words already, meanings follow.`;
  return isFirst
    ? `${who}: what it has not reached is not found yet, so ask again later.`
    : `${who}; what changed may be missing yet.`;
}

/** Pause before a collection is tried again that another process holds, in milliseconds. */
const AGAIN_MS = 200;

/** The note for an index that could not be updated. */
export function describeFailure(error: unknown): string {
  return `The index could not be brought in step and may be old: ${errorMessage(error)}`;
}

/** The means to follow and stop an embedding. */
export interface EmbeddingControl {
  readonly signal: AbortSignal;
  /** To be called when it waits for another process. */
  readonly onHeldUp: () => void;
}

/** Starts work that can be stopped as the only embedding of the collection; `work` never rejects. */
export function startEmbedding(
  { state, signal }: Pick<StepOptions, "state" | "signal">,
  work: (control: EmbeddingControl) => Promise<void>,
): Embedding {
  const stopped = new AbortController();
  const heldUp = Promise.withResolvers<void>();
  const finish = async (): Promise<void> => {
    try {
      await work({ signal: AbortSignal.any([signal, stopped.signal]), onHeldUp: heldUp.resolve });
    } finally {
      state.run = null;
      if (state.embedding === embedding) state.embedding = null;
    }
  };
  const ended = finish();
  const embedding: Embedding = {
    ended,
    endedOrHeldUp: Promise.race([ended, heldUp.promise]),
    async stop() {
      stopped.abort(new DOMException("Something newer is to be indexed first.", "AbortError"));
      await ended;
    },
  };
  state.embedding = embedding;
  return embedding;
}

/** Starts one ingestion of a step, and makes it the one whose progress is reported. */
export function startRun(
  options: Omit<IndexRunOptions, "onProgress">,
  { state, useCases }: Pick<StepOptions, "state" | "useCases">,
): IndexRun {
  const onProgress: IndexRunOptions["onProgress"] = (progress) =>
    state.listeners.forEach((listener) => listener(progress));
  const run = startIndexRun(useCases.ingestRoots, { ...options, onProgress });
  state.run = run;
  return run;
}

/** What the embedding of a step needs. */
export interface EmbeddingStep extends StepOptions, Pick<EmbeddingControl, "onHeldUp"> {
  /** Called when the words of a whole project are stored. */
  readonly onWords?: () => void;
}

/**
 * Embeds what was stored by its words, root by root. It waits for other processes, gives way to those that want the
 * collection for a moment, and then continues. If it is stopped or fails, what is left stays in the list, and the next
 * look starts it again.
 */
export async function embedUnfinished(collection: string, step: EmbeddingStep): Promise<void> {
  const { state, first, signal } = step;
  for (const [root, sources] of state.unfinished) {
    try {
      const outcome = await embedRoot(collection, { ...step, root, sources });
      if (outcome.type === "done") addNotes(state, failures(root, outcome.report.files));
      if (sources === null) await first?.index.end();
    } catch (error) {
      if (signal.aborted) return;
      // New files that .gitignore names are not to be indexed.
      if (!isCitewellError(error, "corpus_empty")) {
        addNotes(state, [describeFailure(error)]);
        return;
      }
    }
    state.unfinished.delete(root);
    if (sources === null) state.isFirst = false;
  }
}

async function embedRoot(
  collection: string,
  { root, sources, ...step }: EmbeddingStep & { readonly root: string; readonly sources: ReadonlySet<string> | null },
): Promise<IndexOutcome> {
  const { first, signal, onHeldUp, onWords = () => noteWords(first?.index) } = step;
  // Documents whose files are gone were removed with the words, or are to stay.
  const options = { collection, roots: [root], removeMissing: false, givesWay: true, waits: true, onHeldUp, signal };
  for (;;) {
    const hasWords = sources !== null || first?.index.hasWords() === true;
    const words = hasWords ? { hasWords } : { wordsFirst: true, onWords };
    const include = sources === null ? {} : { include: [...sources] };
    try {
      return await startRun({ ...options, ...include, ...words }, step).outcome;
    } catch (error) {
      if (signal.aborted || !isCitewellError(error, "collection_busy")) throw error;
      await untilAborted(sleep(AGAIN_MS), signal);
    }
  }
}

/**
 * Records that the words of all files are stored. It may fail: other processes then only know less about the progress.
 */
export function noteWords(index: FirstIndex | undefined): void {
  index?.noteWords().catch(() => undefined);
}
