import type { Chunk, IndexedChunk } from "../../domain/chunk.ts";
import type { CollectionInfo, CollectionSettings } from "../../domain/collection.ts";
import type { DocumentRecord, Span } from "../../domain/document.ts";
import type { CitewellErrorCode, InputProblem } from "../../errors.ts";
import type { TextPart } from "../text-parts.ts";
import type { ChunkState, DocumentPage, Lease, LeaseClaim, StoreQuery, StoreSearchResult } from "../vector-store.ts";

/** File name of a store that lives in memory and ends with it. */
export const IN_MEMORY = ":memory:";

/** Chunks with all their vectors in one array, so that it moves to the worker without a copy. */
export interface PackedPoints {
  readonly chunks: readonly IndexedChunk[];
  /** For each chunk the lengths of its vectors, in order. */
  readonly vectorLengths: readonly (readonly number[])[];
  /** All vectors, one after the other. */
  readonly vectors: Float32Array<ArrayBuffer>;
}

/** What the worker can be asked to do: the arguments and the result of each method. */
export interface EmbeddedCalls {
  readonly listCollections: { readonly args: []; readonly result: readonly CollectionInfo[] };
  readonly describeCollection: { readonly args: [name: string]; readonly result: CollectionInfo | null };
  readonly createCollection: { readonly args: [name: string, settings: CollectionSettings]; readonly result: void };
  readonly deleteCollection: { readonly args: [name: string]; readonly result: boolean };
  readonly promoteCollection: { readonly args: [from: string, to: string]; readonly result: void };
  readonly listDocuments: {
    readonly args: [name: string, page: { readonly limit: number; readonly cursor: string | null }];
    readonly result: DocumentPage;
  };
  readonly documentsVersion: { readonly args: [name: string]; readonly result: string };
  readonly getDocument: { readonly args: [name: string, id: string]; readonly result: DocumentRecord | null };
  readonly putDocument: {
    /** With null for the parts the stored text stays. */
    readonly args: [name: string, document: DocumentRecord, parts: readonly TextPart[] | null];
    readonly result: void;
  };
  readonly appendText: {
    readonly args: [name: string, documentId: string, parts: readonly TextPart[]];
    readonly result: void;
  };
  readonly touchDocuments: {
    readonly args: [name: string, seen: readonly { readonly id: string; readonly modifiedAt: number }[]];
    readonly result: void;
  };
  readonly deleteDocuments: { readonly args: [name: string, ids: readonly string[]]; readonly result: number };
  readonly readSpans: {
    readonly args: [name: string, spans: readonly { readonly documentId: string; readonly span: Span }[]];
    readonly result: readonly (string | null)[];
  };
  readonly chunkStates: {
    readonly args: [name: string, documentId: string];
    readonly result: readonly ChunkState[];
  };
  readonly listChunks: { readonly args: [name: string, documentId: string]; readonly result: readonly Chunk[] };
  readonly upsertChunks: { readonly args: [name: string, points: PackedPoints]; readonly result: void };
  readonly refreshChunks: {
    readonly args: [name: string, chunks: readonly IndexedChunk[]];
    readonly result: void;
  };
  readonly deleteChunks: { readonly args: [name: string, ids: readonly string[]]; readonly result: void };
  readonly search: { readonly args: [name: string, query: StoreQuery]; readonly result: StoreSearchResult };
  readonly acquireLease: { readonly args: [name: string, claim: LeaseClaim]; readonly result: Lease };
  readonly releaseLease: { readonly args: [name: string, owner: string]; readonly result: void };
  readonly ping: { readonly args: []; readonly result: void };
  readonly verify: { readonly args: []; readonly result: void };
  readonly close: { readonly args: []; readonly result: void };
}

/** A method of the worker. */
export type EmbeddedMethod = keyof EmbeddedCalls;

/** The methods themselves, as the worker carries them out. */
export type EmbeddedOperations = {
  readonly [Method in EmbeddedMethod]: (...args: EmbeddedCalls[Method]["args"]) => EmbeddedCalls[Method]["result"];
};

/** One request to the worker. */
export type EmbeddedRequest<Method extends EmbeddedMethod = EmbeddedMethod> = {
  readonly [Name in Method]: { readonly id: number; readonly method: Name; readonly args: EmbeddedCalls[Name]["args"] };
}[Method];

/** An error as it is sent by the worker: the copy that a message makes is not an instance of the error's class. */
export interface EmbeddedFailure {
  /** Null for an error that is not one of ours. */
  readonly code: CitewellErrorCode | null;
  readonly message: string;
  readonly retryable: boolean;
  readonly problems: readonly InputProblem[];
  readonly cause: unknown;
}

/** What the worker answers; id 0 says whether the database could be opened. */
export type EmbeddedResponse =
  | {
      readonly id: number;
      readonly ok: true;
      /** Only the call that waits for the result knows its type. */
      readonly result: never;
    }
  | { readonly id: number; readonly ok: false; readonly failure: EmbeddedFailure };

/** Which collections' vectors are kept in memory. */
export interface VectorMemory {
  /** Collections with at least this many vectors; a smaller one is scanned in the file just as fast. */
  readonly from: number;
  /** The most bytes for all collections together; half a gigabyte holds a million vectors of 384 numbers. */
  readonly upTo: number;
  /**
   * Whether the first search waits until the vectors are read. Otherwise it scans the file, and they are read after it.
   */
  readonly atOnce: boolean;
}

/** What the worker is started with. */
export interface EmbeddedWorkerData {
  readonly file: string;
  readonly busyTimeoutMs: number;
  readonly vectorMemory: VectorMemory;
}
