import type { DocumentRecord, LoadedDocument } from "../src/domain/document.ts";

/** The record of a document as it is now. */
export function createRecord(
  { root, source, title, mediaType, language, bytes, text, modifiedAt = null, fetched }: LoadedDocument,
  rest: Pick<DocumentRecord, "id" | "chunks" | "contentHash">,
): DocumentRecord {
  const ingestedAt = new Date().toISOString();
  const known = { root, source, title, mediaType, language, bytes, modifiedAt };
  return { ...rest, ...known, ...(fetched && { fetched }), textLength: text.length, ingestedAt };
}
