import { existsSync } from "node:fs";
import path from "node:path";
import type { DocumentRecord } from "../src/domain/document.ts";
import type { IngestCorpus, IngestEvent, IngestOptions, IngestReport, PlannedFile } from "../src/domain/ingest.ts";
import { CitewellError, isCitewellError } from "../src/errors.ts";
import type { CallOptions, VectorStore } from "../src/store/vector-store.ts";
import { planCarryOver } from "./carry-over.ts";
import type { Chunker } from "./chunking/chunker.ts";
import { openChunker } from "./chunking/open-chunker.ts";
import { type CollectionTarget, openTarget } from "./collection-target.ts";
import { forecastIngestion } from "./forecast.ts";
import { holdCollection } from "./hold-collection.ts";
import { createTally, type IngestTally } from "./ingest-tally.ts";
import { DEFAULT_MAX_FILE_BYTES, loadFile, type LoadOutcome } from "./loaders/load-document.ts";
import { findLargeRemoval, keyOf, listPlan } from "./plan-sync.ts";
import { type ResolvedRoot, resolveRoots, toPosixPath } from "./resolve-root.ts";
import { type DocumentTask, type IngestParts, runTasks } from "./run-ingestion.ts";
import { listStoredDocuments } from "./stored-documents.ts";
import { type PresentFile, type Survey, surveyRoots } from "./survey.ts";
import { visitWebRoots, withoutFetchState } from "./web/visit-roots.ts";
import { isWebAddress } from "./web/web-address.ts";
import { leaseName, refuseShardedReindexing } from "./shard.ts";
import { slices } from "./write-documents.ts";

/**
 * Makes the function that brings a collection in step with roots. Ingestions of one collection take turns. An interrupted
 * one leaves a state from which the next run goes on.
 *
 * The generator throws CitewellError `usage_invalid`, `path_not_found`, `address_refused`, `corpus_empty`, `deletion_refused`
 * and `collection_mismatch`, and whatever the store or the embedder gives up with. What is wrong with single files is in
 * the report.
 */
export function createIngestCorpus(parts: IngestParts): IngestCorpus {
  return async function* ingestCorpus(options) {
    if (options.roots.length === 0) {
      throw new CitewellError(
        "usage_invalid",
        "There is nothing to ingest: name a folder, a file, a glob or an address.",
      );
    }
    if ((options.crawl ?? 0) > 0 && !options.roots.some(isWebAddress)) {
      throw new CitewellError(
        "usage_invalid",
        "There is nothing to crawl: name an address such as https://example.com/docs/.",
      );
    }
    if (options.dryRun === true) return yield* tryOut(parts, options);
    const { collection, signal } = options;
    const held = yield* holdCollection(parts.store, {
      ...parts.holdTimes,
      collection: leaseName(collection, options.shard),
      signal,
    });
    try {
      return yield* ingest(parts, { ...options, signal: held.signal });
    } finally {
      await held.end();
    }
  };
}

async function* ingest(parts: IngestParts, options: IngestOptions): AsyncGenerator<IngestEvent, IngestReport> {
  const { store } = parts;
  const { collection: name, signal } = options;
  const work = yield* planWork(parts, options);
  if (work.refusal !== null) throw work.refusal;
  const { target, survey, tasks, removals } = work;
  const { tally, chunker } = await openWork(work, parts);
  yield { type: "plan-ready", files: planOf(work, new Map()) };
  for (const seen of slices(survey.seen, TOUCHES_AT_ONCE))
    await store.touchDocuments(target.physical, seen, { signal });
  yield* runTasks(tasks, { ...parts, chunker, target, tally, signal });
  yield* removeDocuments(removals, { store, target, tally, signal });
  checkNotAllSkipped(tally, options.roots);
  if (target.replaces !== null) {
    await target.ensure();
    await store.promoteCollection(target.physical, target.name, { signal });
  }
  const info = await store.describeCollection(name, { signal });
  const report = tally.report(info?.chunks ?? 0);
  yield { type: "ingest-end", report };
  return report;
}

