import type { CollectionInfo, CollectionSettings } from "../../domain/collection.ts";
import { CitewellError } from "../../errors.ts";
import { type EmbeddedDatabase, numberOf, type Row, textOf } from "./database.ts";
import type { EmbeddedOperations } from "./protocol.ts";
import { COLLECTION_TABLES, type StoredCollection, vectorTable } from "./schema.ts";
import { createVectorTable } from "./vector-table.ts";

type CollectionOperations = Pick<
  EmbeddedOperations,
  "listCollections" | "describeCollection" | "createCollection" | "deleteCollection" | "promoteCollection"
>;

/** Finds a collection; to be called within the transaction that uses it. */
export function findCollection(database: EmbeddedDatabase, name: string): StoredCollection {
  const row = rowOf(database, name);
  if (row === undefined) {
    throw new CitewellError(
      "collection_missing",
      `There is no collection "${name}": ingest into it first, or name one that exists.`,
    );
  }
  return collectionOf(row);
}

function rowOf(database: EmbeddedDatabase, name: string): Row | undefined {
  return database.statement("SELECT * FROM collections WHERE name = ?").get(name);
}

/** Finds a collection by its number; null if it does not exist any more. */
export function findCollectionById(database: EmbeddedDatabase, id: number): StoredCollection | null {
  const row = database.statement("SELECT * FROM collections WHERE id = ?").get(id);
  return row === undefined ? null : collectionOf(row);
}

/** The collection that a row of its table is. */
export function collectionOf(row: Row): StoredCollection {
  return {
    id: numberOf(row["id"]),
    generation: numberOf(row["generation"]),
    dimensions: settingsOf(row).embedding.dimensions,
    chunks: numberOf(row["chunks"]),
    vectors: numberOf(row["vectors"]),
    version: numberOf(row["version"]),
  };
}

/** Adds to the counts of a collection; negative numbers subtract. */
export function countUp(
  database: EmbeddedDatabase,
  { id }: StoredCollection,
  {
    documents = 0,
    chunks = 0,
    vectors = 0,
    version = 0,
  }: { documents?: number; chunks?: number; vectors?: number; version?: number },
): void {
  database
    .statement(
      `UPDATE collections SET documents = documents + ?, chunks = chunks + ?, vectors = vectors + ?,
         version = version + ? WHERE id = ?`,
    )
    .run(documents, chunks, vectors, version, id);
}

/** Makes, names and drops collections. */
export function createCollectionOperations(database: EmbeddedDatabase): CollectionOperations {
  const exists = (name: string): boolean => rowOf(database, name) !== undefined;
  return {
    listCollections() {
      return database.statement("SELECT * FROM collections ORDER BY name").all().map(infoOf);
    },
    describeCollection(name) {
      const row = rowOf(database, name);
      return row === undefined ? null : infoOf(row);
    },
    createCollection(name, settings) {
      database.write(() => {
        if (exists(name)) {
          throw new CitewellError(
            "collection_exists",
            `There is a collection "${name}" already: use it as it is, delete it, or take another name.`,
          );
        }
        database
          .statement("INSERT INTO collections (name, settings, created_at) VALUES (?, ?, ?)")
          .run(name, JSON.stringify(settings), new Date().toISOString());
        createVectorTable(database, findCollection(database, name));
      });
    },
    deleteCollection(name) {
      return database.write(() => {
        if (!exists(name)) return false;
        dropCollection(database, name);
        return true;
      });
    },
    promoteCollection(from, to) {
      database.write(() => {
        const { id } = findCollection(database, from);
        if (from === to) return;
        if (exists(to)) dropCollection(database, to);
        database.statement("UPDATE collections SET name = ? WHERE id = ?").run(to, id);
      });
    },
  };
}

function dropCollection(database: EmbeddedDatabase, name: string): void {
  const collection = findCollection(database, name);
  for (const table of COLLECTION_TABLES) {
    database.statement(`DELETE FROM ${table} WHERE collection = ?`).run(collection.id);
  }
  database.run(`DROP TABLE ${vectorTable(collection)}`);
  database.statement("DELETE FROM collections WHERE id = ?").run(collection.id);
  // Gives the space that the collection took in the file back to the file system.
  database.run("PRAGMA incremental_vacuum");
}

function infoOf(row: Row): CollectionInfo {
  return {
    name: textOf(row["name"]),
    settings: settingsOf(row),
    documents: numberOf(row["documents"]),
    chunks: numberOf(row["chunks"]),
    createdAt: textOf(row["created_at"]),
  };
}

function settingsOf(row: Row): CollectionSettings {
  const settings: CollectionSettings = JSON.parse(textOf(row["settings"]));
  return settings;
}
