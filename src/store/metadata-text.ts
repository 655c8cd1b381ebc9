import type { DocumentMetadata } from "../domain/document-metadata.ts";

/**
 * Writes a document's metadata as one text, for stores; null if there is none. It is a text even where a store takes
 * objects, since not every JSON reader gives a number back to its last digit.
 */
export function formatMetadata(metadata: DocumentMetadata | undefined): string | null {
  return metadata === undefined || Object.keys(metadata).length === 0 ? null : JSON.stringify(metadata);
}

/** Reads what {@link formatMetadata} wrote. Undefined for anything else. */
export function parseMetadata(text: unknown): DocumentMetadata | undefined {
  return typeof text === "string" && text.startsWith("{") ? JSON.parse(text) : undefined;
}
