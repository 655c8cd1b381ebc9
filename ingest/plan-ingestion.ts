import { existsSync } from "node:fs";
import path from "node:path";
import type { DocumentRecord } from "../src/domain/document.ts";
import type { IngestEvent, IngestOptions } from "../src/domain/ingest.ts";
import { CitewellError, isCitewellError } from "../src/errors.ts";
import type { VectorStore } from "../src/store/vector-store.ts";
import { CARRIES_NOTHING, planCarryOver } from "./carry-over.ts";
import { type CollectionTarget, openTarget } from "./collection-target.ts";
import { DEFAULT_MAX_FILE_BYTES, loadFile, type LoadOutcome } from "./loaders/load-document.ts";
import { findLargeRemoval, keyOf, type PlannedRemoval } from "./plan-sync.ts";
import { type ResolvedRoot, resolveRoots, toPosixPath, withHome } from "./resolve-root.ts";
import type { DocumentTask } from "./document-task.ts";
import type { IngestParts, SkippedSource } from "./run-ingestion.ts";
import { refuseShardedReindexing } from "./shard.ts";
import { isOnlyBegun } from "./store-words.ts";
import { listStoredDocuments } from "./stored-documents.ts";
import { type PresentFile, type Survey, surveyRoots } from "./survey.ts";
import { visitWebRoots, withoutFetchState } from "./web/visit-roots.ts";

/** What an ingestion has to do. */
export interface IngestWork {
  readonly startedAt: number;
  readonly target: CollectionTarget;
  readonly survey: Survey;
  readonly tasks: readonly DocumentTask[];
  readonly removals: readonly DocumentRecord[];
  readonly keeps: readonly DocumentRecord[];
  /** The error that stops it unless `force` is given; null if nothing does. */
  readonly refusal: CitewellError | null;
  /** What has to go because its source gave no document, and the error that stops the ingestion for all that has to. */
  readonly judge: (skipped: readonly SkippedSource[]) => Judgement;
}

/** See {@link IngestWork}. */
export interface Judgement {
  readonly removals: readonly DocumentRecord[];
  readonly refusal: CitewellError | null;
}

/**
 * Compares the roots with what is stored and plans what is to be done. Stores nothing; reads only files that may have
 * changed.
 *
 * @throws CitewellError as the ingestion itself, but for `deletion_refused`, which is in the result.
 */
export async function* planIngestion(
  parts: IngestParts,
  options: IngestOptions,
): AsyncGenerator<IngestEvent, IngestWork> {
  const startedAt = performance.now();
  const { store } = parts;
  const { collection: name, signal, force = false, upgrade, overwrite = false, removeMissing = true } = options;
  const maxFileBytes = options.maxFileBytes ?? parts.maxFileBytes ?? DEFAULT_MAX_FILE_BYTES;
  const allowSecrets = options.allowSecrets ?? parts.allowSecrets ?? false;
  const roots = await findRoots(store, options);
  const wish = { wanted: options, force, upgrade, overwrite };
  const target = await openTarget(parts, { name, ...wish, roots: () => options.roots, signal });
  if (target.replaces !== null) refuseShardedReindexing(name, options.shard);
  else if (roots.length === 0) throw nothingToReindex(name);
  const stored = target.info === null ? [] : await listStoredDocuments(store, target.physical, { signal });
  const replaced = target.replaces === null ? [] : await listStoredDocuments(store, name, { signal });
  const limits = { ...options, maxFileBytes, allowSecrets };
  const visits = roots.some(({ kind }) => kind === "web")
    ? yield* visitWebRoots(roots, {
        ...limits,
        web: parts.web,
        levels: options.crawl ?? 0,
        maxBytes: maxFileBytes,
        // Pages are visited again for the collection that is re-indexed, too.
        stored: overwrite ? [] : [...replaced.map(withoutFetchState), ...stored],
      })
    : [];
  // A successor holds nothing that an older version read, and what it has need not be begun again.
  const reread = options.reread === true && target.replaces === null;
  const survey = await surveyRoots(roots, {
    ...limits,
    reread,
    dataFolder: parts.dataFolder,
    stored,
    replaced,
    visits,
  });
  const carried = overwrite
    ? CARRIES_NOTHING
    : await planCarryOver(store, target, { survey, stored, replaced, removeMissing, allowSecrets, signal });
  const removals = [...survey.plan.removals, ...carried.removals];
  // Documents that a successor leaves out count as removed.
  const { documents = 0 } = target.replaces ?? target.info ?? {};
  const removed = target.replaces === null ? removals.length : carried.left;
  const judge = createJudge(
    { removals: removed, documents, collection: name, force },
    { removeMissing, replaced: carried.replaced },
  );
  const { refusal } = judge([]);
  const load = (file: PresentFile): Promise<LoadOutcome> => loadPresent(file, { maxFileBytes, allowSecrets, signal });
  // What is stored stays where its source fails, in a successor too, and with `removeMissing` off where it holds no text.
  const loadStored: LoadStored = async (key, status) =>
    status === "skipped" && removeMissing ? null : ((await carried.replaced.get(key)?.()) ?? null);
  const tasks = [...toTasks(survey, { stored, load, loadStored }), ...carried.tasks];
  const keeps = [...survey.plan.keeps, ...carried.keeps];
  const isEmpty = tasks.length + keeps.length + removals.length + survey.passed.length === 0;
  // A shard of a small corpus may be empty without anything being wrong.
  if (isEmpty && options.shard === undefined) throw nothingFound(options.roots);
  return { startedAt, target, survey, tasks, removals, keeps, refusal, judge };
}

