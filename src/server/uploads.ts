import type { Logger } from "pino";
import type { UseCases } from "../answering/use-cases.ts";
import type { IngestEvent, IngestReport } from "../domain/ingest.ts";
import { CitewellError, isCitewellError } from "../errors.ts";
import { createJobs, type Job, type Jobs } from "./jobs.ts";
import type { Upload } from "./read-upload.ts";
import type { ServerBindings } from "./server-env.ts";
import type { LeftUpload, UploadSpool } from "./upload-spool.ts";

/** Ingests what was uploaded, in the background. */
export interface Uploads {
  readonly jobs: Jobs;
  /** Begins an upload's job; it is kept on disk by then. `ended` resolves when the job is done, failed or given back. */
  accept(
    upload: Upload,
    options: { readonly signal: AbortSignal | undefined; readonly requestId: string },
  ): Promise<{ readonly job: Job; readonly ended: Promise<void> }>;
  /** The job of this id, also one that a stopped server left and that this one is about to go on with. */
  find(id: string): Promise<Job | undefined>;
  /**
   * Ends a job that waits or runs; documents that are complete stay, one that is not is what it was before. False when
   * there is none of that id.
   */
  cancel(id: string): Promise<boolean>;
  /** Goes on with what stopped servers left, now and as long as this one serves. */
  resume(bindings: ServerBindings): Promise<void>;
}

/** Options of {@link createUploads}. */
export interface UploadsOptions {
  readonly useCases: Pick<UseCases, "submitDocuments" | "pages">;
  /** Keeps uploads until they are ingested. Default: a server that stops forgets them. */
  readonly spool?: UploadSpool | undefined;
  readonly logger?: Logger | undefined;
  /**
   * How often the spool is looked through, in milliseconds.
   * @default 5_000
   */
  readonly lookMs?: number;
}

/** An upload whose job was begun. */
interface StartedUpload {
  readonly job: Job;
  readonly ended: Promise<void>;
  /** Whether it has to be gone on with, once it has ended. */
  readonly isBrokenOff: () => boolean;
}

/** An upload whose servers ended so often while they had it may be what ends them. */
const MOST_CRASHES = 3;

/** Connects uploads, their jobs and the spool. */
export function createUploads({ useCases, spool, logger, lookMs = 5_000 }: UploadsOptions): Uploads {
  const jobs = createJobs();
  const parts = { jobs, useCases, logger };
  /** Ends when what stopped servers had left at the start is known. */
  let lookedOnce: Promise<void> = Promise.resolve();

  /** What was broken off stays in the spool, for the next server or the next look. */
  const settle = async ({ job, ended, isBrokenOff }: StartedUpload): Promise<void> => {
    await ended;
    await (isBrokenOff() ? spool?.release(job.id) : spool?.drop(job.id));
  };

  const warn = (error: unknown): void => logger?.warn({ err: error }, "uploads cannot be kept on disk");

  const takeOver = async ({ shutdown, waitUntil }: ServerBindings): Promise<void> => {
    const isStopping = (): boolean => shutdown?.aborted === true;
    if (isStopping()) return;
    await spool?.touch();
    for (const kept of (await spool?.takeOver()) ?? []) {
      // Begun now, it would be given back a moment too late for whoever takes over from this server.
      if (isStopping()) {
        await spool?.release(kept.id);
        continue;
      }
      logger?.info({ jobId: kept.id, collection: kept.upload.collection }, "going on with an upload");
      const begin = async (): Promise<void> => spool?.begin(kept.id).catch(warn);
      const started = beginUpload(kept.upload, { ...parts, signal: shutdown, begin, kept });
      if (kept.isCancelled) jobs.cancel(kept.id);
      waitUntil?.(settle(started).catch(warn));
    }
  };

  return {
    jobs,
    async accept(upload, { signal, requestId }) {
      let keeping: Promise<void> | undefined;
      const begin = async (): Promise<void> => {
        await keeping;
        await spool?.begin(job.id).catch(warn);
      };
      const started = beginUpload(upload, { ...parts, signal, begin, requestId });
      const { job } = started;
      // An upload that cannot be kept is still ingested.
      keeping = spool?.keep({ id: job.id, createdAt: job.createdAt, upload }).catch(warn);
      const toItsEnd = async (): Promise<void> => {
        await keeping;
        await settle(started);
      };
      const ended = toItsEnd().catch(warn);
      await keeping;
      return { job, ended };
    },
    async find(id) {
      const known = jobs.get(id);
      if (known !== undefined) return known;
      await lookedOnce;
      return jobs.get(id);
    },
    async cancel(id) {
      if (jobs.get(id) === undefined) await lookedOnce;
      if (!jobs.cancel(id)) return false;
      // A server that stops before its job ends leaves it to the next one.
      await spool?.cancel(id).catch(warn);
      return true;
    },
    async resume(bindings) {
      if (spool === undefined) return;
      let looking = Promise.resolve();
      const look = (): void => {
        looking = looking.then(async () => takeOver(bindings)).catch(warn);
        bindings.waitUntil?.(looking);
      };
      look();
      lookedOnce = looking;
      await lookedOnce;
      if (bindings.shutdown?.aborted === true) return;
      const timer = setInterval(look, lookMs);
      timer.unref();
      bindings.shutdown?.addEventListener("abort", () => clearInterval(timer), { once: true });
    },
  };
}

