import { collectionOf } from "./collections.ts";
import { type EmbeddedDatabase, numberOf, textOf } from "./database.ts";
import { databaseDamaged } from "./errors.ts";
import { listPieces, readPiece } from "./vector-table.ts";
import type { StoredCollection } from "./schema.ts";

/**
 * Looks through the whole file: SQLite checks its pages and indexes, and what the collections count is compared with what
 * lies there.
 *
 * @throws CitewellError `store_failed` naming the first damage.
 */
export function verifyDatabase(database: EmbeddedDatabase, file: string): void {
  database.mapFile(true);
  database.read(() => {
    const finding = textOf(database.statement("PRAGMA integrity_check(1)").get()?.["integrity_check"]);
    if (finding !== "ok") throw databaseDamaged(file, finding.replace("*** in database main ***\n", ""));
    for (const row of database.statement("SELECT * FROM collections").all()) {
      const there = countWhatIsThere(database, collectionOf(row));
      for (const [what, count] of Object.entries(there)) {
        if (row[what] === count) continue;
        const name = textOf(row["name"]);
        throw databaseDamaged(file, `collection ${name} should have ${String(row[what])} ${what} and has ${count}`);
      }
    }
  });
}

/** By the columns that count it. */
function countWhatIsThere(database: EmbeddedDatabase, collection: StoredCollection): Readonly<Record<string, number>> {
  const rowsOf = (table: string): number =>
    numberOf(
      database.statement(`SELECT count(*) AS count FROM ${table} WHERE collection = ?`).get(collection.id)?.["count"],
    );
  let vectors = 0;
  const hasWindow = database.statement("SELECT 1 FROM chunks WHERE row = ? AND collection = ? AND windows > ?");
  for (const piece of listPieces(database, collection)) {
    for (const { row, window, vector } of readPiece(database, collection, piece)) {
      const isWhole = vector.length === collection.dimensions && vector.every(Number.isFinite);
      if (isWhole && hasWindow.get(row, collection.id, window) !== undefined) vectors += 1;
    }
  }
  return { documents: rowsOf("documents"), chunks: rowsOf("chunks"), vectors };
}
