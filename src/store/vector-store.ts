import type { Chunk, ChunkPoint, IndexedChunk } from "../domain/chunk.ts";
import type { CollectionInfo, CollectionSettings } from "../domain/collection.ts";
import type { DocumentMetadata, MetadataFilter } from "../domain/document-metadata.ts";
import type { DocumentRecord, Span } from "../domain/document.ts";

/** Cancels a call; the call then rejects with the signal's reason, unwrapped. */
export interface CallOptions {
  /** Aborted by whoever called. */
  readonly signal?: AbortSignal | undefined;
}

/** Narrows a search. Every given key must match; the values of one key are alternatives. */
export interface StoreFilter {
  /** Ids of documents. An empty list matches nothing. */
  readonly documentIds?: readonly string[];
  /** Names of languages, exact. Default: all. */
  readonly languages?: readonly string[];
  /** Roots, exact. Default: all. */
  readonly roots?: readonly string[];
  /** Headings that a chunk stands under ({@link Chunk.heading}), exact. Default: all. */
  readonly headings?: readonly string[];
  /**
   * Metadata that the record of a chunk's document must have, compared by `matchesMetadata`; a chunk without a record
   * has no metadata. Default: anything.
   */
  readonly metadata?: MetadataFilter;
}

/** One search: the best chunks by vector, and the best by words. */
export interface StoreQuery {
  /** Unit-length query vector; null for a search by words alone. */
  readonly vector: Float32Array | null;
  /** Indices of the distinct query terms (see `src/lexical/`); empty for a search by vector alone. */
  readonly terms: readonly number[];
  /** How many chunks to take from the vector ranking at most. */
  readonly denseLimit: number;
  /** How many chunks to take from the word ranking at most. */
  readonly lexicalLimit: number;
  /** Default: every chunk of the collection. */
  readonly filter?: StoreFilter;
}

/** A chunk from either ranking, with both of its scores. */
export interface StoreCandidate {
  readonly chunk: Chunk;
  /**
   * Cosine of the query and the chunk's best window, exact; null for a search without a vector, and for a chunk of which
   * only the words are stored.
   */
  readonly dense: number | null;
  /** Sum of weight × idf over the query's terms, exact; 0 where none occurs or none was asked for. */
  readonly lexical: number;
  /** The metadata of its document; absent if there is none. */
  readonly metadata?: DocumentMetadata;
}

/** What a store found: the union of both rankings. */
export interface StoreSearchResult {
  /** Each chunk once, in no promised order. */
  readonly candidates: readonly StoreCandidate[];
  /**
   * ln(1 + (N − df + 0.5) / (df + 0.5)) of every query term over the whole collection, whatever the filter; a term
   * that no chunk has gets its value for df = 0.
   */
  readonly idf: ReadonlyMap<number, number>;
  /** The query terms that no chunk of the whole collection has, whatever the filter. */
  readonly absent: ReadonlySet<number>;
  /** Chunks of the whole collection, whatever the filter: the N of `idf`; 0 for a query without terms. */
  readonly chunkCount: number;
}

/** One page of a listing. */
export interface DocumentPage {
  readonly documents: readonly DocumentRecord[];
  /** Give it back to get the next page; null on the last one. */
  readonly nextCursor: string | null;
}

/** Who may write to a collection, and until when. */
export interface Lease {
  /** Unique to one ingestion. */
  readonly owner: string;
  /** Who that is, for people: host, process, since when. */
  readonly holder: string;
  /** ISO 8601 time of the first claim. */
  readonly since: string;
  /** ISO 8601 time at which the lease ends unless it is claimed again. */
  readonly expiresAt: string;
}

/** A claim of a lease; see {@link VectorStore.acquireLease}. */
export interface LeaseClaim {
  readonly owner: string;
  readonly holder: string;
  /** How long the lease holds from now, in milliseconds. */
  readonly ttlMs: number;
  /** An owner known to be gone, whose lease is taken although it has not ended yet. */
  readonly replaces?: string;
}

/** A stored chunk's id, and a fingerprint of everything stored of it except its vectors. */
export interface ChunkState {
  readonly id: string;
  readonly fingerprint: string;
}

/**
 * Keeps documents and chunks of named collections, and finds chunks by vector and by words.
 *
 * Every method but `listCollections`, `describeCollection`, `createCollection`, `deleteCollection`, those of leases and
 * `close` rejects with `collection_missing` when the collection does not exist. Writes are durable when they resolve, and repeating one
 * is harmless.
 */
