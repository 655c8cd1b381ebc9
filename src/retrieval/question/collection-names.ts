import type { DocumentRecord } from "../../domain/document.ts";
import { allDocuments } from "../../store/all-documents.ts";
import type { VectorStore } from "../../store/vector-store.ts";

/** How long a list of names is taken as current, in milliseconds. */
const TRUST_MS = 15_000;

/** What a question may name of a document. */
export type NamedDocument = Pick<DocumentRecord, "source" | "title" | "language">;

/** Reads what the documents of a collection are called, and keeps it for some seconds. */
export function createNamesReader(store: VectorStore, collection: string): () => Promise<readonly NamedDocument[]> {
  let known: { readonly until: number; readonly names: Promise<readonly NamedDocument[]> } | undefined;
  return () => {
    if (known !== undefined && known.until > performance.now()) return known.names;
    const names = readNames(store, collection);
    known = { until: performance.now() + TRUST_MS, names };
    names.catch(() => (known = undefined));
    return names;
  };
}

async function readNames(store: VectorStore, collection: string): Promise<NamedDocument[]> {
  const names: NamedDocument[] = [];
  for await (const { source, title, language } of allDocuments(store, collection)) {
    names.push({ source, title, language });
  }
  return names;
}
