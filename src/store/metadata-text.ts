import type { DocumentMetadata } from "../domain/document-metadata.ts";
import { isJsonObject } from "../domain/json-object.ts";

/**
 * Writes a document's metadata as one text, for stores; null if there is none. It is a text even where a store takes
 * objects, since not every JSON reader gives a number back to its last digit.
 */
export function formatMetadata(metadata: DocumentMetadata | undefined): string | null {
  return metadata === undefined || Object.keys(metadata).length === 0 ? null : JSON.stringify(metadata);
}

/** Reads what {@link formatMetadata} wrote. Undefined for anything else. */
export function parseMetadata(text: unknown): DocumentMetadata | undefined {
  if (typeof text !== "string" || !text.startsWith("{")) return undefined;
  const metadata: DocumentMetadata = JSON.parse(text);
  return isJsonObject(metadata) ? metadata : undefined;
}