export interface VectorStore {
  readonly kind: "embedded" | "qdrant";
  /** File or address, without secrets: for messages. */
  readonly location: string;
  /** Largest number of chunks for one `upsertChunks` or `refreshChunks`; larger lists are cut by the caller. */
  readonly maxBatchSize: number;

  /** In alphabetical order. */
  listCollections(options?: CallOptions): Promise<readonly CollectionInfo[]>;
  /** Null when there is none of that name. */
  describeCollection(name: string, options?: CallOptions): Promise<CollectionInfo | null>;
  /** Rejects with `collection_exists` when the name is taken. */
  createCollection(name: string, settings: CollectionSettings, options?: CallOptions): Promise<void>;
  /** Whether there was one to delete. */
  deleteCollection(name: string, options?: CallOptions): Promise<boolean>;
  /**
   * Gives the name `to` to the collection `from`, at one moment for all readers, and deletes the collection that had
   * the name before. `from` is no name of its own any more. Re-indexing ends with this call.
   */
  promoteCollection(from: string, to: string, options?: CallOptions): Promise<void>;

  /** Documents in a stable order; `limit` from 1. */
  listDocuments(
    name: string,
    options: CallOptions & { readonly limit: number; readonly cursor?: string },
  ): Promise<DocumentPage>;
  getDocument(name: string, id: string, options?: CallOptions): Promise<DocumentRecord | null>;
  /**
   * Stores or replaces a document's record and its text. With null for the text the stored one stays; the caller
   * guarantees that its length is the record's `textLength`.
   */
  putDocument(name: string, document: DocumentRecord, text: string | null, options?: CallOptions): Promise<void>;
  /**
   * Records that sources were seen unchanged at these times ({@link DocumentRecord.modifiedAt}). Unknown ids are
   * ignored.
   */
  touchDocuments(
    name: string,
    seen: readonly { readonly id: string; readonly modifiedAt: number }[],
    options?: CallOptions,
  ): Promise<void>;
  /**
   * A text that changes whenever documents are added, replaced or removed, and that costs little to ask for. A list of
   * documents is up to date as long as this text stays the same.
   */
  documentsVersion(name: string, options?: CallOptions): Promise<string>;
  /**
   * Removes documents with their chunks and texts; unknown ids are ignored. Resolves to the number of chunks removed.
   */
  deleteDocuments(name: string, ids: readonly string[], options?: CallOptions): Promise<number>;
  /** The stored text of each span, cut at the text's end; null for an unknown document. In the order asked. */
  readSpans(
    name: string,
    spans: readonly { readonly documentId: string; readonly span: Span }[],
    options?: CallOptions,
  ): Promise<readonly (string | null)[]>;

  /** Ids and fingerprints of all chunks stored for a document, complete or not. */
  chunkStates(name: string, documentId: string, options?: CallOptions): Promise<readonly ChunkState[]>;
  /** A document's chunks in the order of `ordinal`. */
  listChunks(name: string, documentId: string, options?: CallOptions): Promise<readonly Chunk[]>;
  /**
   * Stores or replaces chunks with their vectors; a chunk without vectors is found by its words alone. Rejects with
   * `embedding_size_mismatch` before anything is stored.
   */
  upsertChunks(name: string, points: readonly ChunkPoint[], options?: CallOptions): Promise<void>;
  /** Replaces the place, payload and terms of stored chunks; their vectors stay. Unknown ids are ignored. */
  refreshChunks(name: string, chunks: readonly IndexedChunk[], options?: CallOptions): Promise<void>;
  /** Unknown ids are ignored. */
  deleteChunks(name: string, ids: readonly string[], options?: CallOptions): Promise<void>;

  search(name: string, query: StoreQuery, options?: CallOptions): Promise<StoreSearchResult>;

  /**
   * Claims a name for one owner, or renews the claim, across processes and machines. Resolves to the lease that is in
   * force afterwards; its owner is the claimant if the claim succeeded. It succeeds if nobody holds the name, if the
   * lease has expired, or if `replaces` holds it. The name need not be that of a collection.
   */
  acquireLease(name: string, claim: LeaseClaim, options?: CallOptions): Promise<Lease>;
  /** Gives a lease back; nothing happens where somebody else holds it. */
  releaseLease(name: string, owner: string, options?: CallOptions): Promise<void>;

  /** Resolves when the store can answer, else rejects with `store_unavailable`, `store_too_old` or `store_refused`. */
  ping(options?: CallOptions): Promise<void>;
  /** Looks through all that is stored; rejects with `store_failed` for what is damaged, saying what to do about it. */
  verify(options?: CallOptions): Promise<void>;
  close(): Promise<void>;
}
