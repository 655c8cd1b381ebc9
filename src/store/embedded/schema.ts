import { CitewellError } from "../../errors.ts";

/** A collection as the other tables know it. */
export interface StoredCollection {
  /** Number of the collection; it stays when the name changes. */
  readonly id: number;
  /** How often its vector table was rewritten. */
  readonly generation: number;
  readonly dimensions: number;
  readonly chunks: number;
  /** Number of stored vectors. */
  readonly vectors: number;
  /** Increases with every write of vectors. */
  readonly version: number;
}

/** Marks a file as ours: "CITE" in the database header. */
export const APPLICATION_ID: number = 0x43495445;

/** Version of the tables below; a file with a higher one was written by a newer program. */
export const SCHEMA_VERSION: number = 11;

/** Must be set before the first table is created. Pages larger than usual hold five vectors or one list of postings. */
export const FILE_SETTINGS: string = "PRAGMA page_size = 8192; PRAGMA auto_vacuum = INCREMENTAL;";

// Keyed by a name and not by a collection, which may not exist yet, and is another one after a re-indexing.
const LEASES = `
  CREATE TABLE leases (
    name TEXT PRIMARY KEY,
    owner TEXT NOT NULL,
    holder TEXT NOT NULL,
    since INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;`;

// A filter needs each chunk's number of windows. It is in the index, so that the chunks themselves need not be read.
const CHUNKS_FOR_FILTERS = `
  CREATE INDEX chunks_by_document ON chunks (collection, document, ordinal, windows);
  CREATE INDEX chunks_by_language ON chunks (collection, language, windows);
  CREATE INDEX chunks_by_root ON chunks (collection, root, windows);`;

const DOCUMENTS_BY_TIME = "CREATE INDEX documents_by_time ON documents (collection, ingested_at);";

const CHUNKS_BY_HEADING = "CREATE INDEX chunks_by_heading ON chunks (collection, heading, document, windows);";

const CHUNKS_BY_VERSION = "CREATE INDEX chunks_by_version ON chunks (collection, version);";

// A program that is older than the versions may still have the file open and write without them. These triggers give
// what it writes the version that a new program would give it; otherwise no reader would notice.
const VERSION_TRIGGERS = `
  CREATE TRIGGER version_of_new_chunk AFTER INSERT ON chunks WHEN NEW.version = 0 BEGIN
    UPDATE chunks SET version = 1 + (SELECT version FROM collections WHERE id = NEW.collection) WHERE row = NEW.row;
  END;
  CREATE TRIGGER version_of_changed_chunk AFTER UPDATE OF windows ON chunks WHEN NEW.version = OLD.version BEGIN
    UPDATE chunks SET version = 1 + (SELECT version FROM collections WHERE id = NEW.collection) WHERE row = NEW.row;
  END;
  CREATE TRIGGER version_of_collection AFTER UPDATE OF vectors ON collections WHEN NEW.version = OLD.version BEGIN
    UPDATE collections SET version = version + 1 WHERE id = NEW.id;
  END;`;

/** SQL that brings a file from one version to the next; the first entry is for version 1. */
const UPGRADES: readonly string[] = [
  `ALTER TABLE documents ADD COLUMN modified_at REAL; ${LEASES}`,
  "ALTER TABLE documents ADD COLUMN fetched TEXT;",
  "ALTER TABLE chunks ADD COLUMN heading TEXT;",
  "ALTER TABLE chunks ADD COLUMN signature TEXT;",
  `ALTER TABLE collections ADD COLUMN version INTEGER NOT NULL DEFAULT 0;
   ALTER TABLE chunks ADD COLUMN version INTEGER NOT NULL DEFAULT 0;
   ${CHUNKS_BY_VERSION}`,
  VERSION_TRIGGERS,
  "ALTER TABLE documents ADD COLUMN metadata TEXT;",
  "ALTER TABLE documents ADD COLUMN pages TEXT;",
  `DROP INDEX chunks_by_document; DROP INDEX chunks_by_language; DROP INDEX chunks_by_root;
   ${CHUNKS_FOR_FILTERS} ${DOCUMENTS_BY_TIME}`,
  `ALTER TABLE documents ADD COLUMN articles TEXT; ${CHUNKS_BY_HEADING}`,
];

/**
 * All tables except those of the vectors. Collections have a number of their own that is never used twice, so that
 * renaming one changes a single row.
 */
