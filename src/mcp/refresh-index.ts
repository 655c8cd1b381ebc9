import { posix } from "node:path";
import type { UseCases } from "../answering/use-cases.ts";
import { errorMessage, isCitewellError } from "../errors.ts";
import { listAllDocuments } from "../answering/list-all-documents.ts";
import { lookAtRoots, type RootLook } from "./look-at-roots.ts";

/** Time between two looks at the files, in milliseconds. */
const LOOK_EVERY_MS = 3_000;
/** Files that a query brings in step by itself; more would keep it waiting for too long. */
const MOST_FILES = 50;

/** Options of {@link createIndexRefresher}. */
export interface IndexRefresherOptions {
  readonly useCases: Pick<UseCases, "documents" | "ingestRoots">;
  /**
   * Whether queries bring the index in step at all.
   * @default true
   */
  readonly enabled?: boolean;
  /**
   * Milliseconds within which one look at the files is enough.
   * @default 3000
   */
  readonly everyMs?: number;
}

/** Keeps collections in step with their local files while they are asked. */
export interface IndexRefresher {
  readonly enabled: boolean;
  /**
   * Brings a collection in step if files changed since the last look. Resolves to sentences about what could not be done;
   * never rejects but for an abort, since an older index still answers.
   */
  refresh(collection: string, signal: AbortSignal): Promise<readonly string[]>;
  /** Forgets what was seen of a collection, which was brought in step otherwise. */
  forget(collection: string): void;
}

interface CollectionState {
  nextLook: number;
  notes: readonly string[];
  running: Promise<void> | null;
  /** Files that are left alone: missing or not indexed when this process first looked. */
  readonly leftAlone: Set<string>;
  /** Time of the last change of files that were looked at in vain. */
  readonly settled: Map<string, number>;
  readonly known: Set<string>;
}

/**
 * Makes a refresher. It indexes changed files again, removes documents whose files vanish while it watches, and adds new
 * files that lie beside indexed ones of the same ending. What was left out of the index before is not added: whoever
 * ingested may have meant it.
 */
export function createIndexRefresher(options: IndexRefresherOptions): IndexRefresher {
  const { enabled = true, everyMs = LOOK_EVERY_MS } = options;
  const states = new Map<string, CollectionState>();
  return {
    enabled,
    async refresh(collection, signal) {
      if (!enabled) return [];
      const state = states.get(collection) ?? {
        nextLook: 0,
        notes: [],
        running: null,
        leftAlone: new Set(),
        settled: new Map(),
        known: new Set(),
      };
      states.set(collection, state);
      if (state.running === null && performance.now() >= state.nextLook) {
        state.running = look(collection, { state, useCases: options.useCases }).finally(() => {
          state.running = null;
          state.nextLook = performance.now() + everyMs;
        });
      }
      if (state.running !== null) await Promise.race([state.running, rejectedOnAbort(signal)]);
      return state.notes;
    },
    forget: (collection) => void states.delete(collection),
  };
}

async function look(
  collection: string,
  { state, useCases }: { readonly state: CollectionState; readonly useCases: IndexRefresherOptions["useCases"] },
): Promise<void> {
  const notes: string[] = [];
  try {
    const looks = await lookAtRoots(await listAllDocuments(useCases.documents, { collection }), state);
    const files = looks.reduce((sum, { sources }) => sum + sources.length, 0);
    for (const { root, gone } of looks) {
      if (gone > 0) notes.push(`${gone} indexed documents of ${root} have no file any more; sync_index removes them.`);
    }
    if (files > MOST_FILES) notes.push(`${files} files changed since they were indexed; call sync_index.`);
    else for (const one of looks) if (one.sources.length > 0) notes.push(...(await ingest(collection, one, useCases)));
  } catch (error) {
    // The call itself says so.
    if (!isCitewellError(error, "collection_missing"))
      notes.push(`The index could not be brought in step and may be old: ${errorMessage(error)}`);
  }
  state.notes = notes;
}

async function ingest(
  collection: string,
  { root, sources }: RootLook,
  { ingestRoots }: Pick<UseCases, "ingestRoots">,
): Promise<readonly string[]> {
  const include = sources.map(escapeGlob);
  const notes: string[] = [];
  try {
    for await (const event of ingestRoots({ collection, roots: [root], include })) {
      if (event.type !== "ingest-end") continue;
      for (const { source, status, reason } of event.report.files) {
        if (status === "failed") notes.push(`${posix.join(root, source)} could not be indexed again: ${reason}`);
      }
    }
  } catch (error) {
    // New files that .gitignore names are no business of the index.
    if (!isCitewellError(error, "corpus_empty")) throw error;
  }
  return notes;
}

/** A glob that matches this source only. */
function escapeGlob(source: string): string {
  return source.replaceAll(/[\\*?[\]{}()!+@|^$]/g, String.raw`\$&`);
}

function rejectedOnAbort(signal: AbortSignal): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  if (signal.aborted) reject(signal.reason);
  else signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  return promise;
}
