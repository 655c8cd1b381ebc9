import type { DocumentMetadata } from "./document-metadata.ts";
import type { ChunkerName } from "./collection.ts";

/** The outcome of one source in an ingestion. */
export type FileStatus = "added" | "changed" | "unchanged" | "removed" | "skipped" | "failed";

/** One line of an ingestion's report. */
export interface FileReport {
  readonly source: string;
  readonly root: string;
  readonly status: FileStatus;
  /** Why it was skipped or failed, or a note on how it was read; empty otherwise. */
  readonly reason: string;
}

/** The report that ends an ingestion, as `ingest --json` prints it. */
export interface IngestReport {
  readonly collection: string;
  /** The store's kind and place. */
  readonly store: string;
  readonly embeddingModel: string;
  readonly documents: Readonly<Record<FileStatus, number>>;
  readonly chunks: {
    /** Chunks that went through the model. */
    readonly embedded: number;
    /** Chunks whose vectors were stored already, or came from the cache. */
    readonly reused: number;
    readonly deleted: number;
    readonly total: number;
  };
  /** Tokens embedded, in the embedding model's own count. */
  readonly tokens: number;
  /** Bytes read of added and changed sources. */
  readonly bytes: number;
  readonly seconds: number;
  readonly chunksPerSecond: number;
  /** Skipped and failed sources. */
  readonly files: readonly FileReport[];
  /** Sources with a note on how they were read, such as a secret that was redacted; absent where there is none. */
  readonly noted?: readonly FileReport[];
  /** Warnings about what did no harm, such as a damaged cache, in sentences; absent if there are none. */
  readonly notes?: readonly string[];
  /** Present after a dry run. */
  readonly forecast?: IngestForecast;
}

/** One line of a plan. */
export interface PlannedFile {
  readonly root: string;
  readonly source: string;
  readonly action: "add" | "change" | "remove" | "keep";
  /** Chunks the document has, or will have; null where it is not known without reading the file. */
  readonly chunks: number | null;
}

/** What an ingestion would cost, and whether it would be refused. */
export interface IngestForecast {
  readonly chunksToEmbed: number;
  readonly chunksToReuse: number;
  readonly chunksToDelete: number;
  /** Tokens to embed, in the embedding model's own count. */
  readonly tokens: number;
  /** Estimated by embedding some of the chunks; null if there is nothing to embed. */
  readonly seconds: number | null;
  /** Why a real run would be refused without `force`; null if it would not. */
  readonly refusal: string | null;
}

/** What happens while a corpus is ingested; the last event is `ingest-end`. */
export type IngestEvent =
  /**
   * Another process ingests into the collection; this ingestion continues when that one is done or gives way.
   * `isShort`: that takes only moments.
   */
  | { readonly type: "lease-wait"; readonly holder: string; readonly since: string; readonly isShort?: boolean }
  /** A page of a web root was asked for; `pages` counts those of the root so far. */
  | { readonly type: "page-fetched"; readonly root: string; readonly url: string; readonly pages: number }
  /**
   * A collection made with other settings is filled anew until the new one takes its name. Each difference reads `what
   * was, now is`. `isAnswering`: searches are answered from the old one meanwhile, by vectors alone where most of its
   * terms are other ones; they are not where a newer version made it.
   */
  | {
      readonly type: "reindex-start";
      readonly collection: string;
      readonly differences: readonly string[];
      readonly isAnswering: boolean;
    }
  /** What an interrupted re-indexing left was deleted; it held so many documents. */
  | { readonly type: "reindex-dropped"; readonly collection: string; readonly documents: number }
  | { readonly type: "plan-ready"; readonly files: readonly PlannedFile[] }
  /** How many new files have their words stored; this happens before the embedding if much is new. */
  | { readonly type: "words-progress"; readonly filesDone: number; readonly filesTotal: number }
  /** From now on every new file is found by its words; vectors follow file by file. */
  | { readonly type: "words-stored"; readonly documents: number; readonly chunks: number }
  | { readonly type: "file-start"; readonly source: string }
  | { readonly type: "file-end"; readonly report: FileReport; readonly chunks: number }
  | {
      readonly type: "progress";
      readonly filesDone: number;
      readonly filesTotal: number;
      readonly bytesDone: number;
      readonly bytesTotal: number;
      readonly chunksDone: number;
      readonly tokensDone: number;
    }
  | { readonly type: "ingest-end"; readonly report: IngestReport };

/** What happens while roots are watched. */
export type WatchEvent =
  /** What an ingestion of the roots yields; its report comes with `pass-end`. */
  | Exclude<IngestEvent, { type: "ingest-end" }>
  | { readonly type: "pass-start" }
  | { readonly type: "pass-end"; readonly report: IngestReport }
  /** The pass is repeated after `retryInMs`, or as soon as something changes. */
  | { readonly type: "pass-failed"; readonly error: unknown; readonly retryInMs: number }
  /** The system sends no more notices of changes; the roots are looked at now and then. */
  | { readonly type: "watch-limited"; readonly error: unknown; readonly everyMs: number };

/** How fresh the documents of one root are. */
export interface RootFreshness {
  readonly root: string;
  /** Whether the root is there; null for one that is no place on this machine. */
  readonly isThere: boolean | null;
  /** Sources whose file has another content by now. */
  readonly changed: number;
  /** Sources that no ingestion has finished, though they may be found by their words already. */
  readonly unfinished: number;
  /** Sources whose file is gone. */
  readonly gone: number;
}

