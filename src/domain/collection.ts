/** The ways to cut prose. Code is cut in a way of its own. */
export type ChunkerName = "sentences" | "recursive" | "token" | "markdown" | "autogen";

/** The settings that a collection's vectors and term weights were made with; it can be opened only with the same. */
export interface CollectionSettings {
  /** The embedding model that made the vectors. */
  readonly embedding: {
    /** Model name, such as `all-MiniLM-L6-v2`. */
    readonly model: string;
    /** Length of a vector. */
    readonly dimensions: number;
    /** How token vectors become one vector. */
    readonly pooling: string;
    /** Hash of the model's files or, for an endpoint, of its address and model name. */
    readonly fingerprint: string;
  };
  /** How texts were cut. */
  readonly chunker: {
    readonly name: ChunkerName;
    /** Version of the cutting rules. */
    readonly version: number;
    /** Largest chunk in tokens of the embedding model. */
    readonly chunkTokens: number;
    /** Tokens that neighbouring chunks share. */
    readonly overlapTokens: number;
  };
  /** The rules by which words became terms. */
  readonly analyser: {
    /** Version of the rules that make terms of a text. */
    readonly version: number;
    /** Length, in weighted terms, that BM25 takes as the average. */
    readonly averageLength: number;
  };
}

/** The collection of those who name none. */
export const DEFAULT_COLLECTION = "default";

/** What a name must look like to be given to a collection. */
export const COLLECTION_NAME_PATTERN: RegExp = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;

/** {@link COLLECTION_NAME_PATTERN} as the end of a sentence. */
export const COLLECTION_NAME_RULE =
  "it begins with a letter or digit and has at most 100 letters, digits, dots, hyphens and underscores";

/** Whether a new collection may have this name: one that survives a path, an address and a shell. */
export function isCollectionName(name: string): boolean {
  return COLLECTION_NAME_PATTERN.test(name);
}

/** Suffix of the name under which the successor of a collection is filled; no name that a person may give has it. */
const SUCCESSOR_MARK = "~next";

/** Name under which the successor of a collection is filled while it is re-indexed. */
export function successorName(collection: string): string {
  return `${collection}${SUCCESSOR_MARK}`;
}

/** Whether a name is that of a successor: a re-indexing that goes on, or was interrupted. */
export function isSuccessorName(collection: string): boolean {
  return collection.endsWith(SUCCESSOR_MARK);
}

/** A collection with its size. */
export interface CollectionInfo {
  readonly name: string;
  readonly settings: CollectionSettings;
  readonly documents: number;
  readonly chunks: number;
  /** ISO 8601 time. */
  readonly createdAt: string;
  /**
   * The progress of a re-indexing that is under way or was interrupted; absent if there is none, and in what a store
   * returns.
   */
  readonly reindexing?: { readonly documents: number; readonly chunks: number };
}
