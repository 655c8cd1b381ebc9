import type { DocumentRecord, LoadedDocument } from "../src/domain/document.ts";

/** The record of a document as it is now. */
export function createRecord(
  { root, source, title, mediaType, language, bytes, text, modifiedAt = null, fetched, metadata }: LoadedDocument,
  rest: Pick<DocumentRecord, "id" | "chunks" | "contentHash">,
): DocumentRecord {
  const ingestedAt = new Date().toISOString();
  const known = { root, source, title, mediaType, language, bytes, modifiedAt };
  const given = { ...(fetched && { fetched }), ...(metadata && { metadata }) };
  return { ...rest, ...known, ...given, textLength: text.length, ingestedAt };
}