export const SCHEMA: string = `
  CREATE TABLE collections (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE,
    settings TEXT NOT NULL,
    created_at TEXT NOT NULL,
    documents INTEGER NOT NULL DEFAULT 0,
    chunks INTEGER NOT NULL DEFAULT 0,
    -- Number of stored vectors, and of the times the vector table was written anew.
    vectors INTEGER NOT NULL DEFAULT 0,
    generation INTEGER NOT NULL DEFAULT 0,
    -- Rises with every write of vectors.
    version INTEGER NOT NULL DEFAULT 0
  );
  CREATE TABLE documents (
    collection INTEGER NOT NULL,
    id TEXT NOT NULL,
    root TEXT NOT NULL,
    source TEXT NOT NULL,
    title TEXT,
    media_type TEXT NOT NULL,
    language TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    content_hash TEXT NOT NULL,
    chunks INTEGER NOT NULL,
    text_length INTEGER NOT NULL,
    ingested_at TEXT NOT NULL,
    modified_at REAL,
    -- What a web server said of the page.
    fetched TEXT,
    -- What was said of the document, as JSON.
    metadata TEXT,
    -- Where its pages lie, as JSON.
    pages TEXT,
    -- The titles of its articles, as JSON.
    articles TEXT,
    PRIMARY KEY (collection, id)
  ) WITHOUT ROWID;
  CREATE INDEX documents_by_source ON documents (collection, root, source, id);
  ${DOCUMENTS_BY_TIME}
  CREATE TABLE document_parts (
    collection INTEGER NOT NULL,
    document TEXT NOT NULL,
    part INTEGER NOT NULL,
    start INTEGER NOT NULL,
    text ANY NOT NULL,
    PRIMARY KEY (collection, document, part)
  ) STRICT;
  CREATE TABLE chunks (
    row INTEGER PRIMARY KEY,
    collection INTEGER NOT NULL,
    id TEXT NOT NULL,
    document TEXT NOT NULL,
    root TEXT NOT NULL,
    source TEXT NOT NULL,
    title TEXT,
    language TEXT NOT NULL,
    ordinal INTEGER NOT NULL,
    span_start INTEGER NOT NULL,
    span_end INTEGER NOT NULL,
    line_start INTEGER NOT NULL,
    line_end INTEGER NOT NULL,
    page INTEGER,
    symbol TEXT,
    heading TEXT,
    signature TEXT,
    fingerprint TEXT NOT NULL,
    windows INTEGER NOT NULL,
    -- The collection's version with which the vectors came: whoever has them in memory asks for the newer ones.
    version INTEGER NOT NULL DEFAULT 0,
    terms BLOB NOT NULL,
    text ANY NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX chunks_by_id ON chunks (collection, id);
  ${CHUNKS_FOR_FILTERS}
  ${CHUNKS_BY_HEADING}
  ${CHUNKS_BY_VERSION}
  CREATE TABLE postings (
    collection INTEGER NOT NULL,
    -- First, so that what is written together lies together: a new chunk touches the last block only.
    block INTEGER NOT NULL,
    term INTEGER NOT NULL,
    entries BLOB NOT NULL,
    PRIMARY KEY (collection, block, term)
  ) WITHOUT ROWID;
${LEASES}
${VERSION_TRIGGERS}
  PRAGMA application_id = ${APPLICATION_ID};
  PRAGMA user_version = ${SCHEMA_VERSION};
`;

/** Tables whose rows belong to one collection. */
export const COLLECTION_TABLES: readonly string[] = ["documents", "document_parts", "chunks", "postings"];

/** Name of the table that holds a collection's vectors. */
export function vectorTable(collection: { readonly id: number; readonly generation: number }): string {
  return `vectors_${collection.id}_${collection.generation}`;
}

/** The marks by which a file tells what it is. */
export interface FileMarks {
  readonly applicationId: number;
  readonly schemaVersion: number;
  /** Number of tables and indexes. */
  readonly objects: number;
}

/**
 * The SQL that creates the tables or upgrades them; null if they are up to date.
 *
 * @throws CitewellError `store_unavailable` for a file of another program or of a newer version.
 */
export function missingSchema({ applicationId, schemaVersion, objects }: FileMarks, file: string): string | null {
  if (applicationId === 0 && schemaVersion === 0 && objects === 0) return SCHEMA;
  if (applicationId !== APPLICATION_ID) {
    throw new CitewellError(
      "store_unavailable",
      `${file} is a database of another program: name another data folder, or move the file away.`,
    );
  }
  if (schemaVersion > SCHEMA_VERSION) {
    throw new CitewellError(
      "store_unavailable",
      `${file} was written by a newer version (its tables are of version ${schemaVersion}, this program knows ${SCHEMA_VERSION}): update the program, or name another data folder.`,
    );
  }
  if (schemaVersion === SCHEMA_VERSION) return null;
  return [...UPGRADES.slice(schemaVersion - 1), `PRAGMA user_version = ${SCHEMA_VERSION};`].join("\n");
}
