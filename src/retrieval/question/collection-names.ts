import type { DocumentRecord } from "../../domain/document.ts";
import { allDocuments } from "../../store/all-documents.ts";
import type { VectorStore } from "../../store/vector-store.ts";
import { remember } from "../remember.ts";

/** What a question may name of a document. */
export type NamedDocument = Pick<DocumentRecord, "source" | "title" | "language">;

/** Reads what the documents of a collection are called, and keeps it for some seconds. */
export function createNamesReader(store: VectorStore, collection: string): () => Promise<readonly NamedDocument[]> {
  return remember(() => readNames(store, collection));
}

async function readNames(store: VectorStore, collection: string): Promise<NamedDocument[]> {
  const names: NamedDocument[] = [];
  for await (const { source, title, language } of allDocuments(store, collection)) {
    names.push({ source, title, language });
  }
  return names;
}
