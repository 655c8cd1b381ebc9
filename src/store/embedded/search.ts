import type { DocumentMetadata } from "../../domain/document-metadata.ts";
import { chunkOf, sizeMismatch } from "./chunks.ts";
import type { StoredCollection } from "./schema.ts";
import { findCollection } from "./collections.ts";
import { type EmbeddedDatabase, numberOf } from "./database.ts";
import { documentsWithMetadata } from "./metadata-filter.ts";
import type { EmbeddedOperations } from "./protocol.ts";
import type { ResidentVectors } from "./resident-vectors.ts";
import { type ChunkWindows, chunkWindowsOf } from "./vector-table.ts";
import { cosines, nearestChunks } from "./vectors.ts";
import { scoreWords } from "./word-scores.ts";
import { parseMetadata } from "../metadata-text.ts";
import type { StoreFilter, StoreQuery, StoreSearchResult } from "../vector-store.ts";

// Everything a chunk consists of, except its terms, which take as much space as its text.
const SELECT_FOUND = `SELECT row, windows, id, document, root, source, title, language, ordinal, span_start, span_end,
  line_start, line_end, page, symbol, signature, heading, text FROM chunks WHERE row = ?`;

/** Finds chunks by vector and by words. */
export function createSearchOperations(
  database: EmbeddedDatabase,
  residents: ResidentVectors,
): Pick<EmbeddedOperations, "search"> {
  return {
    // One transaction, so that both rankings and the counts show the same moment.
    search(name, query) {
      database.mapFile(true);
      return database.read(() => search(database, findCollection(database, name), { query, residents }));
    },
  };
}

function search(
  database: EmbeddedDatabase,
  collection: StoredCollection,
  { query, residents }: { readonly query: StoreQuery; readonly residents: ResidentVectors },
): StoreSearchResult {
  const { vector, terms } = query;
  if (vector !== null && vector.length !== collection.dimensions) {
    throw sizeMismatch(vector.length, collection.dimensions, "the query");
  }
  const allowed = allowedChunks(database, collection, query.filter);
  const words = scoreWords(database, collection, terms);
  const allowedRows = allowed?.map(({ row }) => row) ?? null;
  const byWords = words.best(query.lexicalLimit, allowedRows);
  const byVector =
    vector === null
      ? new Map<number, number>()
      : nearestChunks(database, collection, {
          vector,
          limit: query.denseLimit,
          allowed,
          codes: () => residents.find(collection),
        });
  const select = database.statement(SELECT_FOUND);
  const rows = [...new Set([...byVector.keys(), ...byWords])]
    .map((row) => select.get(row))
    .filter((row) => row !== undefined);
  const unscored = rows.map(chunkWindowsOf).filter(({ row }) => !byVector.has(row));
  const others = vector === null ? byVector : cosines(database, collection, { vector, chunks: unscored });
  const metadataOf = metadataReader(database, collection);
  const candidates = rows.map((found) => {
    const row = numberOf(found["row"]);
    const chunk = chunkOf(found);
    const metadata = metadataOf(chunk.documentId);
    return {
      chunk,
      // Null if only the words are stored.
      dense: vector === null ? null : (byVector.get(row) ?? others.get(row) ?? null),
      lexical: words.scoreOf(row),
      ...(metadata !== undefined && { metadata }),
    };
  });
  const chunkCount = terms.length === 0 ? 0 : collection.chunks;
  return { candidates, idf: words.idf, absent: words.absent, chunkCount };
}

/** Reads the metadata of documents from their records. */
function metadataReader(
  database: EmbeddedDatabase,
  { id: collection }: StoredCollection,
): (documentId: string) => DocumentMetadata | undefined {
  const select = database.statement("SELECT metadata FROM documents WHERE collection = ? AND id = ?");
  const read = new Map<string, DocumentMetadata | undefined>();
  return (id) => {
    if (!read.has(id)) read.set(id, parseMetadata(select.get(collection, id)?.["metadata"]));
    return read.get(id);
  };
}

/** The chunks that a filter lets through; null without a filter. */
function allowedChunks(
  database: EmbeddedDatabase,
  collection: StoredCollection,
  filter: StoreFilter = {},
): readonly ChunkWindows[] | null {
  const { metadata = {} } = filter;
  const isSaid = Object.keys(metadata).length > 0;
  const wanted = [
    ["document", filter.documentIds],
    ["document", isSaid ? documentsWithMetadata(database, collection, metadata) : undefined],
    ["language", filter.languages],
    ["root", filter.roots],
    ["heading", filter.headings],
  ] as const;
  const given = wanted.flatMap(([column, values]) => (values === undefined ? [] : [{ column, values }]));
  if (given.length === 0) return null;
  const conditions = given.map(({ column }) => `AND ${column} IN (SELECT value FROM json_each(?))`);
  const rows = database
    .statement(`SELECT row, windows FROM chunks WHERE collection = ? ${conditions.join(" ")}`)
    .all(collection.id, ...given.map(({ values }) => JSON.stringify(values)));
  return rows.map(chunkWindowsOf);
}
