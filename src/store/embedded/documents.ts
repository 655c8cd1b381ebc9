import type { DocumentRecord, Span } from "../../domain/document.ts";
import { CitewellError } from "../../errors.ts";
import { deleteChunkRows } from "./chunks.ts";
import { countUp, findCollection } from "./collections.ts";
import { decodeText, type EmbeddedDatabase, encodeText, numberOf, type Row, textOf, textOrNull } from "./database.ts";
import type { EmbeddedOperations } from "./protocol.ts";
import { joinSpan, PART_LENGTH, type TextPart } from "../text-parts.ts";
import { optionalPartsOf, storedParts } from "../optional-parts.ts";

type DocumentOperations = Pick<
  EmbeddedOperations,
  | "listDocuments"
  | "documentsVersion"
  | "getDocument"
  | "putDocument"
  | "appendText"
  | "touchDocuments"
  | "deleteDocuments"
  | "readSpans"
>;

/** Keeps records of documents and their texts. */
export function createDocumentOperations(database: EmbeddedDatabase): DocumentOperations {
  return {
    listDocuments(name, { limit, cursor }) {
      return database.read(() => {
        const { id } = findCollection(database, name);
        const after = cursor === null ? ["", "", ""] : parseCursor(cursor);
        const rows = database
          .statement(
            `SELECT * FROM documents WHERE collection = ? AND (root, source, id) > (?, ?, ?)
             ORDER BY root, source, id LIMIT ?`,
          )
          .all(id, ...after, limit + 1);
        const documents = rows.slice(0, limit).map(documentOf);
        const last = documents.at(-1);
        const more = rows.length > limit && last !== undefined;
        return { documents, nextCursor: more ? formatCursor(last) : null };
      });
    },
    documentsVersion(name) {
      return database.read(() => {
        const collection = findCollection(database, name);
        const row = database
          .statement(
            `SELECT documents, (SELECT max(ingested_at) FROM documents WHERE collection = ?1) AS newest
             FROM collections WHERE id = ?1`,
          )
          .get(collection.id);
        return JSON.stringify([collection.id, row?.["documents"], row?.["newest"]]);
      });
    },
    getDocument(name, id) {
      return database.read(() => {
        const collection = findCollection(database, name);
        const row = database
          .statement("SELECT * FROM documents WHERE collection = ? AND id = ?")
          .get(collection.id, id);
        return row === undefined ? null : documentOf(row);
      });
    },
    putDocument(name, document, parts) {
      database.mapFile(false);
      database.write(() => {
        const collection = findCollection(database, name);
        if (parts !== null) deleteText(database, collection.id, document.id);
        const replaced = deleteRecord(database, collection.id, document.id);
        insertDocument(database, collection.id, document);
        insertParts(database, collection.id, { document: document.id, parts: parts ?? [] });
        countUp(database, collection, { documents: replaced ? 0 : 1 });
      });
    },
    appendText(name, id, parts) {
      database.write(() => {
        const collection = findCollection(database, name);
        insertParts(database, collection.id, { document: id, parts });
      });
    },
    touchDocuments(name, seen) {
      database.write(() => {
        const { id: collection } = findCollection(database, name);
        const touch = database.statement("UPDATE documents SET modified_at = ? WHERE collection = ? AND id = ?");
        for (const { id, modifiedAt } of seen) touch.run(modifiedAt, collection, id);
      });
    },
    deleteDocuments(name, ids) {
      return database.write(() => {
        const collection = findCollection(database, name);
        const chunkRows = database.statement("SELECT row FROM chunks WHERE collection = ? AND document = ?");
        const rows = [...new Set(ids)].flatMap((id) => chunkRows.all(collection.id, id));
        deleteChunkRows(database, { collection, rows: rows.map((row) => numberOf(row["row"])) });
        for (const id of ids) deleteText(database, collection.id, id);
        const documents = ids.filter((id) => deleteRecord(database, collection.id, id)).length;
        countUp(database, collection, { documents: -documents });
        return rows.length;
      });
    },
    readSpans(name, spans) {
      return database.read(() => {
        const { id } = findCollection(database, name);
        return spans.map(({ documentId, span }) => readSpan(database, id, { document: documentId, span }));
      });
    },
  };
}

