import { errorMessage, isCitewellError } from "../errors.ts";
import type { CollectionState, StepOptions } from "./collection-state.ts";
import { failures, type IndexRun, type IndexRunOptions, startIndexRun } from "./index-run.ts";

/** An ingestion that goes on beside the calls, and that a newer change may interrupt. */
export interface Embedding {
  /** Resolves when it is done, was stopped or has failed; never rejects. */
  readonly ended: Promise<void>;
  /** Interrupts it; what it has stored stays. Resolves when nothing is written any more. */
  stop(): Promise<void>;
}

/** What a note says where somebody else holds the collection. */
export const BUSY = "Another process is indexing this collection; what changed may be missing yet.";

/** What a note says where the index stays as it was. */
export function describeFailure(error: unknown): string {
  return `The index could not be brought in step and may be old: ${errorMessage(error)}`;
}

/** Starts work that can be stopped, as the collection's only embedding; `work` never rejects. */
export function startEmbedding(
  { state, signal }: Pick<StepOptions, "state" | "signal">,
  work: (signal: AbortSignal) => Promise<void>,
): Embedding {
  const stopped = new AbortController();
  const finish = async (): Promise<void> => {
    try {
      await work(AbortSignal.any([signal, stopped.signal]));
    } finally {
      state.run = null;
      if (state.embedding === embedding) state.embedding = null;
    }
  };
  const ended = finish();
  const embedding: Embedding = {
    ended,
    async stop() {
      stopped.abort(new DOMException("Something newer is to be indexed first.", "AbortError"));
      await ended;
    },
  };
  state.embedding = embedding;
  return embedding;
}

/** Starts one ingestion of a step and makes it the one that is spoken of. */
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

/**
 * Embeds what was stored by its words, root by root. What it is interrupted at stays in the list, as does what another
 * process or a failure kept it from: the next look starts it again.
 */
export async function embedUnfinished(collection: string, step: StepOptions): Promise<void> {
  const { state, first, signal } = step;
  for (const [root, sources] of state.unfinished) {
    try {
      const include = sources === null ? {} : { include: [...sources] };
      // What is gone was removed with the words, or is to stay.
      const rest = { ...include, removeMissing: false, hasWords: true };
      const run = startRun({ collection, roots: [root], ...rest, signal }, step);
      const outcome = await run.outcome;
      if (outcome.type !== "done") {
        addNotes(state, [BUSY]);
        return;
      }
      addNotes(state, failures(root, outcome.report.files));
    } catch (error) {
      if (signal.aborted) return;
      // New files that .gitignore names are no business of the index.
      if (!isCitewellError(error, "corpus_empty")) {
        addNotes(state, [describeFailure(error)]);
        return;
      }
    }
    state.unfinished.delete(root);
    if (sources !== null) continue;
    await first?.index.end();
    state.isFirst = false;
  }
}

function addNotes(state: CollectionState, notes: readonly string[]): void {
  state.notes = [...new Set([...state.notes, ...notes])];
}
