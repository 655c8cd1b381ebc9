import { checkNeeded, checkOptions, type OptionKind, type ValueRule } from "../src/domain/check-options.ts";
import { anySignal } from "../src/domain/any-signal.ts";
import { DEFAULT_COLLECTION } from "../src/domain/collection.ts";
import { type DocumentMetadata, isSameMetadata, metadataProblem } from "../src/domain/document-metadata.ts";
import { type DocumentRecord, isComplete, isUploadName } from "../src/domain/document.ts";
import type { FileReport, IngestEvent, IngestReport, SubmitRequest, SubmittedDocument } from "../src/domain/ingest.ts";
import { CitewellError } from "../src/errors.ts";
import type { CallOptions } from "../src/store/vector-store.ts";
import { type CollectionTarget, openTarget } from "./collection-target.ts";
import { type HeldCollection, holdCollection, whileHeld } from "./hold-collection.ts";
import { documentId, hashOf } from "./identity.ts";
import { joinNotes } from "./join-notes.ts";
import { formatOfMediaType } from "./loaders/languages.ts";
import {
  DEFAULT_MAX_FILE_BYTES,
  loadBytes,
  type LoadOptions,
  type LoadOutcome,
  skipReason,
  type SkipOptions,
} from "./loaders/load-document.ts";
import { listPlan } from "./plan-sync.ts";
import type { DocumentTask } from "./document-task.ts";
import { removeDocuments } from "./remove-documents.ts";
import { type IngestParts, openRun, runTasks } from "./run-ingestion.ts";
import { redactMetadata } from "./secrets/redact-metadata.ts";
import { asStored } from "./secrets/secrets-hash.ts";
import { rootsToIngest } from "./stored-documents.ts";
import { type MetadataChange, storeMetadata } from "./store-metadata.ts";
import { isOnlyBegun } from "./store-words.ts";
import { findUnfinished, withdrawUnfinished } from "./withdraw-documents.ts";

/** Root of documents that were handed over as data. */
export const UPLOADS_ROOT = "uploads";

/** A document handed over as data. */
export type DocumentToSubmit = SubmittedDocument;

/**
 * Makes the function that adds or replaces documents given as data. They are cut as the collection's others; nothing is
 * removed but what one without text replaces. Equal content with other metadata changes the record alone. The generator throws CitewellError `usage_invalid`
 * for a missing or unfit name and for unfit metadata, and what an ingestion throws.
 */
export function createSubmitDocuments(
  parts: IngestParts,
): (request: SubmitRequest) => AsyncGenerator<IngestEvent, IngestReport> {
  return async function* submitDocuments({ collection = DEFAULT_COLLECTION, acceptedAt = Date.now(), ...request }) {
    const { documents, cancel } = request;
    checkDocuments(documents);
    const signal = anySignal(request.signal, cancel);
    const hold = { ...parts.holdTimes, collection };
    const withdrawn = { collection, ids: idsOf(documents, collection), signal: request.signal };
    let held: HeldCollection | null = null;
    try {
      cancel?.throwIfAborted();
      held = yield* holdCollection(parts.store, { ...hold, signal });
      return yield* submit(parts, { collection, documents, acceptedAt, signal: held.signal });
    } catch (error) {
      if (cancel?.aborted !== true) throw error;
      request.signal?.throwIfAborted();
      const withdraw = async (): Promise<void> => withdrawUnfinished(parts, withdrawn);
      if (held !== null) await withdraw();
      // Nobody waits for what is not there.
      else if ((await findUnfinished(parts.store, withdrawn)).length > 0) {
        await whileHeld(parts.store, { ...hold, signal: request.signal }, withdraw);
      }
      throw cancel.reason;
    } finally {
      await held?.end();
    }
  };
}

function idsOf(documents: readonly DocumentToSubmit[], collection: string): readonly string[] {
  const ids = documents.map(({ source }) => documentId({ collection, root: UPLOADS_ROOT, source }));
  return [...new Set(ids)];
}

/** A submission whose open ends are closed. */
interface Submission extends CallOptions {
  readonly collection: string;
  readonly documents: readonly DocumentToSubmit[];
  readonly acceptedAt: number;
}

async function* submit(parts: IngestParts, submission: Submission): AsyncGenerator<IngestEvent, IngestReport> {
  const { store } = parts;
  const { collection, signal } = submission;
  const roots = async (): Promise<readonly string[]> => rootsToIngest(store, collection, { signal });
  const target = await openTarget(parts, { name: collection, wanted: {}, force: false, roots, signal });
  const plan = await planSubmission(parts, { ...submission, target });
  const { tasks, relabelled, keeps, confirmed } = plan;
  const passed = plan.outdated.map(reportOutdated);
  const { tally, chunker } = await openRun(parts, { target, tasks, keeps, passed, others: relabelled.length });
  const changed = relabelled.map(({ previous }) => ({ ...previous, previous }));
  yield { type: "plan-ready", files: listPlan({ tasks: [...tasks, ...changed], removals: [], keeps }) };
  if (confirmed.length > 0) await store.touchDocuments(target.physical, confirmed, { signal });
  yield* storeMetadata(relabelled, { store, target, tally, signal });
  const skipped = yield* runTasks(tasks, { ...parts, chunker, target, tally, signal });
  // What replaces a document is all there is of it, also where no text can be read from it.
  const replaced = skipped.flatMap(({ task }) => task.previous ?? []).filter((record) => !isOnlyBegun(record));
  yield* removeDocuments(replaced, { store, target, tally, areCounted: true, signal });
  const info = await store.describeCollection(collection, { signal });
  const report = tally.report(info?.chunks ?? 0);
  yield { type: "ingest-end", report };
  return report;
}