function insertDocument(database: EmbeddedDatabase, collection: number, document: DocumentRecord): void {
  const row = {
    collection,
    id: document.id,
    root: document.root,
    source: document.source,
    title: document.title,
    media_type: document.mediaType,
    language: document.language,
    bytes: document.bytes,
    content_hash: document.contentHash,
    chunks: document.chunks,
    text_length: document.textLength,
    ingested_at: document.ingestedAt,
    ...storedParts(document),
  };
  // By the columns' names, so that the statement also fits a file to which a newer program has added columns.
  const columns = Object.keys(row);
  database
    .statement(`INSERT INTO documents (${columns.join(", ")}) VALUES (${columns.map(() => "?").join(", ")})`)
    .run(...Object.values(row));
}

function deleteText(database: EmbeddedDatabase, collection: number, id: string): void {
  database.statement("DELETE FROM document_parts WHERE collection = ? AND document = ?").run(collection, id);
}

/** Returns whether there was one. */
function deleteRecord(database: EmbeddedDatabase, collection: number, id: string): boolean {
  const { changes } = database.statement("DELETE FROM documents WHERE collection = ? AND id = ?").run(collection, id);
  return Number(changes) > 0;
}

function insertParts(
  database: EmbeddedDatabase,
  collection: number,
  { document, parts }: { readonly document: string; readonly parts: readonly TextPart[] },
): void {
  const insert = database.statement("REPLACE INTO document_parts VALUES (?, ?, ?, ?, ?)");
  for (const { part, start, text } of parts) insert.run(collection, document, part, start, encodeText(text));
}

function readSpan(
  database: EmbeddedDatabase,
  collection: number,
  { document, span }: { readonly document: string; readonly span: Span },
): string | null {
  // The part after the last one is read as well, since it may begin one unit early.
  const parts = database
    .statement(
      "SELECT start, text FROM document_parts WHERE collection = ? AND document = ? AND part BETWEEN ? AND ? ORDER BY part",
    )
    .all(collection, document, Math.floor(span.start / PART_LENGTH), Math.floor(span.end / PART_LENGTH));
  if (parts.length === 0) return documentExists(database, collection, document) ? "" : null;
  return joinSpan(
    parts.map((part) => ({ start: numberOf(part["start"]), text: decodeText(part["text"]) })),
    span,
  );
}

function documentExists(database: EmbeddedDatabase, collection: number, id: string): boolean {
  const row = database.statement("SELECT 1 FROM documents WHERE collection = ? AND id = ?").get(collection, id);
  return row !== undefined;
}

function documentOf(row: Row): DocumentRecord {
  return {
    id: textOf(row["id"]),
    root: textOf(row["root"]),
    source: textOf(row["source"]),
    title: textOrNull(row["title"]),
    mediaType: textOf(row["media_type"]),
    language: textOf(row["language"]),
    bytes: numberOf(row["bytes"]),
    contentHash: textOf(row["content_hash"]),
    chunks: numberOf(row["chunks"]),
    textLength: numberOf(row["text_length"]),
    ingestedAt: textOf(row["ingested_at"]),
    ...optionalPartsOf(row),
  };
}

function formatCursor({ root, source, id }: DocumentRecord): string {
  return Buffer.from(JSON.stringify([root, source, id])).toString("base64url");
}

function parseCursor(cursor: string): string[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(Buffer.from(cursor, "base64url").toString());
  } catch {
    parsed = null;
  }
  if (Array.isArray(parsed) && parsed.length === 3) {
    const keys = parsed.filter((key) => typeof key === "string");
    if (keys.length === 3) return keys;
  }
  const message = `The cursor "${cursor.slice(0, 60)}" does not come from a listing of documents: leave it out to start with the first page.`;
  throw new CitewellError("usage_invalid", message, { problems: [{ path: "cursor", message }] });
}
