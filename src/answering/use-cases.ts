import type { Answer, AnswerEvent } from "../domain/answer.ts";
import type { Chunk } from "../domain/chunk.ts";
import type { CodeResult } from "../domain/code.ts";
import type { CollectionInfo } from "../domain/collection.ts";
import type { StoredConversation } from "../domain/conversation.ts";
import type { DocumentRecord } from "../domain/document.ts";
import type { SearchFilter, SearchResult } from "../domain/hit.ts";
import type {
  IngestEvent,
  IngestOptions,
  IngestReport,
  RootFreshness,
  SubmitPageRequest,
  SubmitRequest,
  WatchEvent,
} from "../domain/ingest.ts";
import type { FindCodeOptions } from "../retrieval/code/find-code.ts";
import type { RetrieveOptions } from "../retrieval/retrieve.ts";

/** What a question is about; picks the prompt. */
export type AnswerTask = "qa" | "code" | "default";

/** A question to answer. */
export interface AnswerRequest {
  /** 1 to {@link MAX_QUESTION_LENGTH} characters. */
  readonly question: string;
  /** @default "default" */
  readonly collection?: string | undefined;
  /** @default "qa" */
  readonly task?: AnswerTask | undefined;
  /** Spans a round adds to the context at most, 1 to 50. @default 5 */
  readonly limit?: number | undefined;
  /** Requests to the assistant at most, 1 to 20. @default 4 */
  readonly maxRounds?: number | undefined;
  /** A model name of the configured list; `extractive` for the built-in one. Default: the first configured model. */
  readonly model?: string | undefined;
  /** Continues a stored conversation. */
  readonly conversationId?: string | undefined;
  /**
   * Earlier questions and answers, oldest first, of a conversation that whoever asks keeps; not beside `conversationId`.
   */
  readonly history?: readonly AnsweredQuestion[] | undefined;
  /** Narrows the search. Default: the whole collection. */
  readonly filter?: SearchFilter | undefined;
  /**
   * Whether the question's words are read: a filter in them ("in the API docs"), several questions in one, what a
   * follow-up question takes from the conversation, and misspelt words.
   * @default true
   */
  readonly interpret?: boolean | undefined;
  /**
   * Waits until there is room for the work, and gives back what to call at its end. It is asked when it is the question's
   * turn in its conversation, so that waiting for that takes no room.
   * @default there is always room
   */
  readonly admit?: (signal: AbortSignal | undefined) => Promise<() => void>;
  /** Cancels the work; the signal's reason is thrown as it is. */
  readonly signal?: AbortSignal | undefined;
}

/** A question of a conversation with its answer. */
export interface AnsweredQuestion {
  readonly question: string;
  readonly answer: string;
}

/** Longest question, in UTF-16 code units. */
export const MAX_QUESTION_LENGTH = 8_000;

/** Longest task of a search for code, in UTF-16 code units: whole issues with their traces are pasted there. */
export const MAX_TASK_LENGTH = 40_000;

/** Answers a question; yields what happens on the way, last an `answer` event, and returns the answer. */
export type AnswerQuestion = (request: AnswerRequest) => AsyncGenerator<AnswerEvent, Answer>;

/** Queries beside the first one of a search. */
export const MAX_FURTHER_QUERIES = 8;

/** A search without a model. */
export interface SearchRequest extends Pick<RetrieveOptions, "mode" | "filter" | "interpret" | "explain" | "signal"> {
  /** 1 to {@link MAX_QUESTION_LENGTH} characters. */
  readonly query: string;
  /** As {@link RetrieveOptions.queries}; at most {@link MAX_FURTHER_QUERIES}. @default none */
  readonly queries?: readonly string[] | undefined;
  /** @default "default" */
  readonly collection?: string | undefined;
  /** Spans at most, 1 to 100. @default 5 */
  readonly limit?: number | undefined;
  /**
   * Whether fewer than `limit` spans come back when the rest is much weaker. Off gives the plain ranking: that many single
   * chunks, neither joined nor trimmed.
   * @default true
   */
  readonly stop?: boolean | undefined;
}

/** Ranked hits for a query. */
export type SearchCorpus = (request: SearchRequest) => Promise<SearchResult>;

/** A search for the code that a task is about. */
export interface FindCodeRequest extends Pick<FindCodeOptions, "filter" | "tests" | "explain" | "signal"> {
  /** What is to be done or found, in words, such as a commit message: 1 to {@link MAX_TASK_LENGTH} characters. */
  readonly task: string;
  /** @default "default" */
  readonly collection?: string | undefined;
  /** Files at most, 1 to 100. @default 10 */
  readonly limit?: number | undefined;
}

/** Files and symbols to read or change for a task, best first. */
export type FindCode = (request: FindCodeRequest) => Promise<CodeResult>;

/** Adds or replaces documents under the root `uploads`; nothing is removed. */
export type SubmitDocuments = (request: SubmitRequest) => AsyncGenerator<IngestEvent, IngestReport>;

/** Fetches web pages that were handed over by their addresses. */
export interface SubmitPages {
  /**
   * Rejects with `usage_invalid` for what is no address to fetch, `address_refused` for one that is not of the public
   * Internet, `page_unavailable` for an unknown host. The page itself is not asked for.
   */
  check(url: string): Promise<void>;
  /** Fetches a page and adds or replaces it under the root `uploads`; `source` is the address by default. */
  submit(request: SubmitPageRequest): AsyncGenerator<IngestEvent, IngestReport>;
}

