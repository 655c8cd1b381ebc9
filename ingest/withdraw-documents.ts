import { type DocumentRecord, isComplete, type LoadedDocument } from "../src/domain/document.ts";
import { runToEnd } from "../src/domain/run-to-end.ts";
import { CitewellError } from "../src/errors.ts";
import type { CallOptions, VectorStore } from "../src/store/vector-store.ts";
import { openTarget } from "./collection-target.ts";
import { hashOf } from "./identity.ts";
import type { LoadOutcome } from "./loaders/load-document.ts";
import { hasOlderVersion } from "./older-version.ts";
import { type IngestParts, openRun } from "./run-ingestion.ts";
import { loadStoredDocument } from "./stored-documents.ts";
import { createDocumentWriter } from "./write-documents.ts";

/** Documents of one collection, by their ids. */
export interface WithdrawRequest extends CallOptions {
  readonly collection: string;
  readonly ids: readonly string[];
}

/** The records of those documents that were begun and not completed. */
export async function findUnfinished(
  store: VectorStore,
  { collection, ids, signal }: WithdrawRequest,
): Promise<readonly DocumentRecord[]> {
  if ((await store.describeCollection(collection, { signal })) === null) return [];
  const records: DocumentRecord[] = [];
  for (const id of ids) {
    const record = await store.getDocument(collection, id, { signal });
    if (record !== null && !isComplete(record)) records.push(record);
  }
  return records;
}

/**
 * Takes back what was begun of documents and not completed: they are as they were before, which may be not at all. What is
 * complete stays. To be called by whoever holds the collection.
 */
export async function withdrawUnfinished(parts: IngestParts, request: WithdrawRequest): Promise<void> {
  const { store } = parts;
  const { collection, signal } = request;
  const unfinished = await findUnfinished(store, request);
  const isOld = Map.groupBy(unfinished, hasOlderVersion);
  const gone = isOld.get(false) ?? [];
  if (gone.length > 0) {
    const ids = gone.map(({ id }) => id);
    await store.deleteDocuments(collection, ids, { signal });
  }
  await restore(parts, { collection, records: isOld.get(true) ?? [], signal });
}

/**
 * Writes older versions again, from their stored texts. Their chunks are still there with their vectors, so that hardly
 * anything is embedded.
 */
async function restore(
  parts: IngestParts,
  {
    collection,
    records,
    signal,
  }: { readonly collection: string; readonly records: readonly DocumentRecord[] } & CallOptions,
): Promise<void> {
  if (records.length === 0) return;
  const target = await openTarget(parts, { name: collection, wanted: {}, force: false, roots: () => [], signal });
  const { tally, chunker } = await openRun(parts, { target, tasks: [], keeps: [], passed: [], others: records.length });
  const writer = createDocumentWriter({ ...parts, chunker, target, tally, signal });
  try {
    for (const previous of records) {
      const outcome = await loadOlder(parts.store, previous, { collection, signal });
      if (outcome.status !== "loaded") throw notRestored(previous, outcome.reason);
      // Its text is there.
      await runToEnd(writer.write(outcome.document, { previous, isBegun: true }));
    }
    await runToEnd(writer.flush());
  } finally {
    await writer.settle();
  }
  for (const { document, failure } of writer.takeFinished()) {
    if (failure !== "") throw notRestored(document, failure);
  }
}

function notRestored({ source }: Pick<DocumentRecord, "source">, reason: string): CitewellError {
  const sentence = `The version of ${source} before the cancelled one cannot be had back: ${reason}. Send the document again.`;
  return new CitewellError("internal", sentence);
}

/** The hash of its source went when another version was begun. That of its text is the same for most plain texts. */
async function loadOlder(
  store: VectorStore,
  record: DocumentRecord,
  options: { readonly collection: string } & CallOptions,
): Promise<LoadOutcome> {
  const outcome = await loadStoredDocument(store, record, options);
  if (outcome.status !== "loaded") return outcome;
  const document: LoadedDocument = { ...outcome.document, contentHash: hashOf(outcome.document.text) };
  return { ...outcome, document };
}
