import type { DocumentRecord, LoadedDocument } from "../src/domain/document.ts";
import { articleTitles } from "./chunking/headings.ts";

/** Makes the record of a loaded document that is not stored completely; see {@link completeRecord}. */
export function beginRecord(
  { root, source, title, mediaType, language, bytes, text, modifiedAt = null, ...document }: LoadedDocument,
  rest: Pick<DocumentRecord, "id" | "chunks">,
): DocumentRecord {
  const ingestedAt = new Date().toISOString();
  const known = { root, source, title, mediaType, language, bytes, modifiedAt };
  const { fetched, metadata, pages } = document;
  const articles = articleTitles({ language, text });
  const given = {
    ...(fetched && { fetched }),
    ...(metadata && { metadata }),
    ...(pages.length > 0 && { pages }),
    ...(articles.length > 0 && { articles }),
  };
  return { ...rest, contentHash: "", ...known, ...given, textLength: text.length, ingestedAt };
}

/** The record of a document that is stored completely now. */
export function completeRecord(
  begun: DocumentRecord,
  rest: Pick<DocumentRecord, "chunks" | "contentHash">,
): DocumentRecord {
  return { ...begun, ...rest, ingestedAt: new Date().toISOString() };
}