/** Makes {@link IngestWork.judge} for what is planned to go anyway. */
function createJudge(
  planned: PlannedRemoval,
  { removeMissing, replaced }: { readonly removeMissing: boolean; readonly replaced: ReadonlyMap<string, unknown> },
): IngestWork["judge"] {
  return (skipped) => {
    const lost = removeMissing ? skipped.filter(({ task }) => isStored(task, replaced)) : [];
    const unreadable = lost.map(({ task, reason }) => ({ source: task.source, reason }));
    return {
      removals: lost.flatMap(({ task: { previous } }) => previous ?? []),
      refusal: findLargeRemoval({ ...planned, removals: planned.removals + lost.length, unreadable }),
    };
  };
}

/** Whether something was stored of a source before: by itself, or in the collection that is re-indexed. */
function isStored(task: DocumentTask, replaced: ReadonlyMap<string, unknown>): boolean {
  return (task.previous !== null && !isOnlyBegun(task.previous)) || replaced.has(keyOf(task));
}

/** See `DocumentTask.loadStored`; documents are named by {@link keyOf}. */
type LoadStored = (key: string, status: "skipped" | "failed") => Promise<LoadOutcome | null>;

/** The tasks of the documents that are new or have changed. */
function toTasks(
  { plan }: Survey,
  {
    stored,
    load,
    loadStored,
  }: {
    readonly stored: readonly DocumentRecord[];
    readonly load: (file: PresentFile) => Promise<LoadOutcome>;
    readonly loadStored: LoadStored;
  },
): readonly DocumentTask[] {
  const records = new Map(stored.map((record) => [keyOf(record), record]));
  return [...plan.adds, ...plan.changes].map((present): DocumentTask => ({
    root: present.root,
    source: present.source,
    bytes: present.bytes,
    previous: records.get(keyOf(present)) ?? null,
    load: "load" in present ? present.load : () => load(present),
    loadStored: (status) => loadStored(keyOf(present), status),
  }));
}

function nothingFound(roots: readonly string[]): CitewellError {
  return new CitewellError(
    "corpus_empty",
    `There are no files under ${roots.join(", ")}; hidden files and those that .gitignore or .citewellignore name are ` +
      "left out. Check the path and the globs.",
  );
}

function nothingToReindex(name: string): CitewellError {
  return new CitewellError(
    "usage_invalid",
    `There is nothing to re-index: collection ${name} is as this version makes it. Name a folder, a file, a glob or an address.`,
  );
}

/**
 * Resolves the roots. If one is gone, the error says how many documents are stored of it, since they are not removed.
 */
export async function findRoots(
  store: VectorStore,
  { collection, roots, signal }: IngestOptions,
): Promise<readonly ResolvedRoot[]> {
  try {
    return await resolveRoots(roots);
  } catch (error) {
    if (!isCitewellError(error, "path_not_found")) throw error;
    const given = new Set(roots.map((root) => toPosixPath(path.resolve(withHome(root)))));
    const isKnown = (await store.describeCollection(collection, { signal })) !== null;
    const stored = isKnown ? await listStoredDocuments(store, collection, { signal }) : [];
    const gone = stored.filter(({ root }) => given.has(root) && !existsSync(root));
    if (gone.length === 0) throw error;
    const advice = `Its stored documents (${gone.length}) stay; \`citewell remove\` deletes them if it is gone for good.`;
    throw new CitewellError("path_not_found", `${error.message} ${advice}`, { cause: error });
  }
}

async function loadPresent(file: PresentFile, options: Parameters<typeof loadFile>[1]): Promise<LoadOutcome> {
  const outcome = await loadFile(file, options);
  // The time was read before the content, so that a change in between shows at the next look.
  return outcome.status === "loaded"
    ? { ...outcome, document: { ...outcome.document, modifiedAt: file.provenAt } }
    : outcome;
}