/** Finds out what an ingestion would do; no lease is needed, since nothing is stored. */
async function* tryOut(parts: IngestParts, options: IngestOptions): AsyncGenerator<IngestEvent, IngestReport> {
  const work = yield* planWork(parts, options);
  const opened = await openWork(work, parts);
  const refusal = work.refusal?.message ?? null;
  const { forecast, chunks } = await forecastIngestion({
    ...parts,
    ...work,
    ...opened,
    refusal,
    signal: options.signal,
  });
  const tasks = work.tasks.filter((task) => chunks.has(keyOf(task)));
  yield { type: "plan-ready", files: planOf({ ...work, tasks }, chunks) };
  const report = { ...opened.tally.report(work.target.info?.chunks ?? 0), forecast };
  yield { type: "ingest-end", report };
  return report;
}

/** Documents whose times one call notes. */
const TOUCHES_AT_ONCE = 1_000;

/** Starts the counts of a piece of work, and opens the chunker for it. */
async function openWork(
  { startedAt, target, survey, tasks, removals, keeps }: Work,
  { store, embedder, takeNotes, chunking }: IngestParts,
): Promise<{ readonly tally: IngestTally; readonly chunker: Chunker }> {
  const { name } = target;
  const bytesTotal = tasks.reduce((sum, { bytes }) => sum + bytes, 0);
  const tally = createTally(
    {
      collection: name,
      store: `${store.kind} ${store.location}`,
      embeddingModel: embedder.model,
      startedAt,
      takeNotes,
    },
    { filesTotal: tasks.length + removals.length, bytesTotal },
  );
  for (const report of survey.passed) tally.note(report);
  for (const { root, source, chunks } of keeps) {
    tally.note({ root, source, status: "unchanged", reason: "" });
    tally.addChunks({ reused: chunks });
  }
  const countTokens = (text: string): number => embedder.countTokens(text);
  const chunker = await openChunker(target.settings.chunker, { ...chunking, countTokens });
  return { tally, chunker };
}

/** Resolves the roots; of one that is gone the error tells what is stored, since nothing of it is removed. */
async function findRoots(
  store: VectorStore,
  { collection, roots, signal }: IngestOptions,
): Promise<readonly ResolvedRoot[]> {
  try {
    return await resolveRoots(roots);
  } catch (error) {
    if (!isCitewellError(error, "path_not_found")) throw error;
    const given = new Set(roots.map((root) => toPosixPath(path.resolve(root))));
    const isKnown = (await store.describeCollection(collection, { signal })) !== null;
    const stored = isKnown ? await listStoredDocuments(store, collection, { signal }) : [];
    const gone = stored.filter(({ root }) => given.has(root) && !existsSync(root));
    if (gone.length === 0) throw error;
    const advice = `Its stored documents (${gone.length}) stay; \`citewell remove\` deletes them if it is gone for good.`;
    throw new CitewellError("path_not_found", `${error.message} ${advice}`, { cause: error });
  }
}

/** What an ingestion has found to do. */
interface Work {
  readonly startedAt: number;
  readonly target: CollectionTarget;
  readonly survey: Survey;
  readonly tasks: readonly DocumentTask[];
  readonly removals: readonly DocumentRecord[];
  readonly keeps: readonly DocumentRecord[];
  /** Why it must not be done without `force`. */
  readonly refusal: CitewellError | null;
}

