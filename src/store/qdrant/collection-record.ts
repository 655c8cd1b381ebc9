import type { CollectionSettings } from "../../domain/collection.ts";
import { isJsonObject } from "../../domain/json-object.ts";
import { CitewellError } from "../../errors.ts";

/** Version of how collections lie in Qdrant: vectors, payload fields, kinds of points. */
const SCHEMA = 1;

/** What our Qdrant collections say of themselves. */
export interface CollectionRecord {
  readonly name: string;
  readonly createdAt: string;
  /** Tells it from any other collection that had or will have its name. */
  readonly creator: string;
  readonly settings: CollectionSettings;
}

/** The record as metadata of a Qdrant collection. */
export function recordMetadata(record: CollectionRecord): Record<string, unknown> {
  return { citewell: { schema: SCHEMA, ...record } };
}

/**
 * Reads the record from metadata; null if the collection is not ours.
 * @throws CitewellError `collection_mismatch` for the layout of another version.
 */
export function readRecord(metadata: unknown): CollectionRecord | null {
  if (!isJsonObject(metadata) || !isJsonObject(metadata["citewell"])) return null;
  const { schema, name, createdAt, creator, settings } = metadata["citewell"];
  if (schema !== SCHEMA) {
    throw new CitewellError(
      "collection_mismatch",
      `The collection "${String(name)}" in Qdrant has the layout ${String(schema)}, this program reads ${SCHEMA}; use the program that wrote it, or delete the collection and ingest again.`,
    );
  }
  if (typeof name !== "string" || typeof createdAt !== "string" || typeof creator !== "string") return null;
  return isSettings(settings) ? { name, createdAt, creator, settings } : null;
}

function isSettings(value: unknown): value is CollectionSettings {
  if (!isJsonObject(value) || !isJsonObject(value["chunker"]) || !isJsonObject(value["analyser"])) return false;
  return isJsonObject(value["embedding"]) && typeof value["embedding"]["dimensions"] === "number";
}