/** Brings a collection in step with roots; see {@link IngestOptions}. */
export type IngestRoots = (options: IngestOptions) => AsyncGenerator<IngestEvent, IngestReport>;

/** Brings a collection in step with roots again and again, until the signal ends it with its reason. */
export type WatchRoots = (options: IngestOptions) => AsyncGenerator<WatchEvent, never>;

/** Compares what is stored with the files it came from, root by root; reads only files whose time has changed. */
export type CheckFreshness = (request: {
  readonly documents: readonly DocumentRecord[];
  /** Cancels the work; the signal's reason is thrown as it is. */
  readonly signal?: AbortSignal;
}) => Promise<readonly RootFreshness[]>;

/** A document with its text and chunks. */
export interface DocumentContent {
  readonly document: DocumentRecord;
  readonly text: string;
  readonly chunks: readonly Chunk[];
}

/** Listing, reading and removing documents of one collection (default `default`). */
export interface ManageDocuments {
  list(request: {
    readonly collection?: string;
    /** 1 to 1,000. @default 100 */
    readonly limit?: number;
    readonly cursor?: string;
    /**
     * Words that the documents' titles and sources must hold all of, in any case; such a page may be shorter than
     * `limit` although others follow. Default: every document.
     */
    readonly search?: string;
    readonly signal?: AbortSignal;
  }): Promise<{ readonly documents: readonly DocumentRecord[]; readonly nextCursor: string | null }>;
  /** Null when there is none of that id. */
  get(request: { readonly collection?: string; readonly id: string }): Promise<DocumentContent | null>;
  /** False when there is none of that id. Waits for an ingestion; rejects with `collection_busy` if that takes too long. */
  remove(request: {
    readonly collection?: string;
    readonly id: string;
    readonly signal?: AbortSignal;
  }): Promise<boolean>;
  /**
   * Removes every document whose source equals one of the given ones, or matches one that is no source as a glob;
   * resolves to the removed sources. Waits for an ingestion; rejects with `collection_busy` if that takes too long.
   */
  removeSources(
    request: { readonly collection?: string; readonly sources: readonly string[] } & WaitOptions,
  ): Promise<readonly string[]>;
}

/** Options of work that has to wait for an ingestion. */
export interface WaitOptions {
  /** Cancels the work; the signal's reason is thrown as it is. */
  readonly signal?: AbortSignal | undefined;
  /** Is told, once, for which other process it waits. @default nobody */
  readonly onWait?: ((holder: { readonly holder: string; readonly since: string }) => void) | undefined;
}

/**
 * Does work on a collection while nobody ingests into it: what is taken away during an ingestion would be half there
 * again. Rejects with `collection_busy` when the ingestion takes too long.
 */
export type WhileNobodyIngests = <Result>(
  options: { readonly collection: string } & WaitOptions,
  work: () => Promise<Result>,
) => Promise<Result>;

/** Listing, making and deleting collections. */
export interface ManageCollections {
  list(): Promise<readonly CollectionInfo[]>;
  /** Makes an empty collection with the current settings; rejects with `collection_exists`. */
  create(name: string): Promise<CollectionInfo>;
  /** False when there is none of that name. Waits for an ingestion; rejects with `collection_busy` if that takes too long. */
  remove(name: string, options?: WaitOptions): Promise<boolean>;
}

/** Reading and removing stored conversations. */
export interface ManageConversations {
  /** Null when there is none of that id. */
  get(id: string): Promise<StoredConversation | null>;
  /** False when there is none of that id. An answer under way is not added to it any more. */
  remove(id: string): Promise<boolean>;
}

/** State of one part, for `doctor` and `/readyz`. */
export interface PartState {
  readonly part: "runtime" | "settings" | "data folder" | "store" | "embedding model" | "collection" | "language model";
  readonly ok: boolean;
  /** What was found, or what is wrong and what to do. */
  readonly detail: string;
}

/** Checks parts; `quick` leaves out those that cost more than a request to the store (readiness probes use it). */
export type CheckParts = (options?: { readonly quick?: boolean }) => Promise<readonly PartState[]>;

/** Everything that an entry (command line, HTTP, MCP) may call. */
export interface UseCases {
  readonly answerQuestion: AnswerQuestion;
  readonly searchCorpus: SearchCorpus;
  readonly findCode: FindCode;
  readonly ingestRoots: IngestRoots;
  readonly watchRoots: WatchRoots;
  readonly checkFreshness: CheckFreshness;
  readonly submitDocuments: SubmitDocuments;
  readonly pages: SubmitPages;
  readonly documents: ManageDocuments;
  readonly collections: ManageCollections;
  readonly conversations: ManageConversations;
  readonly checkParts: CheckParts;
  /**
   * Names of the models that `model` may name, the default first; `extractive` is always among them. Rejects with
   * `config_invalid` where the settings of the models do not fit together.
   */
  modelNames(): Promise<readonly string[]>;
  /** Tokens of a text, as the models of OpenAI's GPT family count them. */
  countTokens(text: string): number;
  close(): Promise<void>;
}
