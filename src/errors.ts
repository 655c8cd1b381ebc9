/** Every reason for which citewell refuses or gives up; each has an HTTP status and an exit code. */
export type CitewellErrorCode =
  | "usage_invalid"
  | "config_invalid"
  | "path_not_found"
  | "file_unreadable"
  | "address_refused"
  | "page_unavailable"
  | "corpus_empty"
  | "deletion_refused"
  | "document_missing"
  | "conversation_missing"
  | "job_missing"
  | "job_cancelled"
  | "collection_missing"
  | "collection_exists"
  | "collection_busy"
  | "collection_mismatch"
  | "embedding_size_mismatch"
  | "embedding_model_unavailable"
  | "embedding_failed"
  | "store_unavailable"
  | "store_too_old"
  | "store_refused"
  | "store_full"
  | "store_failed"
  | "model_unavailable"
  | "model_unknown"
  | "model_call_failed"
  | "question_too_long"
  | "payload_too_large"
  | "code_execution_refused"
  | "unauthorized"
  | "rate_limited"
  | "not_supported"
  | "internal";

/** Options of {@link CitewellError}. */
export interface CitewellErrorOptions {
  /** The foreign error that this one translates. @default none */
  cause?: unknown;
  /**
   * Whether the same call may go through later without any change.
   * @default false
   */
  retryable?: boolean | undefined;
  /** Seconds to wait before the next try, where the other side named them. @default unknown */
  retryAfterSeconds?: number | undefined;
  /** Single problems in the input, each with the place it was found at (a flag, a JSON path, a setting). @default none */
  problems?: readonly InputProblem[] | undefined;
}

/** One problem in an input: where it is and what is wrong. */
export interface InputProblem {
  readonly path: string;
  readonly message: string;
}

/** The one error class of the product: a code to switch on, and a sentence that says what to do. */
export class CitewellError extends Error {
  override readonly name: string = "CitewellError";
  readonly code: CitewellErrorCode;
  readonly retryable: boolean;
  readonly retryAfterSeconds: number | undefined;
  readonly problems: readonly InputProblem[];

  constructor(code: CitewellErrorCode, message: string, options: CitewellErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.retryable = options.retryable ?? false;
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.problems = options.problems ?? [];
  }
}

/** Whether a value is a {@link CitewellError}, optionally of one code. */
export function isCitewellError(value: unknown, code?: CitewellErrorCode): value is CitewellError {
  return value instanceof CitewellError && (code === undefined || value.code === code);
}

/** The message of whatever was thrown. */
export function errorMessage(value: unknown): string {
  return value instanceof Error ? value.message : String(value);
}

/** The `code` of a Node.js system error (`ENOENT`, `ENOSPC`), else undefined. */
export function systemErrorCode(value: unknown): string | undefined {
  return value instanceof Error && "code" in value && typeof value.code === "string" ? value.code : undefined;
}

/** The primary result code of an error of SQLite, such as 5 for a file that another process locks, else null. */
export function sqliteErrorCode(value: unknown): number | null {
  const code = value instanceof Error && "errcode" in value ? value.errcode : null;
  return typeof code === "number" ? code & 0xff : null;
}
