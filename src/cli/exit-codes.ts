import type { CitewellErrorCode } from "../errors.ts";

/** Everything was done. */
export const EXIT_DONE = 0;
/** The command failed. */
export const EXIT_FAILED = 1;
/** The command was used wrongly. */
export const EXIT_USAGE = 2;
/** Some files failed; they are listed. */
export const EXIT_PARTLY_FAILED = 3;
/** The store or a model endpoint is out of reach. */
export const EXIT_OUT_OF_REACH = 4;
/** An evaluation found that something got worse. */
export const EXIT_REGRESSED = 5;
/** Stopped by Ctrl-C. */
export const EXIT_INTERRUPTED = 130;
/** Stopped by SIGTERM. */
export const EXIT_TERMINATED = 143;

/** The exit code of each error; a new code does not compile until it has one. */
export const EXIT_CODES: Readonly<Record<CitewellErrorCode, number>> = {
  usage_invalid: EXIT_USAGE,
  config_invalid: EXIT_USAGE,
  path_not_found: EXIT_USAGE,
  file_unreadable: EXIT_FAILED,
  address_refused: EXIT_USAGE,
  page_unavailable: EXIT_FAILED,
  corpus_empty: EXIT_USAGE,
  deletion_refused: EXIT_USAGE,
  document_missing: EXIT_FAILED,
  conversation_missing: EXIT_FAILED,
  job_missing: EXIT_FAILED,
  job_cancelled: EXIT_FAILED,
  collection_missing: EXIT_FAILED,
  collection_exists: EXIT_FAILED,
  collection_busy: EXIT_FAILED,
  collection_mismatch: EXIT_FAILED,
  embedding_size_mismatch: EXIT_FAILED,
  embedding_model_unavailable: EXIT_OUT_OF_REACH,
  embedding_failed: EXIT_FAILED,
  store_unavailable: EXIT_OUT_OF_REACH,
  store_too_old: EXIT_FAILED,
  store_refused: EXIT_FAILED,
  store_full: EXIT_FAILED,
  store_failed: EXIT_FAILED,
  model_unavailable: EXIT_OUT_OF_REACH,
  model_unknown: EXIT_USAGE,
  model_call_failed: EXIT_FAILED,
  question_too_long: EXIT_USAGE,
  payload_too_large: EXIT_FAILED,
  code_execution_refused: EXIT_FAILED,
  unauthorized: EXIT_FAILED,
  rate_limited: EXIT_OUT_OF_REACH,
  not_supported: EXIT_USAGE,
  internal: EXIT_FAILED,
};

/** The exit code of a server. SIGTERM stops it in the course of things; Ctrl-C keeps its usual code. */
export function serverExitCode({ aborted, reason }: AbortSignal): number {
  return aborted && interruptExitCode(reason) === EXIT_INTERRUPTED ? EXIT_INTERRUPTED : EXIT_DONE;
}

/** The exit code of a process that a signal stopped; `reason` is that of the aborted signal. */
export function interruptExitCode(reason: unknown): number {
  return reason instanceof Error && reason.message === "SIGTERM" ? EXIT_TERMINATED : EXIT_INTERRUPTED;
}
