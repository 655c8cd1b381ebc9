import { existsSync } from "node:fs";
import path from "node:path";
import type { DocumentRecord, LoadedDocument } from "../src/domain/document.ts";
import { allDocuments } from "../src/store/all-documents.ts";
import type { CallOptions, VectorStore } from "../src/store/vector-store.ts";
import type { LoadOutcome } from "./loaders/load-document.ts";
import { isWebAddress } from "./web/web-address.ts";

/** Every document record of a collection. */
export async function listStoredDocuments(
  store: VectorStore,
  collection: string,
  options: CallOptions = {},
): Promise<readonly DocumentRecord[]> {
  const records: DocumentRecord[] = [];
  for await (const record of allDocuments(store, collection, options)) records.push(record);
  return records;
}

/**
 * Fingerprints by id of the chunks that are stored of a document; of those that are stored by their words alone they are
 * empty. Without a record nothing is stored: it is written before the chunks and deleted with them.
 */
export async function storedFingerprints(
  store: VectorStore,
  record: DocumentRecord | null,
  { physical, signal }: { readonly physical: string } & CallOptions,
): Promise<Map<string, string>> {
  const states = record === null ? [] : await store.chunkStates(physical, record.id, { signal });
  return new Map(states.map(({ id, fingerprint }) => [id, fingerprint]));
}

/** The roots of a collection that can be ingested again: folders and files of this machine, and web addresses. */
export async function rootsToIngest(
  store: VectorStore,
  collection: string,
  options: CallOptions = {},
): Promise<readonly string[]> {
  const roots = new Set((await listStoredDocuments(store, collection, options)).map(({ root }) => root));
  return [...roots].filter((root) => isWebAddress(root) || (path.isAbsolute(root) && existsSync(root))).toSorted();
}

/** Loads a document from the store, for a re-indexing that was not given its root. */
export async function loadStoredDocument(
  store: VectorStore,
  record: DocumentRecord,
  { collection, signal }: { readonly collection: string } & CallOptions,
): Promise<LoadOutcome> {
  const whole = { documentId: record.id, span: { start: 0, end: record.textLength } };
  const [text] = await store.readSpans(collection, [whole], { signal });
  if (text === null || text === undefined)
    return { status: "failed", reason: "its stored text is gone; ingest it again" };
  const document: LoadedDocument = { ...record, text, pages: record.pages ?? [] };
  return { status: "loaded", document, note: "" };
}