/** Options of an ingestion. */
export interface IngestOptions {
  /** Collection to bring in step. It is made when it does not exist. */
  readonly collection: string;
  /**
   * Folders, files, globs, web addresses. Relative ones are taken from the working folder. With `force` there may be none:
   * then a collection made with other settings is re-indexed from what is stored of its documents.
   */
  readonly roots: readonly string[];
  /**
   * How many links away from a web address pages are taken, within its host and folder; 0 takes the page alone.
   * @default 0
   */
  readonly crawl?: number | undefined;
  /** @default "sentences" */
  readonly chunker?: ChunkerName | undefined;
  /** Largest chunk, in tokens of the embedding model. @default 150 */
  readonly chunkTokens?: number | undefined;
  /** Tokens that neighbouring chunks share; for the `recursive`, `token` and `markdown` chunkers. @default 0 */
  readonly chunkOverlap?: number | undefined;
  /** Globs of sources to take. Default: every file that can be read. */
  readonly include?: readonly string[] | undefined;
  /** Globs of sources to leave out. @default none */
  readonly exclude?: readonly string[] | undefined;
  /** Whether sources that are gone from a root leave the collection. @default true */
  readonly removeMissing?: boolean | undefined;
  /**
   * Goes through with a removal of more than half of a collection, and re-indexes a collection made with other
   * settings.
   * @default false
   */
  readonly force?: boolean | undefined;
  /**
   * Reads every file again, also those whose size and time say that they are unchanged: for a version that reads more
   * in them than the one that stored them. They count as changed; only chunks with another text are embedded. Of web
   * pages only what their servers send again is read.
   * @default false
   */
  readonly reread?: boolean | undefined;
  /**
   * Re-indexes a collection that an older version of citewell made and whose settings differ in nothing else: for where
   * nobody is there to ask for `force`. It does not go through with a large removal.
   * @default false
   */
  readonly upgrade?: boolean | undefined;
  /**
   * Makes a collection that exists anew from the roots alone, whatever settings it was made with. Until the new one is
   * complete, the old one answers.
   * @default false
   */
  readonly overwrite?: boolean | undefined;
  /** Reports what would be done, and stores nothing. Some chunks are embedded to judge the time by. @default false */
  readonly dryRun?: boolean | undefined;
  /** Largest file in bytes that is read; larger ones are reported as skipped. Default: 100,000,000. */
  readonly maxFileBytes?: number | undefined;
  /**
   * Keeps passwords, keys and tokens in the texts, and reads files that are made of them, such as `.env`. Otherwise such
   * files are skipped, and single secrets are redacted before anything is stored.
   * @default false
   */
  readonly allowSecrets?: boolean | undefined;
  /**
   * Whether new documents are stored by their words before any is embedded, so that they are found within moments. Each
   * is read and cut twice then. Tests, examples, vendored code and the like come after the other documents.
   * @default false
   */
  readonly wordsFirst?: boolean | undefined;
  /**
   * Stores new and changed documents by their words alone, removes what is gone, and ends: within moments they are found
   * as they are now. They count as begun, and the next ingestion without this option embeds and completes them. Not
   * together with `force` or `upgrade`, whose collection nobody reads before it is whole.
   * @default false
   */
  readonly wordsOnly?: boolean | undefined;
  /**
   * Ends with `collection_busy` as soon as another process wants the collection for an ingestion without this option, or
   * for a removal: for what goes on in the background. What it has stored stays, so the next ingestion goes on from there.
   * @default false
   */
  readonly givesWay?: boolean | undefined;
  /**
   * Takes only the documents of one of `count` parts, `index` from 1, told by a hash of root and source; what is stored of
   * the other parts is left alone. So several machines that see the same roots fill one collection together.
   * @default all documents
   */
  readonly shard?: { readonly index: number; readonly count: number } | undefined;
  /** Cancels the ingestion; the next one goes on from there. */
  readonly signal?: AbortSignal | undefined;
}

/** Brings a collection in step with roots. Agents that index on their first question receive such a function. */
export type IngestCorpus = (options: IngestOptions) => AsyncGenerator<IngestEvent, IngestReport>;

/** A document handed over as data rather than found under a root. */
export interface SubmittedDocument {
  /** Name or relative path, with `/`; decides the format by its ending when `mediaType` is absent. */
  readonly source: string;
  readonly content: Uint8Array | string;
  /** Decides the format. Default: told by the ending of `source`. */
  readonly mediaType?: string;
  /** What is said of the document; without it, what is stored stays, and an empty object takes that away. */
  readonly metadata?: DocumentMetadata | undefined;
}

/** Options of whatever hands documents over. */
export interface SubmitOptions {
  /**
   * The collection, which is made if it is not there.
   * @default "default"
   */
  readonly collection?: string | undefined;
  /** When they were handed over, in milliseconds since 1970: what is stored of a later time stays. @default now */
  readonly acceptedAt?: number | undefined;
  /** Stops the work, which the same call goes on with; the signal's reason is thrown as it is. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Cancels the work: complete documents stay, one that is not is what it was before. Its reason is thrown as it is once
   * that is done, and an error where it could not be done. Aborted from the beginning, it takes back what an earlier call
   * left.
   * @default never
   */
  readonly cancel?: AbortSignal | undefined;
}

/** Documents for one collection. */
export interface SubmitRequest extends SubmitOptions {
  readonly documents: readonly SubmittedDocument[];
}

/** A web page for one collection. */
export interface SubmitPageRequest extends SubmitOptions, Pick<SubmittedDocument, "metadata"> {
  readonly url: string;
  /** Name of the document. @default the address */
  readonly source?: string;
}