interface BeginUploadOptions extends Pick<UploadsOptions, "useCases" | "logger"> {
  readonly jobs: Jobs;
  readonly signal: AbortSignal | undefined;
  /** Called when it is the upload's turn. */
  readonly begin: () => Promise<void>;
  /** The upload as another server left it. Default: a new one. */
  readonly kept?: LeftUpload;
  /** Of the request that brought it. */
  readonly requestId?: string;
}

function beginUpload(
  upload: Upload,
  { jobs, useCases, logger, signal: shutdown, begin, kept, requestId }: BeginUploadOptions,
): StartedUpload {
  let isBrokenOff = false;
  const { collection, documents, page } = upload;
  const crashes = kept?.crashes ?? 0;
  async function* run(cancel: AbortSignal): AsyncGenerator<IngestEvent, IngestReport> {
    try {
      shutdown?.throwIfAborted();
      // What was begun of an upload that ends the server is taken back, unless that does so, too.
      if (crashes > MOST_CRASHES + 1) throw crashed(crashes);
      await begin();
      const stop = crashes > MOST_CRASHES ? AbortSignal.abort(crashed(crashes)) : cancel;
      const request = { collection, acceptedAt: Date.parse(started.job.createdAt), signal: shutdown, cancel: stop };
      return yield* page === undefined
        ? useCases.submitDocuments({ ...request, documents })
        : useCases.pages.submit({ ...request, ...page });
    } catch (error) {
      if (cancel.aborted && error !== cancel.reason) onLeftBegun(error);
      throw error;
    }
  }
  /** What a cancelled upload has begun could not be taken back. */
  const onLeftBegun = (error: unknown): void => {
    isBrokenOff = shutdown?.aborted === true || mayPass(error);
    if (shutdown?.aborted === true) return;
    const sentence = isBrokenOff
      ? "what a cancelled upload has begun is taken back later"
      : "what a cancelled upload has begun cannot be taken back";
    logger?.error({ err: error, requestId, jobId: started.job.id }, sentence);
  };
  const started = jobs.start({
    collection,
    files: page === undefined ? documents.length : 1,
    bytes: documents.reduce((sum, { content }) => sum + sizeOf(content), 0),
    run,
    onError: (error) => {
      isBrokenOff = shutdown?.aborted === true || (kept !== undefined && mayPass(error));
      if (shutdown?.aborted !== true)
        logger?.error({ err: error, requestId, jobId: started.job.id }, "ingestion failed");
    },
    resumed: kept,
  });
  return { ...started, isBrokenOff: () => isBrokenOff };
}

/**
 * Whether an error of a resumed upload is waited out, since whoever sent it no longer looks. A page that cannot be had may
 * be gone for good.
 */
function mayPass(error: unknown): boolean {
  return isCitewellError(error) && error.retryable && error.code !== "page_unavailable";
}

function crashed(crashes: number): CitewellError {
  return new CitewellError(
    "internal",
    `The server ended ${crashes} times while this upload was ingested, so it is left alone; look at it, or send it in parts.`,
  );
}

function sizeOf(content: Uint8Array | string): number {
  return typeof content === "string" ? Buffer.byteLength(content) : content.byteLength;
}
