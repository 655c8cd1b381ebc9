import { randomUUID } from "node:crypto";
import type { IngestEvent, IngestReport } from "../domain/ingest.ts";
import { runToEnd } from "../domain/run-to-end.ts";
import { createTurns } from "../domain/turns.ts";
import { CitewellError } from "../errors.ts";
import { problemOf, type Problem } from "./error-response.ts";

/** How far a job is. */
export interface JobProgress {
  readonly filesDone: number;
  readonly filesTotal: number;
  readonly bytesDone: number;
  readonly bytesTotal: number;
  readonly chunksDone: number;
}

/** One ingestion that was handed over. */
export interface Job {
  readonly id: string;
  readonly collection: string;
  readonly state: "queued" | "running" | "done" | "failed";
  readonly progress: JobProgress;
  /** Present once done. */
  readonly report: IngestReport | null;
  /** Present once failed. */
  readonly error: Problem | null;
  /** ISO 8601 times. */
  readonly createdAt: string;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
}

/** What a job is started with. */
export interface StartJobRequest {
  readonly collection: string;
  /** Number of files handed over. */
  readonly files: number;
  /** Bytes handed over. */
  readonly bytes: number;
  /**
   * Does the work; called when it is the job's turn. The signal aborts when the job is cancelled; of a resumed job that is
   * cancelled before its turn it is aborted from the beginning.
   */
  readonly run: (signal: AbortSignal) => AsyncGenerator<IngestEvent, IngestReport>;
  /** Called with what went wrong, for the log; not when the job was cancelled. */
  readonly onError?: (error: unknown) => void;
  /** A job of a server that ended, which keeps its id and goes on however many are open. Default: a new one. */
  readonly resumed?: Pick<Job, "id" | "createdAt">;
}

/** Options of {@link createJobs}. */
export interface CreateJobsOptions {
  /**
   * Jobs that may wait or run at the same time; each holds its files in memory.
   * @default 20
   */
  readonly maxOpen?: number;
  /** The clock, in milliseconds. @default Date.now */
  readonly now?: () => number;
}

/** Runs ingestions in the background, one at a time for each collection. */
export interface Jobs {
  /** Queues a job; `ended` resolves when it is done or failed. Throws `rate_limited` when too many are open. */
  start(request: StartJobRequest): { readonly job: Job; readonly ended: Promise<void> };
  /** Undefined when there is none of that id, or it ended too long ago. */
  get(id: string): Job | undefined;
  /** Fails a job that waits or runs, with `job_cancelled`; false when there is none of that id. */
  cancel(id: string): boolean;
}

/** Milliseconds that an ended job is kept. */
const KEEP_MS = 3_600_000;

/** Creates an empty list of jobs. It lives in memory: a restart forgets those that have ended. */
export function createJobs({ maxOpen = 20, now = Date.now }: CreateJobsOptions = {}): Jobs {
  const jobs = new Map<string, Job>();
  const turns = createTurns();
  const open = new Map<string, AbortController>();
  const time = (): string => new Date(now()).toISOString();

  const forgetOld = (): void => {
    for (const [id, job] of jobs) {
      if (job.endedAt !== null && Date.parse(job.endedAt) + KEEP_MS <= now()) jobs.delete(id);
    }
  };

  const change = (id: string, part: Partial<Job>): void => {
    const job = jobs.get(id);
    if (job !== undefined) jobs.set(id, { ...job, ...part });
  };

  const fail = (id: string, error: unknown): void =>
    change(id, { state: "failed", error: problemOf(error), endedAt: time() });

  const work = async (id: string, request: StartJobRequest, signal: AbortSignal): Promise<void> => {
    const { run, onError, resumed } = request;
    // What a server that ended had begun is taken back, in its turn; of others nothing is there.
    if (signal.aborted && resumed === undefined) return;
    if (!signal.aborted) change(id, { state: "running", startedAt: time() });
    try {
      const report = await runToEnd(run(signal), (event) => {
        if (event.type !== "progress") return;
        const { filesDone, filesTotal, bytesDone, bytesTotal, chunksDone } = event;
        change(id, { progress: { filesDone, filesTotal, bytesDone, bytesTotal, chunksDone } });
      });
      change(id, { state: "done", report, endedAt: time() });
    } catch (error) {
      if (!signal.aborted) onError?.(error);
      fail(id, signal.aborted ? signal.reason : error);
    }
  };

  return {
    start(request) {
      forgetOld();
      const waiting = [...jobs.values()].filter(({ endedAt }) => endedAt === null).length;
      if (waiting >= maxOpen && request.resumed === undefined) {
        throw new CitewellError("rate_limited", `${waiting} ingestions are waiting or running; send this one later.`, {
          retryable: true,
          retryAfterSeconds: 30,
        });
      }
      const job = newJob(request, time());
      jobs.set(job.id, job);
      const controller = new AbortController();
      open.set(job.id, controller);
      const workInTurn = async (): Promise<void> => {
        const end = await turns.take(job.collection);
        try {
          await work(job.id, request, controller.signal);
        } finally {
          open.delete(job.id);
          end();
        }
      };
      return { job, ended: workInTurn() };
    },
    get(id) {
      forgetOld();
      return jobs.get(id);
    },
    cancel(id) {
      const job = jobs.get(id);
      if (job === undefined) return false;
      const sentence =
        "The ingestion was cancelled: documents that were complete stay, others are as they were before.";
      const reason = new CitewellError("job_cancelled", sentence);
      open.get(id)?.abort(reason);
      // One that waits would hear of it only when its turn comes.
      if (job.state === "queued") fail(id, reason);
      return true;
    },
  };
}

function newJob({ collection, files, bytes, resumed }: StartJobRequest, now: string): Job {
  return {
    id: resumed?.id ?? randomUUID(),
    collection,
    state: "queued",
    progress: { filesDone: 0, filesTotal: files, bytesDone: 0, bytesTotal: bytes, chunksDone: 0 },
    report: null,
    error: null,
    createdAt: resumed?.createdAt ?? now,
    startedAt: null,
    endedAt: null,
  };
}
