import { isSameMetadata } from "../src/domain/document-metadata.ts";
import { type DocumentRecord, isComplete } from "../src/domain/document.ts";
import type { CallOptions, VectorStore } from "../src/store/vector-store.ts";
import type { CollectionTarget } from "./collection-target.ts";
import type { LoadOutcome } from "./loaders/load-document.ts";
import { keyOf, planSync } from "./plan-sync.ts";
import type { DocumentTask } from "./document-task.ts";
import { loadStoredDocument } from "./stored-documents.ts";
import { dropKeptSecrets } from "./secrets/drop-kept-secrets.ts";
import type { Survey } from "./survey.ts";

/**
 * What a re-indexing does about documents of the collection that are not under the roots it was given. Its successor is
 * the second collection that takes the name of the first one when it is complete.
 */
export interface CarryOver {
  readonly tasks: readonly DocumentTask[];
  /** Records that are complete in the successor already. */
  readonly keeps: readonly DocumentRecord[];
  /** Records of documents in the successor that the collection no longer has. */
  readonly removals: readonly DocumentRecord[];
  /** How many documents of the collection the successor will not have. */
  readonly left: number;
  /** Loads the documents of the collection as they are stored, by {@link keyOf}. */
  readonly replaced: ReadonlyMap<string, () => Promise<LoadOutcome>>;
}

/** The plan where no document is taken over. */
export const CARRIES_NOTHING: CarryOver = { tasks: [], keeps: [], removals: [], left: 0, replaced: new Map() };

/**
 * Plans how a successor gets the documents of other roots, and those that stay although their source is gone. Their
 * text is stored, so that no file is needed. The plan is empty where nothing is re-indexed.
 */
export async function planCarryOver(
  store: VectorStore,
  target: CollectionTarget,
  {
    survey,
    stored,
    replaced: old,
    removeMissing,
    allowSecrets,
    signal,
  }: {
    readonly survey: Survey;
    /** Records of the successor. */
    readonly stored: readonly DocumentRecord[];
    /** Records of the collection that it replaces. */
    readonly replaced: readonly DocumentRecord[];
    readonly removeMissing: boolean;
    readonly allowSecrets: boolean;
  } & CallOptions,
): Promise<CarryOver> {
  if (target.replaces === null) return CARRIES_NOTHING;
  const { name: collection } = target;
  const present = new Set(survey.present.map(keyOf));
  const { keeps: staying, removals: leaving } = planSync({
    present: survey.present,
    stored: old.filter(survey.isInScope),
    unknown: survey.unknown,
    removeMissing,
  });
  const carried = [...old.filter((record) => !survey.isInScope(record)), ...staying].filter(
    (record) => !present.has(keyOf(record)),
  );
  const load = async (record: DocumentRecord): Promise<LoadOutcome> => {
    const outcome = await loadStoredDocument(store, record, { collection, signal });
    return allowSecrets ? outcome : await dropKeptSecrets(outcome);
  };
  const begun = new Map(stored.map((record) => [record.id, record]));
  const isDone = (record: DocumentRecord): boolean =>
    isComplete(record) &&
    begun.get(record.id)?.contentHash === record.contentHash &&
    isSameMetadata(begun.get(record.id)?.metadata, record.metadata);
  const wanted = new Set(carried.map(({ id }) => id));
  const tasks = carried
    .filter((record) => !isDone(record))
    .map((record): DocumentTask => ({
      root: record.root,
      source: record.source,
      bytes: record.bytes,
      previous: begun.get(record.id) ?? null,
      load: async () => load(record),
    }));
  const removals = stored.filter((record) => !survey.isInScope(record) && !wanted.has(record.id));
  return {
    tasks,
    keeps: carried.filter(isDone),
    removals,
    left: leaving.length,
    replaced: new Map(old.map((record) => [keyOf(record), async () => load(record)])),
  };
}
