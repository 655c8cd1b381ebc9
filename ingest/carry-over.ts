import { isSameMetadata } from "../src/domain/document-metadata.ts";
import type { DocumentRecord } from "../src/domain/document.ts";
import type { CallOptions, VectorStore } from "../src/store/vector-store.ts";
import type { CollectionTarget } from "./collection-target.ts";
import { keyOf, planSync } from "./plan-sync.ts";
import type { DocumentTask } from "./document-task.ts";
import { listStoredDocuments, loadStoredDocument } from "./stored-documents.ts";
import { dropKeptSecrets } from "./secrets/drop-kept-secrets.ts";
import type { Survey } from "./survey.ts";

/** What a re-indexing does about documents that are in the collection but not under the roots it was given. */
export interface CarryOver {
  readonly tasks: readonly DocumentTask[];
  /** Already in the successor. */
  readonly keeps: readonly DocumentRecord[];
  /** In the successor, but no longer in the collection. */
  readonly removals: readonly DocumentRecord[];
  /** Documents of the collection that the successor will not have. */
  readonly left: number;
}

/**
 * Plans to bring documents of other roots, and those that stay although their source is gone, into the successor of a
 * collection: their text is stored, so they need no file. Empty without a re-indexing.
 */
export async function planCarryOver(
  store: VectorStore,
  target: CollectionTarget,
  {
    survey,
    stored,
    removeMissing,
    allowSecrets,
    signal,
  }: {
    readonly survey: Survey;
    /** Records of the successor. */
    readonly stored: readonly DocumentRecord[];
    readonly removeMissing: boolean;
    readonly allowSecrets: boolean;
  } & CallOptions,
): Promise<CarryOver> {
  if (target.replaces === null) return { tasks: [], keeps: [], removals: [], left: 0 };
  const { name: collection } = target;
  const old = await listStoredDocuments(store, collection, { signal });
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
  const begun = new Map(stored.map((record) => [record.id, record]));
  const isDone = (record: DocumentRecord): boolean =>
    record.contentHash !== "" &&
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
      load: async () => {
        const outcome = await loadStoredDocument(store, record, { collection, signal });
        return allowSecrets ? outcome : await dropKeptSecrets(outcome);
      },
    }));
  const removals = stored.filter((record) => !survey.isInScope(record) && !wanted.has(record.id));
  return { tasks, keeps: carried.filter(isDone), removals, left: leaving.length };
}