async function* planWork(parts: IngestParts, options: IngestOptions): AsyncGenerator<IngestEvent, Work> {
  const startedAt = performance.now();
  const { store } = parts;
  const { collection: name, signal, force = false, removeMissing = true } = options;
  const maxFileBytes = options.maxFileBytes ?? parts.maxFileBytes ?? DEFAULT_MAX_FILE_BYTES;
  const allowSecrets = options.allowSecrets ?? parts.allowSecrets ?? false;
  const roots = await findRoots(store, options);
  const target = await openTarget(parts, { name, wanted: options, force, signal });
  if (target.replaces !== null) refuseShardedReindexing(name, options.shard);
  const stored = target.info === null ? [] : await listStoredDocuments(store, target.physical, { signal });
  const limits = { ...options, maxFileBytes, allowSecrets };
  const visits = roots.some(({ kind }) => kind === "web")
    ? yield* visitWebRoots(roots, {
        ...limits,
        web: parts.web,
        levels: options.crawl ?? 0,
        maxBytes: maxFileBytes,
        stored: await listKnownPages(store, target, { stored, signal }),
      })
    : [];
  const survey = await surveyRoots(roots, { ...limits, dataFolder: parts.dataFolder, stored, visits });
  const carried = await planCarryOver(store, target, { survey, stored, removeMissing, allowSecrets, signal });
  const removals = [...survey.plan.removals, ...carried.removals];
  const documents = target.info?.documents ?? 0;
  const refusal = findLargeRemoval({ removals: removals.length, documents, collection: name, force });
  const records = new Map(stored.map((record) => [keyOf(record), record]));
  const tasks = [...survey.plan.adds, ...survey.plan.changes].map((file): DocumentTask => ({
    root: file.root,
    source: file.source,
    bytes: file.bytes,
    previous: records.get(keyOf(file)) ?? null,
    load: "load" in file ? file.load : () => loadPresent(file, { maxFileBytes, allowSecrets, signal }),
  }));
  const keeps = [...survey.plan.keeps, ...carried.keeps];
  // A shard of a small corpus may well be empty.
  if (
    options.shard === undefined &&
    tasks.length + carried.tasks.length + keeps.length + removals.length + survey.passed.length === 0
  ) {
    throw new CitewellError(
      "corpus_empty",
      `There are no files under ${options.roots.join(", ")}; hidden files and those that .gitignore or ` +
        ".citewellignore name are left out. Check the path and the globs.",
    );
  }
  return { startedAt, target, survey, tasks: [...tasks, ...carried.tasks], removals, keeps, refusal };
}

/** What the collection knows of pages; that of a collection to be replaced serves to find them again. */
async function listKnownPages(
  store: VectorStore,
  { name, replaces }: CollectionTarget,
  { stored, signal }: { readonly stored: readonly DocumentRecord[] } & CallOptions,
): Promise<readonly DocumentRecord[]> {
  if (replaces === null) return stored;
  const replaced = await listStoredDocuments(store, name, { signal });
  return [...replaced.map(withoutFetchState), ...stored];
}

async function loadPresent(file: PresentFile, options: Parameters<typeof loadFile>[1]): Promise<LoadOutcome> {
  const outcome = await loadFile(file, options);
  // The time was read before the content: a change in between shows in the time at the next look.
  return outcome.status === "loaded"
    ? { ...outcome, document: { ...outcome.document, modifiedAt: file.provenAt } }
    : outcome;
}

function planOf({ tasks, removals, keeps }: Work, chunks: ReadonlyMap<string, number>): readonly PlannedFile[] {
  const adds = tasks.filter(({ previous }) => previous === null);
  const changes = tasks.filter(({ previous }) => previous !== null);
  return listPlan({ adds, changes, removals, keeps }, chunks);
}

/** Documents that one call deletes. */
const REMOVALS_AT_ONCE = 100;

async function* removeDocuments(
  removals: readonly DocumentRecord[],
  {
    store,
    target,
    tally,
    signal,
  }: {
    readonly store: VectorStore;
    readonly target: CollectionTarget;
    readonly tally: IngestTally;
  } & CallOptions,
): AsyncGenerator<IngestEvent> {
  for (const slice of slices(removals, REMOVALS_AT_ONCE)) {
    const ids = slice.map(({ id }) => id);
    tally.addChunks({ deleted: await store.deleteDocuments(target.physical, ids, { signal }) });
    for (const { root, source } of slice) {
      const report = { root, source, status: "removed", reason: "" } as const;
      tally.note(report);
      tally.addFile();
      yield { type: "file-end", report, chunks: 0 };
    }
    yield tally.progress();
  }
}

/** Reasons that a sentence about an empty corpus lists. */
const REASONS_NAMED = 5;

function checkNotAllSkipped({ documents, files }: IngestTally, roots: readonly string[]): void {
  const { skipped, ...others } = documents;
  if (skipped === 0 || Object.values(others).some((count) => count > 0)) return;
  const named = files.slice(0, REASONS_NAMED).map(({ source, reason }) => `${source} (${reason})`);
  const more = skipped > named.length ? `, and ${skipped - named.length} more` : "";
  throw new CitewellError(
    "corpus_empty",
    `Nothing under ${roots.join(", ")} could be ingested; skipped: ${named.join(", ")}${more}. Name a folder that holds text.`,
  );
}
