import type { DocumentMetadata, MetadataFilter } from "../domain/document-metadata.ts";

/**
 * Writes a document's metadata as a list of texts, one a value, such as `["year",2025]`: two values are equal exactly
 * if their texts are. So a store that can only compare texts compares keys of any spelling, tells types apart, and
 * numbers are exact to the last digit. A text without a value says that the key holds a list. {@link metadataOfEntries}
 * reads the list back.
 */
export function metadataEntries(metadata: DocumentMetadata = {}): string[] {
  return Object.entries(metadata).flatMap(([key, value]) =>
    typeof value === "object"
      ? [JSON.stringify([key]), ...value.map((one) => JSON.stringify([key, one]))]
      : [JSON.stringify([key, value])],
  );
}

/** For each key of a filter, the texts of which a matching document has at least one. */
export function wantedEntries(filter: MetadataFilter = {}): string[][] {
  return Object.entries(filter).map(([key, wanted]) => [wanted].flat().map((value) => JSON.stringify([key, value])));
}

/** Reads what {@link metadataEntries} wrote; undefined where there is nothing. */
export function metadataOfEntries(entries: unknown): DocumentMetadata | undefined {
  if (!Array.isArray(entries) || entries.length === 0) return undefined;
  const metadata = new Map<string, string | number | boolean | string[]>();
  for (const entry of entries) {
    const [key, value]: [string, (string | number | boolean)?] = JSON.parse(String(entry));
    const known = metadata.get(key);
    if (value === undefined) metadata.set(key, []);
    else if (Array.isArray(known)) known.push(String(value));
    else metadata.set(key, value);
  }
  return Object.fromEntries(metadata);
}
