import { matchesMetadata, type MetadataFilter } from "../../domain/document-metadata.ts";
import { parseMetadata } from "../metadata-text.ts";
import { type EmbeddedDatabase, textOf } from "./database.ts";

/** How many values of one key SQLite is asked to look for; with more, it looks only for the key. */
const NEEDLES = 4;

const CONTAINS_ONE = `AND (${Array.from({ length: NEEDLES }, () => "instr(metadata, ?)").join(" OR ")})`;

/**
 * The ids of the documents that match a filter over metadata. SQLite first leaves out the records whose JSON does not
 * contain the wanted values anywhere, which takes a few milliseconds for 20,000 documents; only the rest is parsed and
 * compared.
 */
export function documentsWithMetadata(
  database: EmbeddedDatabase,
  collection: { readonly id: number },
  filter: MetadataFilter,
): string[] {
  const needles = Object.entries(filter).map(([key, wanted]) => needlesOf(key, [wanted].flat()));
  return database
    .statement(
      `SELECT id, metadata FROM documents WHERE collection = ? AND metadata IS NOT NULL ${needles.map(() => CONTAINS_ONE).join(" ")}`,
    )
    .all(collection.id, ...needles.flat())
    .filter(({ metadata }) => matchesMetadata(parseMetadata(metadata), filter))
    .map(({ id }) => textOf(id));
}

/** Metadata is stored as `JSON.stringify` writes it, so that an equal value has the same text in it. */
function needlesOf(key: string, wanted: readonly unknown[]): string[] {
  const texts = wanted.length > NEEDLES ? [key] : wanted;
  return Array.from({ length: NEEDLES }, (_, at) => JSON.stringify(texts[Math.min(at, texts.length - 1)] ?? key));
}
