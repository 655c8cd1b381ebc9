import type { IngestCorpus, IngestEvent, IngestOptions, IngestReport } from "../src/domain/ingest.ts";
import { successorName } from "../src/domain/collection.ts";
import { CitewellError } from "../src/errors.ts";
import type { CallOptions } from "../src/store/vector-store.ts";
import { checkIngestOptions } from "./check-ingest-options.ts";
import { findDifferences, isAnswering } from "./collection-settings.ts";
import type { CollectionTarget } from "./collection-target.ts";
import { forecastIngestion } from "./forecast.ts";
import { holdCollection } from "./hold-collection.ts";
import type { IngestTally } from "./ingest-tally.ts";
import { findRoots, type IngestWork, planIngestion } from "./plan-ingestion.ts";
import { keyOf, listPlan } from "./plan-sync.ts";
import { removeDocuments } from "./remove-documents.ts";
import { type IngestParts, openRun, runTasks } from "./run-ingestion.ts";
import { isWebAddress } from "./web/web-address.ts";
import { slices } from "../src/domain/slices.ts";

/**
 * Makes the function that brings a collection in step with roots. Ingestions of one collection take turns. An
 * interrupted ingestion leaves a state from which the next run continues.
 *
 * The generator throws CitewellError `usage_invalid`, `path_not_found`, `address_refused`, `corpus_empty`,
 * `deletion_refused` and `collection_mismatch`, and errors of the store and the embedder. What is wrong with single
 * files is in the report.
 */
export function createIngestCorpus(parts: IngestParts): IngestCorpus {
  return async function* ingestCorpus(options) {
    // A re-indexing without a root takes every document as it is stored.
    checkIngestOptions(options);
    if (options.roots.length === 0 && options.force !== true) {
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
    if (options.dryRun === true) return yield* dryRun(parts, options);
    // A mistyped path is reported before this run waits for another ingestion or creates a collection.
    await findRoots(parts.store, options);
    const { collection, shard, signal, wordsOnly, givesWay } = options;
    const manner = givesWay === true ? "gives-way" : wordsOnly === true ? "brief" : "whole";
    const held = yield* holdCollection(parts.store, { ...parts.holdTimes, collection, shard, manner, signal });
    try {
      return yield* ingest(parts, { ...options, signal: held.signal });
    } finally {
      await held.end();
    }
  };
}

async function* ingest(parts: IngestParts, options: IngestOptions): AsyncGenerator<IngestEvent, IngestReport> {
  const { store } = parts;
  const { collection: name, wordsFirst, wordsOnly, signal } = options;
  const work = yield* planIngestion(parts, options);
  if (work.refusal !== null) throw work.refusal;
  const { target, survey, tasks, removals } = work;
  const { tally, chunker } = await openWork(work, parts);
  if (target.replaces !== null) {
    const answers = isAnswering(target.replaces.settings);
    yield { type: "reindex-start", collection: name, differences: target.differences, isAnswering: answers };
  } else yield* dropSuccessor(target, { store, force: options.force === true, signal });
  yield { type: "plan-ready", files: listPlan(work) };
  for (const seen of slices(survey.seen, TOUCHES_AT_ONCE))
    await store.touchDocuments(target.physical, seen, { signal });
  const skipped = yield* runTasks(tasks, { ...parts, chunker, target, tally, wordsFirst, wordsOnly, signal });
  const unreadable = work.judge(skipped);
  if (unreadable.refusal !== null) throw unreadable.refusal;
  yield* removeDocuments(removals, { store, target, tally, signal });
  yield* removeDocuments(unreadable.removals, { store, target, tally, areCounted: true, signal });
  // Documents that are stored by their words only are not in the tally yet.
  if (wordsOnly !== true || tasks.length === 0) checkNotAllSkipped(tally, options.roots);
  // What nothing could be read for stays as it is.
  const isVain = options.overwrite === true && tally.documents.added === 0;
  if (target.replaces !== null && !isVain) {
    await target.ensure();
    await store.promoteCollection(target.physical, target.name, { signal });
  }
  const info = await store.describeCollection(name, { signal });
  const report = tally.report(info?.chunks ?? 0);
  yield { type: "ingest-end", report };
  return report;
}

/**
 * Deletes what an interrupted re-indexing left, where nobody will go on with it: it was begun to overwrite the collection, or
 * somebody insists on the settings that the collection has.
 */
async function* dropSuccessor(
  { name: collection, info, settings }: CollectionTarget,
  { store, force, signal }: Pick<IngestParts, "store"> & { readonly force: boolean } & CallOptions,
): AsyncGenerator<IngestEvent> {
  const successor = await store.describeCollection(successorName(collection), { signal });
  if (successor === null) return;
  const hasOtherSettings = info !== null && findDifferences(successor.settings, settings).length > 0;
  if (hasOtherSettings && !force) return;
  await store.deleteCollection(successorName(collection), { signal });
  yield { type: "reindex-dropped", collection, documents: successor.documents };
}

/** Finds out what an ingestion would do. Nothing is stored, so that no lease is needed. */
async function* dryRun(parts: IngestParts, options: IngestOptions): AsyncGenerator<IngestEvent, IngestReport> {
  const work = yield* planIngestion(parts, options);
  const opened = await openWork(work, parts);
  const { signal } = options;
  const { forecast, chunks, lost } = await forecastIngestion({ ...parts, ...work, ...opened, signal });
  const tasks = work.tasks.filter((task) => chunks.has(keyOf(task)));
  yield { type: "plan-ready", files: listPlan({ ...work, tasks, removals: [...work.removals, ...lost] }, chunks) };
  const report = { ...opened.tally.report(work.target.info?.chunks ?? 0), forecast };
  yield { type: "ingest-end", report };
  return report;
}

/** How many documents one call updates the times of. */
const TOUCHES_AT_ONCE = 1_000;

/** Opens the run of a planned ingestion. */
function openWork(work: IngestWork, parts: IngestParts): ReturnType<typeof openRun> {
  return openRun(parts, { ...work, passed: work.survey.passed, others: work.removals.length });
}

/** How many skipped sources the error about an empty corpus names. */
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