/** What has to be done with documents that were handed over. */
interface SubmissionPlan {
  /** To be read, cut and embedded. */
  readonly tasks: readonly DocumentTask[];
  /** Of the same content, but with other metadata. */
  readonly relabelled: readonly MetadataChange[];
  readonly keeps: readonly DocumentRecord[];
  /** Kept ones that were sent again, with the time of that. */
  readonly confirmed: readonly { readonly id: string; readonly modifiedAt: number }[];
  /** Kept ones of which a version was stored that was handed over after this submission. */
  readonly outdated: readonly DocumentRecord[];
}

async function planSubmission(
  { store, maxFileBytes = DEFAULT_MAX_FILE_BYTES, allowSecrets = false }: IngestParts,
  { collection, documents, acceptedAt, target, signal }: Submission & { readonly target: CollectionTarget },
): Promise<SubmissionPlan> {
  const tasks: DocumentTask[] = [];
  const keeps: DocumentRecord[] = [];
  const relabelled: MetadataChange[] = [];
  const confirmed: { readonly id: string; readonly modifiedAt: number }[] = [];
  const outdated: DocumentRecord[] = [];
  const modifiedAt = acceptedAt;
  // Of documents of one name the last one counts.
  for (const document of new Map(documents.map((one) => [one.source, one])).values()) {
    const id = documentId({ collection, root: UPLOADS_ROOT, source: document.source });
    const previous = target.info === null ? null : await store.getDocument(target.physical, id, { signal });
    if (previous !== null && isComplete(previous) && (previous.modifiedAt ?? 0) > acceptedAt) {
      outdated.push(previous);
      keeps.push(previous);
      continue;
    }
    const bytes = typeof document.content === "string" ? Buffer.from(document.content) : document.content;
    const isKept =
      previous !== null &&
      isReadAlike(document, previous) &&
      previous.contentHash === asStored(hashOf(bytes), previous.contentHash, allowSecrets);
    // What was said before is looked at again: it may be of a time when secrets were allowed.
    const said = document.metadata ?? previous?.metadata ?? {};
    const { metadata, note } = await redactMetadata(said, { source: document.source, allowSecrets });
    const rest = { bytes, modifiedAt, note, maxFileBytes, allowSecrets, signal };
    if (!isKept) tasks.push(createTask({ ...document, metadata }, { ...rest, previous }));
    else if (isSameMetadata(previous.metadata, metadata)) {
      keeps.push(previous);
      confirmed.push({ id: previous.id, modifiedAt });
    } else relabelled.push({ previous: { ...previous, modifiedAt }, metadata, note });
  }
  return { tasks, relabelled, keeps, confirmed, outdated };
}

function reportOutdated({ root, source }: DocumentRecord): FileReport {
  return { root, source, status: "unchanged", reason: "a version that was sent later is stored, and stays" };
}

/** Whether a document is read as it was before, as far as its media type tells; the same bytes may be meant in another way. */
function isReadAlike({ mediaType }: DocumentToSubmit, previous: DocumentRecord): boolean {
  const format = mediaType === undefined ? null : formatOfMediaType(mediaType);
  return format === null || format.mediaType === previous.mediaType;
}

function createTask(
  { source, mediaType, metadata }: DocumentToSubmit & { readonly metadata: DocumentMetadata },
  {
    bytes,
    modifiedAt,
    previous,
    note,
    ...options
  }: Pick<DocumentTask, "previous"> & {
    readonly bytes: Uint8Array;
    readonly modifiedAt: number;
    /** What is out of the ordinary about its metadata; empty where nothing is. */
    readonly note: string;
  } & SkipOptions &
    LoadOptions,
): DocumentTask {
  const load = async (): Promise<LoadOutcome> => {
    const reason = skipReason({ source, bytes: bytes.length }, options);
    if (reason !== null) return { status: "skipped", reason };
    const outcome = await loadBytes({ root: UPLOADS_ROOT, source, bytes, mediaType }, options);
    if (outcome.status !== "loaded") return outcome;
    // Only what was sent counts, which a later submission keeps or replaces as a whole, not the text's front matter. Where
    // nothing was sent, the record says nothing.
    const { metadata: _, ...document } = outcome.document;
    const said = Object.keys(metadata).length === 0 ? {} : { metadata };
    return { ...outcome, document: { ...document, modifiedAt, ...said }, note: joinNotes(outcome.note, note) };
  };
  return { root: UPLOADS_ROOT, source, bytes: bytes.length, previous, keepsOlder: true, load };
}

const CONTENT: ValueRule = ["a text or bytes", (value) => typeof value === "string" || value instanceof Uint8Array];

const KNOWN: Readonly<Record<keyof DocumentToSubmit, OptionKind>> = {
  source: true,
  content: true,
  mediaType: "text",
  metadata: true,
};

function checkDocuments(documents: readonly DocumentToSubmit[]): void {
  checkNeeded("documents", documents, "list");
  for (const [place, document] of documents.entries()) {
    const owner = `documents[${String(place)}]`;
    checkOptions(document, { owner, known: KNOWN, instead: { text: "write content", name: "write source" } });
    checkNeeded(`${owner}.source`, document.source, "text");
    checkNeeded(`${owner}.content`, document.content, CONTENT);
  }
  if (documents.length === 0) throw new CitewellError("usage_invalid", "No document was given; send one at least.");
  for (const { source, metadata = {} } of documents) {
    const problem = metadataProblem(metadata);
    if (problem !== null) throw new CitewellError("usage_invalid", `${problem}.`);
    if (isUploadName(source)) continue;
    throw new CitewellError(
      "usage_invalid",
      `${JSON.stringify(source.slice(0, 100))} cannot be the name of a document; give a file name, a relative path with /, or the address of a page.`,
    );
  }
}
