import { type DocumentRecord, isComplete } from "../src/domain/document.ts";
import type { PlannedFile } from "../src/domain/ingest.ts";
import { CitewellError } from "../src/errors.ts";

/** What names a document within its collection. */
export interface SourceName {
  readonly root: string;
  readonly source: string;
}

/** A source that exists now. */
export interface PresentSource extends SourceName {
  /** SHA-256 of its bytes; null if it is not needed, since nothing is stored of it or the size differs. */
  readonly contentHash: string | null;
}

/** What exists and what is stored. */
export interface SyncState<Present extends PresentSource> {
  readonly present: readonly Present[];
  /** Records of the same roots, without those outside the ingestion's globs. */
  readonly stored: readonly DocumentRecord[];
  /** Sources and folders that could not be read: what is stored of them stays. */
  readonly unknown: readonly SourceName[];
  readonly removeMissing: boolean;
}

/** What has to be done to bring the stored documents in step. */
export interface SyncPlan<Present> {
  readonly adds: readonly Present[];
  readonly changes: readonly Present[];
  readonly keeps: readonly DocumentRecord[];
  readonly removals: readonly DocumentRecord[];
}

/** Compares what exists with what is stored. */
export function planSync<Present extends PresentSource>(state: SyncState<Present>): SyncPlan<Present> {
  const stored = new Map(state.stored.map((record) => [keyOf(record), record]));
  const adds: Present[] = [];
  const changes: Present[] = [];
  const keeps: DocumentRecord[] = [];
  for (const one of state.present) {
    const record = stored.get(keyOf(one));
    stored.delete(keyOf(one));
    if (record === undefined) adds.push(one);
    else if (isComplete(record) && record.contentHash === one.contentHash) keeps.push(record);
    else changes.push(one);
  }
  const gone = [...stored.values()];
  const isUnknown = createUnknownTest(state.unknown);
  const removals = state.removeMissing ? gone.filter((record) => !isUnknown(record)) : [];
  const removed = new Set(removals);
  return { adds, changes, keeps: [...keeps, ...gone.filter((record) => !removed.has(record))], removals };
}

/** What is to be done with documents. */
interface DocumentPlan {
  /** To be stored, with the stored records that they change. */
  readonly tasks: readonly (SourceName & { readonly previous: DocumentRecord | null })[];
  readonly removals: readonly DocumentRecord[];
  readonly keeps: readonly DocumentRecord[];
}

/** A plan as a list, sorted by root and source; `chunks` says of tasks how many chunks they make, where that is known. */
export function listPlan(
  { tasks, removals, keeps }: DocumentPlan,
  chunks: ReadonlyMap<string, number> = new Map(),
): readonly PlannedFile[] {
  const stored = (records: readonly DocumentRecord[], action: "remove" | "keep"): PlannedFile[] =>
    records.map(({ root, source, chunks: count }) => ({ root, source, action, chunks: count }));
  const planned = tasks.map(({ root, source, previous }): PlannedFile => {
    const action = previous === null ? "add" : "change";
    return { root, source, action, chunks: chunks.get(keyOf({ root, source })) ?? null };
  });
  return [...planned, ...stored(removals, "remove"), ...stored(keeps, "keep")].toSorted((left, right) =>
    keyOf(left) < keyOf(right) ? -1 : 1,
  );
}

/** Collections with fewer documents may be emptied without `force`. */
const SMALLEST_GUARDED = 20;

/** What {@link findLargeRemoval} judges. */
export interface PlannedRemoval {
  readonly removals: number;
  /** Sources among the removals that are there but give no document any more, with the reason. */
  readonly unreadable?: readonly { readonly source: string; readonly reason: string }[];
  /** Documents in the whole collection. */
  readonly documents: number;
  readonly collection: string;
  readonly force: boolean;
}

/** How many unreadable sources the error names. */
const UNREADABLE_NAMED = 5;

/**
 * The error that stops an ingestion which would delete more than half of a collection of 20 documents or more; null if
 * it may go on.
 */
export function findLargeRemoval(planned: PlannedRemoval): CitewellError | null {
  const { removals, unreadable = [], documents, collection, force } = planned;
  if (force || documents < SMALLEST_GUARDED || removals * 2 <= documents) return null;
  const named = unreadable.slice(0, UNREADABLE_NAMED).map(({ source, reason }) => `${source} (${reason})`);
  const more = unreadable.length > named.length ? `, and ${unreadable.length - named.length} more` : "";
  const what = `This would delete ${removals} of the ${documents} documents in collection ${collection}`;
  return new CitewellError(
    "deletion_refused",
    named.length === 0
      ? `${what}. If their sources are really gone, run it again with --force; to keep them, use --no-delete.`
      : `${what}; ${unreadable.length} of them have a source that cannot be read as text any more: ${named.join(", ")}${more}. ` +
          "If that is right, run it again with --force; to keep them, use --no-delete.",
  );
}

/** One string that identifies (root, source). */
export function keyOf({ root, source }: SourceName): string {
  return `${root}\u0000${source}`;
}

/** Makes the test whether a document, or a folder above it, could not be read. */
function createUnknownTest(unknown: SyncState<PresentSource>["unknown"]): (record: DocumentRecord) => boolean {
  const keys = new Set(unknown.map(keyOf));
  return ({ root, source }) => {
    if (keys.size === 0) return false;
    if (keys.has(keyOf({ root, source: "." })) || keys.has(keyOf({ root, source }))) return true;
    for (let end = source.indexOf("/"); end !== -1; end = source.indexOf("/", end + 1)) {
      if (keys.has(keyOf({ root, source: source.slice(0, end) }))) return true;
    }
    return false;
  };
}
